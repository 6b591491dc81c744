import type { Chromium } from '../support/engines/chromium.ts';

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

interface TargetInfo {
  readonly targetId: string;
  readonly type: string;
  readonly url: string;
}

/** Profiles the pages and the SharedWorker of a browser as they appear, until `stop` answers with a profile of each. */
export async function profileTargets(browser: Chromium): Promise<{ stop(): Promise<[string, Profile][]> }> {
  const begun = new Map<string, { readonly type: string; readonly session: Promise<string> }>();
  const begin = async (targetId: string) => {
    const session = await browser.attach(targetId);
    await browser.send('Profiler.enable', {}, session);
    await browser.send('Profiler.setSamplingInterval', { interval: 200 }, session);
    await browser.send('Profiler.start', {}, session);
    return session;
  };
  browser.hear = ({ method, params }) => {
    if (method !== 'Target.targetCreated' && method !== 'Target.targetInfoChanged') return;
    const { targetId, type, url } = (params as { targetInfo: TargetInfo }).targetInfo;
    if (begun.has(targetId) || !url.startsWith('http')) return;
    begun.set(targetId, { type, session: begin(targetId) });
  };
  await browser.send('Target.setDiscoverTargets', { discover: true });
  return {
    async stop() {
      browser.hear = null;
      const profiles: [string, Profile][] = [];
      for (const { type, session } of begun.values()) {
        const answer = (await browser.send('Profiler.stop', {}, await session)) as { profile: Profile };
        profiles.push([type, answer.profile]);
      }
      return profiles;
    },
  };
}
