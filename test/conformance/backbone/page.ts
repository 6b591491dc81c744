/** What a real browser's test of versions calls in its page. */
import { testAjax, testMedulla } from '../../../src/testing.ts';
import { broken } from './contract.ts';
import { load, loadBackbone } from './load.ts';
import { childViews } from './marionette.ts';

const page = {
  /** What does not hold with these scripts. */
  broken(backbone: string, library: string, jquery: string): Promise<string[]> {
    const another = () => loadBackbone(backbone, load(library), jquery && load(jquery));
    return broken({ Backbone: another(), another, testMedulla, testAjax });
  },
  childViews,
};
export type ConformancePage = typeof page;
Object.assign(globalThis, { conformance: page });
