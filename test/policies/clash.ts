import type { Attributes } from '../../src/protocol/attributes.ts';
import type { Topic } from '../../src/protocol/ids.ts';
import type { Context } from '../../src/server/resource/context.ts';
import type { ConflictPolicy } from '../../src/server/store.ts';
import { Browser } from '../migrate/browser.ts';
import { FakePeer } from '../server/support/fake-peer.ts';
import { testCore } from '../server/support/test-core.ts';
import { deferred } from '../support/deferred.ts';
import { textOf, Witness } from './witness.ts';

/** What one side does with the record; null = destroys it. */
type Deed = Attributes | null;

/** How far mine has come when theirs is there. `crossing`: it is at the server, which has not decided. */
export type Stage = 'typed' | 'crossing' | 'offline' | 'reload';

export interface Story {
  readonly policy: ConflictPolicy;
  readonly stage: Stage;
  /** One after the other. */
  readonly mine: readonly Deed[];
  readonly theirs: Deed;
  readonly old?: Attributes;
  /** What the server's own code does with each write. */
  readonly judge?: (ctx: Context) => void;
  /** Theirs is there, and mine has no answer. */
  readonly meanwhile?: (world: World) => void | Promise<void>;
}

export type World = Awaited<ReturnType<typeof worldOf>>;

/** Two devices of one user with one record, mine with two pages, over one server. */
async function worldOf({ policy: conflict, old = { title: 'Old', note: 'Old' }, judge }: Story) {
  const { core } = testCore();
  const gate: Promise<void>[] = [];
  core.resource('/tasks', { public: true, conflict }).use('update', 'patch', 'delete', async (ctx, next) => {
    await gate.pop();
    judge?.(ctx);
    await next();
  });
  const peer = await FakePeer.connect(core, 'ann');
  await core.publish('/tasks' as Topic, [{ record: 1, set: old }]);
  const here = new Browser(core);
  const there = new Browser(core, 1_000);
  const open = async (browser: Browser) => new Witness(await browser.open());
  const world = {
    here,
    me: await open(here),
    sibling: await open(here),
    other: await open(there),
    /** The next write waits at the server for what this returns to be called. */
    close(): () => void {
      const held = deferred<void>();
      gate.push(held.promise);
      return held.resolve;
    },
    async settle(ms = 1_000) {
      for (let at = 0; at < ms; at += 100) {
        await here.settle(100);
        await there.settle(100);
      }
    },
    async reload() {
      here.kill();
      world.me = await open(here);
      world.sibling = await open(here);
    },
    /** What me, my sibling, the other device and the server hold: one text where all agree. */
    async ends(): Promise<string> {
      const all = [world.me.has, world.sibling.has, world.other.has, textOf(await peer.record(1))];
      return new Set(all).size === 1 ? String(all[0]) : all.join(' / ');
    },
    /** What the three have heard since they were asked last. */
    heard: () => [world.me, world.sibling, world.other].map((witness) => witness.heard()).join(' / '),
    /** How many writes of mine wait for the server, and how many for a decision. */
    left: () => ['pending', 'rejected'].map((name) => Number(world.me.page.medulla.status.get(name))),
  };
  return world;
}

/** Both sides have done it, and the server has said what it says. */
export async function clash(story: Story): Promise<World> {
  const { stage, mine, theirs, meanwhile } = story;
  const world = await worldOf(story);
  const { here, settle } = world;
  await settle();
  const go = stage === 'crossing' ? world.close() : () => undefined;
  here.network.online = stage === 'typed' || stage === 'crossing';
  await settle();
  for (const deed of mine) {
    if (stage === 'typed') world.me.model?.set(deed ?? {});
    else act(world.me, deed);
    await settle();
  }
  act(world.other, theirs);
  await settle();
  if (stage === 'reload') await world.reload();
  await meanwhile?.(world);
  await settle();
  here.network.online = true;
  go();
  await settle(40_000);
  return world;
}

function act({ model }: Witness, deed: Deed): void {
  if (deed) model?.save(deed, { patch: true });
  else model?.destroy();
}
