/** The server's door. */
export type { Clock } from './base/clock.ts';
export type { Json } from './base/json.ts';
export type { Log, LogLevel } from './base/log.ts';
export type { Random } from './base/random.ts';
export type { Attributes } from './protocol/attributes.ts';
export { type ErrorCode, MedullaError } from './protocol/errors.ts';
export type { PageState } from './protocol/page/page-state.ts';
export type { Limits } from './protocol/server-down.ts';
export type { Identity } from './server/admission/admission.ts';
export type { Authenticate, Credentials } from './server/admission/admit.ts';
export type { CloseOptions } from './server/drain.ts';
export type { Handlers, Write } from './server/handlers/handlers.ts';
export type { MedullaServer, Visitor } from './server/medulla-server.ts';
export { createServer, type ServerOptions } from './server/node/create-server.ts';
export type { MetricsFor } from './server/node/metrics-answers.ts';
export { nodeClock as systemClock } from './server/node/node-clock.ts';
export type { Origins } from './server/node/origins.ts';
export type { HandshakeMiddleware } from './server/node/prepare.ts';
export type { Backend } from './server/resource/backend.ts';
export type { ConnectRequest } from './server/resource/connect-request.ts';
export {
  type ConnectErrorHandler,
  type ConnectHandler,
  type ConnectNext,
  type ConnectOptions,
  type ConnectResponse,
  connectStyle,
} from './server/resource/connect-style.ts';
export type { Action, Context, Doing } from './server/resource/context.ts';
export type { Middleware, Next } from './server/resource/middleware.ts';
export { Refusal, type RefusalCode } from './server/resource/refusal.ts';
export type {
  Authorize,
  History,
  NewId,
  Params,
  Permission,
  Publication,
  Resource,
  ResourceOptions,
} from './server/resource/resource.ts';
export type { RequestInfo, SessionInfo } from './server/resource/session-info.ts';
export type { StandardSchema } from './server/resource/validate.ts';
export type { Servable, Serving } from './server/serving/serve-collection.ts';
export type { Filter, Viewer } from './server/sight/sight.ts';
export type {
  ConflictFunction,
  ConflictPolicy,
  Page,
  PageBounds,
  Store,
  StoreChange,
  StoredRefusal,
  StoreOutcome,
  StoreSize,
  StoreWrite,
  TrimBounds,
} from './server/store.ts';
export { memoryStore } from './server/stores/memory-store.ts';
export type {
  PostgresClient,
  PostgresPool,
  PostgresStatement,
} from './server/stores/postgres/postgres-pool.ts';
export { type PostgresOptions, postgresStore } from './server/stores/postgres/postgres-store.ts';
export { type SqliteStore, sqliteStore } from './server/stores/sqlite-store.ts';
