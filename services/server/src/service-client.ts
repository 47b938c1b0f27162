// A service as others call it: one HTTP/2 connection, kept alive, and made anew when it breaks.
import { Code, ConnectError, type Interceptor, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { baseUrlOf, type ServiceUri, tlsOptionsOf } from "./service-uri.ts";
import { SteadySession } from "./steady-session.ts";

/** How a service is called. */
export interface ServiceClientOptions {
  /** Named in every call unless it is empty. */
  readonly chainId?: string;
  /** The value of the `authorization` header. */
  readonly authorization?: () => string | undefined;
  /** Milliseconds for a call whose caller does not say how long. */
  readonly timeoutMs: number;
  /** Bytes of one answer. */
  readonly answerBytesMax: number;
}

/** A connection to a service; nothing is opened before the first call. */
export interface ServiceClient {
  readonly transport: Transport;
  /** Cuts the connection and the calls in progress. */
  readonly close: () => void;
}

const REFUSED_STREAM = "NGHTTP2_REFUSED_STREAM";
const KEEP_ALIVE = { pingIntervalMs: 10_000, pingTimeoutMs: 20_000, idleConnectionTimeoutMs: 600_000 };

/** A service at a URI. Throws ServerError `invalid-certificate`. */
export function serviceClient(uri: ServiceUri, options: ServiceClientOptions): ServiceClient {
  const { chainId = "", authorization, timeoutMs, answerBytesMax } = options;
  const baseUrl = baseUrlOf(uri);
  const sessionManager = new SteadySession(baseUrl, KEEP_ALIVE, tlsOptionsOf(uri));
  const headers: Interceptor = (next) => (request) => {
    if (chainId !== "") request.header.set("chain-id", chainId);
    const value = authorization?.();
    if (value !== undefined) request.header.set("authorization", value);
    return next(request).catch((error: unknown) => {
      throw isRefusedStream(error) ? unavailable(error) : error;
    });
  };
  const transport = createGrpcTransport({
    baseUrl,
    sessionManager,
    acceptCompression: [],
    readMaxBytes: answerBytesMax,
    defaultTimeoutMs: timeoutMs,
    interceptors: [headers],
  });
  return { transport, close: () => sessionManager.abort() };
}

/** A server that ends refuses streams that it has not looked at; Connect takes that for a failure of the server. */
function isRefusedStream(error: unknown): error is ConnectError {
  return error instanceof ConnectError && error.code === Code.Internal && error.rawMessage.endsWith(REFUSED_STREAM);
}

/** What gRPC says it means: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#errors. */
function unavailable(cause: ConnectError): ConnectError {
  return new ConnectError(
    "The server ends, and has not looked at the call.",
    Code.Unavailable,
    undefined,
    undefined,
    cause,
  );
}
