import type Backbone from 'backbone';

type Module = (
  module: { exports: unknown },
  exports: unknown,
  require: (name: string) => unknown,
  define: undefined,
) => void;

/** Runs a script as a CommonJS module that finds `others`, and nothing else. */
export function load(text: string, others: Readonly<Record<string, unknown>> = {}): unknown {
  const run = new Function('module', 'exports', 'require', 'define', text) as Module;
  const module = { exports: {} };
  run(
    module,
    module.exports,
    (name) => {
      if (name in others) return others[name];
      throw new Error(`there is no ${name} here`);
    },
    undefined,
  );
  return module.exports;
}

/** A Backbone over these; one that does not ask for jQuery by itself is given it. */
export function loadBackbone(text: string, underscore: unknown, jquery?: unknown): typeof Backbone {
  const backbone = load(text, { underscore, ...(jquery ? { jquery } : {}) }) as typeof Backbone;
  if (jquery) backbone.$ = jquery as typeof backbone.$;
  return backbone;
}
