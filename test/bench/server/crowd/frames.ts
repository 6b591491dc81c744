const TEXT = 0x81;
const MASKED = 0x80;

/** A text as a client's WebSocket frame. Its mask is four zeros, which the protocol allows: nothing is to be masked. */
export function framed(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.alloc(head + 4 + length);
  frame[0] = TEXT;
  if (head === 2) frame[1] = MASKED | length;
  else if (head === 4) {
    frame[1] = MASKED | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = MASKED | 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, head + 4);
  return frame;
}

/** Where the frame that begins at `at` has its text: null = its head is not all there yet. */
function bounds(bytes: Buffer, at: number): { readonly start: number; readonly end: number } | null {
  const left = bytes.length - at;
  if (left < 2) return null;
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (left < head) return null;
  const length =
    head === 2 ? short : head === 4 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  return { start: at + head, end: at + head + length };
}

/** Takes what a server's socket sends apart into the texts of its frames. Only looks at their heads. */
export class Frames {
  readonly #take: (bytes: Buffer, start: number, end: number) => void;
  #left: Buffer[] = [];
  #has = 0;
  #needs = 0;

  constructor(take: (bytes: Buffer, start: number, end: number) => void) {
    this.#take = take;
  }

  add(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#has) {
      this.#left.push(chunk);
      this.#has += chunk.length;
      // A long frame is put together once, not with each piece that comes.
      if (this.#has < this.#needs) return;
      bytes = Buffer.concat(this.#left);
    }
    let at = 0;
    let frame = bounds(bytes, at);
    for (; frame && frame.end <= bytes.length; frame = bounds(bytes, at)) {
      this.#take(bytes, frame.start, frame.end);
      at = frame.end;
    }
    this.#left = at < bytes.length ? [bytes.subarray(at)] : [];
    this.#has = bytes.length - at;
    this.#needs = frame ? frame.end - at : 0;
  }
}
