import { type Handed, isMark, type Mark, type Told } from '../words.ts';

interface Mutation {
  readonly id: string;
  readonly topic: string;
  readonly record: string | number;
  readonly method: string;
  readonly set: Readonly<Record<string, unknown>>;
}
interface Writes {
  readonly type: 'writes';
  readonly writes: readonly { readonly mutation: Mutation; readonly repeated?: boolean }[];
}

/** What was asked of Backbone, until its mutation leaves. */
interface Expected {
  readonly mark: Mark;
  readonly destroys: string | null;
}

/**
 * Listens to what the page posts to its hub: only there do the mutations have their names. Nothing is changed or held
 * up.
 */
export function tap(
  tell: (told: Told) => void,
  left: (record: string, set: Mutation['set']) => void,
): (expected: Expected) => void {
  const expected: Expected[] = [];
  const known = new Set<string>();
  const post = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (this: MessagePort, ...args: unknown[]) {
    const message = args[0] as Writes | null;
    if (message?.type === 'writes') for (const { mutation } of message.writes) hear(mutation);
    return post.apply(this, args as Parameters<typeof post>);
  };
  return (one) => void expected.push(one);

  function hear({ id, topic, record, method, set }: Mutation): void {
    if (known.has(id)) {
      tell({ type: 'repeated', id });
      return;
    }
    known.add(id);
    const name = `${topic}/${record}`;
    left(name, set);
    const marks = Object.keys(set).filter(isMark);
    const at = expected.findIndex(({ mark, destroys }) =>
      destroys === null ? marks.includes(mark) : method === 'delete' && destroys === name,
    );
    const [own] = at < 0 ? [] : expected.splice(at, 1);
    const handed: Handed = { id, mark: own?.mark ?? null, record: name, method, marks };
    tell({ type: 'handed', ...handed });
  }
}
