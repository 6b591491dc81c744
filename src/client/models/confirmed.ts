import type { Model } from '../backbone.ts';
import { type Instance, instanceOf, tellState } from './instances.ts';

/** A write of one model of the record has its receipt, of which the hub says nothing more to this tab: it is true of this model too. */
export function confirmed(model: Model, { state, version }: Instance): void {
  const instance = instanceOf(model);
  if (!instance) return;
  const before = instance.state;
  instance.version = Math.max(instance.version, version);
  if (state === 'clean') Object.assign(instance, { state, refused: null, error: null, born: undefined });
  if (before !== instance.state) tellState(model, instance);
}
