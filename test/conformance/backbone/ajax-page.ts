import type Backbone from 'backbone';
import { testAjax } from '../../../src/testing.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';

/** What `Backbone.ajax` was called with, as far as is looked at. */
export interface Settings {
  readonly url: string;
  readonly type: string;
  readonly data?: unknown;
  readonly contentType?: string;
  readonly emulateHTTP?: boolean;
  beforeSend?(xhr: unknown): unknown;
  success(response?: unknown, textStatus?: string, xhr?: unknown): void;
  error(xhr?: unknown, textStatus?: string, error?: unknown): void;
}

/** A Backbone over its own `Backbone.ajax`, which a test answers for. */
export async function ajaxPage() {
  const backbone = freshBackbone();
  const reported: unknown[] = [];
  const medulla = await testAjax(backbone, { report: (error) => reported.push(error) });
  const asked: Settings[] = [];
  backbone.ajax = ((settings: Settings) => {
    asked.push(settings);
    return {};
  }) as typeof backbone.ajax;
  const Tasks = backbone.Collection.extend({ url: '/tasks' }) as new () => Backbone.Collection;
  return { backbone, medulla, asked, reported, tasks: new Tasks() };
}

/** The options that a callback of Backbone's gets last. */
export interface Told {
  readonly xhr: Record<string, unknown>;
  readonly textStatus?: string;
  readonly errorThrown?: unknown;
}

export const bodyOf = ({ data }: Settings) => JSON.parse(String(data)) as unknown;
