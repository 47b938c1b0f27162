// The gateway in front of an admin URI: it is there before its service, and shows what the service says once it says something.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { create } from "@bufbuild/protobuf";
import { BuildInfoSchema } from "@fogbow/core-wire";
import { adminService, createLog, createMetrics, serve } from "@fogbow/server";
import { expect, test } from "vitest";
import { run, stop } from "./run-command.ts";

const program = fileURLToPath(new URL("../bin/fogbow.js", import.meta.url));

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const parts = { log: createLog({ name: "test", level: "silent" }), metrics: createMetrics(), now: Date.now };
  const server = await serve({ listen: { host: "127.0.0.1", port: 0 }, services: [] }, parts);
  await server.close();
  return server.port;
}

test("it starts before its service, shows its pages when the service is there, and ends at SIGTERM", async () => {
  const servicePort = await freePort();
  const gateway = spawn(
    process.execPath,
    [
      ...[program, "fog", "admin-gateway", "--listen-host", "127.0.0.1", "--listen-port", "0"],
      ...["--admin-uri", `insecure-mca://127.0.0.1:${servicePort}/`, "--log-level", "error"],
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const gone = once(gateway, "close");
  const [line] = await once(createInterface({ input: gateway.stdout }), "line");
  const { role, client: port } = JSON.parse(String(line));
  expect(role).toBe("admin-gateway");
  const page = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
  expect((await page("/info")).status).toBe(500);
  expect((await page("/metrics")).status).toBe(500);
  expect((await page("/elsewhere")).status).toBe(404);

  const metrics = createMetrics();
  const log = createLog({ name: "test", level: "silent" });
  const buildInfo = create(BuildInfoSchema, { gitCommit: "abc" });
  const config = { chainId: "local" };
  const admin = adminService({ name: "fog-ingest", id: "node", buildInfo, config }, { log, metrics });
  const listen = { host: "127.0.0.1", port: servicePort };
  const service = await serve({ listen, services: [admin] }, { log, metrics, now: Date.now });
  const info = await page("/info");
  expect([info.status, info.headers.get("content-type")]).toEqual([200, "application/json"]);
  const said = (await info.json()) as { readonly build_info: unknown };
  expect(said).toMatchObject({ name: "fog-ingest", id: "node", config: { chainId: "local" }, rust_log: "silent" });
  expect(said.build_info).toMatchObject({ gitCommit: "abc" });
  const figures = await page("/metrics");
  expect(figures.status).toBe(200);
  expect(await figures.text()).toContain("rpc_in_progress");
  await service.close();

  const began = performance.now();
  gateway.kill("SIGTERM");
  expect(await gone).toEqual([0, null]);
  expect(performance.now() - began).toBeLessThan(1_500);
}, 60_000);

test("it refuses ports and URIs that are none", async () => {
  const gateway = ["fog", "admin-gateway"];
  await stop([...gateway, "--admin-uri", "insecure-mca://127.0.0.1:1/", "--listen-port", "65536"], "invalid-argument");
  await stop(gateway, "invalid-argument");
  expect((await run([...gateway, "--admin-uri", "http://127.0.0.1:1/"])).error).toContain("mca://");
});
