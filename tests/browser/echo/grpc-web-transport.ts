// How a page reaches the echo: gRPC-web, as browsers speak it.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { AttestError, type ChannelTransport } from "@fogbow/core-attest";
import { EchoApi } from "@fogbow/core-wire";
import type { EchoCall } from "./echo-channel.ts";

const DEADLINE_MS = 10_000;

/** A transport to the server at a base URL. */
export function grpcWebTransport(baseUrl: string): ChannelTransport<EchoCall> {
  const client = createClient(
    EchoApi,
    createGrpcWebTransport({
      baseUrl,
      // The cookie by which a load balancer finds the process that has the session (spec 04 §4.4).
      fetch: (input, init) => fetch(input, { ...init, credentials: "include" }),
    }),
  );
  const options = ({ signal }: EchoCall) => ({ signal, timeoutMs: DEADLINE_MS });
  return {
    auth: async (data, call) => (await denied(client.auth({ data }, options(call)))).data,
    send: (request, call) => denied(client.echo(request, options(call))),
    forget: () => undefined, // A page cannot drop the cookie, which the server renews when it is another's.
  };
}

/** What a server answers that does not know a session (spec 04 §4.4). */
async function denied<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ConnectError && error.code === Code.PermissionDenied) {
      throw new AttestError("permission-denied", "Permission denied", { cause: error });
    }
    throw error;
  }
}
