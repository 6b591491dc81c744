/** Servers and parsers that are worse than ours: each is found out, or the fuzzer would be worth nothing. */
import { expect, it } from 'vitest';
import { object, type Shape, text } from '../../src/base/shape.ts';
import { type Attributes, attributes } from '../../src/protocol/attributes.ts';
import type { Topic } from '../../src/protocol/ids.ts';
import { runTarget } from './run-target.ts';
import { parsers } from './targets/parsers.ts';
import { type Mutant, sessions } from './targets/session.ts';

const careless: Shape<Attributes> = {
  ...attributes,
  problem: (value, path) =>
    typeof value === 'object' && value ? undefined : attributes.problem(value, path),
};

const throwing: Shape<Attributes> = {
  ...attributes,
  problem(value, path) {
    if (Object.hasOwn(Object(value), '__proto__')) throw new TypeError('never heard of it');
    return attributes.problem(value, path);
  },
};

it.each([
  ['takes any object for attributes', careless, 'takes it: true; its words: false'],
  ['throws at a name', throwing, 'never heard of it'],
])('[HI1] a parser that %s is found out', async (_what, shape, problem) => {
  const target = parsers({ mutant: object({ topic: text(), set: shape }) });
  const { findings } = await runTarget(target, { seed: 1, frames: 20_000, most: 1 });
  expect(findings[0]?.problem).toContain(problem);
});

function merge(into: Record<string, unknown>, from: object): void {
  for (const [name, value] of Object.entries(from)) {
    const inside = into[name];
    if (typeof value !== 'object' || value === null) into[name] = value;
    else if (typeof inside === 'object' && inside !== null) merge(inside as Record<string, unknown>, value);
    else into[name] = structuredClone(value);
  }
}

/** Heals what a mutant has done to all objects. */
function healed(): void {
  for (const name of Object.keys(Object.prototype)) Reflect.deleteProperty(Object.prototype, name);
}

const mutants: Readonly<Record<string, readonly [Mutant, RegExp]>> = {
  'lays a message over defaults': [
    (handle) => (name, message) => {
      if (typeof message === 'object' && message) merge({}, message);
      return handle(name, message);
    },
    /every object has/,
  ],
  'forgets a receipt': [
    (handle) => async (name, message) => {
      const answer = (await handle(name, message)) as { receipts?: { type: string }[] };
      const receipts = answer.receipts?.filter(({ type }) => type !== 'invalid');
      return receipts ? { ...answer, receipts } : answer;
    },
    /has a receipt/,
  ],
  'does not answer what it does not know': [
    (handle) => (name, message) =>
      /^[a-z]+$/.test(name) ? handle(name, message) : new Promise(() => undefined),
    /never answered/,
  ],
  'tells where it failed': [
    (handle) => async (name, message) => {
      const answer = (await handle(name, message)) as { refused?: object };
      return answer.refused ? { refused: { ...answer.refused, details: new Error('x').stack } } : answer;
    },
    /tells of the server's code/,
  ],
  'reads without asking for permission': [
    (handle, core) => async (name, message) => {
      const topic = (message as { topic?: unknown } | null)?.topic;
      if (name !== 'read' || topic !== '/secrets/alice') return handle(name, message);
      const { rows } = await core.snapshot(topic as Topic);
      return { rows };
    },
    /tells what is alice's/,
  ],
  'keeps more and more': [
    (handle) => {
      const kept: unknown[][] = [];
      return (name, message) => {
        kept.push(Array(2_000).fill(name));
        return handle(name, message);
      };
    },
    /the heap grew by/,
  ],
  'lets an error go where nobody catches it': [
    (handle) => (name, message) => {
      if (Array.isArray(message)) void Promise.reject(new Error('lost'));
      return handle(name, message);
    },
    /nobody caught Error: lost/,
  ],
};

it.each(Object.entries(mutants))('[HI2] a server that %s is found out', async (_what, [mutant, problem]) => {
  const [target] = sessions(mutant);
  if (!target) throw new Error('There is no target');
  try {
    const { findings } = await runTarget(target, { seed: 1, frames: 20_000, most: 1, patience: 300 });
    expect(findings[0]?.problem).toMatch(problem);
  } finally {
    healed();
  }
});
