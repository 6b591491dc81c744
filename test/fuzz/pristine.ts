/** Whose own names are to stay as they are, whatever comes. */
const SHARED = [Object, Array, Function, String, Number, Boolean, Promise, Map, Set, Error, RegExp].flatMap(
  (of) => [of, of.prototype] as object[],
);

/**
 * What was changed on the objects that all others are made from, since this was called; undefined = nothing. What is set
 * on them by mistake shows in every object; only with `thorough` is each of their names looked at.
 */
export function pristine(): (thorough?: boolean) => string | undefined {
  const before = SHARED.map(namesOf);
  return (thorough = false) => {
    const bare = {} as Record<string, unknown>;
    for (const name in bare) return `every object has ${name}`;
    const changed = thorough ? SHARED.find((shared, at) => namesOf(shared) !== before[at]) : undefined;
    return changed && `a prototype was changed: ${namesOf(changed)}`;
  };
}

const namesOf = (shared: object): string => Reflect.ownKeys(shared).map(String).join();
