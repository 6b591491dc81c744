import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { cellsTable, type Outcome } from './cells-table.ts';

/** Prints, at the end of a run, which scenario ran in which engine on which host, and why another did not. */
export class CellsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const cells = modules
      .filter(({ moduleId }) => moduleId.includes('/browser/acceptance/'))
      .flatMap((module) => [...module.children.allTests()].map(outcomeOf));
    if (cells.length > 0) console.log(`\n${cellsTable(cells)}\n`);
  }
}

function outcomeOf(test: TestCase): Outcome {
  const host = test.parent.type === 'suite' ? test.parent.name : '';
  const engine =
    test.parent.type === 'suite' && test.parent.parent.type === 'suite' ? test.parent.parent.name : '';
  const result = test.result();
  const reason = result.state === 'skipped' ? (result.note ?? 'it was not chosen') : undefined;
  return { scenario: test.name, engine, host, ran: result.state === 'passed', reason };
}
