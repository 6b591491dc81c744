import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { Epoch, Topic, UserId } from '../../../src/protocol/ids.ts';
import type { Permission } from '../../../src/server/resource/resource.ts';

/** The topic of which not everybody sees all. */
export const SHARES = '/shares' as Topic;

export const ROLES = ['member', 'boss', 'nobody'] as const;
export type Role = (typeof ROLES)[number];

/** A boss sees all of the shares; a member those whose number leaves another rest than theirs: records come and go as it changes. */
export function sees(user: string, role: Role, { n }: Attributes): boolean {
  if (role !== 'member') return role === 'boss';
  return Math.abs(Number(n ?? 0)) % 3 !== (user === 'ann' ? 1 : 2);
}

/** What `authorize` says: a member has no tag. */
export const permissionOf = (role: Role): Permission => (role === 'boss' ? { tag: role } : role === 'member');

export const roleOf = (tag: string): Role => (tag === 'boss' ? 'boss' : 'member');

/** The life of the database that a cursor is of, and the role under which it was told. */
export function toldUnder(epoch: Epoch): { readonly life: Epoch; readonly role: Role } {
  const [life = '', , tag = ''] = epoch.split(':');
  return { life: life as Epoch, role: roleOf(tag) };
}

interface Span {
  readonly role: Role;
  readonly from: number;
}

/** What everybody is to begin with. */
const FIRST: readonly Span[] = [{ role: 'member', from: Number.NEGATIVE_INFINITY }];

/** Who has which role, and had when: outside of the server's records, as in a directory of the company's. */
export class Rights {
  readonly #spans = new Map<UserId, readonly Span[]>();

  role(user: UserId): Role {
    return this.#of(user).at(-1)?.role ?? 'member';
  }

  give(user: UserId, role: Role, now: number): void {
    this.#spans.set(user, [...this.#of(user), { role, from: now }]);
  }

  /** Those that the user has had from then on, the one of then among them. */
  since(user: UserId, then = Number.NEGATIVE_INFINITY): readonly Role[] {
    const spans = this.#of(user);
    const roles = spans.filter((_span, at) => (spans[at + 1]?.from ?? Number.POSITIVE_INFINITY) >= then);
    return roles.map(({ role }) => role);
  }

  #of(user: UserId): readonly Span[] {
    return this.#spans.get(user) ?? FIRST;
  }
}
