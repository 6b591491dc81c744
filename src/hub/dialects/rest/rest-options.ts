import { either, flag, list, literal, number, type Of, object, optional, text } from '../../../base/shape.ts';
import { attributes } from '../../../protocol/attributes.ts';
import { MedullaError } from '../../../protocol/errors.ts';
import type { Dialect } from '../../../protocol/hub-configuration.ts';
import { optionsOf } from '../options-of.ts';

/** What the dialect `rest` may be told. */
const restOptions = object({
  /** Under which name an answer has its list, where that is not the answer itself: `data.items`. */
  list: optional(text()),
  /** What every path ends with: '/'. */
  suffix: optional(text()),
  /** As Backbone has them: what is not GET goes as POST; what is sent goes as a form. */
  emulateHTTP: optional(flag),
  emulateJSON: optional(flag),
  /** Headers of every request. */
  headers: optional(attributes),
  /** Whether cookies go along, as `fetch` has it. */
  credentials: optional(either(literal('same-origin'), literal('include'), literal('omit'))),
  /** The header with a write's own key; false = none. */
  key: optional(either(text(), literal(false))),
  /** The header of a token against forgery: what `auth()` gives, or the newest that the server or a read has named. */
  csrf: optional(text()),
  /** Statuses, and codes of answers, that ask for somebody to sign in, or for a fresh token. */
  unauthorized: optional(list(either(number, text()))),
  /** Milliseconds between two looks at a topic that is followed. */
  poll: optional(number),
  /** The path of the stream of Server-Sent Events; with `{topic}` in it, of one for each topic. */
  events: optional(text()),
  /** What is asked to find out whether the server is there again. */
  probe: optional(text()),
});
export type RestOptions = Of<typeof restOptions>;

/** Throws where one of them is not what it should be. */
export function readOptions(dialect: Dialect): RestOptions {
  const options = optionsOf(restOptions, dialect);
  const { poll } = options;
  if (poll !== undefined && !(poll >= 1_000))
    throw new MedullaError(
      'bad-option',
      `dialect.poll is in milliseconds, 1000 at least: current value is ${poll}`,
    );
  return options;
}
