/** An event as `text/event-stream` has it. */
export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/** What a stream tells beside its events. */
export interface StreamState {
  /** What to name when it is opened again. */
  id: string;
  /** Milliseconds to wait before that; the server's wish. */
  retry: number | null;
}

/** So many characters an event may have: what never ends must not fill the memory. */
const LONGEST = 10_000_000;

/** Reads a stream of Server-Sent Events piece by piece: `EventSource` takes no headers, and not every worker has one. Throws where an event is too long. */
export function eventStream(state: StreamState): (piece: string) => StreamEvent[] {
  let left = '';
  let event = '';
  let data: string[] = [];
  let size = 0;
  return (piece) => {
    const lines = (left + piece).split(/\r\n|\n|\r(?!$)/);
    left = lines.pop() ?? '';
    const events: StreamEvent[] = [];
    for (const line of lines) {
      const [, name = line, value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
      if (line === '') {
        if (data.length > 0) events.push({ event: event || 'message', data: data.join('\n') });
        event = '';
        data = [];
        size = 0;
      } else if (name === 'event') event = value;
      else if (name === 'data') {
        data.push(value);
        size += value.length;
      } else if (name === 'id') state.id = value;
      else if (name === 'retry' && /^\d+$/.test(value)) state.retry = Number(value);
    }
    if (size + left.length > LONGEST) throw new Error(`An event is longer than ${LONGEST} characters`);
    return events;
  };
}
