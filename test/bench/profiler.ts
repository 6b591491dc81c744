import type { Chromium } from './chromium.ts';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly parent?: number;
  }[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

/** Where a script spent its time: own milliseconds of each function, the greatest first. */
export function ownTimes({ nodes, samples = [], timeDeltas = [] }: Profile): [string, number][] {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${url.split('/').at(-1)}:${lineNumber + 1}`,
    ]),
  );
  const times = new Map<string, number>();
  samples.forEach((id, i) => {
    const name = names.get(id) ?? '?';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[i] ?? 0) / 1000);
  });
  return [...times].sort(([, a], [, b]) => b - a);
}

/** Profiles the pages and the SharedWorker of a browser as they appear, until `stop` answers with a profile of each. */
export function profileTargets(browser: Chromium): { stop(): Promise<[string, Profile][]> } {
  const sessions = new Map<string, { type: string; session: string }>();
  let ended = false;
  const look = async () => {
    while (!ended) {
      const { targetInfos } = (await browser.send('Target.getTargets')) as {
        targetInfos: { targetId: string; type: string; url: string }[];
      };
      for (const { targetId, type, url } of targetInfos) {
        if (sessions.has(targetId) || !url.startsWith('http')) continue;
        const session = await browser.attach(targetId);
        sessions.set(targetId, { type, session });
        await browser.send('Profiler.enable', {}, session);
        await browser.send('Profiler.setSamplingInterval', { interval: 200 }, session);
        await browser.send('Profiler.start', {}, session);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const looking = look();
  return {
    async stop() {
      ended = true;
      await looking;
      const profiles: [string, Profile][] = [];
      for (const { type, session } of sessions.values()) {
        const answer = (await browser.send('Profiler.stop', {}, session)) as { profile: Profile };
        profiles.push([type, answer.profile]);
      }
      return profiles;
    },
  };
}
