import type { Json } from '../../base/json.ts';
import type { Mutation } from '../../protocol/mutation.ts';

/** Each text in a mutation's topic or attributes, at any depth, that may be the name of a record. */
export function* namesIn({ topic, set }: Mutation): Generator<string> {
  yield* topic.split('/');
  yield* textsIn(set);
}

function* textsIn(value: Json): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) yield* textsIn(item);
}
