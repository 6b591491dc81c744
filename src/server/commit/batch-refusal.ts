import type { MutationId } from '../../protocol/ids.ts';
import type { RefusingReceipt } from '../../protocol/receipt.ts';

/** What the others of a batch are told where one of them is not applied: `details.refused` is that one. */
export const batchRefusal = (
  ids: readonly MutationId[],
  refused: MutationId | undefined,
): RefusingReceipt => ({
  type: 'invalid',
  ids,
  code: 'batch',
  message: 'Nothing of this batch was applied, since one of its writes was refused.',
  details: { refused: refused ?? null },
});
