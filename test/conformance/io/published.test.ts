import type Backbone from 'backbone';
import { afterEach, expect, it, vi } from 'vitest';
import { backboneIO, backboneWS } from '../../../src/surfaces.ts';
import { testMedulla } from '../../../src/testing.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';

afterEach(() => vi.unstubAllGlobals());

it('[IO-01] [WS-03] both are published as functions of a Medulla, and may be had together', async () => {
  vi.stubGlobal('document', { baseURI: 'http://localhost/' });
  vi.stubGlobal('reportError', console.error);
  const backbone: typeof Backbone = freshBackbone();
  const { medulla, server, settle, close } = testMedulla(backbone, { routes: [] });
  server.backend('messages', { public: true });
  const io = backboneIO(backbone, medulla, { event: 'live' });
  const ws = backboneWS(io.connect(), { prefix: 'ws' });
  const messages = new (backbone.Collection.extend({ backend: 'messages' }))();
  ws.bind(messages, { 'ws:message': 'heard' });
  const heard: unknown[] = [];
  messages.on('heard live:create', (...args: unknown[]) => heard.push(args[0]));
  await settle();
  server.send('news', 1);
  await server.publish('/messages', { record: 1, set: { title: 'a' } });
  await settle();
  expect([heard, messages.pluck('title'), ws.status.get('connection')]).toEqual([[1], ['a'], 'open']);
  await close();
});
