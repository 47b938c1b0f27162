// `fogbow fog admin-gateway`: what a service tells its administrator over gRPC, for whoever speaks plain HTTP: a browser, a scraper of
// figures. It keeps nothing and may start before its service.
import { create } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { AdminAPI, BuildInfoSchema, type GetInfoResponse } from "@fogbow/core-wire";
import { buildInfoService, createMetrics, healthService, type Page, serve, serviceClient } from "@fogbow/server";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { jsonLine } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { packageVersion } from "../version.ts";
import { ADMIN_ANSWER_BYTES_MAX, ADMIN_CALL_MS_MAX } from "./limits.ts";
import { RoleOptions } from "./role-options.ts";

const [HOST, PORT] = ["127.0.0.1", 9090];

/** Adds the command. */
export function addAdminGatewayCommand(fog: Command, surroundings: Surroundings): void {
  const command = fog
    .command("admin-gateway")
    .description(
      "show what a service tells its administrator as pages: GET /info, a JSON object, and GET /metrics, for Prometheus. It starts " +
        "whether or not its service is there, and ends within a second of SIGTERM or SIGINT. Every option can be a variable: " +
        "FOGBOW_ADMIN_URI or MC_ADMIN_URI for --admin-uri, and so on",
    )
    .option("--listen-host <host>", `where pages are asked for (${HOST})`)
    .option("--listen-port <port>", `and its port (${PORT})`)
    .option("--admin-uri <uri>", "the service's --admin-listen-uri, such as insecure-mca://127.0.0.1:4400/")
    .option("--log-level <level>", "silent, error, warn, info, debug or trace (info)")
    .action(() => run(command, surroundings));
  withExamples(command, [
    ["fogbow fog admin-gateway --listen-port 4500 --admin-uri insecure-mca://127.0.0.1:4400/", "of an ingest server"],
  ]);
}

async function run(command: Command, surroundings: Surroundings): Promise<void> {
  const stop = stopSignal(surroundings);
  const options = new RoleOptions(command, surroundings.env);
  const log = options.log("admin-gateway", surroundings);
  const port = options.count("listen-port", PORT);
  if (port > 65_535) throw new CommandError("invalid-argument", `--listen-port is at most 65535, not ${port}.`);
  const listen = { host: options.text("listen-host") ?? HOST, port };
  const service = serviceClient(options.uri("admin-uri", "mca"), {
    timeoutMs: ADMIN_CALL_MS_MAX,
    answerBytesMax: ADMIN_ANSWER_BYTES_MAX,
  });
  const admin = createClient(AdminAPI, service.transport);
  const pages: Page[] = [
    { path: "/info", contentType: "application/json", text: async () => infoText(await admin.getInfo({})) },
    {
      path: "/metrics",
      contentType: "text/plain; version=0.0.4; charset=utf-8",
      text: async () => (await admin.getPrometheusMetrics({})).metrics,
    },
  ];
  const common = [
    healthService(() => true),
    buildInfoService(create(BuildInfoSchema, { gitCommit: packageVersion() })),
  ];
  const parts = { log, metrics: createMetrics(), now: Date.now };
  const server = await serve({ listen, services: common, pages }, parts);
  surroundings.stdout.write(jsonLine({ role: "admin-gateway", client: server.port }));
  await stop;
  service.close();
  await server.close();
}

/** The texts of JSON in an answer become what they say. */
function infoText({ name, id, buildInfoJson, configJson, rustLog }: GetInfoResponse): string {
  const info = { name, id, build_info: parsed(buildInfoJson), config: parsed(configJson), rust_log: rustLog };
  return `${JSON.stringify(info)}\n`;
}

/** A service that is not ours may leave one empty. */
const parsed = (text: string): unknown => (text === "" ? {} : JSON.parse(text));
