import { Chromium, type Tab } from '../support/engines/chromium.ts';
import { type ContestantName, pageOf } from './contestants.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** Where the parts are that all cells share. */
export interface Bench {
  readonly executable: string;
  /** Where pages and scripts are served. */
  readonly pages: string;
}

/** One measurement of one contestant: a fresh browser with a fresh profile, and a fresh server process. */
export interface Cell {
  readonly contestant: ContestantName;
  readonly browser: Chromium;
  readonly server: ServerProcess;
  openTab(): Promise<Tab>;
}

/** Gives a cell to `measure` and leaves nothing behind. `serverArgs` are options for the server's Node. */
export async function inCell<T>(
  bench: Bench,
  contestant: ContestantName,
  measure: (cell: Cell) => Promise<T>,
  serverArgs: string[] = [],
): Promise<T> {
  const { server, origin } = await startServer(contestant, serverArgs);
  const browser = await Chromium.launch(bench.executable);
  const url = `${bench.pages}/${pageOf(contestant)}.html?server=${encodeURIComponent(origin)}`;
  try {
    return await measure({ contestant, browser, server, openTab: () => browser.open(url) });
  } finally {
    await browser.close();
    await server.close();
  }
}
