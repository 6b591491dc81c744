interface Edit {
  readonly file: string;
  readonly from: RegExp;
  /** In as many lines, for the sake of the map. */
  readonly to: string;
}

const newer = (name: string): Edit => ({
  file: 'src/protocol/version.ts',
  from: new RegExp(`(${name} = )([\\d_]+)`),
  to: '$1 1 + $2',
});

const release = newer('RELEASE');

/** What each of the builds to come has that today's has not. */
export const CHANGES = {
  release: [release],
  protocol: [release, newer('PROTOCOL')],
  schema: [
    release,
    {
      file: 'src/hub/adapters/schema.ts',
      from: /\n\];\n/,
      to: "\n  (db) => { db.createObjectStore('later'); }];\n",
    },
  ],
} as const satisfies Readonly<Record<string, readonly Edit[]>>;

export type Change = keyof typeof CHANGES;

export const isChange = (name: string): name is Change => Object.hasOwn(CHANGES, name);
