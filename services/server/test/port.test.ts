// Tests of the port: TLS, taken ports, reloading, draining.
import { writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { request as httpsRequest } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { connect as connectTls, type PeerCertificate } from "node:tls";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Health } from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";
import { serve } from "../src/index.ts";
import { DRAIN_MS_MAX } from "../src/limits.ts";
import { PATIENCE } from "../src/patience.ts";
import { customHealth, dial, ended, inProgress, latch, NOW, serving, until } from "./serving.ts";
import { filesOf, ONE, TWO, writeFiles } from "./test-certificates.ts";

const subjectOf = (port: number): Promise<PeerCertificate["subject"]> =>
  new Promise((resolve, reject) => {
    const socket = connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subject);
      socket.destroy();
    });
    socket.once("error", reject);
  });

describe("TLS", () => {
  test("serves gRPC and HTTP/1.1 on one port, agreed on in the handshake", async () => {
    const { url, server } = await serving({
      listen: { host: "127.0.0.1", port: 0, tls: writeFiles("tls", ONE) },
    });
    const nodeOptions = { rejectUnauthorized: false };
    const client = createClient(Health, createGrpcTransport({ baseUrl: url, nodeOptions }));
    expect((await client.ping({ data: Uint8Array.of(1) })).data).toEqual(Uint8Array.of(1));
    const status = await new Promise<number | undefined>((resolve, reject) => {
      httpsRequest(
        {
          host: "127.0.0.1",
          port: server.port,
          path: "/grpc.health.v1.Health/Check",
          method: "POST",
          rejectUnauthorized: false,
          headers: { "content-type": "application/json" },
        },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      )
        .on("error", reject)
        .end("{}");
    });
    expect(status).toBe(200);
  });

  test("uses new files when told to, and keeps the old ones when the new are broken", async () => {
    const files = writeFiles("changing", ONE);
    const { server } = await serving({ listen: { host: "127.0.0.1", port: 0, tls: files } });
    expect(await subjectOf(server.port)).toMatchObject({ CN: "one.test" });
    writeFiles("changing", TWO);
    expect(await subjectOf(server.port)).toMatchObject({ CN: "one.test" });
    server.reloadTls();
    expect(await subjectOf(server.port)).toMatchObject({ CN: "two.test" });
    writeFiles("changing", { ...ONE, privateKey: TWO.privateKey });
    expect(() => server.reloadTls()).toThrowError(expect.objectContaining({ code: "invalid-certificate" }));
    writeFileSync(files.certificateChainPath, "broken");
    expect(() => server.reloadTls()).toThrowError(expect.objectContaining({ code: "invalid-certificate" }));
    expect(await subjectOf(server.port)).toMatchObject({ CN: "two.test" });
  });

  test("needs files", async () => {
    const tls = filesOf("none");
    await expect(serving({ listen: { host: "127.0.0.1", port: 0, tls } })).rejects.toMatchObject({
      code: "invalid-certificate",
    });
  });
});

describe("a port that somebody has", () => {
  test("is waited for", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => blocker.once("listening", resolve));
    const { port } = blocker.address() as AddressInfo; // It listens on TCP.
    const opening = serving({ listen: { host: "127.0.0.1", port } });
    await new Promise((resolve) => setTimeout(resolve, 250));
    blocker.close();
    expect((await opening).server.port).toBe(port);
  });

  test("is given up after some time, ten seconds unless told otherwise", async () => {
    const { server } = await serving();
    const listen = { host: "127.0.0.1", port: server.port };
    await expect(serving({ listen, patience: { portRetryMs: 250 } })).rejects.toMatchObject({ code: "port-taken" });
    expect(PATIENCE.portRetryMs).toBe(10_000);
  });

  test("of another machine cannot be had", async () => {
    await expect(serving({ listen: { host: "192.0.2.1", port: 0 } })).rejects.toMatchObject({ code: "cannot-listen" });
  });
});

test("closing twice is closing once, and the port is free again at once", async () => {
  const { server, log, metrics } = await serving();
  await Promise.all([server.close(), server.close()]);
  const options = { listen: { host: "127.0.0.1", port: server.port }, services: [] };
  const next = await serve(options, { log, metrics, now: () => NOW });
  expect(next.port).toBe(server.port);
  await next.close();
});

test("clients of HTTP/2 are told to go", async () => {
  const { url, server } = await serving();
  const session = connectHttp2(url);
  const goaway = new Promise((resolve) => session.once("goaway", resolve));
  await new Promise((resolve) => session.once("remoteSettings", resolve));
  await server.close();
  expect(await goaway).toBe(0); // NO_ERROR
});

test("localhost is served on both of its addresses, whichever its callers take", async () => {
  const { server } = await serving({ listen: { host: "localhost", port: 0 } });
  const isIpv6There = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === "::1"));
  for (const host of isIpv6There ? ["127.0.0.1", "[::1]"] : ["127.0.0.1"]) {
    expect((await fetch(`http://${host}:${server.port}/nothing`)).status).toBe(404);
  }
  const listen = { host: "localhost", port: server.port };
  await expect(serving({ listen, patience: { portRetryMs: 0 } })).rejects.toMatchObject({ code: "port-taken" });
});

describe("a server that stops", () => {
  const ask = "POST /grpc.health.v1.Health/Ping HTTP/1.1\r\nhost: a\r\ncontent-type: application/proto\r\n";

  test("does not wait for connections of HTTP/1.1 to be used again", async () => {
    const { promise, open } = latch();
    const { server, metrics } = await serving({ services: [customHealth({ ping: () => promise.then(() => ({})) })] });
    const socket = await dial(server.port, `${ask}content-length: 0\r\n\r\n`);
    await until(async () => (await inProgress(metrics)) === 1);
    let isCut = false;
    const closing = server.close();
    const timer = setTimeout(() => {
      isCut = true;
    }, DRAIN_MS_MAX);
    open();
    await Promise.all([closing, ended(socket)]);
    clearTimeout(timer);
    expect(isCut).toBe(false);
  });

  test("cuts off who has not finished the handshake of TLS, or says no word after it", async () => {
    const { server } = await serving({ listen: { host: "127.0.0.1", port: 0, tls: writeFiles("stopping", ONE) } });
    const sockets = [await dial(server.port), await dial(server.port, "\x16\x03\x01")];
    const silent = connectTls({ host: "127.0.0.1", port: server.port, rejectUnauthorized: false });
    silent.on("error", () => undefined);
    await new Promise((resolve) => silent.once("secureConnect", resolve));
    await server.close();
    await Promise.all([...sockets, silent].map(ended));
  });
});
