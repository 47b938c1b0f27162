// How other clients than pages reach the echo: gRPC by grpc-js in a process of its own, and HTTP by nothing but `fetch`.
import { spawn } from "node:child_process";
import { buffer, text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import {
  type ChannelTransport,
  decodeAuthMessage,
  decodeSealedMessage,
  encodeAuthMessage,
  encodeSealedMessage,
} from "@fogbow/core-attest";
import { EchoApi } from "@fogbow/core-wire";
import type { EchoCall } from "./echo-channel.ts";

/** Calls one method with an encoded request. */
type UnaryCall = (method: string, request: Uint8Array) => Promise<Uint8Array>;

/** gRPC over HTTP/2, by the library that most services of Node use. */
export function grpcJsTransport(baseUrl: string): ChannelTransport<EchoCall> {
  return unaryTransport(async (method, request) => {
    const child = spawn(process.execPath, [GRPC_JS_CALL, new URL(baseUrl).host, method]);
    child.stdin.end(request);
    const [response, complaint, code] = await Promise.all([
      buffer(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve)),
    ]);
    if (code !== 0) throw new Error(`grpc-js: ${complaint}`);
    return new Uint8Array(response);
  });
}

/** A `POST` of the message's bytes (Connect's protocol for unary calls). */
export function fetchTransport(baseUrl: string): ChannelTransport<EchoCall> {
  return unaryTransport(async (method, request) => {
    const response = await fetch(`${baseUrl}${method}`, {
      method: "POST",
      headers: { "content-type": "application/proto" },
      body: Uint8Array.from(request),
    });
    if (!response.ok) throw new Error(`fetch: ${response.status} ${await response.text()}`);
    return new Uint8Array(await response.arrayBuffer());
  });
}

const GRPC_JS_CALL = fileURLToPath(new URL("../../../services/server/test/grpc-js-call.mjs", import.meta.url));

function unaryTransport(call: UnaryCall): ChannelTransport<EchoCall> {
  return {
    auth: async (request) => decodeAuthMessage(await call(`/${EchoApi.typeName}/Auth`, encodeAuthMessage(request))),
    send: async (request) => decodeSealedMessage(await call(`/${EchoApi.typeName}/Echo`, encodeSealedMessage(request))),
    forget: () => undefined,
  };
}
