import { equalJson } from '../../../src/base/json.ts';
import { type RecordKey, recordKey, type Topic, type UserId } from '../../../src/protocol/ids.ts';
import type { ModelRecord } from '../model/reference.ts';
import type { SimTab } from '../world/sim-tab.ts';
import type { World } from '../world/world.ts';

/** P4: what is not equal at rest, a line each: models, replicas on disk, outboxes, against the server's records as the reference model has them. */
export function different(world: World, tabs: readonly SimTab[]): string[] {
  const { ledger } = world;
  const lines: string[] = [];
  const records = (topic: Topic, user: UserId): ReadonlyMap<RecordKey, ModelRecord> =>
    ledger.seen(ledger.model.get(topic) ?? new Map(), topic, user);
  const compare = (
    who: string,
    user: UserId,
    topic: Topic,
    held: ReadonlyMap<string, unknown>,
    how = (_key: string) => '',
  ) => {
    ledger.checked.P4 += 1;
    const server = records(topic, user);
    for (const [key, { attrs }] of server)
      if (!held.has(key)) lines.push(`${who} misses ${topic}/${key}: ${JSON.stringify(attrs)}`);
    for (const [key, attrs] of held) {
      const row = server.get(key as RecordKey);
      if (row && ledger.isTwo({ topic, record: key })) continue;
      if (!row)
        lines.push(
          `${who} has ${topic}/${key}, which is not on the server: ${JSON.stringify(attrs)}${how(key)}`,
        );
      else if (!equalJson(attrs, row.attrs))
        lines.push(
          `${who} has ${topic}/${key} as ${JSON.stringify(attrs)}, the server as ${JSON.stringify(row.attrs)}${how(key)}`,
        );
    }
  };
  for (const tab of tabs) {
    for (const collection of tab.collections) {
      const how = (key: string) => {
        const model = collection.models.find(({ id }) => String(id) === key);
        return model ? ` ${JSON.stringify(tab.medulla.stateOf(model))}` : '';
      };
      const held = new Map<string, unknown>();
      for (const model of collection.models) {
        const { id, ...attrs } = model.toJSON() as { id?: string | number };
        held.set(id === undefined ? `a new one, ${JSON.stringify(attrs)}` : recordKey(id), attrs);
      }
      compare(tab.name, tab.device.user, String(collection.url) as Topic, held, how);
    }
    for (const asked of tab.asked) if (asked.answers === 0) lines.push(`${tab.name} waits: ${asked.what}`);
  }
  for (const { name, user, disk } of world.devices) {
    for (const { mutation, receipt } of disk.rows.outbox.values())
      lines.push(`the disk of ${name} still has ${mutation.id}, receipt ${JSON.stringify(receipt)}`);
    for (const { topic, cursor } of disk.rows.topics.values()) {
      const head = ledger.history.get(topic)?.at(-1)?.offset ?? 0;
      if (cursor.offset !== head)
        lines.push(`the disk of ${name} is at ${topic}@${cursor.offset}, the server at ${head}`);
      const rows = disk.rows.records.get(topic) ?? new Map();
      const held = new Map([...rows].map(([key, row]) => [key, row.attrs]));
      compare(`the disk of ${name}`, user, topic, held);
    }
  }
  return lines;
}
