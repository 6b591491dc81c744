import { expect, it } from 'vitest';
import { signatureWire } from '../../src/hub/dialects/sockets/signature-wire.ts';
import type { Attributes } from '../../src/protocol/attributes.ts';
import type { MutationId } from '../../src/protocol/ids.ts';
import { SignatureServer } from '../conformance/dialects/signature-server.ts';
import { expectRefused, opened, partsFor, served } from './with-servers.ts';

const serve = () => served(new SignatureServer());
const open = (server: SignatureServer, options?: Attributes) =>
  opened(signatureWire(partsFor(server, options)));

it('[DW1] goes with a signature, and is answered by the event that it names', async () => {
  const server = await serve();
  const { call } = await open(server);
  expect(await call({ method: 'create', attrs: { title: 'One' } })).toMatchObject({ id: 1 });
  const two = { id: 1, title: 'Two' };
  expect(await call({ method: 'update', record: 1, attrs: two })).toEqual({ ...two, revision: 2 });
  expect(await call({ method: 'read' })).toMatchObject([{ id: 1, title: 'Two' }]);
  const options = { ctx: 'left' };
  expect(await call({ method: 'read', record: 1, options })).toMatchObject({ title: 'Two' });
  expect(await call({ method: 'delete', record: 1, attrs: { id: 1 } })).toBeNull();
  expect(server.heard).toEqual([
    ['create', { signature: { endPoint: '/tasks' }, item: { title: 'One' } }],
    ['update', { signature: { endPoint: '/tasks/1' }, item: { id: 1, title: 'Two' } }],
    ['read', { signature: { endPoint: '/tasks' } }],
    ['read', { signature: { endPoint: '/tasks/1', ctx: 'left' } }],
    ['delete', { signature: { endPoint: '/tasks/1' }, item: { id: 1 } }],
  ]);
});

it('[DW2] rejects with what the error in the answer says, and where `success` is false', async () => {
  const server = await serve();
  const wire = await open(server);
  await expectRefused(server, wire);
  await expect(wire.call({ method: 'read', record: 9 })).rejects.toMatchObject({ code: 'not-found' });
  const deleted = wire.call({ method: 'delete', record: 8 });
  server.say('delete:/tasks/8', { success: false });
  await expect(deleted).rejects.toMatchObject({ code: 'invalid', message: 'The server refused' });
});

it("[DW7] cuts the front off, and has the write's key beside the item", async () => {
  const server = await serve();
  const { call } = await open(server, { base: '/', keyAttribute: 'key' });
  await call({ method: 'create', attrs: { a: 1 }, key: 'tab:1' as MutationId });
  const signature = { endPoint: 'tasks' };
  expect(server.heard).toEqual([['create', { signature, item: { a: 1 }, key: 'tab:1' }]]);
});

it('[DW3] tells of what answers nothing by its name', async () => {
  const server = await serve();
  const { next } = await open(server);
  const message = next('messages');
  server.say('hello', { from: 'server' }, 2);
  expect(await message).toEqual(['hello', [{ from: 'server' }, 2]]);
});
