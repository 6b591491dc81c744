/** The namespace of a url's events: `/api/posts/21` → `api:posts:21:`. */
export const namespace = (url: string): string => `${url.replace(/^\/+|\/+$/g, '').replaceAll('/', ':')}:`;
