/** The door of what models share between Node and the page. It needs neither, and no Backbone of its own. */

export { type ExportOptions, exportState } from './models/export-state.ts';
export { type Hydration, hydration } from './models/hydration.ts';
export { type ImportOptions, importState } from './models/import-state.ts';
export { createRegistry, type Registry } from './models/registry.ts';
export { type SharedModel, type SharedModels, sharedModels } from './models/shared-models.ts';
export type { CollectionState, ModelState } from './models/state.ts';
export { stateScript } from './models/state-script.ts';
export type { Attributes } from './protocol/attributes.ts';
export { MedullaError } from './protocol/errors.ts';
