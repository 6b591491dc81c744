import { boot, outboxRow, putMutation, putRecord, putTopic, replicaRow, topic, topicRow } from './rows.ts';
import type { Database, Runner } from './storage-contract.ts';

/** What every Storage does at a sign-out. */
export function storageErasing(name: string, make: () => Promise<Database>, { test, equal }: Runner): void {
  test(`[US22] ${name}: erases the replica, and the outbox where that is said; the generation goes on`, async () => {
    const database = await make();
    const storage = database.storage();
    await storage.open(boot('a'), 1);
    const rows = [
      putMutation(outboxRow(1)),
      putTopic(topicRow('/cards', 7)),
      putRecord(replicaRow('/cards', 1)),
    ];
    await storage.commit([...rows, { type: 'erase', outbox: false }], 'strict');
    equal((await storage.records(topic('/cards'))).records, []);
    const kept = await database.storage().open(boot('b'), 1);
    equal([kept.outbox, kept.topics, kept.generation], [[outboxRow(1)], [], 2]);
    const next = database.storage();
    await next.open(boot('c'), 1);
    await next.commit(
      [putMutation(outboxRow(2)), { type: 'erase', outbox: true }, putMutation(outboxRow(3))],
      'strict',
    );
    equal((await database.storage().open(boot('d'), 1)).outbox, [outboxRow(3)]);
  });

  test(`[US22] ${name}: keeps the seal until it is taken off`, async () => {
    const database = await make();
    const seal = { signedOut: true, upTo: 3 };
    const first = database.storage();
    await first.open(boot('a'), 1);
    await first.commit([{ type: 'putSeal', seal }], 'strict');
    const next = database.storage();
    equal((await next.open(boot('b'), 1)).seal, seal);
    await next.commit([{ type: 'putSeal', seal: null }], 'strict');
    equal((await database.storage().open(boot('c'), 1)).seal, undefined);
  });

  test(`[BG11] ${name}: keeps a token until another is put, or all is erased`, async () => {
    const database = await make();
    const first = database.storage();
    await first.open(boot('a'), 1);
    await first.commit([{ type: 'putToken', token: 'one' }], 'strict');
    await first.commit([{ type: 'putRecordVersion', recordVersion: 2 }], 'strict');
    const next = database.storage();
    equal((await next.open(boot('b'), 1)).token, 'one');
    await next.commit(
      [
        { type: 'putToken', token: 'two' },
        { type: 'erase', outbox: false },
      ],
      'strict',
    );
    equal((await database.storage().open(boot('c'), 1)).token, undefined);
  });
}
