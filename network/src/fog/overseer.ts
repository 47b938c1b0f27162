// `fogbow fog overseer`: watches the ingest servers and lets one take over when none is active (spec 03 §2.13).
import { runOverseer } from "@fogbow/fog-overseer";
import { createLog, listenOptionsOf, parseServiceUri } from "@fogbow/server";
import type { Command } from "commander";
import { type DatabaseOptions, openDatabase, withDatabase } from "../db/database.ts";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { packageVersion } from "../version.ts";

interface OverseerOptions extends DatabaseOptions, JsonOption {
  readonly ingestClusterUris?: string;
  readonly chainId?: string;
  readonly adminListenUri?: string;
  readonly pollIntervalMs?: string;
}

const LISTEN_URI = "insecure-mca://127.0.0.1:4266/";

/** Adds the command. */
export function addOverseerCommand(fog: Command, surroundings: Surroundings): void {
  const command = withDatabase(fog.command("overseer"))
    .description(
      "watch all ingest servers and let one take over when none is active. It does nothing until it is enabled: POST " +
        "/enable, /disable; GET /status, /ingest_summaries, /metrics. Several may run: one leads, by a lease in the database",
    )
    .option(
      "--ingest-cluster-uris <uris>",
      "all ingest servers, such as insecure-fog-ingest://127.0.0.1:3221/, with commas between (INGEST_CLUSTER_URIS)",
    )
    .option("--chain-id <id>", "name of the chain, which servers are told (MC_CHAIN_ID)")
    .option("--admin-listen-uri <uri>", `where it is asked and told, ${LISTEN_URI} by default (MC_ADMIN_LISTEN_URI)`)
    .option("--poll-interval-ms <ms>", "between two looks at the servers, 5000 by default (MC_POLL_INTERVAL_MS)")
    .option("--json", JSON_HELP)
    .action((options: OverseerOptions) => run(options, surroundings));
  withExamples(command, [
    ["fogbow fog overseer --ingest-cluster-uris insecure-fog-ingest://a:3221/,insecure-fog-ingest://b:3221/", "two"],
    ["curl -X POST http://127.0.0.1:4266/enable", "let it act; that stays in the database"],
  ]);
}

async function run(options: OverseerOptions, surroundings: Surroundings): Promise<void> {
  const { stdout, stderr, env } = surroundings;
  const stop = stopSignal(surroundings);
  const ingestUris = (options.ingestClusterUris ?? env.INGEST_CLUSTER_URIS ?? "")
    .split(",")
    .filter((uri) => uri !== "");
  if (ingestUris.length === 0) throw new CommandError("invalid-argument", "--ingest-cluster-uris is missing.");
  const listen = listenOptionsOf(
    parseServiceUri(options.adminListenUri || env.MC_ADMIN_LISTEN_URI || LISTEN_URI, "mca"),
  );
  const pollMs = interval(options.pollIntervalMs || env.MC_POLL_INTERVAL_MS || undefined);
  const log = createLog({ name: "fog-overseer" }, { destination: { write: (line) => stderr.write(line) } });
  const { db, name } = await openDatabase(options, env);
  try {
    const chainId = options.chainId ?? env.MC_CHAIN_ID ?? "";
    const running = await runOverseer(
      { ingestUris, chainId, listen, ...(pollMs !== undefined && { pollMs }), version: packageVersion() },
      { db, log },
    );
    const facts = { database: name, nodes: ingestUris.length, port: running.port };
    stdout.write(options.json === true ? jsonLine(facts) : rows(Object.entries(facts)));
    await stop;
    await running.close();
  } finally {
    await db.close();
  }
}

/** Milliseconds of text. Throws `invalid-argument`. */
function interval(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new CommandError("invalid-argument", `--poll-interval-ms is a number of milliseconds, not ${text}.`);
  }
  return Number(text);
}
