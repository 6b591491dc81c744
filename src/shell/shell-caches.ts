/** How the caches of one scope's shells are named: one for each version of the list, so that an old one stays whole. */
export function shellCaches(scope: string) {
  const prefix = `medulla-shell:${scope}:`;
  /** What an earlier release of this package, or an application's own Workbox, had for this scope. */
  const former = `workbox-precache-v2-${scope}`;
  return {
    nameOf: (list: unknown): string => prefix + digest(JSON.stringify(list)),
    has: (name: string): boolean => name.startsWith(prefix) || name === former,
  };
}

/** FNV-1a: enough to tell the versions of one list apart, and at once, as routes have to be there. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
