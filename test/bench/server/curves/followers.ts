import type { Curve } from '../curve.ts';
import { publishAll } from '../rows/fan-out.ts';

const BOTH = ['plain', 'medulla'] as const;
const STEPS = [250, 500, 1_000, 2_000, 4_000];

export const followers: Curve = {
  name: 'followers',
  title: 'A change, the more follow its topic',
  x: 'followers, a connection each',
  y: 'server CPU a change, ms',
  contestants: BOTH,
  steps: STEPS,
  async measure(cell, steps) {
    const { server, crowd, entrance, some } = cell;
    await server.order('seed', 0, 1, 100);
    const values: number[] = [];
    let from = 0;
    for (const to of steps) {
      await crowd.order('connect', entrance, to - from);
      await crowd.order('follow', to - from, 1);
      await crowd.order('forget');
      // The first step is where the code gets warm.
      const changes = Math.max(10, some(from ? 60_000 : 200_000) / to);
      if (!from) await publishAll(cell, Math.ceil(changes), 1, to);
      await crowd.order('forget');
      const { cpu } = await publishAll(cell, Math.ceil(changes), 1, to);
      values.push((cpu * 1_000) / Math.ceil(changes));
      from = to;
    }
    return values;
  },
};

export const connections: Curve = {
  name: 'connections',
  title: 'Memory, the more are connected',
  x: 'idle connections that follow a topic of 20',
  y: 'heap, MB',
  contestants: BOTH,
  steps: STEPS,
  async measure({ server, crowd, entrance }, steps) {
    const values: number[] = [];
    let from = 0;
    for (const to of steps) {
      await crowd.order('connect', entrance, to - from);
      await crowd.order('follow', to - from, Math.ceil((to - from) / 20));
      values.push((await server.order('memory')).heap / 1e6);
      from = to;
    }
    return values;
  },
};
