import { object, type Shape } from '../../../src/base/shape.ts';
import { joined, serviceUp } from '../../../src/protocol/hosts/service-host.ts';
import { hubConfiguration } from '../../../src/protocol/hub-configuration.ts';
import { pageState } from '../../../src/protocol/page/page-state.ts';
import { answers, events, refusedAnswer } from '../../../src/protocol/server-down.ts';
import { handshake, requests } from '../../../src/protocol/server-up.ts';
import { tabDown } from '../../../src/protocol/tab-down.ts';
import { tabUp } from '../../../src/protocol/tab-up.ts';
import { conforms } from '../frames/conforms.ts';
import { shapeTree } from '../frames/shape-tree.ts';
import { spoil } from '../frames/spoil.ts';
import { valid } from '../frames/valid.ts';
import type { Words } from '../frames/words.ts';
import type { Target } from '../target.ts';

/** Every shape that a boundary is parsed by: a page's, a hub's, a worker's, the server's. */
const SHAPES: Readonly<Record<string, Shape<unknown>>> = {
  handshake,
  ...named('request', requests),
  ...named('answer', answers),
  refusedAnswer,
  ...named('event', events),
  tabUp,
  tabDown,
  hubConfiguration,
  serviceUp,
  joined,
  pageState,
  // The twin takes the handshake and the request as one.
  twin: object({ handshake, push: requests.push }),
};

function named(kind: string, shapes: Readonly<Record<string, Shape<unknown>>>) {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [`${kind} ${name}`, shape]));
}

const words: Words = {};

interface Frame {
  readonly shape: string;
  readonly value: unknown;
}

/** A parser says yes where the shape's own words do, and no where they do not: it never throws, and changes nothing. */
export function parsers(shapes: Readonly<Record<string, Shape<unknown>>> = SHAPES): Target {
  const trees = new Map(Object.entries(shapes).map(([name, { text }]) => [name, shapeTree(text)]));
  const names = [...trees.keys()];
  return {
    name: 'parsers',
    share: 60,
    each: 100_000,
    open: () => ({
      looks: true,
      frame(dice): Frame {
        const shape = dice.pick(names);
        const tree = trees.get(shape);
        return { shape, value: tree && spoil(valid(tree, dice, words), dice) };
      },
      feed(frame) {
        const { shape: name, value } = frame as Frame;
        const [shape, tree] = [shapes[name], trees.get(name)];
        if (!shape || !tree) return `there is no shape ${name}`;
        const problem = shape.problem(value, '');
        if (problem !== undefined && typeof problem !== 'string') return `said ${typeof problem}`;
        if (problem !== undefined && problem.length > 5_000)
          return `a sentence of ${problem.length} characters`;
        const isRight = conforms(tree, value);
        if (isRight !== (problem === undefined))
          return `${name} takes it: ${!isRight}; its words: ${isRight}`;
        return undefined;
      },
    }),
  };
}
