/** What a shape says of itself, as a tree: frames are made from the very words that the wire is hashed by. */
export type ShapeTree =
  | { readonly type: 'text' | 'number' | 'flag' | 'anything' | 'null' | 'attributes' | 'dialect' }
  | { readonly type: 'literal'; readonly value: unknown }
  | { readonly type: 'names'; readonly names: readonly string[] }
  | { readonly type: 'either'; readonly parts: readonly ShapeTree[] }
  | { readonly type: 'list'; readonly item: ShapeTree }
  | { readonly type: 'tuple'; readonly least: number; readonly items: readonly ShapeTree[] }
  | { readonly type: 'object'; readonly fields: readonly Field[] }
  | { readonly type: 'messages'; readonly kinds: ReadonlyMap<string, readonly Field[]> };

export interface Field {
  readonly name: string;
  readonly tree: ShapeTree;
  readonly optional: boolean;
}

const PLAIN = ['text', 'number', 'flag', 'anything', 'null', 'attributes', 'dialect'] as const;
const TOKEN = /\s*(\n|[[\]{}:,?]|"(?:[^"\\]|\\.)*"|[\w|'-]+)/y;

/** How few parts of a tuple there may be: of an entry the last two may be missing. */
const least = (parts: number) => (parts === 5 ? 3 : parts);

/** Throws where the text is not of the kind that shapes write. */
export function shapeTree(text: string): ShapeTree {
  const tokens = tokensOf(text);
  let at = 0;
  const tree = shape();
  if (at < tokens.length) throw new Error(`A shape goes on after its end: ${tokens.slice(at).join(' ')}`);
  return tree;

  function take(wanted: string): boolean {
    if (tokens[at] !== wanted) return false;
    at++;
    return true;
  }

  function need(wanted: string): void {
    if (!take(wanted)) throw new Error(`A shape has ${tokens[at]} where ${wanted} was to be`);
  }

  function shape(): ShapeTree {
    const parts = [one()];
    while (take('or')) parts.push(one());
    return parts.length === 1 && parts[0] ? parts[0] : { type: 'either', parts };
  }

  function messages(): ShapeTree {
    const kinds = new Map<string, readonly Field[]>();
    do kinds.set(tokens[at++] ?? '', fields());
    while (take('\n'));
    return { type: 'messages', kinds };
  }

  function one(): ShapeTree {
    if (tokens[at] === '{') return { type: 'object', fields: fields() };
    if (tokens[at + 1] === '{' && /^\w/.test(tokens[at] ?? '')) return messages();
    if (take('[')) return listOrTuple();
    const word = tokens[at++] ?? '';
    if (word.startsWith('"') || word === 'true' || word === 'false')
      return { type: 'literal', value: JSON.parse(word) };
    const plain = PLAIN.find((name) => name === word);
    if (plain) return { type: plain };
    return { type: 'names', names: word.split('|') };
  }

  function listOrTuple(): ShapeTree {
    if (tokens[at + 1] !== ':') {
      const item = shape();
      need(']');
      return { type: 'list', item };
    }
    const items: ShapeTree[] = [];
    do {
      at += 2;
      items.push(shape());
    } while (take(','));
    need(']');
    return { type: 'tuple', least: least(items.length), items };
  }

  function fields(): Field[] {
    const all: Field[] = [];
    need('{');
    while (!take('}')) {
      const name = tokens[at++] ?? '';
      need(':');
      const tree = shape();
      all.push({ name, tree, optional: take('?') });
      take(',');
    }
    return all;
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  // A line's end parts one message from the next, and is no space.
  for (const [at, line] of text.split('\n').entries()) {
    if (at > 0) tokens.push('\n');
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < line.length) {
      const from = TOKEN.lastIndex;
      const [, token] = TOKEN.exec(line) ?? [];
      if (token === undefined) throw new Error(`A shape cannot be read from: ${line.slice(from)}`);
      tokens.push(token);
    }
  }
  return tokens;
}
