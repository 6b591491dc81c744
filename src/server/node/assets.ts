import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { badOption } from '../options/check-options.ts';
import type { Answerer } from './answer-first.ts';

const PREFIX = '/medulla/';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
};

/** Names of files below the folder: no part may begin with a dot, so none leads out of it. */
const PATH = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/;

/** Answers requests for what is under `/medulla/`, and leaves all others alone. */
export const assetAnswers =
  (folder: string): Answerer =>
  (request, response) => {
    const { method, url = '' } = request;
    const isAsset = (method === 'GET' || method === 'HEAD') && url.startsWith(PREFIX);
    if (isAsset) void answerAsset(folder, request, response);
    return isAsset;
  };

/**
 * Answers `/medulla/<file>` with the scripts in `folder`. Their names are stable, so that the browser is to ask each
 * time whether they have changed. Never rejects.
 */
async function answerAsset(folder: string, request: IncomingMessage, response: ServerResponse) {
  try {
    const path = new URL(request.url ?? '', 'http://server').pathname.slice(PREFIX.length);
    const type = PATH.test(path) ? TYPES[extname(path)] : undefined;
    const body = type ? await readFile(join(folder, path)).catch(() => null) : null;
    if (!body) return answer(response, 404, 'text/plain; charset=utf-8', missing(path));
    // By what is in it: a package from npm has one date for all its files, in every version, and sizes repeat.
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
    response.setHeader('Cache-Control', 'no-cache');
    response.setHeader('ETag', etag);
    // A service worker under /medulla/ may then be registered for the whole site.
    response.setHeader('Service-Worker-Allowed', '/');
    if (request.headers['if-none-match'] === etag) return response.writeHead(304).end();
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': body.length });
    return response.end(request.method === 'HEAD' ? undefined : body);
  } catch {
    return answer(response, 400, 'text/plain; charset=utf-8', 'Bad request');
  }
}

const missing = (path: string) => `There is no ${path.slice(0, 80)} among Medulla's scripts.`;

function answer(response: ServerResponse, status: number, type: string | undefined, text: string) {
  if (response.headersSent) return response.destroy();
  return response.writeHead(status, { 'Content-Type': type, 'X-Content-Type-Options': 'nosniff' }).end(text);
}

/** The package's own built scripts, wherever this file runs from. */
export function packageAssets(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isPackage(folder)) {
    const parent = dirname(folder);
    if (parent === folder)
      throw badOption(
        "createServer cannot find Medulla's scripts: say where they are with the option assets, or leave them out with assets: false.",
      );
    folder = parent;
  }
  return join(folder, 'dist');
}

function isPackage(folder: string): boolean {
  const file = join(folder, 'package.json');
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === 'backbone-medulla';
}
