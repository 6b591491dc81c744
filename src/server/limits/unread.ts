import { unreadPoll } from './polls.ts';

/** What is used of a connection of Engine.IO's, which keeps it for itself: what waits until its transport takes it. */
interface Buffering {
  readonly writeBuffer?: readonly {
    readonly data?: { readonly length?: number; readonly byteLength?: number };
  }[];
  readonly transport?: { readonly socket?: { readonly bufferedAmount?: number } };
}

/** Bytes that wait in this process until the client reads; of text, its UTF-16 units. */
export function unread(conn: object): number {
  const { writeBuffer = [], transport } = conn as Buffering;
  let bytes = transport?.socket?.bufferedAmount ?? unreadPoll(conn);
  for (const { data } of writeBuffer) bytes += data?.byteLength ?? data?.length ?? 0;
  return bytes;
}
