import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How many ports are tried, each one above the last. */
const TRIES = 20;

/** Listens on this machine only, on the port or on the next one that is free; resolves with the port. */
export async function listenNear(server: Server, wanted: number): Promise<number> {
  for (let port = wanted; ; port++) {
    try {
      await listen(server, port);
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!taken || port - wanted >= TRIES) throw error;
    }
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
