import type { EngineTab } from '../engines/engine.ts';
import type { Paths } from './page-server.ts';

/**
 * Comes before the product's worker, in a script that only tests serve: it loops, or keeps its timers from firing, when
 * a page says so over a channel. `slot`: of the worker that is meant.
 */
const WEDGE = `
const channel = new BroadcastChannel('wedge');
const { slot } = JSON.parse(self.name);
const { setTimeout } = self;
const waiting = [];
let frozen = false;
self.setTimeout = (fn, ms, ...args) =>
  setTimeout(() => (frozen ? waiting.push(() => fn(...args)) : fn(...args)), ms);
channel.onmessage = ({ data }) => {
  if (data.slot !== slot) return;
  const end = performance.now() + data.ms;
  if (data.how === 'loops') while (performance.now() < end);
  frozen = data.how === 'freezes';
  setTimeout(() => {
    frozen = false;
    for (const fire of waiting.splice(0)) fire();
    channel.postMessage({ awake: slot });
  }, end - performance.now());
};`;

export const WEDGE_PATHS: Paths = {
  '/wedge.js': () => WEDGE,
  '/wedged-worker.js': () => "import '/wedge.js'; import '/medulla/shared-worker.js';",
};

/** Options of a tab whose worker can be wedged, and that notices soon. */
export const WEDGEABLE = { worker: '/wedged-worker.js', deadline: 1_500 };

/** Wedges the worker of that slot for so long. */
export const wedge = (page: EngineTab, slot: number, how: 'loops' | 'freezes', ms: number): Promise<void> =>
  page.evaluate(
    (data) => {
      const channel = new BroadcastChannel('wedge');
      const awake: number[] = [];
      Object.assign(globalThis, { awake });
      channel.onmessage = (event) => event.data.awake !== undefined && awake.push(event.data.awake);
      channel.postMessage(data);
    },
    { slot, how, ms },
  );

/** Whether the worker of that slot has come to itself since. */
export const isAwake = (page: EngineTab, slot: number): Promise<boolean> =>
  page.evaluate((slot) => (globalThis as { awake?: number[] }).awake?.includes(slot) ?? false, slot);

/** Which worker is current, as all pages of this browser have it. */
export const currentSlot = (page: EngineTab): Promise<number> =>
  page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith('medulla:')) ?? '';
    return JSON.parse(localStorage.getItem(key) ?? '{"slot":-1}').slot;
  });

/** The hub that has the database. */
export const owner = (page: EngineTab): Promise<string> =>
  page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const [{ name = '' } = {}] = await indexedDB.databases();
    const db = await asked(indexedDB.open(name));
    const { boot } = await asked(db.transaction('meta').objectStore('meta').get(0));
    db.close();
    return boot;
  });
