// Tests that connections which mean harm cost little and disturb nobody.
import { Agent, request } from "node:http";
import { connect as connectHttp2, constants } from "node:http2";
import type { Socket } from "node:net";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { Health } from "@fogbow/core-wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { customHealth, dial, ended, serving } from "./serving.ts";

const DATA = Uint8Array.of(7);
/** Whether both kinds of client are still served. */
async function isServing(url: string): Promise<boolean> {
  const transports = [
    createGrpcTransport({ baseUrl: url }),
    createConnectTransport({ baseUrl: url, httpVersion: "1.1" }),
  ];
  const answers = await Promise.all(transports.map((each) => createClient(Health, each).ping({ data: DATA })));
  return answers.every(({ data }) => data[0] === DATA[0]);
}

describe("what is no HTTP", () => {
  test("is cut off", async () => {
    const { server, url, metrics } = await serving();
    const garbage = ["\x16\x03\x01", "\0", "get / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", "{}"];
    for (const bytes of garbage) await ended(await dial(server.port, bytes));
    expect((await metrics.connectionsRefused.get()).values[0]?.value).toBeGreaterThanOrEqual(4);
    expect(await isServing(url)).toBe(true);
  });

  test("may be anything", async () => {
    const { server, url } = await serving();
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
    const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom("", "prefaced", "posted"), async (random, kind) => {
        const head = { "": "", prefaced: preface, posted: "POST /grpc.health.v1.Health/Ping HTTP/1.1\r\n" }[kind];
        const socket = await dial(server.port, Buffer.concat([Buffer.from(head), random]));
        socket.end();
        await ended(socket);
      }),
      { numRuns: 60 },
    );
    expect(await isServing(url)).toBe(true);
  });
});

test("a preface in pieces is understood", async () => {
  const { server } = await serving();
  const socket = await dial(server.port);
  const answered = new Promise<Buffer>((resolve) => socket.once("data", resolve));
  for (const byte of Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")) {
    socket.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await answered)[3]).toBe(4); // A SETTINGS frame.
  socket.destroy();
});

test("headers that are too large are refused on both versions", async () => {
  const { url } = await serving();
  const clients = [createGrpcTransport({ baseUrl: url }), createConnectTransport({ baseUrl: url, httpVersion: "1.1" })];
  const headers = { "x-large": "a".repeat(100_000) };
  for (const transport of clients) {
    await expect(createClient(Health, transport).ping({}, { headers })).rejects.toThrow();
  }
  expect(await isServing(url)).toBe(true);
});

test("a session of HTTP/2 that opens and resets streams in rapid succession is ended, or bounded", async () => {
  let calls = 0;
  const services = [
    customHealth({
      ping: async ({ data }) => {
        calls++;
        await new Promise((resolve) => setTimeout(resolve, 5));
        return { data };
      },
    }),
  ];
  const { url } = await serving({ services });
  const session = connectHttp2(url);
  session.on("error", () => undefined);
  const headers = { ":method": "POST", ":path": "/grpc.health.v1.Health/Ping", "content-type": "application/grpc" };
  for (let burst = 0; burst < 100 && !session.destroyed; burst++) {
    for (let i = 0; i < 100 && !session.destroyed; i++) {
      const stream = session.request(headers);
      stream.on("error", () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  session.destroy();
  expect(calls).toBe(0); // None of them sent a message.
  expect(await isServing(url)).toBe(true);
});

describe("malformed frames", () => {
  const post = (url: string, type: string, body: Uint8Array): Promise<Response> =>
    fetch(`${url}/grpc.health.v1.Health/Ping`, { method: "POST", headers: { "content-type": type }, body });

  test.each(["application/grpc-web", "application/connect+proto", "application/proto", "application/x-protobuf"])(
    "of %s get an answer",
    async (type) => {
      const { url } = await serving();
      const bodies = fc.uint8Array({ maxLength: 64 });
      await fc.assert(
        fc.asyncProperty(bodies, async (body) => {
          const response = await post(url, type, body);
          await response.arrayBuffer();
          expect(response.status).toBeLessThan(500);
        }),
        { numRuns: 50 },
      );
      expect(await isServing(url)).toBe(true);
    },
  );

  test("that announce more bytes than they may are refused before the bytes come", async () => {
    const { url } = await serving();
    const claim = Uint8Array.of(0, 0xff, 0xff, 0xff, 0xff);
    const response = await post(url, "application/grpc-web+proto", claim);
    const text = `${response.headers.get("grpc-status")} ${Buffer.from(await response.arrayBuffer())}`;
    expect(text).toContain(String(Code.ResourceExhausted));
  });
});

test("a request that is refused before all of it was read leaves its connection to the next", async () => {
  const { server } = await serving();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (body: Uint8Array): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const headers = { "content-type": "application/grpc-web" };
      const options = { port: server.port, path: "/grpc.health.v1.Health/Ping", method: "POST", headers, agent };
      request(options, (response) => {
        response.resume().once("end", () => resolve(response.socket));
      })
        .once("error", reject)
        .end(body);
    });
  const claim = Buffer.concat([Uint8Array.of(0, 0xff, 0xff, 0xff, 0xff), new Uint8Array(50)]);
  const first = await ask(claim);
  for (let i = 0; i < 50; i++) expect(await ask(i % 2 === 0 ? claim : new Uint8Array(5))).toBe(first);
  agent.destroy();
});

test("an unknown media type, method or path is answered and not an error of ours", async () => {
  const { url, lines } = await serving();
  const ask = (path: string, init: RequestInit): Promise<number> =>
    fetch(url + path, init).then(({ status }) => status);
  const headers = { "content-type": "image/png" };
  expect(await ask("/grpc.health.v1.Health/Ping", { method: "POST", body: "x", headers })).toBe(415);
  expect(await ask("/grpc.health.v1.Health/Ping", { method: "DELETE" })).toBe(405);
  expect(await ask("/nothing", { method: "POST", body: "x" })).toBe(404);
  expect(lines).toEqual([]);
});

test("codes are what a client of Connect expects of a cancelled session", async () => {
  const { url, server } = await serving();
  const client = createClient(Health, createGrpcTransport({ baseUrl: url }));
  await client.ping({});
  await server.close();
  expect((await client.ping({}).catch(ConnectError.from)) as ConnectError).toMatchObject({ code: Code.Unavailable });
});
