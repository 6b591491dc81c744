import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Topic } from '../../src/protocol/ids.ts';
import { FakePeer, sent } from './support/fake-peer.ts';
import { testCore } from './support/test-core.ts';

const update = { method: 'update', base: 'previous' } as const;

describe('a schema', () => {
  const schema = z.object({
    title: z.string().trim().min(1),
    done: z.boolean().default(false),
    due: z.coerce.date().optional(),
  });

  it('[SV8] judges the whole record after the write, and its issues are the receipt’s details', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true, schema });
    const peer = await FakePeer.connect(core);
    const [receipt] = await peer.push(sent('a:1', { set: { title: '', done: 3 } }));
    expect(receipt).toMatchObject({
      type: 'invalid',
      code: 'invalid',
      message: expect.stringContaining('title: '),
    });
    expect(receipt).toMatchObject({ details: { issues: [{ path: 'title' }, { path: 'done' }] } });
    expect(
      await peer.types(sent('a:2', { set: { title: 'one' } }), sent('a:3', { ...update, unset: ['title'] })),
    ).toEqual(['applied', 'invalid']);
    expect(await peer.record('x')).toEqual({ title: 'one', done: false });
  });

  it('[SV8] has its defaults and transformations in the record and in the receipt', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true, schema });
    const peer = await FakePeer.connect(core);
    const [receipt] = await peer.push(sent('a:1', { set: { title: ' one ', due: '2026-01-02', extra: 1 } }));
    const due = '2026-01-02T00:00:00.000Z';
    expect(receipt).toMatchObject({ set: { title: 'one', done: false, due }, unset: ['extra'] });
    expect(await peer.record('x')).toEqual({ title: 'one', done: false, due });
    const [changed] = await peer.push(sent('a:2', { ...update, set: { title: 'two ' }, unset: ['done'] }));
    expect(changed).toEqual({ type: 'applied', ids: ['a:2'], offset: 2, set: { title: 'two', done: false } });
  });

  it('[SV8] does not stand between an update and the news that the record is gone', async () => {
    const { core } = testCore();
    core.resource('/tasks', { public: true, schema });
    const peer = await FakePeer.connect(core);
    expect(await peer.types(sent('a:1', { method: 'patch', base: 3, set: { done: true } }))).toEqual([
      'gone',
    ]);
    expect(await peer.types(sent('a:2', { method: 'delete' }))).toEqual(['applied']);
  });

  it('[SV8] is judged again where the record has moved, so that no merge breaks it', async () => {
    const { core } = testCore();
    const range = z
      .object({ from: z.number(), to: z.number() })
      .refine(({ from, to }) => from <= to, 'from after to');
    let move = async () => {};
    const spans = core.resource('/tasks', { public: true, schema: range }).use(async (_, next) => {
      await next();
      await move();
    });
    const peer = await FakePeer.connect(core);
    await peer.push(sent('a:1', { set: { from: 1, to: 5 } }));
    move = async () => void (await spans.publish({ record: 'x', set: { to: 2 } }));
    expect(await peer.types(sent('a:2', { ...update, set: { from: 4 } }))).toEqual(['invalid']);
    expect(await peer.record('x')).toEqual({ from: 1, to: 2 });
  });
});

describe('resources', () => {
  it('[SV18] are found by their patterns; fixed segments win over names', () => {
    const { core } = testCore();
    const any = core.resource('/projects/:project');
    const own = core.resource('/projects/mine/');
    const found = (topic: string) => core.resources.match(topic as Topic);
    expect(found('/projects/mine')?.resource).toBe(own);
    expect(found('/projects/7%2F8')).toEqual({ resource: any, params: { project: '7/8' } });
    for (const topic of ['/projects', '/projects/', '/projects/7/tasks', 'projects/7', '/projects/%zz', ''])
      expect(found(topic)).toBe(null);
  });

  it('[SV18] name their topics', () => {
    const { core } = testCore();
    const tasks = core.resource('/projects/:project/tasks');
    expect(tasks.topic({ project: 'a b' })).toBe('/projects/a%20b/tasks');
    expect(() => tasks.topic({})).toThrow('project is missing');
  });

  it('[SV18] cannot be told apart where they answer the same paths, and need a path', () => {
    const { core } = testCore();
    core.resource('/a/:b');
    expect(() => core.resource('/a/:c')).toThrow('/a/:b answers the same paths');
    for (const pattern of ['', '/', 'tasks', '/a//b'])
      expect(() => core.resource(pattern)).toThrow('A resource takes a path');
  });
});
