// `fogbow fog report`: one report service in this process, until a signal ends it.
import { runFogReport } from "@fogbow/fog-report";
import { listenOptionsOf } from "@fogbow/server";
import type { Command } from "commander";
import { withOpenDatabase } from "../db/database.ts";
import { withExamples } from "../examples.ts";
import { jsonLine } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { packageVersion } from "../version.ts";
import { RoleOptions } from "./role-options.ts";

/** Adds the command. */
export function addReportCommand(fog: Command, surroundings: Surroundings): void {
  const command = fog
    .command("report")
    .description(
      "run a report service, which publishes the keys of ingest; it ends within a second of SIGTERM or SIGINT. Every option " +
        "can be a variable: FOGBOW_CHAIN_ID or MC_CHAIN_ID for --chain-id, and so on",
    )
    .option("--client-listen-uri <uri>", "where senders ask, such as insecure-fog://0.0.0.0:3225/")
    .option("--admin-listen-uri <uri>", "where figures and the log are, such as insecure-mca://127.0.0.1:9090/")
    .option("--signing-chain <file>", "certificates in PEM, leaf first")
    .option("--signing-key <file>", "the leaf's Ed25519 key, PKCS #8 in PEM")
    .option("--database-url <url>", "the recovery database, such as postgres://localhost/fog (DATABASE_URL)")
    .option("--chain-id <id>", "name of the chain; callers that name another are refused")
    .option("--log-level <level>", "silent, error, warn, info, debug or trace (info)")
    .action(() => run(command, surroundings));
  withExamples(command, [
    [
      "fogbow fog report --client-listen-uri insecure-fog://127.0.0.1:3225/ --signing-chain chain.pem --signing-key key.pem " +
        "--database-url postgres://localhost/fog",
      "one service",
    ],
  ]);
}

async function run(command: Command, surroundings: Surroundings): Promise<void> {
  const { stdout, env } = surroundings;
  const stop = stopSignal(surroundings);
  const options = new RoleOptions(command, env);
  const log = options.log("fog-report", surroundings);
  const adminUri = options.text("admin-listen-uri");
  const settings = {
    listen: listenOptionsOf(options.uri("client-listen-uri", "fog")),
    adminListen: adminUri === undefined ? undefined : listenOptionsOf(options.uri("admin-listen-uri", "mca")),
    signer: { chainPath: options.required("signing-chain"), keyPath: options.required("signing-key") },
    chainId: options.text("chain-id") ?? "",
    version: packageVersion(),
  };
  const databaseUrl = options.required("database-url", "DATABASE_URL");
  await withOpenDatabase({ databaseUrl }, env, async ({ db }) => {
    const running = await runFogReport(settings, { db, log });
    const { client, admin } = running.ports;
    stdout.write(jsonLine({ role: "fog-report", client, ...(admin !== undefined && { admin }) }));
    await stop;
    log.info("the report service stops");
    await running.close();
  });
}
