/** What is asked of the page to find out why a worker did not start. */
export interface Diagnosis {
  readonly page: string;
  fetch(url: string): Promise<Pick<Response, 'ok' | 'status' | 'headers'>>;
  /** A violation of the page's Content-Security-Policy was reported meanwhile. */
  readonly forbidden: boolean;
}

const FIX =
  "serve the package's shared-worker.js there (npx backbone-medulla init public/), or name its url with { worker }";

/** Why the worker's script does not start, and what to do about it, in one sentence. */
export async function diagnose(
  url: string,
  what: string,
  { page, fetch, forbidden }: Diagnosis,
): Promise<string> {
  const { origin, href } = new URL(url, page);
  const script = `The worker ${href}`;
  if (origin !== new URL(page).origin)
    return `${script} is cross-origin: a worker has to come from the page's own origin`;
  if (forbidden) return `${script} is forbidden by the Content-Security-Policy: add worker-src 'self'`;
  try {
    const { ok, status, headers } = await fetch(href);
    const type = headers.get('content-type') ?? 'no type';
    if (!ok) return `${script} answered ${status}: ${FIX}`;
    if (!/javascript/.test(type)) {
      const why = /html/.test(type) ? ': your development server answered its index page' : '';
      return `${script} is no script, got ${type}${why}: ${FIX}`;
    }
    return `${script} did not start: ${what || 'it threw, or could not be loaded'}`;
  } catch {
    return `${script} cannot be fetched: ${what}`;
  }
}
