import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { precache } from './precache.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root,
  // Backbone asks for jQuery and goes on without; the board's views use none.
  resolve: { alias: { jquery: `${root}no-jquery.ts` } },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', sourcemap: true },
  plugins: [precache()],
});
