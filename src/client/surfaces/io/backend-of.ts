import type { Hash } from '../../backbone.ts';

/** A backend as Backbone.IO names it. */
export type BackendName = string | { readonly name: string; readonly channel?: string };

const pathOf = (backend: unknown): string | undefined => {
  const { name, channel } = Object(backend) as { readonly name?: string; readonly channel?: string };
  const parts = typeof backend === 'string' ? [backend] : channel === undefined ? [name] : [name, channel];
  return parts[0] ? parts.map((part) => `/${encodeURIComponent(String(part))}`).join('') : undefined;
};

/** The topic of its own backend. */
export const ownBackend = (target: object): string | undefined => pathOf((target as Hash).backend);

/** The same, or that of its collection. */
export const backendOf = (target: object): string | undefined =>
  ownBackend(target) ?? pathOf(((target as Hash).collection as Hash | undefined)?.backend);
