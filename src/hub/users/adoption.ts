import type { Boot } from '../../protocol/ids.ts';
import { isEffect } from '../../protocol/receipt.ts';
import { PROTOCOL } from '../../protocol/version.ts';
import type { HubContext } from '../context.ts';
import type { Intake } from '../outbox/intake.ts';
import { type OutboxRow, type Storage, StorageError } from '../storage.ts';
import type { Tab } from '../tabs/tab.ts';

/** How often it is tried again where another hub takes the database of nobody in particular meanwhile. */
const ATTEMPTS = 5;

export interface AdoptionParts {
  readonly hub: HubContext;
  readonly intake: Intake;
  /** That of nobody in particular; undefined where this is their hub, or there is none to be had. */
  readonly storage: (() => Storage) | undefined;
  /** There may be more to send. */
  readonly done: () => void;
}

/**
 * Makes what nobody in particular wrote in this browser the writes of this hub's user.
 *
 * Their database is taken from whoever has it, so that no other hub sends them; they are in this hub's outbox, on the
 * disk, before they are deleted there. A crash in between leaves them in both: then the next adoption finds them known
 * here, or the server knows their names; and what may have been sent under nobody's name, the server looks up.
 */
export class Adoption {
  readonly #hub: HubContext;
  readonly #intake: Intake;
  readonly #storage: (() => Storage) | undefined;
  readonly #done: () => void;

  constructor({ hub, intake, storage, done }: AdoptionParts) {
    this.#hub = hub;
    this.#intake = intake;
    this.#storage = storage;
    this.#done = done;
  }

  /** Tells the tab how many there were, or why there are none. */
  async ask(tab: Tab): Promise<void> {
    try {
      tab.send({ type: 'adopted', count: await this.#adopt() });
    } catch (error) {
      this.#hub.log('error', 'not-adopted', { error });
      tab.send({ type: 'adopted', count: 0, failed: { code: 'storage', message: String(error) } });
    }
    this.#done();
  }

  async #adopt(): Promise<number> {
    for (let attempt = 1; this.#storage; attempt++) {
      const storage = this.#storage();
      try {
        return await this.#from(storage);
      } catch (error) {
        const again = error instanceof StorageError && error.fault === 'deposed' && attempt < ATTEMPTS;
        if (!again) throw error;
      } finally {
        storage.close();
      }
    }
    return 0;
  }

  async #from(storage: Storage): Promise<number> {
    const { random } = this.#hub;
    const { outbox } = await storage.open(random.id() as Boot, PROTOCOL);
    const rows = outbox.filter(isOpen);
    if (rows.length === 0) return 0;
    if (!(await this.#intake.adopt(rows)))
      throw new StorageError('failed', 'The disk did not take the writes');
    // They may be of an older shape: that is seen to before anything of them can be sent.
    this.#done();
    await storage.commit(
      rows.map(({ order }) => ({ type: 'deleteMutation', order })),
      'strict',
    );
    return rows.length;
  }
}

/** What has its receipt, or was given up, stays where it is. */
const isOpen = ({ receipt }: OutboxRow): boolean =>
  !receipt || !(isEffect(receipt) || receipt.type === 'withdrawn');
