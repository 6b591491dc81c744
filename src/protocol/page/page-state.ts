import { list, type Of, object, text } from '../../base/shape.ts';
import { snapshot } from '../change.ts';
import type { Topic, UserId } from '../ids.ts';

/** Server → page, in the page itself: what topics held when it was rendered, as this user may see them. */
export const pageState = object({
  user: text<UserId>(),
  topics: list(object({ topic: text<Topic>(), snapshot })),
});
export type PageState = Of<typeof pageState>;
