import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Shape } from '../../src/base/shape.ts';
import { PROTOCOL } from '../../src/protocol/version.ts';

/** The wire as it was when the number was last raised. Change both, or neither. */
const PINNED = { protocol: 2, hash: '21f6494fd576442b' };

const folder = join(import.meta.dirname, '../../src/protocol');

function isShape(value: unknown): value is Shape<unknown> {
  return typeof value === 'object' && value !== null && 'text' in value && 'problem' in value;
}

/** All that the module exports and is a shape, or an object of shapes, by name. */
function shapesOf(module: Record<string, unknown>): string[] {
  return Object.entries(module).flatMap(([name, value]) => {
    if (isShape(value)) return [`${name} = ${value.text}`];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, part]) =>
      isShape(part) ? [`${name}.${key} = ${part.text}`] : [],
    );
  });
}

it('[PR7] raises the protocol with each change of a shape', async () => {
  const lines: string[] = [];
  for (const file of readdirSync(folder, { encoding: 'utf8', recursive: true }).sort()) {
    if (!file.endsWith('.ts')) continue;
    const module: Record<string, unknown> = await import(join(folder, file));
    lines.push(...shapesOf(module).map((line) => `${file}: ${line}`));
  }
  const hash = createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 16);
  expect(lines.length).toBeGreaterThan(15);
  expect(
    { protocol: PROTOCOL, hash },
    'The wire changed: raise PROTOCOL in src/protocol/version.ts, and put the new number and hash into this file.',
  ).toEqual(PINNED);
});
