/**
 * The number of the protocol that this build speaks, on every boundary. Raise it with each change of a shape in this
 * folder: `test/protocol/version.test.ts` holds the hash of the shapes beside it.
 */
export const PROTOCOL = 2;

/** The package's version as one number, 0.1.0 is 1,000: pages of several releases go by it which of them is newer. */
export const RELEASE = 1_000;
