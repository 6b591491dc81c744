import { SINGLETON, type Topic } from '../../../protocol/ids.ts';
import type { WireCall } from '../wire.ts';

/** A topic without the front that the dialect's option `base` says the server does not know. */
export const cut = (topic: Topic, base = ''): string =>
  topic.startsWith(base) ? topic.slice(base.length) : topic;

/** Whether the call is about a record that its url names. */
export const isNamed = ({ method, record }: Pick<WireCall, 'method' | 'record'>): boolean =>
  method !== 'create' && record !== null && record !== SINGLETON;

/** What stock sync's url would be. `encode`: how an id stands in it. */
export const pathOf = (
  call: Pick<WireCall, 'method' | 'topic' | 'record'>,
  base?: string,
  encode: (id: string) => string = encodeURIComponent,
): string =>
  isNamed(call) ? `${cut(call.topic, base)}/${encode(String(call.record))}` : cut(call.topic, base);
