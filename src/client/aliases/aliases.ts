import type { Alias } from '../../protocol/aliases/alias.ts';
import type { RealId } from '../../protocol/aliases/renamed.ts';
import { isTemporary, recordKey } from '../../protocol/ids.ts';
import type { Collection, Model } from '../backbone.ts';
import { isCollection } from '../calls/address.ts';
import type { Write } from '../calls/lanes.ts';
import type { Each } from '../each.ts';
import { findModel, reindex } from '../models/find-model.ts';
import type { Following } from '../models/following.ts';
import { instanceOf } from '../models/instances.ts';
import { renameView } from '../views/view.ts';
import { findable } from './findable.ts';
import { renameModel, renameUrl } from './rename-model.ts';

export interface AliasesParts {
  readonly each: Each;
  readonly writes: { readonly open: ReadonlyMap<number, Write>; rename(real: RealId): void };
  readonly reads: { targets(): Iterable<Model | Collection>; rename(real: RealId): void };
  readonly following: Pick<Following, 'targets' | 'rename'>;
}

export type Aliases = ReturnType<typeof createAliases>;

/** So many are kept for the next hub, should this one die before they are on the disk. */
const MOST = 1_000;

/** Gives records the ids that the server has given them, wherever this tab names them. */
export function createAliases({ each, writes, reads, following }: AliasesParts) {
  const told: Alias[] = [];

  /** All that this tab can reach: what is followed, read or written. */
  function reach() {
    const collections = new Set<Collection>();
    const models = new Set<Model>();
    const add = (target: Model | Collection | undefined) => {
      if (!target) return;
      const collection = isCollection(target) ? target : target.collection;
      if (!isCollection(target)) models.add(target);
      if (collection) collections.add(collection);
    };
    for (const [, target] of following.targets()) add(target);
    for (const target of reads.targets()) add(target);
    for (const { model, collection } of writes.open.values()) {
      add(model);
      add(collection);
    }
    for (const collection of collections) for (const model of collection.models) models.add(model);
    return { collections, models };
  }

  /** Where two became one: the server had told of the record before it was known to be this one. */
  function dropTwin(collection: Collection, { topic, temporary, record }: Alias) {
    const own = findModel(collection, topic, temporary);
    const twin = own && findModel(collection, topic, record);
    if (twin && twin !== own) collection.remove([twin], { remote: true });
  }

  return {
    /** What the next hub has to know. */
    names() {
      const records = [...reach().models].map((model) => instanceOf(model)?.record);
      return { temporaries: records.filter(isTemporary), aliases: told };
    },

    /** Another user is to hear nothing of them. */
    forget(): void {
      told.length = 0;
    },

    apply(aliases: readonly Alias[]): void {
      told.push(...aliases);
      told.splice(0, told.length - MOST);
      const ids = new Map<string, Alias>(aliases.map((alias) => [alias.temporary, alias]));
      const real: RealId = (temporary) => ids.get(temporary)?.record;
      const { collections, models } = reach();
      const awaited = new Set<Model>();
      for (const { wire, settler, model } of writes.open.values())
        if (wire.mutation.method === 'create' && settler.live) awaited.add(model);
      const before = new Map([...models].map((model) => [model, instanceOf(model)?.record]));
      for (const collection of collections) each(aliases, (alias) => dropTwin(collection, alias));
      writes.rename(real);
      reads.rename(real);
      following.rename(real);
      for (const target of [...models, ...collections]) renameView(target, real);
      each(models, (model) => renameModel(model, real, awaited.has(model)));
      for (const collection of collections) {
        reindex(collection);
        renameUrl(collection, real);
        for (const model of collection.models) {
          const record = before.get(model);
          const alias = isTemporary(record) && ids.get(record);
          if (!alias) continue;
          findable(collection, model, alias.temporary);
          if (model.isNew()) findable(collection, model, recordKey(alias.record));
        }
      }
    },
  };
}
