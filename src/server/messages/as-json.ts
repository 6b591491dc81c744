import type { Json } from '../../base/json.ts';

/** What the application answers, as it is told. Throws where that is no JSON: a wire would find out when nobody is there to catch that. */
export const asJson = (answer: unknown): Json => JSON.parse(JSON.stringify(answer ?? null) ?? 'null');
