import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pack, root, unpacked } from '../support/package/unpacked.ts';

const manifest: {
  exports: Record<string, string | Record<string, unknown>>;
  dependencies: Record<string, string>;
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const umd = join(root, 'dist/medulla.umd.js');

/** The names under which a program may ask for it either way. */
const both = Object.entries(manifest.exports)
  .filter(([, target]) => typeof target === 'object' && 'require' in target)
  .map(([name]) => name);

/** Those for pages and workers alone, where there is no `require`. */
const modules = Object.entries(manifest.exports)
  .filter(([name, target]) => typeof target === 'object' && !both.includes(name))
  .map(([name]) => name);

describe('in Node', () => {
  let place: ReturnType<typeof unpacked>;
  beforeAll(() => {
    place = unpacked('backbone', 'underscore');
    // They have many dependencies of their own.
    for (const name of Object.keys(manifest.dependencies))
      symlinkSync(join(root, 'node_modules', name), join(place.folder, 'node_modules', name));
  });
  afterAll(() => place.remove());

  const output = (file: string, code: string): string => {
    writeFileSync(join(place.folder, file), code);
    return execFileSync(process.execPath, [file], { cwd: place.folder, encoding: 'utf8', timeout: 20_000 });
  };
  const names = `JSON.stringify(${JSON.stringify(both)}.map((name) => Object.keys(`;

  it('[PK2] [WS-04] gives the same names to those who require it and to those who import it', () => {
    const at = 'name.replace(".", "backbone-medulla")';
    const required = output('by-require.cjs', `console.log(${names}require(${at})).sort())))`);
    const imported = output(
      'by-import.mjs',
      `const all = await Promise.all(${JSON.stringify(both)}.map((name) => import(${at})));
       console.log(JSON.stringify(all.map((names) => Object.keys(names).sort())))`,
    );
    expect(JSON.parse(required)).toEqual(JSON.parse(imported));
    expect(JSON.parse(required)[0]).toContain('connect');
  });

  it('[PK2] works in a CommonJS program: a server, and a world for tests', () => {
    const out = output(
      'use.cjs',
      `const Backbone = require('backbone');
const http = require('node:http').createServer();
const { createServer, memoryStore, Refusal } = require('backbone-medulla/server');
const { testMedulla } = require('backbone-medulla/testing');
(async () => {
  const medulla = createServer(http, { store: memoryStore() });
  medulla.resource('/tasks', { public: true });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  const script = await fetch('http://127.0.0.1:' + http.address().port + '/medulla/shared-worker.js');
  await script.text();
  const world = testMedulla(Backbone, { resources: { '/tasks': { public: true } } });
  world.server.refuse(() => { throw new Refusal('Not that'); });
  const Task = Backbone.Model.extend({ urlRoot: '/tasks' });
  const refused = await new Task().save({ title: 'Milk' }, { wait: true }).then(() => 'saved', (error) => error.message);
  await world.close();
  await medulla.close();
  http.close();
  console.log(JSON.stringify([script.status, refused]));
})();`,
    );
    expect(JSON.parse(out)).toEqual([200, 'Not that']);
  });
});

describe('medulla.umd.js', () => {
  it('[PK3] [WS-04] is a global where nothing else is', () => {
    const page = createContext({});
    runInContext(readFileSync(umd, 'utf8'), page);
    expect(runInContext('typeof Medulla.connect', page)).toBe('function');
  });

  it('[PK3] [WS-04] is a module where there is define, and asks for nothing: Backbone is handed in', () => {
    const defined: { needs: string[]; module: { connect?: unknown } }[] = [];
    const define = (needs: string[], make: (exports: object) => void) => {
      const module = {};
      make(module);
      defined.push({ needs, module });
    };
    const page = createContext({ define: Object.assign(define, { amd: {} }) });
    runInContext(readFileSync(umd, 'utf8'), page);
    expect(defined).toEqual([
      { needs: ['exports'], module: expect.objectContaining({ connect: expect.any(Function) }) },
    ]);
    expect(runInContext('typeof Medulla', page)).toBe('undefined');
  });

  it('[PK3] has all that a page may import', async () => {
    const doors = ['index.js', 'surfaces.js', 'models.js'];
    const modules = await Promise.all(doors.map((name) => import(join(root, 'dist', name))));
    const page = createContext({});
    runInContext(readFileSync(umd, 'utf8'), page);
    const names: string[] = runInContext('Object.keys(Medulla)', page);
    expect([...names].sort()).toEqual([...new Set(modules.flatMap((module) => Object.keys(module)))].sort());
  });

  it('[PK3] has neither Backbone nor its friends in it', () => {
    expect(readFileSync(umd, 'utf8')).not.toMatch(/underscore|jQuery|\.VERSION\s*=/);
  });
});

describe('what its users’ tools make of the package', () => {
  let folder: string;
  let tarball: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'medulla-pack-'));
    tarball = pack(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('[PK2] publint has nothing to say', async () => {
    const bytes = readFileSync(tarball);
    const { messages } = await publint({
      strict: true,
      pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    });
    expect(messages).toEqual([]);
  });

  it('[PK2] are-the-types-wrong finds them right, for modules, for CommonJS and for bundlers', () => {
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    // What it exits with is judged here.
    const args = [attw, tarball, '--format', 'json', '--profile', 'esm-only'];
    const { stdout } = spawnSync(process.execPath, [...args, '--entrypoints', ...both, ...modules], {
      encoding: 'utf8',
    });
    const { analysis, problems } = JSON.parse(stdout);
    expect(Object.keys(analysis.entrypoints).sort()).toEqual([...both, ...modules].sort());
    // Before Node 16 no resolution knew exports; pages and workers have no require.
    const wrong = Object.values(problems as Record<string, Problem[]>)
      .flat()
      .filter(({ resolutionKind }) => resolutionKind !== 'node10')
      .filter(
        ({ entrypoint, resolutionKind }) =>
          !(modules.includes(entrypoint) && resolutionKind === 'node16-cjs'),
      );
    expect(wrong).toEqual([]);
  });
});

interface Problem {
  readonly entrypoint: string;
  readonly resolutionKind: string;
}
