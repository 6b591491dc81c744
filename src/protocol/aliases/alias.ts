import { type Of, object, text } from '../../base/shape.ts';
import type { RecordKey, Topic } from '../ids.ts';
import { recordId } from '../mutation.ts';

/** The server has given a record its id, in the place of a temporary one. */
export const alias = object({ topic: text<Topic>(), temporary: text<RecordKey>(), record: recordId });
export type Alias = Of<typeof alias>;
