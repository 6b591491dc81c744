/** How the hub stands with the server about a topic. `denied`: it may not be read. */
export type Following =
  | { readonly type: 'idle' }
  /** `live`: whether changes were asked for, too; null = the request has not left yet. */
  | { readonly type: 'asking'; readonly live: boolean | null }
  | { readonly type: 'live' }
  /** The server could not say; it is asked again. */
  | { readonly type: 'waiting'; readonly code: string; readonly message: string }
  | { readonly type: 'denied'; readonly code: string; readonly message: string };
