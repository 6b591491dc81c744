import { expect, it } from 'vitest';
import { Frames, framed } from '../bench/server/crowd/frames.ts';

/** As a server sends it: without a mask. */
function unmasked(text: string): Buffer {
  const frame = framed(text);
  const head = frame.length - 4 - Buffer.byteLength(text);
  frame[1] = (frame[1] ?? 0) & 0x7f;
  return Buffer.concat([frame.subarray(0, head), frame.subarray(head + 4)]);
}

it.each([1, 3, 1_000, 70_000])(
  '[LO3] finds the frames in pieces of %i bytes, whatever their length',
  (piece) => {
    const texts = [
      '',
      'a',
      'ä'.repeat(60),
      'b'.repeat(125),
      'c'.repeat(126),
      'd'.repeat(65_535),
      'e'.repeat(65_536),
    ];
    const bytes = Buffer.concat(texts.map(unmasked));
    const found: string[] = [];
    const frames = new Frames((chunk, start, end) => found.push(chunk.toString('utf8', start, end)));
    for (let at = 0; at < bytes.length; at += piece) frames.add(bytes.subarray(at, at + piece));
    expect(found).toEqual(texts);
  },
);
