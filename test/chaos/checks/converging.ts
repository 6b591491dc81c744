import { equalJson } from '../../../src/base/json.ts';
import { until } from '../../support/until.ts';
import { readRecords } from '../database.ts';
import type { Ledger } from '../ledger.ts';
import type { Tab } from '../tab.ts';

interface Difference {
  readonly record: string;
  readonly text: string;
}

/** P4: when all is quiet every tab's models, as JSON, equal the database's records. */
export async function compareAll(tabs: readonly Tab[], ledger: Ledger, file: string): Promise<boolean> {
  let compared = 0;
  const differences = async () => {
    const records = readRecords(file);
    const found: Difference[] = [];
    compared = 0;
    for (const tab of tabs) {
      const models = new Map(await tab.page.evaluate(() => chaos.models()));
      for (const record of new Set([...records.keys(), ...models.keys()])) {
        const [model, row] = [models.get(record), records.get(record)];
        compared += 1;
        if (!equalJson(model, row)) found.push({ record, text: `${tab.name}: ${told(model, row)}` });
      }
    }
    return found;
  };
  const agreed = await until(
    'all models are the records',
    async () => !(await differences())[0],
    20_000,
  ).catch(() => false);
  ledger.checked.P4 += compared;
  if (agreed) return true;
  for (const { record, text } of await differences()) ledger.fail('P4', [record], `${record} in ${text}`);
  return false;
}

type Attrs = Readonly<Record<string, unknown>> | undefined;

/** Only what differs: records carry a mark for each of their writes. */
function told(model: Attrs, row: Attrs): string {
  if (!model || !row) return model ? 'it is in no database' : 'it is not there, but in the database';
  const names = [...new Set([...Object.keys(model), ...Object.keys(row)])];
  return names
    .filter((name) => !equalJson(model[name], row[name]))
    .map((name) => `${name} is ${JSON.stringify(model[name])}, in the database ${JSON.stringify(row[name])}`)
    .join('; ');
}
