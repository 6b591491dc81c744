/** The door for pages without modules: all that a page may import is on one global, `Medulla`, or is one module of RequireJS's. */
export * from './index.ts';
export {
  createRegistry,
  exportState,
  hydration,
  importState,
  MedullaError,
  sharedModels,
  stateScript,
} from './models.ts';
export * from './surfaces.ts';
