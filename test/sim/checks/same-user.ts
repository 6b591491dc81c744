import type { Observer } from '../world/observer.ts';
import type { Ledger } from './ledger.ts';

/** P6: a write is on no disk, in no push and in no record under another user than the one whose tab made it. */
export function sameUser(ledger: Ledger): Observer {
  return {
    handed(hub, mutation) {
      ledger.check(
        'P6',
        mutation.user === hub.device.user,
        () => `${mutation.id} of ${mutation.user} came to ${hub.name} of ${hub.device.user}`,
      );
    },
    requested(hub, name, request) {
      if (name !== 'push') return;
      const { user, mutations } = request as {
        user: string;
        mutations: readonly { mutation: { id: string; user: string } }[];
      };
      for (const { mutation } of mutations)
        ledger.check(
          'P6',
          user === hub.device.user && mutation.user === user,
          () => `${hub.name} of ${hub.device.user} pushed ${mutation.id} of ${mutation.user} as ${user}`,
        );
    },
    committed(hub, ops) {
      for (const op of ops)
        if (op.type === 'putMutation')
          ledger.check(
            'P6',
            op.row.mutation.user === hub.device.user,
            () => `${op.row.mutation.id} of ${op.row.mutation.user} is on the disk of ${hub.device.user}`,
          );
    },
    stored(writes) {
      for (const write of writes)
        for (const id of write.ids) {
          const author = ledger.writes.get(id)?.mutation.user;
          ledger.check('P6', author === write.user, () => `${id} of ${author} was stored as ${write.user}'s`);
        }
    },
  };
}
