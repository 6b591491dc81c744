import type { Request } from '../../../src/client/calls/request.ts';

/** What `save`, `fetch` and `destroy` return: typed as jQuery's by Backbone's own types. */
export const requestOf = (returned: unknown): Request => returned as Request;
