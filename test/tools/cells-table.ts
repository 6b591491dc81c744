/** One scenario in one cell. */
export interface Outcome {
  readonly scenario: string;
  readonly engine: string;
  readonly host: string;
  readonly ran: boolean;
  /** Why it was skipped; undefined where it was not. */
  readonly reason: string | undefined;
}

const WIDTH = 100;

/** A line for each scenario, a column for each host of each engine; a letter stands for a reason that is told below. */
export function cellsTable(outcomes: readonly Outcome[]): string {
  const columns = unique(outcomes.map(({ engine, host }) => `${engine} ${host}`));
  const reasons = unique(outcomes.flatMap(({ reason }) => reason ?? []));
  const mark = ({ ran, reason }: Outcome) =>
    reason === undefined ? (ran ? 'ran' : 'FAILED') : letter(reasons.indexOf(reason));

  const rows = unique(outcomes.map(({ scenario }) => scenario)).map((scenario) => [
    scenario,
    ...columns.map((column) => {
      const cell = outcomes.find(
        (one) => one.scenario === scenario && `${one.engine} ${one.host}` === column,
      );
      return cell ? mark(cell) : '';
    }),
  ]);
  const words = columns.map((column) => column.split(' '));
  const head = [
    ['', ...words.map(([engine = ''], i) => (engine === words[i - 1]?.[0] ? '' : engine))],
    ['scenario', ...words.map(([, host = '']) => host)],
  ];
  const lines = [...head, ...rows].map(([title = '', ...cells]) => [
    title.length > WIDTH ? `${title.slice(0, WIDTH - 1)}…` : title,
    ...cells,
  ]);
  const widths = [0, ...columns.keys()].map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return [
    ...lines.map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    ...reasons.map((reason, i) => `${letter(i)} = skipped: ${reason}`),
  ].join('\n');
}

const letter = (index: number) => String.fromCharCode(97 + index);
const unique = (texts: readonly string[]) => [...new Set(texts)];
