// A client's process outlives servers that say goodbye at the worst moment.
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  createServer,
  type ServerHttp2Session,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Health } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { SteadySession } from "../src/index.ts";
import { serving } from "./serving.ts";

test("a goodbye while the next call begins is an error of that call, or of none", async () => {
  const sessions: ServerHttp2Session[] = [];
  const server = createServer((_, response) => {
    response.stream.respond(
      { ":status": 200, "content-type": "application/grpc", "grpc-status": "0" },
      { endStream: true },
    );
  });
  server.on("session", (session) => sessions.push(session));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // It listens on TCP.
  const manager = new SteadySession(`http://127.0.0.1:${port}`);
  const ask = async (): Promise<ClientHttp2Stream> => {
    const stream = await manager.request("POST", "/", {}, {});
    await new Promise((resolve) =>
      stream
        .on("error", () => undefined)
        .resume()
        .end()
        .once("close", resolve),
    );
    return stream;
  };
  const stream = await manager.request("POST", "/", {}, {});
  const session = stream.session as ClientHttp2Session; // A client's.
  await new Promise((resolve) => stream.resume().end().once("close", resolve));
  // The manager has heard the goodbye and gives the connection up; before Node says so, a call asks for another one.
  const next = new Promise((resolve) => session.once("goaway", () => resolve(ask())));
  sessions[0]?.goaway(constants.NGHTTP2_NO_ERROR);
  await next;
  expect(sessions).toHaveLength(2);
  manager.abort();
  for (const session of sessions) session.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test("calls work, and a server that comes back is found", async () => {
  const first = await serving();
  const manager = new SteadySession(first.url);
  const client = createClient(Health, createGrpcTransport({ baseUrl: first.url, sessionManager: manager }));
  await expect(client.check({})).resolves.toBeDefined();
  await first.server.close();
  expect(await client.check({}).catch(ConnectError.from)).toBeInstanceOf(ConnectError);
  await serving({ listen: { host: "127.0.0.1", port: first.server.port } });
  await expect(client.check({})).resolves.toBeDefined();
  manager.abort();
});
