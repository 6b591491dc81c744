/** Real ids in the place of temporary ones: apart from the shapes, so that a page does not carry these. */
import { isTemporary, isUnderTemporary, type RecordId, type Topic } from '../ids.ts';

/** What the server calls the record; undefined = it is not known to be made. */
export type RealId = (temporary: string) => RecordId | undefined;

/** The value with what is exactly a temporary id replaced, in lists and plain objects at any depth; itself where nothing is. */
export function renamed<T>(value: T, real: RealId): T {
  if (isTemporary(value)) return (real(value) ?? value) as T;
  if (!isPlain(value)) return value;
  let next: Record<string, unknown> = value;
  for (const [key, part] of Object.entries(value)) {
    const now = renamed(part, real);
    if (now === part) continue;
    if (next === value) next = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
    next[key] = now;
  }
  return next as T;
}

/** A path with the same done to its segments. */
export const renamedPath = <T extends string>(path: T, real: RealId): T =>
  isUnderTemporary(path as string as Topic)
    ? (path
        .split('/')
        .map((part) => {
          const id = isTemporary(part) && real(part);
          return id === false || id === undefined ? part : encodeURIComponent(String(id));
        })
        .join('/') as T)
    : path;

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
