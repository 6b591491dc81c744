/** The door for those who test their own application: tab, hub and server in one process, with time in their hands. */
import { consoleLog } from './base/console-log.ts';
import { type Log, warnings } from './base/log.ts';
import type { BackboneLike } from './client/backbone.ts';
import type { Medulla } from './client/medulla.ts';
import type { MedullaOptions } from './client/options.ts';
import { ajaxMedulla } from './testing/ajax/ajax-medulla.ts';
import type { TestServerOptions } from './testing/test-server.ts';
import { type TestWorld, testWorld } from './testing/test-world.ts';

export type { Medulla } from './client/medulla.ts';
export { MedullaError } from './protocol/errors.ts';
export type { Context } from './server/resource/context.ts';
export { Refusal } from './server/resource/refusal.ts';
export type { ResourceOptions } from './server/resource/resource.ts';
export type { TestLine } from './testing/test-line.ts';
export type { Refuse, TestRecord, TestServer, TestServerOptions } from './testing/test-server.ts';
export type { TestClock, TestTab, TestWorld } from './testing/test-world.ts';

/** The options of `connect` and, for the server, `resources`, `records`, `authenticate`, `limits` and `history`. */
export interface TestOptions extends MedullaOptions, TestServerOptions {
  /** The url that urls are resolved against; by default the page's, and `http://localhost/` where there is none. */
  readonly page?: string;
  /** Says everything, not only what is wrong. */
  readonly debug?: boolean;
  readonly log?: Log;
  /** Where an error goes that a callback of the application threw; by default it is thrown again, and fails the test run. */
  readonly report?: (error: unknown) => void;
}

/**
 * Joins `Backbone` to a hub and a server in this process, and installs itself: `Backbone.sync` goes there until `close`.
 * No page, worker, network, IndexedDB or timer is used; the same test goes the same way each time.
 */
export function testMedulla<B extends BackboneLike>(Backbone: B, options: TestOptions = {}): TestWorld<B> {
  const { page = base(), debug, log = consoleLog, report = thrownAgain } = options;
  return testWorld(Backbone, { options, log: warnings(log, debug), report, page: () => page });
}

/**
 * Joins `Backbone` to its own `Backbone.ajax`, whatever that is, and installs itself: everything but the hub is Medulla's,
 * and a request is made, and its answer heard, as soon as without it. For tests of an application that answer in the place
 * of `Backbone.ajax`, and for Backbone's own. Reads and writes are all that it knows: no outbox, no replica, no follow.
 */
export async function testAjax<B extends BackboneLike>(
  Backbone: B,
  {
    page = base(),
    log = consoleLog,
    report = thrownAgain,
  }: Pick<TestOptions, 'page' | 'log' | 'report'> = {},
): Promise<Medulla<B>> {
  return (await ajaxMedulla(Backbone, { log: warnings(log), report, page: () => page })).install();
}

function base(): string {
  const url = typeof document === 'object' ? document.baseURI : '';
  return url.startsWith('http') ? url : 'http://localhost/';
}

/** As a listener's error is that nobody catches. */
function thrownAgain(error: unknown): void {
  if (typeof reportError === 'function') reportError(error);
  else
    queueMicrotask(() => {
      throw error;
    });
}
