import { setTimeout as pause } from 'node:timers/promises';
import type { Tab } from '../../support/engines/chromium.ts';
import { cpuOfTree } from '../cpu.ts';
import { atMost, type Figure, quantile, type Row } from '../row.ts';

const RATE = 200;
const MS = 6_000;
const RECORDS = 1_000;

/** `strict`: the figures of the issue hold for it. */
const fanOut = (tabs: number, strict: boolean): Row => {
  const only = (...figures: Figure[]) => (strict ? { figures } : {});
  return {
    name: `fan-out-${tabs}`,
    title: `${RATE} changes a second for ${MS / 1000} s to ${tabs === 1 ? 'one tab' : `${tabs} tabs`}`,
    contestants: ['limit', 'rival', 'medulla'],
    metrics: [
      { key: 'p50', label: 'latency p50, ms', digits: 2, ...only(atMost(2, 'limit')) },
      { key: 'p99', label: 'latency p99, ms', digits: 1 },
      ...(tabs === 1 ? [] : [{ key: 'hidden', label: 'latency p50 in hidden tabs, ms', digits: 1 }]),
      { key: 'browser', label: 'browser CPU, s', digits: 2, ...only(atMost(0.9, 'rival')) },
      { key: 'server', label: 'server CPU, s', digits: 2 },
      { key: 'sockets', label: 'sockets', digits: 0 },
      {
        key: 'bytes',
        label: 'kB from the server',
        digits: 0,
        ...only(atMost(1.15, 'rival', { row: 'fan-out-1' })),
      },
    ],
    async measure({ browser, server, openTab }) {
      await server.order('seed', RECORDS);
      const all: Tab[] = [];
      for (let i = 0; i < tabs; i++) {
        const tab = await openTab();
        await tab.call('open', RECORDS);
        await tab.call('watch');
        all.push(tab);
      }
      await server.order('publish', RATE, 1_000, RECORDS);
      // What the changes so far leave to be done behind (writing, collecting garbage) is not counted below.
      await pause(1_000);
      for (const tab of all) await tab.call('latencies');
      const [stats, cpu, own] = [
        await server.order('stats'),
        cpuOfTree(browser.pid),
        await server.order('cpu'),
      ];
      const changes = await server.order('publish', RATE, MS, RECORDS);
      await Promise.all(all.map((tab) => tab.call('touched', changes + RATE)));
      const [cpuAfter, ownAfter] = [cpuOfTree(browser.pid), await server.order('cpu')];
      const statsAfter = await server.order('stats');
      // Of all that are open, one is in front: what it shows is what somebody waits for.
      const latencies = (await all.at(-1)?.call<number[]>('latencies')) ?? [];
      const hidden: number[] = [];
      for (const tab of all.slice(0, -1)) hidden.push(...(await tab.call<number[]>('latencies')));
      return {
        ...(tabs === 1 ? {} : { hidden: quantile(hidden, 0.5) }),
        p50: quantile(latencies, 0.5),
        p99: quantile(latencies, 0.99),
        browser: cpuAfter - cpu,
        server: (ownAfter.user + ownAfter.system - own.user - own.system) / 1e6,
        sockets: statsAfter.sockets,
        bytes: (statsAfter.written - stats.written) / 1000,
      };
    },
  };
};

export const fanOuts: readonly Row[] = [fanOut(1, false), fanOut(4, false), fanOut(12, true)];
