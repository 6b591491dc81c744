import type { Remembered } from '../users/remembered.ts';

/** One row for each server. Where localStorage is refused, or full, nobody is remembered. */
export function pageMemory(server: string): Remembered {
  const key = `medulla-user:${server}`;
  return {
    get online() {
      return navigator.onLine;
    },
    get() {
      try {
        return localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    set(user) {
      try {
        if (user === null) localStorage.removeItem(key);
        else localStorage.setItem(key, user);
      } catch {}
    },
  };
}
