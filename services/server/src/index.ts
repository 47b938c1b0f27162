// The one RPC server that all services share: gRPC, gRPC-web and Connect on one port, with a bound on everything.

export { callerOf } from "./caller.ts";
export {
  type AdminOptions,
  adminService,
  buildInfoService,
  healthService,
} from "./common-services.ts";
export type { AllowedOrigins } from "./cross-origin.ts";
export { ServerError, type ServerErrorCode } from "./error.ts";
export { createLog, type Log, type LogFields, type LogLevel } from "./log.ts";
export { createMetrics, type Metrics } from "./metrics.ts";
export type { Page } from "./pages.ts";
export type { Patience } from "./patience.ts";
export type { ListenOptions } from "./port.ts";
export { COMMON_LIMITS, COMMON_SERVICES, type RpcLimits, type ServiceLimits } from "./rpc-limits.ts";
export { type Server, type ServerOptions, type ServerParts, serve } from "./server.ts";
export { type ServedService, serveService } from "./service.ts";
export { type ServiceClient, type ServiceClientOptions, serviceClient } from "./service-client.ts";
export { baseUrlOf, listenOptionsOf, parseServiceUri, type ServiceUri, tlsOptionsOf } from "./service-uri.ts";
export { SteadySession } from "./steady-session.ts";
export type { TlsFiles } from "./tls-files.ts";
export { type TokenAuthOptions, tokenHeader } from "./token-auth.ts";
