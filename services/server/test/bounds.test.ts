// Tests of what happens at the bounds of an RPC: size, time, number.
import { type Client, Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { Health, HealthCheckResponse_ServingStatus } from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";
import { customHealth, dial, ended, latch, serving, until } from "./serving.ts";

const { SERVING } = HealthCheckResponse_ServingStatus;
const grpc = (baseUrl: string): Client<typeof Health> => createClient(Health, createGrpcTransport({ baseUrl }));
const connect = (baseUrl: string): Client<typeof Health> =>
  createClient(Health, createConnectTransport({ baseUrl, httpVersion: "1.1" }));
const codeOf = async (call: Promise<unknown>): Promise<Code | "ok"> =>
  call.then(
    () => "ok" as const,
    (error: unknown) => ConnectError.from(error).code,
  );
const clients: [string, typeof grpc][] = [
  ["gRPC", grpc],
  ["Connect", connect],
];

describe.each(clients)("%s", (_, client) => {
  test("a request that is too large is refused, one that just fits is answered", async () => {
    const { url } = await serving({
      services: [customHealth({ ping: ({ data }) => ({ data }) }, { requestBytesMax: 103 })],
    });
    expect(await codeOf(client(url).ping({ data: new Uint8Array(101) }))).toBe("ok");
    expect(await codeOf(client(url).ping({ data: new Uint8Array(102) }))).toBe(Code.ResourceExhausted);
  });

  test("a response that is too large is not sent", async () => {
    const { url } = await serving({
      services: [customHealth({ ping: () => ({ data: new Uint8Array(200) }) }, { responseBytesMax: 100 })],
    });
    expect(await codeOf(client(url).ping({}))).toBe(Code.ResourceExhausted);
  });

  test("a call that takes too long is ended, even when its implementation listens to nobody", async () => {
    const { promise, open } = latch();
    const { url } = await serving({
      services: [customHealth({ ping: () => promise.then(() => ({})) }, { deadlineMs: 50 })],
    });
    expect(await codeOf(client(url).ping({}))).toBe(Code.DeadlineExceeded);
    open();
  });

  test("calls wait for their turn, and one too many is told at once", async () => {
    const { promise, open } = latch();
    let inside = 0;
    let most = 0;
    const services = [
      customHealth(
        {
          check: async () => {
            most = Math.max(most, ++inside);
            await promise;
            inside--;
            return { status: SERVING };
          },
        },
        { concurrencyMax: 2, queueMax: 1 },
      ),
    ];
    const { url } = await serving({ services });
    const waiting = [1, 2, 3].map(() => codeOf(client(url).check({})));
    const codes: (Code | "ok")[] = [];
    while (codes.at(-1) !== Code.Unavailable) {
      // Until the three have arrived, a fourth call could take the place of one of them: it is given up after a moment.
      codes.push(await codeOf(client(url).check({}, { timeoutMs: 60 })));
    }
    open();
    expect((await Promise.all(waiting)).every((code) => code === "ok" || code === Code.Unavailable)).toBe(true);
    expect(most).toBe(2);
    expect(await codeOf(client(url).check({}))).toBe("ok");
  });

  test("a caller that goes away leaves its place to the next", async () => {
    const never = latch();
    let aborted = 0;
    const services = [
      customHealth(
        {
          check: (_request, { signal }) =>
            new Promise((_, reject) => {
              signal.addEventListener("abort", () => {
                aborted++;
                reject(signal.reason);
              });
              void never.promise;
            }),
          ping: ({ data }) => ({ data }),
        },
        { concurrencyMax: 1, queueMax: 0 },
      ),
    ];
    const { url } = await serving({ services });
    const controller = new AbortController();
    const call = codeOf(client(url).check({}, { signal: controller.signal }));
    while ((await codeOf(client(url).check({}, { timeoutMs: 40 }))) !== Code.Unavailable);
    controller.abort();
    expect(await call).toBe(Code.Canceled);
    let code: Code | "ok" = Code.Unavailable;
    while (code === Code.Unavailable) code = await codeOf(client(url).check({}, { timeoutMs: 40 }));
    expect(code).toBe(Code.DeadlineExceeded); // It was let in.
    expect(aborted).toBeGreaterThan(0);
  });

  test("an implementation that ignores the end of its call keeps its place until it is done", async () => {
    const { promise, open } = latch();
    const services = [
      customHealth({ ping: () => promise.then(() => ({})) }, { concurrencyMax: 1, queueMax: 0, deadlineMs: 30 }),
    ];
    const { url } = await serving({ services });
    expect(await codeOf(client(url).ping({}))).toBe(Code.DeadlineExceeded);
    expect(await codeOf(client(url).ping({}))).toBe(Code.Unavailable);
    open();
    let code: Code | "ok" = Code.Unavailable;
    while (code === Code.Unavailable) code = await codeOf(client(url).ping({}));
    expect(code).toBe("ok");
  });

  test("an error of the implementation tells the caller nothing, and the log its name only", async () => {
    const services = [
      customHealth({
        ping: () => {
          throw new TypeError("the secret is rosebud");
        },
      }),
    ];
    const { url, lines } = await serving({ services });
    const error = await client(url).ping({}).catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.Internal });
    expect(`${error}`).not.toContain("rosebud");
    await until(() => lines.length > 0);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ msg: "call failed", error: { name: "TypeError" } });
    expect(lines.join("")).not.toContain("rosebud");
  });
});

test("an implementation that gave up what it was at says so with no word of its own", async () => {
  const ping = (): never => {
    throw Object.assign(new Error("the secret is rosebud"), { name: "AbortError" });
  };
  const { url } = await serving({ services: [customHealth({ ping })] });
  const error = await grpc(url).ping({}).catch(ConnectError.from);
  expect(error).toMatchObject({ code: Code.Canceled, rawMessage: "The call was cancelled." });
});

describe("streams", () => {
  async function* beats(count: number, everyMs: number): AsyncGenerator<{ status: typeof SERVING }> {
    for (let i = 0; i < count; i++) {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      yield { status: SERVING };
    }
  }
  const watch = async (client: Client<typeof Health>): Promise<number> => {
    let count = 0;
    for await (const _status of client.watch({})) count++;
    return count;
  };

  test.each(clients)("over %s may last longer than the deadline, as long as something comes", async (_, client) => {
    const { url } = await serving({ services: [customHealth({ watch: () => beats(6, 40) }, { deadlineMs: 120 })] });
    expect(await watch(client(url))).toBe(6);
  });

  test.each(clients)("over %s end when nothing comes any more", async (_, client) => {
    const { url } = await serving({ services: [customHealth({ watch: () => beats(2, 400) }, { deadlineMs: 100 })] });
    expect(await codeOf(watch(client(url)))).toBe(Code.DeadlineExceeded);
  });
});

test("a body that comes too slowly is not waited for", async () => {
  const { server, url } = await serving({
    services: [customHealth({ ping: ({ data }) => ({ data }) }, { deadlineMs: 100 })],
  });
  const head = "POST /grpc.health.v1.Health/Ping HTTP/1.1\r\nhost: a\r\ncontent-type: application/proto\r\n";
  const socket = await dial(server.port, `${head}content-length: 100\r\n\r\nabc`);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  await ended(socket);
  expect(answer).toMatch(/^HTTP\/1.1 504 /);
  expect(answer).toContain("deadline_exceeded");
  expect(await codeOf(connect(url).ping({}))).toBe("ok");
});

test("a response that nobody reads is broken off", async () => {
  const { promise, open } = latch();
  const services = [
    customHealth(
      { ping: () => ({ data: new Uint8Array(60_000_000) }) },
      { deadlineMs: 300, responseBytesMax: 100_000_000 },
    ),
  ];
  const { server, metrics } = await serving({ services });
  const head = "POST /grpc.health.v1.Health/Ping HTTP/1.1\r\nhost: a\r\ncontent-type: application/proto\r\n";
  const socket = await dial(server.port, `${head}content-length: 0\r\n\r\n`);
  socket.pause();
  const value = async (): Promise<number> => (await metrics.connections.get()).values[0]?.value ?? -1;
  while ((await value()) !== 0) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await metrics.registry.metrics()).toContain('Ping",code="DeadlineExceeded"} 1');
  socket.destroy();
  open();
  await promise;
});
