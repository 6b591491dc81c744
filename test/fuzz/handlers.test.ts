import { describe, it } from 'vitest';
import { feeder } from './feeder.ts';
import { FRAMES } from './targets.ts';

const SESSIONS = ['session', 'session over SQLite'];
const fed = feeder(FRAMES.handlers, ...SESSIONS, 'hub and tabs', 'hub and server', 'page', 'nodes', 'wire');

describe('whatever comes', { timeout: 300_000 }, () => {
  it.each(SESSIONS)(
    '[HI2] from a client is answered, is no error of the server, and tells and does nothing that is not its own: %s',
    fed,
  );

  it('[HI3] over the wire itself, of Engine.IO, Socket.IO and HTTP, leaves the server and its other clients as they were', () =>
    fed('wire'));

  it('[HI4] from a tab hurts neither its hub nor another tab', () => fed('hub and tabs'));

  it('[HI4] from a server hurts neither the hub nor its tabs', () => fed('hub and server'));

  it('[HI5] from its hub leaves a page where it was, and nothing is thrown where nobody catches it', () =>
    fed('page'));

  it('[HI16] from another node leaves a node and who follows there where the store is', () => fed('nodes'));
});
