// Tests of how long the server waits for others, with bounds short enough to wait for.
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import type { Metrics, Patience } from "../src/index.ts";
import { PAGE_QUEUE_MAX, PAGES_MAX } from "../src/limits.ts";
import { customHealth, latch, serving, until } from "./serving.ts";

const patience: Patience = { firstBytesMs: 150, headersMs: 150, idleMs: 150, pageMs: 150, pingMs: 150, portRetryMs: 0 };
const connections = async (metrics: Metrics): Promise<number> =>
  (await metrics.connections.get()).values[0]?.value ?? 0;

/** A connection that never hangs up by itself, and reads only what it is told to. */
function stubborn(port: number, bytes: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true }, () => resolve(socket));
    socket.on("error", () => undefined);
    socket.write(bytes);
  });
}

test.each([
  ["say nothing", ""],
  ["say a part of what could become HTTP/2", "PRI * HT"],
  ["never end their headers", "POST / HTTP/1.1\r\nhost: a\r\n"],
  ["have been answered and ask nothing more", "GET / HTTP/1.1\r\nhost: a\r\n\r\n"],
  // A frame that is longer than it may be: the library answers that it goes, and stays.
  ["open HTTP/2 with what it does not begin with", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x37\x3f\x7a\x04\0\0\0\0\0abc"],
  ["open HTTP/2 and leave it at that", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"],
])("connections that %s are closed, also when they do not hang up", async (_, bytes) => {
  const { server, metrics } = await serving({ patience });
  const socket = await stubborn(server.port, bytes);
  socket.resume();
  await until(async () => (await connections(metrics)) === 1);
  await until(async () => (await connections(metrics)) === 0);
  socket.destroy();
});

test("HTTP/2 with a call in progress is not idle, however silent", async () => {
  const { url } = await serving({
    patience,
    services: [
      customHealth({
        ping: async ({ data }) => {
          await new Promise((resolve) => setTimeout(resolve, 600));
          return { data };
        },
      }),
    ],
  });
  const session = connectHttp2(url);
  session.on("error", () => undefined);
  const stream = session.request({
    ":method": "POST",
    ":path": "/grpc.health.v1.Health/Ping",
    "content-type": "application/grpc",
  });
  stream.end(Buffer.from([0, 0, 0, 0, 0])).resume();
  const status = await new Promise((resolve) => {
    stream.once("trailers", (trailers) => resolve(trailers["grpc-status"]));
    stream.once("close", () => resolve("broken off"));
  });
  expect(status).toBe("0");
  session.destroy();
});

const PAGE = "GET /page HTTP/1.1\r\nhost: a\r\n\r\n";

test("a page that nobody reads is broken off", async () => {
  const page = { path: "/page", contentType: "text/plain", text: () => "x".repeat(30_000_000) };
  const { server, metrics } = await serving({ patience, pages: [page] });
  const reader = await stubborn(server.port, PAGE);
  await until(async () => (await connections(metrics)) === 1);
  await until(async () => (await connections(metrics)) === 0);
  reader.destroy();
});

test("pages are made for some readers at a time, the others wait, and too many are sent away", async () => {
  const { promise, open } = latch();
  let shown = 0;
  const text = async (): Promise<string> => {
    shown++;
    await promise;
    return "page";
  };
  const { server, url } = await serving({ pages: [{ path: "/page", contentType: "text/plain", text }] });
  const all = PAGES_MAX + PAGE_QUEUE_MAX;
  const readers = await Promise.all(Array.from({ length: all }, () => stubborn(server.port, PAGE)));
  await until(
    async () =>
      (await fetch(`${url}/page`, { signal: AbortSignal.timeout(50) }).catch(() => undefined))?.status === 503,
  );
  expect(shown).toBe(PAGES_MAX);
  open();
  await until(() => shown >= all);
  for (const reader of readers) reader.destroy();
  expect(await fetch(`${url}/page`).then((response) => response.text())).toBe("page");
});
