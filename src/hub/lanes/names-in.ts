import type { Json } from '../../base/json.ts';
import type { Mutation } from '../../protocol/mutation.ts';

/** Each text in a mutation's topic or attributes, at any depth, that may be the name of a record. */
export const namesIn = ({ topic, set }: Mutation): string[] => textsIn([...topic.split('/'), set]);

const textsIn = (value: Json): string[] =>
  typeof value === 'string' ? [value] : Object.values<Json>(Object(value)).flatMap(textsIn);
