// Answers a call with an error before anything of its body was read, in the protocol that the caller speaks.
import { Code, type ConnectError } from "@connectrpc/connect";
import type { UniversalServerRequest, UniversalServerResponse } from "@connectrpc/connect/protocol";

/** A refusal: gRPC and gRPC-web get a response of nothing but trailers, Connect its JSON. */
export function refuse({ header }: UniversalServerRequest, error: ConnectError): UniversalServerResponse {
  const contentType = header.get("content-type") ?? "";
  if (contentType.startsWith("application/grpc")) {
    const type = { "content-type": contentType };
    const status = { "grpc-status": String(error.code), "grpc-message": percentEncoded(error.rawMessage) };
    // A response of nothing but trailers. Those of gRPC-web are headers then, since browsers show no others.
    return contentType.startsWith("application/grpc-web")
      ? { status: 200, header: new Headers({ ...type, ...status }) }
      : { status: 200, header: new Headers(type), trailer: new Headers(status) };
  }
  const json = JSON.stringify({ code: codeName(error.code), message: error.rawMessage });
  if (contentType.startsWith("application/connect+")) {
    // The end of a stream is an envelope with flag 2: https://connectrpc.com/docs/protocol#streaming-response
    const message = Buffer.from(`{"error":${json}}`);
    const prefix = Buffer.alloc(5);
    prefix.writeUInt8(2);
    prefix.writeUInt32BE(message.length, 1);
    return {
      status: 200,
      header: new Headers({ "content-type": contentType }),
      body: once(Buffer.concat([prefix, message])),
    };
  }
  return {
    status: HTTP_STATUS[error.code] ?? 500,
    header: new Headers({ "content-type": "application/json" }),
    body: once(Buffer.from(json)),
  };
}

/** As the gRPC protocol has it: what is no printable ASCII, and the percent sign itself. */
const percentEncoded = (text: string): string => text.replace(/[^\x20-\x24\x26-\x7e]/gu, encodeURIComponent);

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** `PermissionDenied` → `permission_denied`. */
const codeName = (code: Code): string => (Code[code] ?? "Unknown").replace(/(?<=[a-z])[A-Z]/g, "_$&").toLowerCase();

/** The status of HTTP for the codes with which a call is refused (spec 04 §4.4; Connect's own choice for the others). */
const HTTP_STATUS: Partial<Record<Code, number>> = {
  [Code.InvalidArgument]: 400,
  [Code.FailedPrecondition]: 400,
  [Code.Unauthenticated]: 401,
  [Code.Unavailable]: 503,
  [Code.DeadlineExceeded]: 504,
};
