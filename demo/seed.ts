/** `npm run seed -- 10000` writes so many cards into the board's database (DATABASE, as the server takes it). */
import { createServer } from 'node:http';
import { sqliteStore } from 'backbone-medulla/server';
import { openBoard } from './server/open-board.ts';
import { starterLists } from './server/starter-board.ts';
import { writeCards } from './server/write-cards.ts';

/** How many cards go into one transaction. */
const BATCH = 1_000;

const wanted = Number(process.argv[2] ?? 10_000);
if (!Number.isInteger(wanted) || wanted < 1) {
  console.error(
    `Cannot write that many cards: current value is ${process.argv[2]}. Try: npm run seed -- 10000`,
  );
  process.exit(1);
}
const database = process.env.DATABASE ?? 'demo.db';
const { medulla, cards } = await openBoard(createServer(), sqliteStore(database));

let state = 42;
const chance = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};
const written = writeCards(
  wanted,
  starterLists().map(({ record }) => record),
  chance,
);
for (let from = 0; from < written.length; from += BATCH)
  await cards.publish(written.slice(from, from + BATCH));
await medulla.close();
console.log(`${written.length.toLocaleString('en')} cards are in ${database}.`);
