import { MedullaError } from '../../protocol/errors.ts';
import type { Topic } from '../../protocol/ids.ts';
import { badOption, found } from '../options/check-options.ts';
import { Resource, type ResourceOptions, type ResourceParts } from './resource.ts';

export interface Match {
  readonly resource: Resource;
  readonly params: Readonly<Record<string, string>>;
}

/** The resources by their patterns. Fixed segments win over `:names`, from the left. */
export class Resources {
  readonly #resources: Resource[] = [];
  readonly #parts: ResourceParts;

  constructor(parts: ResourceParts) {
    this.#parts = parts;
  }

  add(pattern: string, options: ResourceOptions): Resource {
    const resource = new Resource(pattern, options, this.#parts);
    const shape = resource.shape;
    const twin = this.#resources.find((other) => other.shape === shape);
    if (twin)
      throw badOption(`A resource ${pattern} cannot be added: ${twin.pattern} answers the same paths.`);
    this.#resources.push(resource);
    // ':' as the sign of a name sorts behind all fixed segments.
    this.#resources.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
    return resource;
  }

  match(topic: Topic): Match | null {
    const segments = topic.split('/');
    for (const resource of this.#resources) {
      const params = resource.match(segments);
      if (params) return { resource, params };
    }
    return null;
  }
}

export const unknownResource = (action: string, topic: Topic): string =>
  `No resource answers ${VERBS.get(action) ?? 'GET'} ${topic}: add one, or leave it out of routes.`;

/** For whoever publishes to a topic that is nobody's. */
export const nobodyAnswers = (topic: unknown): MedullaError =>
  new MedullaError(
    'unknown-resource',
    `No resource answers ${typeof topic === 'string' ? topic : found(topic)}: publish takes a topic, as '/tasks', of a resource that was added before.`,
  );

const VERBS: ReadonlyMap<string, string> = new Map([
  ['create', 'POST'],
  ['update', 'PUT'],
  ['patch', 'PATCH'],
  ['delete', 'DELETE'],
]);
