// Tests of a server as a process: its memory, its descriptors, its end.
import type { Socket } from "node:net";
import { type Client, Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { Health } from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";
import { startServer } from "./server-process.ts";
import { dial, ended } from "./serving.ts";

const grpc = (baseUrl: string): Client<typeof Health> => createClient(Health, createGrpcTransport({ baseUrl }));
const connect = (baseUrl: string): Client<typeof Health> =>
  createClient(Health, createConnectTransport({ baseUrl, httpVersion: "1.1" }));

async function dialMany(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => dial(port)))));
  }
  return sockets;
}

test("five thousand connections that say nothing leave the others served, in bounded memory", async () => {
  const { port, url, vitals } = await startServer();
  await grpc(url).check({});
  const before = await vitals();
  const sockets = await dialMany(port, 5000);
  while ((await vitals()).connections < 5000);
  await Promise.all([grpc(url).check({}), connect(url).check({})]);
  expect((await vitals()).rss - before.rss).toBeLessThan(100 * 1024 * 1024);
  for (const socket of sockets) socket.destroy();
});

test("a server that is out of descriptors serves whom it has, and others when there is room again", async () => {
  const { port, url, vitals } = await startServer(192);
  const early = grpc(url);
  await early.check({});
  const sockets = await dialMany(port, 400);
  for (let i = 0; i < 5; i++) await early.check({});
  expect((await vitals()).connections).toBeLessThanOrEqual(64);
  for (const socket of sockets) socket.destroy();
  while ((await vitals()).connections > 2);
  await connect(url).check({});
});

describe("SIGTERM", () => {
  test("lets a call end, refuses new ones, and the process is gone within a second", async () => {
    const { port, url, terminate } = await startServer();
    const client = grpc(url);
    await client.check({});
    const idle = [await dial(port), await dial(port, "POST / HTTP/1.1\r\n")];
    const call = client.ping({ data: new Uint8Array(400) });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const gone = terminate();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await connect(url).check({}).catch(ConnectError.from)).toMatchObject({ code: Code.Unavailable });
    expect((await call).data.length).toBe(400);
    await Promise.all(idle.map(ended));
    const { code, ms } = await gone;
    expect(code).toBe(0);
    expect(ms).toBeLessThan(1000); // The promise of the operators' page, with a wide margin inside it.
  });

  test("ends calls that would take longer", async () => {
    const { url, terminate } = await startServer();
    const call = grpc(url)
      .ping({ data: new Uint8Array(1900) })
      .catch(ConnectError.from);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { code, ms } = await terminate();
    expect(await call).toMatchObject({ code: Code.Unavailable });
    expect(code).toBe(0);
    expect(ms).toBeLessThan(1000);
  });
});
