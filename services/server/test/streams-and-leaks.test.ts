// Tests that a call gives back everything it took, however it ends: its place, its timers, its implementation.
import { getEventListeners } from "node:events";
import { request as httpRequest } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { Code, ConnectError, createClient, createContextValues } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { Health, HealthCheckResponse_ServingStatus } from "@fogbow/core-wire";
import { describe, expect, test, vi } from "vitest";
import { bounded } from "../src/call.ts";
import { CallSignal } from "../src/call-signal.ts";
import { customHealth, dial, ended, inProgress, latch, serving, until } from "./serving.ts";

const { SERVING } = HealthCheckResponse_ServingStatus;
const PATH = "/grpc.health.v1.Health/Check";
const POST = `POST ${PATH} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`;

describe("requests sent ahead of the answers", () => {
  test("give their places back when their connection is lost", async () => {
    const { promise, open } = latch();
    const check = async (): Promise<{ status: typeof SERVING }> => {
      await promise;
      return { status: SERVING };
    };
    const { server, url, metrics } = await serving({
      services: [customHealth({ check }, { concurrencyMax: 3, queueMax: 0 })],
    });
    const socket = await dial(server.port, POST + POST + POST);
    await until(async () => (await inProgress(metrics)) === 3);
    socket.destroy();
    await until(async () => ((await metrics.connections.get()).values[0]?.value ?? 0) === 0);
    open();
    await until(async () => (await inProgress(metrics)) === 0);
    const client = createClient(Health, createConnectTransport({ baseUrl: url, httpVersion: "1.1" }));
    const calls = await Promise.all([1, 2, 3].map(() => client.check({})));
    expect(calls.map(({ status }) => status)).toEqual([SERVING, SERVING, SERVING]);
  });

  test("are few, or the connection is cut", async () => {
    const { promise, open } = latch();
    let calls = 0;
    const check = async (): Promise<{ status: typeof SERVING }> => {
      calls++;
      await promise;
      return { status: SERVING };
    };
    const { server } = await serving({ services: [customHealth({ check })] });
    await ended(await dial(server.port, POST.repeat(200)));
    expect(calls).toBeLessThanOrEqual(4);
    open();
  });
});

test("who is answered before having said everything is not listened to for ever, whatever was asked for", async () => {
  const page = { path: "/page", contentType: "text/plain", text: () => "page" };
  const { server } = await serving({ pages: [page] });
  const heads = ["POST /nothing", `OPTIONS ${PATH}`, "GET /page", `DELETE ${PATH}`];
  await Promise.all(
    heads.map(async (head) => {
      const socket = await dial(server.port, `${head} HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n`);
      const drip = setInterval(() => socket.write("a"), 50);
      await ended(socket);
      clearInterval(drip);
    }),
  );
});

test("a call over HTTP/2 that is refused in the middle of its body gives its place back soon", async () => {
  const services = [customHealth({ ping: ({ data }) => ({ data }) }, { concurrencyMax: 1, requestBytesMax: 1000 })];
  const { url, metrics } = await serving({ services });
  const session = connectHttp2(url);
  const stream = session.request({
    ":method": "POST",
    ":path": "/grpc.health.v1.Health/Ping",
    "content-type": "application/grpc",
  });
  const trailers = new Promise<Record<string, unknown>>((resolve) => stream.once("trailers", resolve));
  stream.resume();
  stream.write(Buffer.concat([Buffer.from([0, 0, 0x10, 0, 0]), new Uint8Array(500_000)])); // More than it says; no end.
  expect((await trailers)["grpc-status"]).toBe(String(Code.ResourceExhausted));
  await new Promise((resolve) => stream.once("close", resolve));
  expect(stream.rstCode).toBe(0); // Nothing is wrong with the answer.
  await until(async () => (await inProgress(metrics)) === 0);
  session.destroy();
});

describe("a stream whose caller is gone", () => {
  test("is ended in its implementation, which cleans up", async () => {
    const cleaned = latch();
    const services = [
      customHealth({
        watch: async function* () {
          try {
            for (;;) {
              yield { status: SERVING };
              await new Promise((resolve) => setTimeout(resolve, 5));
            }
          } finally {
            cleaned.open();
          }
        },
      }),
    ];
    const { url } = await serving({ services });
    const controller = new AbortController();
    const client = createClient(Health, createGrpcTransport({ baseUrl: url }));
    const watch = async (): Promise<void> => {
      for await (const _status of client.watch({}, { signal: controller.signal })) controller.abort();
    };
    expect(await watch().catch(ConnectError.from)).toMatchObject({ code: Code.Canceled });
    await cleaned.promise;
  });

  test("keeps its place until its implementation is done", async () => {
    const { promise, open } = latch();
    const noticed = latch();
    const services = [
      customHealth(
        {
          watch: async function* (_request, { signal }) {
            signal.addEventListener("abort", noticed.open);
            yield { status: SERVING };
            await promise; // Listens to nobody.
          },
        },
        { concurrencyMax: 1, queueMax: 0 },
      ),
    ];
    const { url, metrics } = await serving({ services });
    const client = createClient(Health, createGrpcTransport({ baseUrl: url }));
    const first = async (): Promise<void> => {
      const gone = new AbortController();
      for await (const _status of client.watch({}, { signal: gone.signal })) gone.abort();
    };
    expect(await first().catch(ConnectError.from)).toMatchObject({ code: Code.Canceled });
    await noticed.promise;
    for (let i = 0; i < 3; i++) {
      expect(await first().catch(ConnectError.from)).toMatchObject({ code: Code.Unavailable });
    }
    open();
    await until(async () => (await inProgress(metrics)) === 0);
    expect(await first().catch(ConnectError.from)).toMatchObject({ code: Code.Canceled });
  });
});

test("what is over before it has begun is not begun", async () => {
  const next = vi.fn();
  const call = { signal: AbortSignal.abort(new Error("gone")), contextValues: createContextValues(), stream: false };
  // All that the interceptor looks at.
  const begun = bounded(next)(call as unknown as Parameters<ReturnType<typeof bounded>>[0]);
  await expect(begun).rejects.toThrow();
  expect(next).not.toHaveBeenCalled();
});

test("a call that is over leaves nothing behind in the signal of the server", () => {
  const { signal: shutdown } = new AbortController();
  const ending = new CallSignal(60_000, shutdown, { closed: Promise.resolve(true), breakOff: () => undefined });
  expect(getEventListeners(shutdown, "abort")).toHaveLength(1);
  ending.close();
  expect(getEventListeners(shutdown, "abort")).toHaveLength(0);
  expect(ending.reason).toMatchObject({ code: Code.Canceled });
});

test("a caller may say that it would wait for years", async () => {
  const { url } = await serving();
  const ping = (headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const type = { "content-type": "application/json" };
      const options = { method: "POST", headers: { ...type, ...headers } };
      const request = httpRequest(`${url}/grpc.health.v1.Health/Check`, options, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.once("error", reject).end("{}");
    });
  expect(await ping({ "connect-timeout-ms": "9999999999" })).toBe(200);
  const client = createClient(Health, createGrpcTransport({ baseUrl: url }));
  for (const timeout of ["99999999H", "99999999S", "1H", "5S"]) {
    expect((await client.check({}, { headers: { "grpc-timeout": timeout } })).status).toBe(SERVING);
  }
});

test("figures tell calls that were broken off, or never understood, from those that were answered", async () => {
  const services = [
    customHealth({ check: () => new Promise(() => undefined), ping: ({ data }) => ({ data }) }, { deadlineMs: 5_000 }),
  ];
  const { url, metrics } = await serving({ services });
  const client = createClient(Health, createGrpcTransport({ baseUrl: url }));
  await client.ping({});
  await fetch(`${url}/grpc.health.v1.Health/Ping`, {
    method: "POST",
    headers: { "content-type": "application/grpc-web+proto" },
    body: Uint8Array.of(0, 0xff, 0xff, 0xff, 0xff),
  }).then((response) => response.arrayBuffer());
  const count = (code: string): Promise<boolean> =>
    metrics.registry
      .metrics()
      .then((text) => text.includes(`rpc_seconds_count{rpc="grpc.health.v1.Health/Ping",code="${code}"} 1`));
  await until(() => count("Ok"));
  await until(() => count("InvalidArgument"));
});
