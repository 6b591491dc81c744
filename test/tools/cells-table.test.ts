import { expect, it } from 'vitest';
import { cellsTable } from './cells-table.ts';

it('[EN2] shows of each scenario in which engine and on which host it ran, failed, or why it was skipped', () => {
  const cell = { scenario: 'saves', engine: 'chromium', host: 'shared', ran: true, reason: undefined };
  const table = cellsTable([
    cell,
    { ...cell, host: 'page', ran: false },
    { ...cell, engine: 'firefox', ran: false, reason: 'it is not installed' },
    { ...cell, scenario: 'reads' },
    { ...cell, scenario: 'reads', host: 'page', ran: false, reason: 'it cannot' },
    { ...cell, scenario: 'reads', engine: 'firefox', ran: false, reason: 'it is not installed' },
  ]);
  expect(table.split('\n')).toEqual([
    '          chromium          firefox',
    'scenario  shared    page    shared',
    'saves     ran       FAILED  a',
    'reads     ran       b       a',
    'a = skipped: it is not installed',
    'b = skipped: it cannot',
  ]);
});
