import { backoff } from '../../../base/backoff.ts';
import type { Cancel, Clock } from '../../../base/clock.ts';
import type { Log } from '../../../base/log.ts';
import type { Random } from '../../../base/random.ts';
import type { Topic } from '../../../protocol/ids.ts';
import type { WireListener } from '../wire.ts';
import { changeIn } from './change-in.ts';
import { eventStream, type StreamEvent, type StreamState } from './event-stream.ts';
import type { RestOptions } from './rest-options.ts';

export interface LiveParts {
  readonly options: RestOptions;
  readonly listener: Pick<WireListener, 'changed' | 'stale' | 'message'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly idName: (topic: Topic) => string;
  /** Opens a stream at this path. */
  readonly open: (path: string, headers: Record<string, string>) => Promise<Response>;
  readonly ended: AbortSignal;
}

export interface LiveTopics {
  follow(topic: Topic): void;
  release(topic: Topic): void;
  has(topic: Topic): boolean;
}

/** Milliseconds between the end of a stream and the next, where the server names none; and at the most. */
const RETRY = { base: 3_000, cap: 60_000 };

/** Hears what changes at a server without a socket: by looking again and again, by its stream of events, or both. */
export function liveTopics(parts: LiveParts): LiveTopics {
  const { options, listener, clock, random, log, open, ended } = parts;
  const { poll, events } = options;
  const isEach = events?.includes('{topic}') ?? false;
  const topics = new Map<Topic, Cancel>();
  let shared: Cancel | undefined;

  /** A little early, so that many browsers that opened together do not ask together for ever. */
  function look(topic: Topic): Cancel {
    if (!poll) return () => undefined;
    let cancel: Cancel = () => undefined;
    const next = () => {
      cancel = clock.after(poll * (1 - random.next() / 5), () => {
        listener.stale(topic);
        next();
      });
    };
    next();
    return () => cancel();
  }

  function heard(event: StreamEvent, topic: Topic | null): void {
    const change = changeIn(event, topic, parts.idName);
    if (change.type === 'change') listener.changed(change.change);
    else if (change.type === 'stale')
      for (const one of change.topic ? [change.topic] : topics.keys()) listener.stale(one);
    else listener.message(event.event, change.content);
  }

  /** Keeps a stream open. What was missed until it was, or between two of them, is read. */
  function stream(path: string, topic: Topic | null): Cancel {
    const state: StreamState = { id: '', retry: null };
    let stopped = false;
    let attempt = 0;
    let cancel: Cancel = () => undefined;
    let reader: ReadableStreamDefaultReader<string> | undefined;

    async function run(): Promise<void> {
      try {
        const { status, body } = await open(path, state.id ? { 'Last-Event-ID': state.id } : {});
        if (status === 204 || !body) return;
        if (status !== 200) throw new Error(`HTTP status ${status}`);
        attempt = 0;
        for (const one of topic ? [topic] : topics.keys()) listener.stale(one);
        const parse = eventStream(state);
        reader = body
          .pipeThrough(new TextDecoderStream() as never)
          .getReader() as ReadableStreamDefaultReader<string>;
        for (;;) {
          if (stopped) return void reader.cancel();
          const { done, value } = await reader.read();
          if (done) break;
          for (const event of parse(value)) heard(event, topic);
        }
      } catch (error) {
        log('info', 'stream-ended', { path, error: String(error) });
        reader?.cancel().catch(() => undefined);
      }
      if (stopped || ended.aborted) return;
      cancel = clock.after((state.retry ?? RETRY.base) + backoff(attempt++, RETRY, random), () => void run());
    }

    void run();
    return () => {
      stopped = true;
      cancel();
      reader?.cancel().catch(() => undefined);
    };
  }

  ended.addEventListener('abort', () => {
    for (const cancel of topics.values()) cancel();
    topics.clear();
    shared?.();
  });

  return {
    follow(topic) {
      if (topics.has(topic)) return;
      const stops = [look(topic)];
      if (events && isEach) stops.push(stream(events.replace('{topic}', topic), topic));
      topics.set(topic, () => {
        for (const stop of stops) stop();
      });
      if (events && !isEach) shared ??= stream(events, null);
    },
    release(topic) {
      topics.get(topic)?.();
      topics.delete(topic);
    },
    has: (topic) => topics.has(topic),
  };
}
