// Tests that one port and one handler serve every kind of client.

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { createGrpcWebTransport as createBrowserGrpcWebTransport } from "@connectrpc/connect-web";
import { Health, HealthCheckResponse_ServingStatus, PingRequestSchema, PingResponseSchema } from "@fogbow/core-wire";
import { Client, credentials, Metadata, status } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { closedHealth, dial, ended, serving } from "./serving.ts";

const DATA = Uint8Array.of(1, 2, 3);
const ping = toBinary(PingRequestSchema, create(PingRequestSchema, { data: DATA }));
const dataOf = (bytes: Uint8Array): Uint8Array => Uint8Array.from(fromBinary(PingResponseSchema, bytes).data);

/** Calls Ping with grpc-js, as MobileCoin's other services do. */
function grpcJsPing(port: number, metadata: Record<string, string> = {}): Promise<Uint8Array> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const headers = new Metadata();
  for (const [name, value] of Object.entries(metadata)) headers.set(name, value);
  return new Promise<Uint8Array>((resolve, reject) => {
    const serialize = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
    client.makeUnaryRequest("/grpc.health.v1.Health/Ping", serialize, dataOf, ping, headers, (error, data) =>
      error === null && data !== undefined ? resolve(data) : reject(error),
    );
  }).finally(() => client.close());
}

const transports: [string, (baseUrl: string) => Transport][] = [
  ["gRPC", (baseUrl) => createGrpcTransport({ baseUrl })],
  ["gRPC-web over HTTP/1.1", (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" })],
  ["gRPC-web over HTTP/2", (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "2" })],
  ["gRPC-web by fetch", (baseUrl) => createBrowserGrpcWebTransport({ baseUrl })],
  ["Connect over HTTP/1.1", (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1" })],
  ["Connect over HTTP/2", (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2" })],
  ["Connect in JSON", (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: false })],
];

describe.each(transports)("%s", (_, transport) => {
  test("calls, and learns the code of a refusal", async () => {
    const { url } = await serving({ chainId: "test", services: [closedHealth] });
    const client = createClient(Health, transport(url));
    expect((await client.ping({ data: DATA })).data).toEqual(DATA);
    expect((await client.check({})).status).toBe(HealthCheckResponse_ServingStatus.SERVING);
    const error = await client.ping({}, { headers: { "chain-id": "other" } }).catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.FailedPrecondition, rawMessage: "chain-id mismatch: 'test'" });
    const watched = async (): Promise<void> => {
      for await (const _status of client.watch({})) throw new Error("Nothing is sent.");
    };
    expect(await watched().catch(ConnectError.from)).toMatchObject({ code: Code.Unimplemented });
  });
});

test("grpc-js calls, and learns the code of a refusal", async () => {
  const { server } = await serving({ chainId: "test", services: [closedHealth] });
  expect(await grpcJsPing(server.port)).toEqual(DATA);
  expect(await grpcJsPing(server.port, { "chain-id": "test" })).toEqual(DATA);
  await expect(grpcJsPing(server.port, { "chain-id": "other" })).rejects.toMatchObject({
    code: status.FAILED_PRECONDITION,
    details: "chain-id mismatch: 'test'",
  });
});

describe("the HTTP gateway", () => {
  const post = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, { method: "POST", headers: { "content-type": "application/x-protobuf", ...headers }, body: ping });

  test.each(["/grpc.health.v1.Health/Ping", "/gw/grpc.health.v1.Health/Ping"])(
    "answers protobuf at %s",
    async (path) => {
      const { url } = await serving();
      const response = await post(url + path, { accept: "application/x-protobuf" });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("application/x-protobuf");
      expect(dataOf(new Uint8Array(await response.arrayBuffer()))).toEqual(DATA);
    },
  );

  test.each([undefined, "application/json", "text/plain;charset=utf-8", "application/x-www-form-urlencoded"])(
    "answers JSON to %s",
    async (type) => {
      const { url } = await serving();
      const response = await fetch(`${url}/gw/grpc.health.v1.Health/Ping`, {
        method: "POST",
        headers: type === undefined ? {} : { "content-type": type },
        body: new Blob([JSON.stringify({ data: "AQID" })]), // A body without a type of its own.
      });
      expect(response.headers.get("content-type")).toBe("application/json");
      expect(await response.json()).toEqual({ data: "AQID" });
    },
  );

  test("answers with the status of HTTP that the clients look at", async () => {
    const { url } = await serving({ chainId: "test", services: [closedHealth] });
    expect((await post(`${url}/gw/grpc.health.v1.Health/Ping`, { "chain-id": "other" })).status).toBe(400);
    expect((await post(`${url}/gw/grpc.health.v1.Health/Nothing`)).status).toBe(404);
    const tokens = await serving({ tokens: { sharedSecret: new Uint8Array(32) }, services: [closedHealth] });
    expect((await post(`${tokens.url}/gw/grpc.health.v1.Health/Ping`)).status).toBe(401);
  });
});

test("a client that names no authority is cut off, and the others are served", async () => {
  const { server } = await serving();
  const socket = await dial(server.port, "POST /grpc.health.v1.Health/Ping HTTP/1.0\r\ncontent-length: 0\r\n\r\n");
  await ended(socket);
  expect(await grpcJsPing(server.port)).toEqual(DATA);
});
