import { expect, it } from 'vitest';
import { inTime } from '../../src/hub/dialects/sockets/in-time.ts';
import type { Wire, WireAnswer, WireCall, WireListener } from '../../src/hub/dialects/wire.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { HELLO } from '../adapters/link-recorder.ts';
import { READ } from './wire-recorder.ts';

const nothing: WireListener = {
  opened: () => undefined,
  closed: () => undefined,
  changed: () => undefined,
  stale: () => undefined,
  message: () => undefined,
};

/** A wire that answers when the test says so, and the way to it that has an end. */
function begin(covers?: (call: WireCall) => boolean) {
  const clock = new VirtualClock();
  const answers: ((answer: WireAnswer) => void)[] = [];
  const givenUp: WireCall[] = [];
  let told = nothing;
  const wire: Wire = {
    connect(_hello, listener) {
      told = listener;
      return {
        call: () => new Promise((resolve) => answers.push(resolve)),
        leave: (one) => givenUp.push(one),
        close: () => undefined,
      };
    },
  };
  const link = inTime(wire, clock, covers).connect(HELLO, nothing);
  const outcomes: unknown[] = [];
  const ask = () =>
    link.call(READ).then(
      ({ content }) => outcomes.push(content),
      ({ code }) => outcomes.push(code),
    );
  return { clock, answers, givenUp, link, outcomes, ask, say: () => told.message('news', null) };
}

it('[DW13] gives up a call that is not answered while other things are said', async () => {
  const { clock, answers, outcomes, ask, say } = begin();
  ask();
  ask();
  await clock.advance(5_000);
  answers[1]?.({ content: 'second' });
  await clock.advance(9_999);
  expect(outcomes).toEqual(['second']);
  await clock.advance(1);
  expect(outcomes).toEqual(['second', 'timeout']);
  ask();
  say();
  await clock.advance(15_000);
  expect(outcomes.at(-1)).toBe('timeout');
});

it('[DW13] waits on where nothing is said at all: that is the hub to judge', async () => {
  const { clock, answers, link, outcomes, ask } = begin();
  ask();
  await clock.advance(60_000);
  expect(outcomes).toEqual([]);
  answers[0]?.({ content: 'late' });
  await clock.advance(0);
  expect(outcomes).toEqual(['late']);
  expect(link.follow).toBeUndefined();
});

it('[DW13] leaves to the hub what another answer could be taken for', async () => {
  const { clock, outcomes, ask, say } = begin(({ method }) => method !== 'read');
  ask();
  say();
  await clock.advance(60_000);
  expect(outcomes).toEqual([]);
});

it('[DW13] tells the wire of what is given up, so that nothing waits behind it', async () => {
  const { clock, ask, say, givenUp } = begin();
  ask();
  say();
  await clock.advance(15_000);
  expect(givenUp).toEqual([READ]);
});
