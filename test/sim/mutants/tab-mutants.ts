import {
  type MutationId,
  mutationId,
  mutationNumber,
  mutationTab,
  recordKey,
  type UserId,
} from '../../../src/protocol/ids.ts';
import type { TabUp, Write } from '../../../src/protocol/tab-up.ts';
import type { SimTab } from '../world/sim-tab.ts';
import type { Mutant } from './mutant.ts';

const changed = (mutation: (mutation: Write['mutation']) => Partial<Write['mutation']>) => (message: TabUp) =>
  message.type === 'writes'
    ? {
        ...message,
        writes: message.writes.map((write) => ({
          ...write,
          mutation: { ...write.mutation, ...mutation(write.mutation) },
        })),
      }
    : message;

const alike = (id: MutationId) =>
  mutationNumber(id) % 4 === 0 ? mutationId(mutationTab(id), mutationNumber(id) - 1) : id;

export const TAB_MUTANTS: readonly Mutant[] = [
  {
    name: 'a tab names two writes alike',
    breaks: ['settled', 'P4'],
    options: () => ({ handed: changed(({ id }) => ({ id: alike(id) })) }),
  },
  {
    name: 'a tab hands its writes over under another user',
    breaks: ['P6'],
    options: () => ({ handed: changed(() => ({ user: 'eve' as UserId })) }),
  },
  {
    name: 'a tab sets whatever it is shown',
    breaks: ['P10'],
    options: () => ({
      shown(tab: SimTab, { values }) {
        for (const { topic, record, attrs } of values)
          for (const collection of tab.collections)
            if (String(collection.url) === topic && attrs) collection.get(String(record))?.set({ ...attrs });
      },
    }),
  },
  {
    name: 'the layer of a write is taken away before its effect is there',
    breaks: ['flicker'],
    options: () => ({
      told(disk, message) {
        if (message.type !== 'batch') return message;
        const values = message.values.map((value) => {
          const row = disk.rows.records.get(value.topic)?.get(recordKey(value.record));
          return row && value.attrs ? { ...value, version: row.version, attrs: row.attrs } : value;
        });
        return { ...message, values };
      },
    }),
  },
];
