export interface ConnectionWords {
  readonly tone: 'good' | 'busy' | 'off';
  /** One or two words for the switch. */
  readonly label: string;
  /** The whole of it, for those who ask. */
  readonly sentence: string;
  /** Where it is tried again later: what to press for now, or that it is tried. */
  readonly again?: string;
}

interface Line {
  readonly connection: string;
  readonly reason: string | null;
  readonly pending: number;
  /** Whether the person at this browser took the line down. */
  readonly switchedOff: boolean;
  /** How many, in a row, have come to nothing. */
  readonly attempts: number;
}

const SILENT = 'The server does not answer, and is tried again every now and then.';

/** What the connection's state means to somebody who has work to do. */
export function describeConnection(line: Line): ConnectionWords {
  const { connection, reason, pending, switchedOff, attempts } = line;
  const kept =
    pending === 0
      ? 'Go on working: what you write is kept here.'
      : `Go on working: ${count(pending, 'change')} kept here until the line is back.`;
  if (switchedOff) return { tone: 'off', label: 'Offline', sentence: `You took the line down. ${kept}` };
  switch (connection) {
    case 'open':
      return pending === 0
        ? { tone: 'good', label: 'Online', sentence: 'Everything is saved.' }
        : { tone: 'good', label: 'Online', sentence: `Sending ${count(pending, 'change')}.` };
    case 'connecting':
      // What does not answer is tried every few seconds: the words stay, so that nothing flickers.
      return attempts === 0
        ? { tone: 'busy', label: 'Connecting', sentence: `Looking for the server. ${kept}` }
        : { tone: 'off', label: 'No connection', sentence: `${SILENT} ${kept}`, again: 'Trying…' };
    case 'paused':
      return { tone: 'off', label: 'Paused', sentence: `${pausedBy(reason)} ${kept}`, again: 'Try now' };
    default:
      return { tone: 'off', label: 'No connection', sentence: `${SILENT} ${kept}`, again: 'Try now' };
  }
}

export const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;

function pausedBy(reason: string | null): string {
  if (reason === 'wrong-user') return 'The server takes you for somebody else.';
  if (reason === 'unauthorized') return 'The server wants you to sign in again.';
  return 'The server asked to pause.';
}
