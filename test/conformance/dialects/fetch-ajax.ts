/** What jQuery's `ajax` is asked by stock Backbone. */
interface AjaxSettings {
  readonly type: string;
  readonly url: string;
  readonly data?: string;
  readonly contentType?: string;
  success?(response: unknown): void;
  error?(request: { readonly status: number }): void;
}

/** A `Backbone.ajax` for Node: the same request, by fetch. */
export const fetchAjax =
  (server: string) =>
  async ({ type, url, data, contentType, success, error }: AjaxSettings): Promise<unknown> => {
    const response = await fetch(new URL(url, server), {
      method: type,
      ...(typeof data === 'string' && { body: data }),
      headers: { 'X-By': 'ajax', ...(contentType && { 'Content-Type': contentType }) },
    });
    if (!response.ok) return error?.({ status: response.status });
    return success?.(await response.json());
  };
