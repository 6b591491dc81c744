/**
 * The number of the protocol that this build speaks, on every boundary. Raise it with each change of a shape in this
 * folder: `test/protocol/version.test.ts` holds the hash of the shapes beside it.
 */
export const PROTOCOL = 2;
