import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';
import { sourceFiles } from '../tools/sources.ts';

export interface FoundRegex {
  readonly file: string;
  readonly regex: RegExp;
}

interface Node {
  readonly type?: string;
  readonly regex?: { readonly pattern: string; readonly flags: string };
  readonly callee?: { readonly name?: string };
}

/** Every regular expression that stands in these folders. Throws at one that is made while the code runs: nobody can look at that. */
export function regexesIn(root: string, folders: readonly string[]): FoundRegex[] {
  const found: FoundRegex[] = [];
  for (const file of sourceFiles(root, folders)) {
    const { program, errors } = parseSync(file, readFileSync(join(root, file), 'utf8'));
    if (errors.length > 0) throw new Error(`${file} cannot be read: ${errors[0]?.message}`);
    walk(program, file);
  }
  return found;

  function walk(node: unknown, file: string): void {
    if (typeof node !== 'object' || node === null) return;
    const { regex, callee } = node as Node;
    if (callee?.name === 'RegExp') throw new Error(`${file} makes a regular expression while it runs`);
    if (regex) found.push({ file, regex: new RegExp(regex.pattern, regex.flags.replace(/[gy]/g, '')) });
    for (const part of Object.values(node)) walk(part, file);
  }
}
