import { createClient } from "@connectrpc/connect";
import { Health, HealthCheckResponse_ServingStatus } from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";
import {
  baseUrlOf,
  createLog,
  createMetrics,
  healthService,
  listenOptionsOf,
  parseServiceUri,
  serve,
  serviceClient,
} from "../src/index.ts";

describe("a URI of a service", () => {
  test("has the ports of its scheme", () => {
    expect(parseServiceUri("insecure-igp://localhost/", "igp")).toMatchObject({ isSecure: false, port: 8090 });
    expect(parseServiceUri("igp://ingest.example", "igp")).toMatchObject({ isSecure: true, port: 8453 });
    expect(parseServiceUri("insecure-fog-ingest://h:80/", "igp", "fog-ingest")).toMatchObject({ port: 80 });
  });

  test("says who its service is", () => {
    const uri = parseServiceUri("insecure-igp://u:p%40@[::1]:0/?responder-id=a:1&sharding_strategy=&x=2", "igp");
    expect(uri).toMatchObject({ host: "::1", port: 0, user: "u", password: "p@", hostAndPort: "[::1]:0" });
    expect(uri.responderId).toBe("a:1");
    expect([uri.param("sharding_strategy"), uri.param("x")]).toEqual([undefined, "2"]);
    expect(baseUrlOf(uri)).toBe("http://[::1]:0");
    expect(listenOptionsOf(uri)).toEqual({ host: "::1", port: 0 });
  });

  test.each(["", "igp", "igp://", "igp:// a/", "http://a/", "igp://a:99999/", "igp://a:b/", "igp://%zz@a/"])(
    "is not %j",
    (text) => {
      expect(() => parseServiceUri(text, "igp")).toThrow(expect.objectContaining({ code: "invalid-uri" }));
    },
  );

  test("with TLS names its files where it is listened on", () => {
    expect(() => listenOptionsOf(parseServiceUri("igp://h/", "igp"))).toThrow("tls-chain");
    const uri = parseServiceUri("igp://h/?tls-chain=a.pem&tls-key=b.pem", "igp");
    expect(listenOptionsOf(uri).tls).toEqual({ certificateChainPath: "a.pem", privateKeyPath: "b.pem" });
  });
});

test("a service is called at its URI, under the name of its chain", async () => {
  const parts = { log: createLog({ name: "test", level: "silent" }), metrics: createMetrics(), now: Date.now };
  const listen = listenOptionsOf(parseServiceUri("insecure-mca://127.0.0.1:0/", "mca"));
  const served = { ...healthService(() => true), isOpen: false }; // Health would ask for no chain.
  const server = await serve({ listen, services: [served], chainId: "here" }, parts);
  const uri = parseServiceUri(`insecure-mca://127.0.0.1:${server.port}/`, "mca");
  const options = { timeoutMs: 5_000, answerBytesMax: 1_024 };
  const client = serviceClient(uri, { ...options, chainId: "here" });
  const stranger = serviceClient(uri, { ...options, chainId: "elsewhere", authorization: () => "Basic x" });
  const { status } = await createClient(Health, client.transport).check({});
  expect(status).toBe(HealthCheckResponse_ServingStatus.SERVING);
  await expect(createClient(Health, stranger.transport).check({})).rejects.toThrow("chain-id mismatch: 'here'");
  client.close();
  stranger.close();
  await server.close();
});
