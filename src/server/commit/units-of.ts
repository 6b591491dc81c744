import { units } from '../../base/units.ts';
import type { MutationId } from '../../protocol/ids.ts';

/** Writes, each alone or with the others of its batch. */
export const unitsOf = <T extends { readonly batch?: MutationId | undefined }>(writes: readonly T[]) =>
  units(writes, ({ batch }) => batch);
