import { describe, expect, it } from 'vitest';
import { testAjax, testMedulla } from '../../../src/testing.ts';
import { broken } from './contract.ts';
import { load, loadBackbone } from './load.ts';
import { BACKBONES, LIBRARIES } from './versions.ts';

describe.each(Object.entries(BACKBONES))('Backbone %s', (version, text) => {
  it.each(Object.entries(LIBRARIES))('[BK-10] [BB5] over %s alone', async (_name, library) => {
    const another = () => loadBackbone(text, load(library));
    const backbone = another();
    expect((backbone as { VERSION?: string }).VERSION).toBe(version);
    expect(await broken({ Backbone: backbone, another, testMedulla, testAjax })).toEqual([]);
  });
});
