import { backoff } from '../../base/backoff.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { MutationId } from '../../protocol/ids.ts';
import { isFinal } from '../../protocol/receipt.ts';
import type { HubContext } from '../context.ts';
import type { Drain } from './drain.ts';
import type { Endings } from './endings.ts';
import { type Entry, idOf, rowOf } from './entry.ts';

/**
 * Asks the server to see to it that a mutation that the user gave up has no effect. What it says stands: `withdrawn`,
 * or the receipt that there was. It is asked until it has said so, over links and over restarts.
 */
export class Withdrawals {
  readonly #hub: HubContext;
  readonly #endings: Endings;
  readonly #asked = new Set<Entry>();
  #attempt = 0;

  readonly #drain: Drain;

  constructor(hub: HubContext, endings: Endings, drain: Drain) {
    this.#hub = hub;
    this.#endings = endings;
    this.#drain = drain;
  }

  /**
   * The user gave these up, but they may have been sent. `editOf`: what to lay on each then and send under another id;
   * null = nothing.
   */
  begin(entries: readonly Entry[], editOf: (entry: Entry) => Attributes | null): void {
    const { outbox, journal } = this.#hub;
    for (const entry of entries) {
      outbox.change(entry, { phase: { type: 'withdrawing', edit: editOf(entry) } });
      this.#endings.shows(entry);
    }
    const kept = entries.filter((entry) => entry.kept);
    if (kept.length > 0) journal.write(kept.map((entry) => ({ type: 'putMutation', row: rowOf(entry) })));
    this.ask();
  }

  /** Asks for all that is not asked for yet. Without a connection: when there is one. */
  async ask(): Promise<void> {
    const { outbox, line, user, log, clock, options, random } = this.#hub;
    const entries = new Map<MutationId, Entry>();
    for (const entry of outbox.moving())
      if (entry.phase.type === 'withdrawing' && !entry.phase.over && !this.#asked.has(entry))
        entries.set(idOf(entry), entry);
    if (entries.size === 0 || !line.welcome) return;
    for (const entry of entries.values()) this.#asked.add(entry);
    try {
      const { receipts } = await line.request('withdraw', { user, ids: [...entries.keys()] });
      this.#attempt = 0;
      this.#hub.aliases.received(receipts);
      for (const receipt of receipts) {
        for (const id of receipt.ids) {
          const entry = entries.get(id);
          // A push that was on its way may have brought the answer already.
          if (entry?.phase.type === 'withdrawing' && isFinal(receipt)) this.#endings.receipt(entry, receipt);
          else if (receipt.type === 'unauthorized') line.unauthorized();
        }
      }
      this.#endings.answered();
    } catch (error) {
      if (error instanceof MedullaError && error.code === 'unreachable') return;
      log('warn', 'withdraw-refused', { error });
      clock.after(backoff(this.#attempt++, options.backoff, random), () => this.ask());
    } finally {
      for (const entry of entries.values()) this.#asked.delete(entry);
    }
    this.#drain.pump();
  }
}
