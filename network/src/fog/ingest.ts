// `fogbow fog ingest`: one ingest server in this process, until a signal ends it.
import { homedir } from "node:os";
import { join } from "node:path";
import { CHUNK_OUTPUTS_MAX, DEFAULTS, type RunIngestOptions, runIngest } from "@fogbow/fog-ingest";
import type { Command } from "commander";
import { type DatabaseOptions, withDatabase, withOpenDatabase } from "../db/database.ts";
import { withExamples } from "../examples.ts";
import { jsonLine } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { packageVersion } from "../version.ts";
import { enclavePlatform } from "./enclave-platform.ts";
import { RoleOptions } from "./role-options.ts";

/** Adds the command. */
export function addIngestCommand(fog: Command, surroundings: Surroundings): void {
  const command = fog
    .command("ingest")
    .description(
      "run an ingest server; idle with a new key, or what its state file says; it ends within a second of SIGTERM or SIGINT. " +
        "Every option can be a variable: FOGBOW_CHAIN_ID or MC_CHAIN_ID for --chain-id, and so on",
    )
    .option("--client-listen-uri <uri>", "where operators ask, such as insecure-fog-ingest://0.0.0.0:3221/")
    .option("--peer-listen-uri <uri>", "where peers ask, such as insecure-igp://0.0.0.0:8090/")
    .option("--admin-listen-uri <uri>", "where figures and the log are, such as insecure-mca://127.0.0.1:9090/")
    .option("--local-node-id <host:port>", "what peers know this server by; that of --peer-listen-uri without")
    .option("--peers <uris>", "all servers that share a key, this one included, between commas; only itself without")
    .option("--ledger-db <dir>", "the ledger's folder")
    .option("--watcher-db <dir>", "the watcher's folder")
    .option("--state-file <file>", "what is kept across a restart; ~/.mc-fog-ingest-state without")
    .option("--chain-id <id>", "name of the chain; callers that name another are refused")
    .option("--fog-report-id <id>", "which report is published; usually empty")
    .option("--pubkey-expiry-window <blocks>", `blocks that a report promises (${DEFAULTS.expiryWindow})`)
    .option("--user-capacity <outputs>", `outputs of one egress key, a power of two (${DEFAULTS.userCapacity})`)
    .option("--max-transactions <outputs>", `outputs in one call of the enclave (${CHUNK_OUTPUTS_MAX})`)
    .option("--poll-interval-ms <ms>", `between two looks for the next block (${DEFAULTS.pollMs})`)
    .option(
      "--watcher-timeout <seconds>",
      `how long the time of a block is waited for (${DEFAULTS.watcherTimeoutMs / 1_000})`,
    )
    .option("--peer-checkup-period <seconds>", `between two looks at peers (${DEFAULTS.peerCheckupMs / 1_000})`)
    .option("--auth-token-secret <hex>", "who calls must show tokens made with it; everybody may call without")
    .option("--enclave-platform <kind>", "simulated, software-mode, gramine-sgx, tdx or sev-snp (simulated)")
    .option("--enclave-state <dir>", "what a simulated platform keeps; beside the state file without")
    .option("--log-level <level>", "silent, error, warn, info, debug or trace (info)")
    .action(() => run(command, surroundings));
  withDatabase(command);
  withExamples(command, [
    [
      "fogbow fog ingest --client-listen-uri insecure-fog-ingest://127.0.0.1:3221/ --peer-listen-uri insecure-igp://127.0.0.1:8090/ " +
        "--ledger-db ledger --watcher-db watcher --state-file ingest-state --database-url postgres://localhost/fog",
      "one server",
    ],
  ]);
}

async function run(command: Command, surroundings: Surroundings): Promise<void> {
  const { stdout, env } = surroundings;
  const stop = stopSignal(surroundings);
  const options = new RoleOptions(command, env);
  const log = options.log("fog-ingest", surroundings);
  const ingest = ingestOptions(options);
  await withOpenDatabase(command.opts<DatabaseOptions>(), env, async ({ db }) => {
    if (options.text("database-url", "DATABASE_URL") === undefined) await db.migrate(); // Nobody else has it open.
    const running = await runIngest(ingest, { log, db, version: packageVersion() });
    const { client, peer, admin } = running.ports;
    stdout.write(jsonLine({ role: "fog-ingest", client, peer, ...(admin !== undefined && { admin }) }));
    try {
      await Promise.race([stop, running.done]);
      log.info("the ingest server stops");
    } finally {
      await running.close();
    }
  });
}

function ingestOptions(options: RoleOptions): RunIngestOptions {
  const peerListen = options.uri("peer-listen-uri", "igp");
  const localNodeId = options.text("local-node-id") ?? peerListen.responderId;
  const given = options.list("peers");
  const stateFile = options.text("state-file") ?? join(homedir(), ".mc-fog-ingest-state");
  const chunkOutputs = options.count("max-transactions", DEFAULTS.chunkOutputs);
  return {
    clientListen: options.uri("client-listen-uri", "fog-ingest"),
    peerListen,
    adminListen: options.text("admin-listen-uri") === undefined ? undefined : options.uri("admin-listen-uri", "mca"),
    localNodeId,
    peers: given.length > 0 ? given : [`${peerListen.isSecure ? "" : "insecure-"}igp://${localNodeId}/`],
    chainId: options.text("chain-id") ?? "",
    ledger: options.required("ledger-db"),
    watcher: options.required("watcher-db"),
    stateFile,
    tokens: options.tokens(),
    fogReportId: options.text("fog-report-id") ?? DEFAULTS.fogReportId,
    expiryWindow: BigInt(options.count("pubkey-expiry-window", Number(DEFAULTS.expiryWindow))),
    chunkOutputs: Math.max(1, Math.min(chunkOutputs, CHUNK_OUTPUTS_MAX)),
    pollMs: options.count("poll-interval-ms", DEFAULTS.pollMs),
    watcherTimeoutMs: options.count("watcher-timeout", DEFAULTS.watcherTimeoutMs / 1_000) * 1_000,
    peerCheckupMs: options.count("peer-checkup-period", DEFAULTS.peerCheckupMs / 1_000) * 1_000,
    enclave: {
      localNodeId,
      capacity: options.count("user-capacity", DEFAULTS.userCapacity),
      platform: enclavePlatform(options, options.text("enclave-state") ?? `${stateFile}-enclave`),
    },
  };
}
