/** A mutation of the outbox, as far as words need it. */
interface Write {
  readonly topic: string;
  readonly record: string | number;
  readonly method: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly was: Readonly<Record<string, unknown>>;
}

/** Finds the present title of a record, for a write that does not carry it. */
export type TitleOf = (topic: string, record: string | number) => string | undefined;

/** One line that says what somebody did: `Moved “Check pump 3” to “Doing”`. */
export function describeWrite(write: Write, titleOf: TitleOf): string {
  const noun = write.topic === '/lists' ? 'list' : 'card';
  const given = write.set.title ?? write.was.title;
  const known = write.method === 'create' ? given : (titleOf(write.topic, write.record) ?? given);
  // A card that somebody else has deleted has no title here any more.
  const name = known === undefined ? `a ${noun} that is gone` : quoted(known);
  if (write.topic === '/people') return 'Your name';
  if (write.method === 'create') return `New ${noun} ${name}`;
  if (write.method === 'delete')
    return `Deleted ${known === undefined ? `a ${noun}` : `the ${noun} ${name}`}`;
  if ('list' in write.set) {
    const list = titleOf('/lists', String(write.set.list));
    return `Moved ${name}${list === undefined ? '' : ` to ${quoted(list)}`}`;
  }
  if ('done' in write.set) return `${write.set.done ? 'Ticked off' : 'Took up again'} ${name}`;
  if ('title' in write.set) return `Renamed ${quoted(write.was.title)} to ${quoted(write.set.title)}`;
  if ('note' in write.set) return `Changed the note of ${name}`;
  if ('position' in write.set) return `Moved ${name}`;
  return `Changed ${name}`;
}

/** What others did, in words for people at the board; all else the server says itself. */
const BY_OTHERS: Readonly<Record<string, string>> = {
  conflict: 'Somebody else has changed it meanwhile.',
  gone: 'Somebody else has deleted it meanwhile.',
};

/** Why the server refused it, in its own words; undefined while it has not. Takes a receipt or an error. */
export function refusalOf(receipt: unknown): string | undefined {
  if (typeof receipt !== 'object' || receipt === null || !('message' in receipt)) return undefined;
  const known = BY_OTHERS[codeOf(receipt) ?? ''];
  if (known !== undefined) return known;
  // A schema's issues are sentences of their own; the message puts the attribute's name before each.
  const details: unknown = 'details' in receipt ? receipt.details : undefined;
  const issues: unknown =
    typeof details === 'object' && details !== null && 'issues' in details ? details.issues : undefined;
  if (!Array.isArray(issues) || issues.length === 0) return String(receipt.message);
  return issues.map((issue: { message?: unknown }) => String(issue.message)).join(' ');
}

/** What was refused about it, in one word; undefined where it was not. */
export function codeOf(receipt: unknown): string | undefined {
  return typeof receipt === 'object' && receipt !== null && 'code' in receipt
    ? String(receipt.code)
    : undefined;
}

/** A title in a sentence: a long one is cut, and says so. */
export function quoted(text: unknown): string {
  const plain = String(text ?? '').trim();
  if (plain === '') return '“untitled”';
  return `“${plain.length > 60 ? `${plain.slice(0, 59)}…` : plain}”`;
}
