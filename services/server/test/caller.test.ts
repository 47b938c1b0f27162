// Who calls, as callers are told apart; and connections that no longer answer.
import { connect as connectHttp2 } from "node:http2";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { Health, HealthCheckResponse_ServingStatus } from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";
import { callerOfRequest } from "../src/caller.ts";
import type { AnyRequest } from "../src/connection.ts";
import { callerOf } from "../src/index.ts";
import { closedHealth, customHealth, dial, ended, latch, serving } from "./serving.ts";

const from = (remoteAddress: string): string => callerOfRequest({ socket: { remoteAddress } } as AnyRequest); // All it reads.

describe("a caller", () => {
  test.each([
    ["203.0.113.9", "203.0.113.9"],
    ["::ffff:203.0.113.9", "203.0.113.9"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["::2001:db8:1:2:3", "0:0:0:2001"],
  ])("at %s is %s, whichever connection it uses", (address, caller) => {
    expect([from(address), from(address)]).toEqual([caller, caller]);
  });

  test.each(["127.0.0.1", "::1", "10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.1.1", "fd00::1", "fe80::1", ""])(
    "at %s may be a proxy: each connection counts as one",
    (address) => {
      const [first, second] = [from(address), from(address)];
      expect(first).toMatch(/^connection \d+$/);
      expect(second).not.toBe(first);
    },
  );

  test("on one connection of HTTP/2 is one, on another another", async () => {
    const callers: string[] = [];
    const health = customHealth({
      check: (_, context) => {
        callers.push(callerOf(context));
        return { status: HealthCheckResponse_ServingStatus.SERVING };
      },
    });
    const { url } = await serving({ services: [health] });
    const managers = [1, 2].map(() => new Http2SessionManager(url));
    for (const sessionManager of managers) {
      const client = createClient(Health, createGrpcTransport({ baseUrl: url, sessionManager }));
      await client.check({});
      await client.check({});
    }
    for (const manager of managers) manager.abort();
    await createClient(Health, createConnectTransport({ baseUrl: url, httpVersion: "1.1" })).check({});
    expect(callers[0]).toBe(callers[1]);
    expect(callers[2]).toBe(callers[3]);
    expect(new Set(callers).size).toBe(3);
    expect(callers.every((caller) => caller.startsWith("connection "))).toBe(true);
  });
});

test("a connection may ask for as much as the server says, at a time", async () => {
  const { promise, open } = latch();
  const { url } = await serving({
    streamsMax: 2,
    services: [customHealth({ check: () => promise.then(() => ({})) })],
  });
  const session = connectHttp2(url);
  await new Promise((resolve) => session.once("remoteSettings", resolve));
  expect(session.remoteSettings.maxConcurrentStreams).toBe(2);
  session.destroy();
  open();
});

test("a connection with a call in progress that answers no ping is cut", async () => {
  const { promise, open } = latch();
  const { server } = await serving({
    patience: { pingMs: 50 },
    services: [customHealth({ check: () => promise.then(() => ({})) })],
  });
  // Says what HTTP/2 begins with, opens a stream, and falls silent.
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  const block = Buffer.concat([
    Buffer.from([0x83, 0x86]), // :method POST, :scheme http
    literal(":path", "/grpc.health.v1.Health/Check"),
    literal(":authority", "localhost"),
    literal("content-type", "application/grpc"),
  ]);
  const headers = Buffer.concat([Buffer.from([0, 0, block.length, 1, 4, 0, 0, 0, 1]), block]);
  const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  const socket = await dial(server.port, Buffer.concat([preface, settings, headers]));
  await ended(socket);
  open();
});

test("a connection that answers pings keeps its call", async () => {
  const { promise, open } = latch();
  const { url } = await serving({
    patience: { pingMs: 20 },
    services: [customHealth({ check: () => promise.then(() => ({})) }, { deadlineMs: 5_000 })],
  });
  const answer = createClient(Health, createGrpcTransport({ baseUrl: url })).check({});
  setTimeout(open, 300);
  await expect(answer).resolves.toBeDefined();
});

test("a server may ask that callers name their chain", async () => {
  const { url } = await serving({ chainId: "main", requiresChainId: true, services: [closedHealth] });
  const client = createClient(Health, createGrpcTransport({ baseUrl: url }));
  const error = await client.check({}).catch(ConnectError.from);
  expect(error).toMatchObject({ code: Code.FailedPrecondition, rawMessage: "chain-id mismatch: 'main'" });
  await expect(client.check({}, { headers: { "chain-id": "main" } })).resolves.toBeDefined();
});

/** A header that is in no table (RFC 7541 §6.2.2), its texts shorter than 127 bytes. */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}
