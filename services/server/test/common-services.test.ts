// Tests of what operators see: health, build, figures, log.
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { BytesError, Secret } from "@fogbow/core-bytes";
import { AdminAPI, BuildInfoApi, BuildInfoSchema, Health, HealthCheckResponse_ServingStatus } from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";
import { adminService, buildInfoService, healthService } from "../src/index.ts";
import { LOG_ITEMS_MAX, LOG_TEXT_MAX } from "../src/limits.ts";
import { loggable } from "../src/log.ts";
import { serving } from "./serving.ts";

const BUILD = create(BuildInfoSchema, { gitCommit: "abc" });

test("health says what the service says", async () => {
  let isReady = false;
  const { url } = await serving({ services: [healthService(() => isReady)] });
  const client = createClient(Health, createGrpcTransport({ baseUrl: url }));
  const { SERVING, NOT_SERVING } = HealthCheckResponse_ServingStatus;
  expect((await client.check({ service: "anything" })).status).toBe(NOT_SERVING);
  isReady = true;
  expect((await client.check({})).status).toBe(SERVING);
});

test("the build info is told", async () => {
  const { url } = await serving({ services: [buildInfoService(BUILD)] });
  expect(await createClient(BuildInfoApi, createGrpcTransport({ baseUrl: url })).getBuildInfo({})).toEqual(BUILD);
});

test("an operator reads figures, configuration without secrets, and sets the level of the log", async () => {
  const base = await serving();
  const config = { port: 1, key: new Uint8Array(32), secret: new Secret(new Uint8Array(32)) };
  const admin = adminService({ name: "test", id: "t1", buildInfo: BUILD, config }, base);
  const { url } = await serving({ services: [admin] });
  const client = createClient(AdminAPI, createGrpcTransport({ baseUrl: url }));
  await createClient(Health, createGrpcTransport({ baseUrl: base.url })).check({});
  const { metrics } = await client.getPrometheusMetrics({});
  expect(metrics).toContain('rpc_seconds_count{rpc="grpc.health.v1.Health/Check",code="Ok"} 1');
  const info = await client.getInfo({});
  expect(info).toMatchObject({ name: "test", id: "t1", rustLog: "info", buildInfo: { gitCommit: "abc" } });
  expect(JSON.parse(info.buildInfoJson)).toEqual({ gitCommit: "abc" });
  expect(JSON.parse(info.configJson)).toEqual({ port: 1, key: "[32 bytes]", secret: "[secret]" });
  await client.testLogError({});
  expect(base.lines.map((line) => JSON.parse(line).msg)).toContain("test of the log");
  await client.setRustLog({ rustLog: "silent" });
  expect(base.log.level).toBe("silent");
  const refused = await client.setRustLog({ rustLog: "loud" }).catch(ConnectError.from);
  expect(refused).toMatchObject({ code: Code.InvalidArgument });
});

test("a page shows the figures to Prometheus", async () => {
  const { metrics } = await serving();
  const page = { path: "/metrics", contentType: metrics.registry.contentType, text: () => metrics.registry.metrics() };
  const broken = {
    path: "/broken",
    contentType: "text/plain",
    text: () => {
      throw new Error("No.");
    },
  };
  const { url } = await serving({ pages: [page, broken] });
  const response = await fetch(`${url}/metrics?x=1`);
  expect(response.headers.get("content-type")).toContain("text/plain");
  expect(await response.text()).toContain("connections");
  expect((await fetch(`${url}/broken`)).status).toBe(500);
});

test("a page that changes something is posted to, and told nothing", async () => {
  let count = 0;
  const page = { method: "POST", path: "/count", contentType: "text/plain", text: () => `${++count}` } as const;
  const { url } = await serving({ pages: [page] });
  const post = (headers = {}) => fetch(`${url}/count`, { method: "POST", body: "x".repeat(1_000), headers });
  expect(await (await post()).text()).toBe("1");
  expect((await fetch(`${url}/count`)).status).toBe(404);
  expect((await post({ origin: "https://evil.example" })).status).toBe(403);
  expect(count).toBe(1);
});

describe("the log", () => {
  test("writes no bytes, no secrets, no message of a foreign error, and no depth without end", () => {
    const loop: Record<string, unknown> = {};
    loop.loop = loop;
    class Wallet {
      readonly key = "private";
    }
    const fields = {
      text: "a",
      number: 1,
      big: 2n,
      flag: true,
      nothing: null,
      bytes: Uint8Array.of(1, 2),
      buffer: Buffer.from("abc"),
      secret: new Secret(Uint8Array.of(9)),
      ours: new BytesError("invalid-hex", "No hex."),
      foreign: Object.assign(new Error("password 123"), { code: "EIO" }),
      list: [1, Uint8Array.of(1)],
      wallet: new Wallet(),
      call: () => "x",
      map: new Map([["a", "b"]]),
    };
    expect(loggable(fields)).toEqual({
      text: "a",
      number: 1,
      big: "2",
      flag: true,
      nothing: null,
      bytes: "[2 bytes]",
      buffer: "[3 bytes]",
      secret: "[secret]",
      ours: { name: "BytesError", code: "invalid-hex", message: "No hex." },
      foreign: { name: "Error", code: "EIO" },
      list: [1, "[1 bytes]"],
      wallet: "[object]",
      call: "[function]",
      map: "[object]",
    });
    expect(JSON.stringify(loggable(loop))).toBe('{"loop":{"loop":{"loop":{"loop":"[…]"}}}}');
  });

  test("writes no more than a little of anything, and survives what it looks at", () => {
    const hostile = {
      get key(): string {
        throw new Error("No.");
      },
    };
    expect(loggable(hostile)).toBe("[object]");
    expect(loggable({ hostile, after: 1 })).toEqual({ hostile: "[object]", after: 1 });
    expect(loggable("a".repeat(LOG_TEXT_MAX + 1))).toBe(`${"a".repeat(LOG_TEXT_MAX)}…`);
    expect(loggable(new Array(1_000_000).fill(1))).toEqual([...new Array(LOG_ITEMS_MAX).fill(1), "[999936 more]"]);
    const wide = Object.fromEntries(Array.from({ length: LOG_ITEMS_MAX + 1 }, (_, i) => [`k${i}`, i]));
    expect(Object.keys(loggable(wide) as object)).toHaveLength(LOG_ITEMS_MAX + 1); // And how many more.
    expect(loggable(Object.create(null))).toBe("[object]");
    expect(loggable({ toJSON: () => "secret" })).toEqual({ toJSON: "[function]" });
    expect(loggable(new BytesError("invalid-hex", "b".repeat(5000)))).toMatchObject({ code: "invalid-hex" });
  });

  test("is one line of JSON for an event, with its time", async () => {
    const { log, lines } = await serving();
    log.warn("something", { value: 5n });
    log.debug("not at this level");
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ msg: "something", value: "5", name: "test" });
    expect(Date.parse(JSON.parse(lines[0] ?? "").time)).not.toBeNaN();
  });
});
