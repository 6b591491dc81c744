import type { Json } from '../../../src/base/json.ts';
import { receiptOf } from '../../../src/hub/dialects/receipt-of.ts';
import { changeIn } from '../../../src/hub/dialects/rest/change-in.ts';
import { eventStream } from '../../../src/hub/dialects/rest/event-stream.ts';
import { httpAnswer } from '../../../src/hub/dialects/rest/http-answer.ts';
import { rowOf, rowsOf } from '../../../src/hub/dialects/rows-of.ts';
import { changeOf, isMethod } from '../../../src/hub/dialects/said/change-of.ts';
import { contentOf } from '../../../src/hub/dialects/said/content-of.ts';
import type { WireCall, WireChange } from '../../../src/hub/dialects/wire.ts';
import { attributes } from '../../../src/protocol/attributes.ts';
import { MedullaError } from '../../../src/protocol/errors.ts';
import type { MutationId } from '../../../src/protocol/ids.ts';
import { recordId } from '../../../src/protocol/mutation.ts';
import { receipt } from '../../../src/protocol/receipt.ts';
import { READ, TASKS } from '../../dialects/wire-recorder.ts';
import type { Dice } from '../../support/dice.ts';
import { spoil } from '../frames/spoil.ts';
import { spoilText } from '../frames/spoil-text.ts';
import { ODD_NAMES, oddValue } from '../frames/words.ts';
import type { Target } from '../target.ts';

const IDS = ['t:1' as MutationId];

/** What a server that knows nothing of Medulla says: as an event's content, as an answer by HTTP, or as a piece of a stream. */
type Frame =
  | { readonly kind: 'said'; readonly method: unknown; readonly content: unknown }
  | {
      readonly kind: 'http';
      readonly method: WireCall['method'];
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly text: string;
    }
  | { readonly kind: 'stream'; readonly text: string };

function content(dice: Dice): unknown {
  const row = () => ({ id: dice.pick<unknown>([1, 'a', null]), title: 'x', tags: [1] });
  return spoil(
    dice.pick<() => unknown>([
      row,
      () => [row(), row()],
      () => ({ data: [row()], success: true }),
      () => ({ error: { code: 'conflict', message: 'No', status: 409 } }),
      () => ({ topic: TASKS, method: 'update', record: row() }),
      () => oddValue(dice),
    ])(),
    dice,
  );
}

function frame(dice: Dice): Frame {
  const text = spoilText(JSON.stringify(content(dice)) ?? '', dice);
  const method = dice.pick(['create', 'update', 'patch', 'delete', 'read'] as const);
  switch (dice.int(0, 2)) {
    case 0:
      return { kind: 'said', method: dice.chance(0.9) ? method : oddValue(dice), content: content(dice) };
    case 1: {
      const status = dice.pick([200, 201, 204, 304, 400, 401, 404, 409, 422, 429, 500, 503, 0, 999]);
      const location = dice.pick(['/tasks/7', '/', '', `${'/'.repeat(5_000)}x//`, ...ODD_NAMES]);
      const retry = dice.pick(['', '5', '1e9', '9'.repeat(400), 'Sat, 01 Jan']);
      return {
        kind: 'http',
        method,
        status,
        text,
        headers: { location, 'retry-after': retry, 'content-type': 'text/html' },
      };
    }
    default:
      return {
        kind: 'stream',
        text: spoilText(`id: 1\nevent: ${method}\ndata: ${text}\nretry: 5\n\n`, dice),
      };
  }
}

function wrongChange(change: WireChange | undefined): string | undefined {
  if (!change) return undefined;
  const { record, attrs } = change;
  return (
    recordId.problem(record, 'record') ?? (attrs === null ? undefined : attributes.problem(attrs, 'change'))
  );
}

function wrongRows(came: Json): string | undefined {
  for (const { record, attrs } of [...rowsOf(came, 'id'), ...rowOf('a', came, 'id')]) {
    const problem = recordId.problem(record, 'record') ?? attributes.problem(attrs, 'row');
    if (problem) return problem;
  }
  return undefined;
}

/** What it said as an answer; where it refused, the receipt is one. */
function wrongAnswer(answer: () => Json): string | undefined {
  try {
    return wrongRows(answer());
  } catch (error) {
    if (!(error instanceof MedullaError)) throw error;
    const made = receiptOf(error, IDS, 'update');
    return made ? receipt.problem(JSON.parse(JSON.stringify(made)), 'receipt') : undefined;
  }
}

function feed(fed: Frame): string | undefined {
  switch (fed.kind) {
    case 'said': {
      const isRefusal = (said: Json) => typeof said === 'object' && said !== null && 'error' in said;
      const problem = wrongAnswer(() =>
        contentOf(fed.content, { dataAttribute: 'data', own: ['success'], isRefusal }),
      );
      if (problem || !isMethod(fed.method) || attributes.problem(fed.content, '')) return problem;
      const told = { topic: TASKS, method: fed.method, named: undefined, content: fed.content as Json };
      return wrongChange(changeOf({ ...told, idAttribute: 'id' }));
    }
    case 'http':
      return wrongAnswer(
        () =>
          httpAnswer(
            { ...READ, method: fed.method, record: fed.method === 'read' ? null : 'a' },
            {},
            { ...fed, redirected: false },
          ).content,
      );
    case 'stream': {
      const read = eventStream({ id: '', retry: null });
      for (const event of [...read(fed.text.slice(0, 20)), ...read(fed.text.slice(20)), ...read('\n\n')]) {
        const heard = changeIn(event, TASKS, () => 'id');
        const problem = heard.type === 'change' ? wrongChange(heard.change) : undefined;
        if (problem) return problem;
      }
      return undefined;
    }
  }
}

/** What is read of servers that the hub speaks to in their own words. */
export const dialects: Target = {
  name: 'dialects',
  share: 10,
  each: 50_000,
  open: () => ({ looks: true, frame, feed: (fed) => feed(fed as Frame) }),
};
