import { isObject, type Json } from '../../../base/json.ts';
import type { Topic } from '../../../protocol/ids.ts';
import { jsonIn } from '../said/json-in.ts';
import type { Wire, WireCall, WireChange } from '../wire.ts';
import type { WireParts } from '../wire-parts.ts';
import { inTime } from './in-time.ts';
import { openSocket } from './open-socket.ts';
import { Turns } from './turns.ts';

/** How a dialect speaks over Socket.IO events that are told apart by their names alone. */
export interface Speech {
  /** What goes for a call, and the name of the event that answers it. */
  ask(call: WireCall): { readonly event: string; readonly content: Json; readonly answer: string };
  /** What the answer says; throws a MedullaError where it is a refusal. */
  read(answer: unknown): Json;
  /** What an event that answers nothing changes, in one of the topics that are followed. Missing: this one tells of none. */
  told?(event: string, content: Json | undefined, followed: Iterable<Topic>): WireChange | undefined;
}

/** A wire of one Socket.IO socket over which calls and answers are events. `namespace`: Socket.IO's own. */
export function namedWire(parts: WireParts, namespace: string, speech: Speech): Wire {
  const { server, path } = parts;
  let givenUp = false;
  const wire: Wire = {
    reads: false,
    connect(hello, listener) {
      const turns = new Turns();
      const followed = new Set<Topic>();
      const wanted = { server, path, namespace, auth: { ...hello }, givenUp };
      givenUp = false;
      const socket = openSocket(parts.openSocket(wanted), {
        opened: () => listener.opened(),
        heard(event, args) {
          const content = args.length > 1 ? jsonIn(args) : jsonIn(args[0]);
          const isAnswer = turns.answer(event, args[0]);
          const change = isAnswer ? undefined : speech.told?.(event, content, followed);
          if (change) listener.changed(change);
          listener.message(event, content);
        },
        closed(end, wasOpen) {
          givenUp = !wasOpen;
          turns.end();
          listener.closed(end);
        },
      });
      return {
        async call(call) {
          const { event, content, answer } = speech.ask(call);
          return { content: speech.read(await turns.ask(answer, () => socket.emit(event, content), call)) };
        },
        leave: (call) => turns.leave(call),
        ...(speech.told && {
          follow: (topic) => void followed.add(topic),
          release: (topic) => void followed.delete(topic),
        }),
        /** `{type, data}` as an event of that name; anything else as Socket.IO's 'message'. */
        send(content) {
          const named = isObject(content) && typeof content.type === 'string' ? content : null;
          if (named) socket.emit(String(named.type), named.data ?? null);
          else socket.emit('message', content);
        },
        close: socket.close,
      };
    },
  };
  // A write's late answer would be the next one's: there the whole link ends, as the hub has it.
  return inTime(wire, parts.clock, ({ method }) => method === 'read');
}
