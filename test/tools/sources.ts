import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** All TypeScript files under these folders, as paths from the root with forward slashes. */
export function sourceFiles(root: string, folders: readonly string[]): string[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !/(^|\/)(dist|node_modules|out)\//.test(name))
        .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
    )
    .sort();
}

const texts = new Map<string, string>();

function textOf(root: string, file: string): string {
  const known = texts.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(join(root, file), 'utf8');
  texts.set(file, text);
  return text;
}

export const linesOf = (root: string, file: string) => textOf(root, file).trimEnd().split('\n').length;

const NOT_CODE =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|[^`\\])*`/g;

/** The code without comments and texts, so that a word in either is not taken for code; a template keeps its expressions. */
function codeOf(root: string, file: string): string {
  return textOf(root, file).replace(NOT_CODE, (match) =>
    match.startsWith('`')
      ? `(${[...match.matchAll(/\$\{([^}]*)\}/g)].map(([, part]) => part).join(',')})`
      : ' ',
  );
}

export interface Imports {
  /** Files of ours, as paths from the root. */
  readonly local: readonly string[];
  /** Packages by name; Node's own modules are not among them. */
  readonly foreign: readonly string[];
}

const IMPORT = /(?:^|[\s;])(?:import|export)\s(?:[^'";]*?\sfrom\s*)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;

/** Type imports, re-exports and dynamic imports count like any other. */
export function importsOf(root: string, file: string): Imports {
  const code = textOf(root, file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/[^\n]*/gm, '');
  const names = [...code.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? '');
  const local = names.filter((name) => name.startsWith('.')).map((name) => join(file, '..', name));
  const foreign = names
    .filter(
      (name) => !name.startsWith('.') && !name.startsWith('node:') && !name.startsWith('backbone-medulla'),
    )
    .map((name) => name.match(/^(@[^/]+\/)?[^/]+/)?.[0] ?? name);
  return { local: [...new Set(local)], foreign: [...new Set(foreign)] };
}

const GLOBALS =
  /(?<![\w.$#])(navigator|self|indexedDB|localStorage|sessionStorage|document|window|location)(?![\w$]|\??\s*:)|\bglobalThis\.(\w+)/g;

/** The globals of a page or worker that the file's code reaches for: as a free name, or through `globalThis`. */
export function globalsIn(root: string, file: string): string[] {
  const names = [...codeOf(root, file).matchAll(GLOBALS)].map((match) => match[1] ?? match[2] ?? '');
  return [...new Set(names)];
}
