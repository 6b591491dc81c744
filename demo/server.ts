/** The door of the demo's server: `npm start`. PORT, DATABASE and PAGE choose the port, the file, and the folder of the built page. */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { sqliteStore } from 'backbone-medulla/server';
import { listenNear } from './server/listen-near.ts';
import { openBoard } from './server/open-board.ts';
import { serveFiles } from './server/serve-files.ts';

const built = process.env.PAGE ?? fileURLToPath(new URL('dist', import.meta.url));
const database = process.env.DATABASE ?? 'demo.db';

const http = createServer(serveFiles(built));
const { medulla } = await openBoard(http, sqliteStore(database));
const port = await listenNear(http, Number(process.env.PORT ?? 8080));
console.log(`\n  The board is at http://127.0.0.1:${port}`);
console.log(
  '  Open it in two tabs. Then take the line down with the switch, or stop me, and go on working.\n',
);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, async () => {
    // Nobody else takes the clients over: they come back to the next process that is started.
    await medulla.close({ within: 5_000, after: 1_000 });
    process.exit();
  });
