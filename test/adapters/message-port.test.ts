import { expect, it } from 'vitest';
import { type MessagePortLike, messagePort } from '../../src/protocol/port.ts';
import { settle } from '../../src/testing/virtual-clock.ts';

function ends() {
  const { port1, port2 } = new MessageChannel();
  return [messagePort(port1), messagePort(port2)] as const;
}

it('[HS3] delivers in order, from the first message on, however late somebody listens', async () => {
  const [here, there] = ends();
  here.post({ n: 1 });
  here.post({ n: 2 });
  await settle();
  const heard: unknown[] = [];
  const third = new Promise<void>((resolve) =>
    there.listen((message) => {
      heard.push(message);
      if (heard.length === 3) resolve();
    }),
  );
  here.post({ n: 3 });
  await third;
  expect(heard).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  here.close();
});

it('[HS3] throws to the sender what cannot be cloned, and sends the next', async () => {
  const [here, there] = ends();
  const first = new Promise((resolve) => there.listen(resolve));
  expect(() => here.post({ fn: () => undefined })).toThrow();
  here.post('plain');
  expect(await first).toBe('plain');
  here.close();
});

it('[HS3] can be closed twice, and takes messages without a word afterwards', () => {
  const [here] = ends();
  here.listen(() => undefined);
  here.close();
  here.close();
  here.post('into the void');
});

it('[HS3] drops and logs a message that cannot be decoded, and delivers the next', () => {
  const port: MessagePortLike = {
    onmessage: null,
    onmessageerror: null,
    postMessage: () => undefined,
    close: () => undefined,
  };
  const logged: string[] = [];
  const heard: unknown[] = [];
  messagePort(port, (_level, event) => logged.push(event)).listen((message) => heard.push(message));
  port.onmessageerror?.(new MessageEvent('messageerror'));
  port.onmessage?.(new MessageEvent('message', { data: 'next' }));
  expect(logged).toEqual(['message-undecodable']);
  expect(heard).toEqual(['next']);
});
