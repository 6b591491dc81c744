import { Refusal } from '../../../src/server/resource/refusal.ts';
import type { Resource, ResourceOptions } from '../../../src/server/resource/resource.ts';
import type { StandardSchema } from '../../../src/server/resource/validate.ts';
import type { ConflictFunction } from '../../../src/server/store.ts';
import type { Dice } from '../../support/dice.ts';
import { hardness } from './poison-titles.ts';
import type { Process } from './process.ts';
import { permissionOf, type Rights, roleOf, SHARES, sees } from './rights.ts';

interface Core {
  resource(pattern: string, options: ResourceOptions): Resource;
}

/** Refuses `title: 'bad'`; a record without `n` gets one, so that answers differ from what was sent. */
const schema: StandardSchema = {
  '~standard': {
    version: 1,
    vendor: 'simulator',
    validate(value) {
      const record = value as { title?: unknown; n?: unknown };
      if (record.title === 'bad') return { issues: [{ message: 'bad is no title', path: ['title'] }] };
      return { value: record.n === undefined ? { ...record, n: 0 } : record };
    },
  },
};

/** The numbers of all who counted at once are added up; of the rest, yours. */
export const addedUp: ConflictFunction = ({ was, theirs, yours }) => ({
  ...yours,
  n: Number(theirs.n ?? 0) + Number(yours.n ?? 0) - Number(was.n ?? 0),
});

interface Application {
  readonly rights: Rights;
  readonly faults: { readonly application: number };
  readonly tries: Map<string, number>;
  readonly options: { readonly shares?: Partial<ResourceOptions> };
}

/**
 * The application on the server: lists that anybody may change, cards with a schema and middleware, sums whose writers
 * are added up, notes of one user that reject conflicts, shares of which each sees those that are for them.
 */
export function appResources(
  core: Core,
  dice: Dice,
  { faults, tries, rights, options }: Application,
  process: Process,
) {
  const guard = (resource: Resource) =>
    resource.use('create', 'update', 'patch', async (ctx, next) => {
      if (ctx.set.title === 'forbidden') throw new Refusal('No record may be called forbidden');
      const { title } = ctx.set;
      if (title === 'poison') throw new Error('the application fails on this whenever it meets it');
      const met = `${ctx.topic}/${ctx.record} ${title}`;
      if (hardness(title) > (tries.get(met) ?? 0)) {
        tries.set(met, (tries.get(met) ?? 0) + 1);
        throw new Error('the application fails on this some times');
      }
      if (dice.chance(faults.application)) throw new Error('the application failed this once');
      await next();
    });
  const lists = core.resource('/lists', { public: true, history: { changes: 100, days: 365 } });
  guard(core.resource('/cards', { public: true, schema }));
  guard(core.resource('/sums', { public: true, schema, conflict: addedUp }));
  guard(
    core.resource('/users/:user/notes', {
      schema,
      conflict: 'reject',
      authorize: ({ user, params }) => user === params.user,
    }),
  );
  const slow = dice.fork('rights');
  const shares = core.resource(SHARES, {
    schema,
    filter: (record, { user, tag }) => sees(user, roleOf(tag), record),
    authorize: async ({ user }) => {
      const permission = permissionOf(rights.role(user));
      if (slow.chance(0.3))
        await process.promise<void>((done) => void process.clock.after(slow.int(0, 60), done));
      return permission;
    },
    ...options.shares,
  });
  guard(shares);
  return { lists, shares };
}
