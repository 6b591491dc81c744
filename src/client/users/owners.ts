import type { UserId } from '../../protocol/ids.ts';
import type { Collection, Model } from '../backbone.ts';
import { modelsOf } from '../calls/address.ts';
import { type Failure, failure } from '../calls/request.ts';
import { disown, eraOf, nextEra } from '../models/instances.ts';

/** Whose the models of this tab are: that user's as whom they last agreed with a hub. */
export function createOwners() {
  let user: UserId | null = null;
  const spans: { readonly from: number; user: UserId | null }[] = [{ from: 0, user }];
  const ownerOf = (model: Model) => spans.findLast(({ from }) => from <= eraOf(model))?.user ?? user;

  return {
    /** All that is loaded from now on is theirs. */
    known(now: UserId) {
      user = now;
      for (const span of spans.slice(-1)) span.user = now;
    },
    left() {
      spans.push({ from: nextEra(), user: null });
    },
    /** Why a model that another user has loaded cannot be saved; where it is read anew, what it has kept is forgotten. */
    problem(method: string, target: Model | Collection): Failure | undefined {
      const foreign = spans.length > 1 ? modelsOf(target).filter((model) => ownerOf(model) !== user) : [];
      const [model] = foreign;
      if (method === 'read') foreign.forEach(disown);
      else if (model)
        return failure(
          'wrong-user',
          `Cannot ${method} this: '${ownerOf(model)}' has loaded it, and '${user}' is signed in; fetch it again`,
          { status: 401 },
        );
      return undefined;
    },
  };
}
