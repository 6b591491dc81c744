interface PinnedSeed {
  readonly seed: number;
  /** As many nodes as it ran on; 1 where it is older than that there are several. */
  readonly nodes?: number;
  /** It had shares; none where it is older than these. */
  readonly shares?: true;
  readonly found: string;
}

/** Seeds that failed once, with what they found: each is run first, as a test of its own. */
export const PINNED_SEEDS: readonly PinnedSeed[] = [
  { seed: 7, found: "an answer's rows were older than the batch that brought them" },
  { seed: 18, found: 'what a disk refused once was never tried again' },
  { seed: 23, found: "an earlier hub's mutations stayed in the tab's outbox" },
  { seed: 61, found: 'a write that had waited was laid over later ones in other instances' },
  { seed: 130, found: 'a removal behind a failed transaction never reached the disk' },
  { seed: 139, found: 'the answer to a wait brought back an attribute that was unset since' },
  { seed: 258, found: 'a tab that slept repeated a write that had been discarded meanwhile' },
  { seed: 527, found: 'what a single read taught the replica was not shown to other instances' },
  {
    seed: 731,
    found:
      'what was told as gone before its topic was caught up stayed in the tabs; a repeated write hid its own effect',
  },
  { seed: 588, nodes: 3, found: 'a conflict in a batch told what the batch would have left' },
  { seed: 935, nodes: 3, found: 'of a record whose create had failed, a failed wait left nothing unsaved' },
  { seed: 1566, nodes: 3, found: 'a repeated write was told as applied, and the record shown without it' },
  { seed: 1151, found: 'what was added to a model whose create had failed counted as saved after a fetch' },
  { seed: 5524, found: 'a record that a read found gone stayed in the tabs that follow' },
  { seed: 6132, found: 'an aborted write was handed over again after later ones' },
  {
    seed: 8,
    nodes: 2,
    shares: true,
    found: 'a hub that was not caught up told tabs nothing of what was forbidden',
  },
  {
    seed: 20,
    nodes: 2,
    shares: true,
    found: 'a page of a follow that was taken back was taken for the next',
  },
  { seed: 94, shares: true, found: 'a tab that woke kept what the next hub was told is forbidden' },
  {
    seed: 327,
    nodes: 2,
    shares: true,
    found: 'a new role took the layer of a write from over an older snapshot',
  },
  {
    seed: 514,
    nodes: 2,
    shares: true,
    found: 'what was read again of what is forbidden missed a write of ours',
  },
  { seed: 576, shares: true, found: 'a create that its author may not see stayed in the replica' },
  {
    seed: 594,
    nodes: 2,
    shares: true,
    found: 'who was to ask the next hub again was not told that it is forbidden',
  },
  {
    seed: 72,
    nodes: 2,
    shares: true,
    found: 'an edit that had been refused went with the same refusal, as the next hub heard it',
  },
  { seed: 485, shares: true, found: 'an edit went with the refusal of another tab’s write of the same' },
  {
    seed: 1291,
    shares: true,
    found: 'the check itself took what another instance sends on for what others have written',
  },
  {
    seed: 1626,
    nodes: 3,
    shares: true,
    found: 'an edit whose write was taken back was on its way in the next hub, and went with its refusal',
  },
  {
    seed: 992,
    nodes: 2,
    found: 'what names a temporary id went with it where the create that it names waits for it',
  },
  {
    seed: 1554,
    nodes: 2,
    shares: true,
    found: 'a tab that slept was not told that what it had aborted and stood was applied',
  },
  {
    seed: 2938,
    shares: true,
    found: 'a model that had seen nothing of its record built on the write of another that was deleted',
  },
  {
    seed: 2495,
    nodes: 2,
    found:
      'what was shown before its topic was caught up was not shown again where only its own writes made it',
  },
  {
    seed: 3258,
    found: 'the check itself took a create that had left the disk for the end of what follows another',
  },
  {
    seed: 2243,
    nodes: 3,
    shares: true,
    found: 'the check itself knew nothing of what had been refused before, at another node',
  },
  { seed: 340, found: 'what failed behind a write of a record that was not shown yet counted as saved' },
  { seed: 1336, found: 'what waited, had been shown and was taken back counted as saved' },
  {
    seed: 2026,
    found: 'the check itself did not know of writes that were refused and written over while a tab slept',
  },
  { seed: 2032, found: 'the check itself did not know what the server had made of another tab’s write' },
  {
    seed: 1187,
    nodes: 1,
    shares: true,
    found: 'the check itself did not take what was written over what could not be sent for a decision',
  },
  {
    seed: 5162,
    shares: true,
    found: 'a write that named a temporary id was laid on what came after it, once the id was known',
  },
  {
    seed: 236,
    shares: true,
    found: 'a create that was applied after another tab had deleted over it took all from its model',
  },
  {
    seed: 4401,
    nodes: 3,
    shares: true,
    found:
      'the check itself took an older version of what is the same for a flicker, where nobody follows it',
  },
  {
    seed: 1668,
    nodes: 2,
    shares: true,
    found: 'the layer of an applied write ended with the link over which a new role had been told',
  },
  { seed: 25, shares: true, found: 'the check itself ran out of memory over eight writes in one' },
  {
    seed: 633,
    nodes: 1,
    shares: true,
    found: 'a hub that had been replaced woke, and sent what was taken back behind what came since',
  },
  {
    seed: 2626,
    nodes: 3,
    shares: true,
    found: 'a tab that woke repeated what had been refused to a server that had lost its database',
  },
  {
    seed: 4457,
    nodes: 1,
    shares: true,
    found: 'a tab that woke repeated what had been applied to a server that had lost its database',
  },
  {
    seed: 5139,
    nodes: 1,
    shares: true,
    found: 'the check itself judged a record of a database before by what the new one has under its version',
  },
  {
    seed: 6131,
    nodes: 1,
    shares: true,
    found: 'the check itself let nobody keep what they had written once they could again',
  },
  {
    seed: 7224,
    nodes: 2,
    shares: true,
    found: 'the check itself judged a refused edit of a database before by what the new one has there',
  },
  {
    seed: 5637,
    nodes: 2,
    shares: true,
    found: 'a batch of which a conflict function merged one never came past the next of that record',
  },
  {
    seed: 6944,
    nodes: 1,
    shares: true,
    found: 'a tab that woke was shown its record without what had failed, before it was told that it had',
  },
  {
    seed: 3728,
    nodes: 3,
    shares: true,
    found:
      'what was not to be queued, and was with the server when its hub died, came behind what the next hub sent',
  },
];
