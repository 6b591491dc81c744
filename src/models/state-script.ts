import { MedullaError } from '../protocol/errors.ts';

/**
 * A script element for a page that the server renders, with any JSON in it: `JSON.parse` of its `textContent` gives it
 * back. Nothing in it can end the element.
 */
export function stateScript(state: unknown, id = 'medulla-state'): string {
  if (!/^[\w-]+$/.test(id))
    throw new MedullaError('bad-option', `An element's id has other letters: '${id}'`);
  const json = JSON.stringify(state ?? null).replaceAll('<', '\\u003c');
  return `<script type="application/json" id="${id}">${json}</script>`;
}
