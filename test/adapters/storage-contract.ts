import { type Storage, StorageError, type StorageFault } from '../../src/hub/storage.ts';
import {
  aliasRow,
  boot,
  outboxRow,
  putAlias,
  putMutation,
  putRecord,
  putTopic,
  replicaRow,
  topic,
  topicRow,
} from './rows.ts';
import { storageErasing } from './storage-erasing.ts';

/** One database, over which several storages may be opened. */
export interface Database {
  storage(): Storage;
}

/** As much of a test runner as is used, so that the suite also runs inside a browser's page. */
export interface Runner {
  test(title: string, fn: () => Promise<void>): void;
  /** Fails unless the two are equal by value. */
  equal(actual: unknown, expected: unknown): void;
}

/** The fault that the promise rejects with; 'none' where it resolves. */
export async function faultOf(promise: Promise<unknown>): Promise<StorageFault | 'none'> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    if (error instanceof StorageError) return error.fault;
    throw error;
  }
}

/** What every Storage keeps. `make` gives a database of its own to each test. */
export function storageContract(name: string, make: () => Promise<Database>, { test, equal }: Runner): void {
  test(`[ST1] ${name}: gives an empty database its first generation, and each boot the next`, async () => {
    const database = await make();
    equal(await database.storage().open(boot('a'), 1), {
      generation: 1,
      outbox: [],
      topics: [],
      aliases: [],
    });
    equal((await database.storage().open(boot('b'), 1)).generation, 2);
  });

  test(`[ST2] ${name}: gives the next hub what was committed, the outbox in order`, async () => {
    const database = await make();
    const storage = database.storage();
    await storage.open(boot('a'), 1);
    const rows = [10, 9, 100].map((order) => outboxRow(order));
    await storage.commit([...rows.map(putMutation), putTopic(topicRow('/cards', 7))], 'strict');
    await storage.commit([{ type: 'deleteMutation', order: 10 }], 'relaxed');
    storage.close();
    const { outbox, topics } = await database.storage().open(boot('b'), 1);
    equal(outbox, [outboxRow(9), outboxRow(100)]);
    equal(topics, [topicRow('/cards', 7)]);
  });

  test(`[ID5] ${name}: keeps aliases, and gives them back in the order of their temporary ids`, async () => {
    const database = await make();
    const storage = database.storage();
    await storage.open(boot('a'), 1);
    const rows = [aliasRow('~c', 'text'), aliasRow('~a', 7)];
    const gone = aliasRow('~b', 8);
    await storage.commit([...rows, gone].map(putAlias), 'strict');
    await storage.commit([{ type: 'deleteAlias', temporary: gone.temporary }], 'relaxed');
    storage.close();
    equal((await database.storage().open(boot('b'), 1)).aliases, [rows[1], rows[0]]);
  });

  test(`[ST3] ${name}: keeps a topic's records apart, in the order of their keys, ids with their type`, async () => {
    const storage = (await make()).storage();
    await storage.open(boot('a'), 1);
    const rows = [
      replicaRow('/cards', 'b'),
      replicaRow('/cards', 10),
      replicaRow('/cards', '9', 3, { done: true }),
    ];
    const others = [replicaRow('/card', 'a'), replicaRow('/cards/1', 'a'), replicaRow('/cardz', 'a')];
    await storage.commit([...rows, ...others].map(putRecord), 'relaxed');
    equal(await storage.records(topic('/cards')), { row: null, records: [rows[1], rows[2], rows[0]] });
    equal(await storage.records(topic('/none')), { row: null, records: [] });
  });

  test(`[MG14] ${name}: keeps the number of the records' shape beside the generation, and that of each record`, async () => {
    const database = await make();
    const storage = database.storage();
    await storage.open(boot('a'), 1);
    const row = { ...replicaRow('/cards', 1), recordVersion: 3 };
    await storage.commit([{ type: 'putRecordVersion', recordVersion: 3 }, putRecord(row)], 'strict');
    const opened = await database.storage().open(boot('b'), 1);
    equal([opened.generation, opened.recordVersion], [2, 3]);
    equal((await database.storage().open(boot('c'), 1)).recordVersion, 3);
    const deposed = storage.commit([{ type: 'putRecordVersion', recordVersion: 4 }], 'strict');
    equal(await faultOf(deposed), 'deposed');
    const last = database.storage();
    equal((await last.open(boot('d'), 1)).recordVersion, 3);
    equal((await last.records(topic('/cards'))).records, [row]);
  });

  test(`[ST4] ${name}: carries the steps of a commit out in order`, async () => {
    const storage = (await make()).storage();
    await storage.open(boot('a'), 1);
    await storage.commit([putRecord(replicaRow('/cards', 1)), putRecord(replicaRow('/lists', 1))], 'relaxed');
    await storage.commit(
      [
        putRecord(replicaRow('/cards', 2)),
        { type: 'clearTopic', topic: topic('/cards') },
        putRecord(replicaRow('/cards', 3)),
        putRecord(replicaRow('/cards', 4)),
        { type: 'deleteRecord', topic: topic('/cards'), key: replicaRow('/cards', 4).key },
        putRecord(replicaRow('/cards', 5, 1)),
        putRecord(replicaRow('/cards', 5, 2)),
      ],
      'strict',
    );
    const { records } = await storage.records(topic('/cards'));
    equal(records, [replicaRow('/cards', 3), replicaRow('/cards', 5, 2)]);
    equal((await storage.records(topic('/lists'))).records, [replicaRow('/lists', 1)]);
  });

  test(`[ST4] ${name}: forgets a topic's row with its records`, async () => {
    const database = await make();
    const storage = database.storage();
    await storage.open(boot('a'), 1);
    await storage.commit([putTopic(topicRow('/cards', 1)), putTopic(topicRow('/lists', 2))], 'strict');
    await storage.commit([{ type: 'clearTopic', topic: topic('/cards') }], 'strict');
    equal((await database.storage().open(boot('b'), 1)).topics, [topicRow('/lists', 2)]);
  });

  test(`[ST4] ${name}: keeps a topic's queries apart, the last of each, and forgets them with the topic, and with all`, async () => {
    const storage = (await make()).storage();
    await storage.open(boot('a'), 1);
    const row = (path: string, query: string, order: number) =>
      ({ topic: topic(path), query, records: ['a', 1], order }) as const;
    const put = (...rows: ReturnType<typeof row>[]) =>
      storage.commit(
        rows.map((one) => ({ type: 'putQuery', row: one })),
        'relaxed',
      );
    await put(row('/cards', 'p', 1), row('/cards', 'q', 2), row('/cards/1', 'p', 1), row('/cards', 'p', 3));
    await storage.commit([{ type: 'deleteQuery', topic: topic('/cards'), query: 'q' }], 'relaxed');
    equal(await storage.queries(topic('/cards')), [row('/cards', 'p', 3)]);
    await storage.commit([{ type: 'clearTopic', topic: topic('/cards') }], 'relaxed');
    equal(await storage.queries(topic('/cards')), []);
    equal(await storage.queries(topic('/cards/1')), [row('/cards/1', 'p', 1)]);
    await storage.commit([{ type: 'erase', outbox: false }], 'strict');
    equal(await storage.queries(topic('/cards/1')), []);
  });

  test(`[ST5] ${name}: lets only the hub commit that opened last; the other is deposed and writes nothing`, async () => {
    const database = await make();
    const [old, young] = [database.storage(), database.storage()];
    await old.open(boot('a'), 1);
    await old.commit([putMutation(outboxRow(1))], 'strict');
    equal((await young.open(boot('b'), 1)).outbox, [outboxRow(1)]);
    equal(await faultOf(old.commit([putMutation(outboxRow(2))], 'strict')), 'deposed');
    equal(await faultOf(old.commit([], 'relaxed')), 'deposed');
    await young.commit([putMutation(outboxRow(3))], 'strict');
    equal(await faultOf(old.commit([{ type: 'deleteMutation', order: 1 }], 'strict')), 'deposed');
    equal((await database.storage().open(boot('c'), 1)).outbox, [outboxRow(1), outboxRow(3)]);
  });

  test(`[ST5] ${name}: settles commits that are under way when another hub opens: whole before it, or deposed`, async () => {
    const database = await make();
    const [old, young] = [database.storage(), database.storage()];
    await old.open(boot('a'), 1);
    const commits = [1, 2, 3, 4].map((order) =>
      faultOf(old.commit([putMutation(outboxRow(order))], 'strict')),
    );
    const { outbox } = await young.open(boot('b'), 1);
    const faults = await Promise.all(commits);
    const kept = faults.flatMap((fault, i) => (fault === 'none' ? [i + 1] : []));
    equal(
      outbox.map((row) => row.order),
      kept,
    );
    equal(
      faults.filter((fault) => fault !== 'none' && fault !== 'deposed'),
      [],
    );
  });

  test(`[ST6] ${name}: does not open over a higher protocol, whose hub goes on`, async () => {
    const database = await make();
    const newer = database.storage();
    await newer.open(boot('b'), 2);
    equal(await faultOf(database.storage().open(boot('a'), 1)), 'newer');
    await newer.commit([putMutation(outboxRow(1))], 'strict');
    equal((await database.storage().open(boot('c'), 3)).generation, 2);
  });

  test(`[ST7] ${name}: lets a hub open again, but not take the database back`, async () => {
    const database = await make();
    const [old, young] = [database.storage(), database.storage()];
    equal((await old.open(boot('a'), 1)).generation, 1);
    equal((await old.open(boot('a'), 1)).generation, 1);
    await young.open(boot('b'), 1);
    equal(await faultOf(old.open(boot('a'), 1)), 'deposed');
    await young.commit([putMutation(outboxRow(1))], 'strict');
  });

  test(`[ST8] ${name}: can be closed twice, finishes what is under way and takes nothing more`, async () => {
    const database = await make();
    const storage = database.storage();
    await storage.open(boot('a'), 1);
    const last = storage.commit([putMutation(outboxRow(1))], 'strict');
    storage.close();
    storage.close();
    await last;
    equal(await faultOf(storage.commit([putMutation(outboxRow(2))], 'strict')), 'closed');
    equal(await faultOf(storage.records(topic('/cards'))), 'closed');
    equal((await database.storage().open(boot('b'), 1)).outbox, [outboxRow(1)]);
  });

  test(`[ST9] ${name}: takes thousands of rows in one commit`, async () => {
    const storage = (await make()).storage();
    await storage.open(boot('a'), 1);
    const rows = Array.from({ length: 2000 }, (_, i) => replicaRow('/cards', i, i, { title: `card ${i}` }));
    await storage.commit(rows.map(putRecord), 'relaxed');
    const found = (await storage.records(topic('/cards'))).records;
    equal(found.length, 2000);
    equal(found[0], rows[0]);
  });

  storageErasing(name, make, { test, equal });
}
