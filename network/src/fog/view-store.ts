// `fogbow fog view-store`: one store of Fog View in this process, until a signal ends it.
import { parseShardingStrategy, runViewStore } from "@fogbow/fog-view";
import type { Command } from "commander";
import { type DatabaseOptions, withDatabase, withOpenDatabase } from "../db/database.ts";
import { withExamples } from "../examples.ts";
import { jsonLine } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { packageVersion } from "../version.ts";
import { enclavePlatform } from "./enclave-platform.ts";
import { RoleOptions } from "./role-options.ts";

const CAPACITY = 1_048_576;
const POLL_MS = 250;

/** Adds the command. */
export function addViewStoreCommand(fog: Command, surroundings: Surroundings): void {
  const command = fog
    .command("view-store")
    .description(
      "run a store of Fog View, which answers routers once it has loaded everything; it ends within a second of SIGTERM or " +
        "SIGINT. Every option can be a variable: FOGBOW_CHAIN_ID or MC_CHAIN_ID for --chain-id, and so on",
    )
    .option("--client-listen-uri <uri>", "where routers ask, such as insecure-fog-view-store://0.0.0.0:5600/")
    .option("--admin-listen-uri <uri>", "where figures and the log are, such as insecure-mca://127.0.0.1:5700/")
    .option("--client-responder-id <host:port>", "what routers know this store by; that of --client-listen-uri without")
    .option("--sharding-strategy <range>", "blocks that it is responsible for: default for all, or START-END")
    .option("--omap-capacity <records>", `records that its map is made for (${CAPACITY}), some 740 bytes each`)
    .option("--chain-id <id>", "name of the chain; callers that name another are refused")
    .option("--poll-interval-ms <ms>", `between two looks at the database (${POLL_MS})`)
    .option("--enclave-platform <kind>", "simulated, software-mode, gramine-sgx, tdx or sev-snp (simulated)")
    .option("--log-level <level>", "silent, error, warn, info, debug or trace (info)")
    .action(() => run(command, surroundings));
  withDatabase(command);
  withExamples(command, [
    [
      "fogbow fog view-store --client-listen-uri insecure-fog-view-store://127.0.0.1:5600/ --database-url postgres://localhost/fog",
      "one store for all blocks",
    ],
  ]);
}

async function run(command: Command, surroundings: Surroundings): Promise<void> {
  const { stdout, env } = surroundings;
  const stop = stopSignal(surroundings);
  const options = new RoleOptions(command, env);
  const log = options.log("fog-view-store", surroundings);
  const clientListen = options.uri("client-listen-uri", "fog-view-store");
  const responderId = options.text("client-responder-id") ?? clientListen.hostAndPort;
  const settings = {
    clientListen,
    adminListen: options.text("admin-listen-uri") === undefined ? undefined : options.uri("admin-listen-uri", "mca"),
    responderId,
    chainId: options.text("chain-id") ?? "",
    shard: parseShardingStrategy(options.text("sharding-strategy")),
    capacity: options.count("omap-capacity", CAPACITY),
    pollMs: options.count("poll-interval-ms", POLL_MS),
    enclave: { platform: enclavePlatform(options) },
  };
  await withOpenDatabase(command.opts<DatabaseOptions>(), env, async ({ db }) => {
    if (options.text("database-url", "DATABASE_URL") === undefined) await db.migrate(); // Nobody else has it open.
    const running = await runViewStore(settings, { db, log, version: packageVersion() });
    const { client, admin } = running.ports;
    stdout.write(jsonLine({ role: "fog-view-store", client, ...(admin !== undefined && { admin }) }));
    try {
      await Promise.race([stop, running.done]);
      log.info("the store stops");
    } finally {
      await running.close();
    }
  });
}
