// `fogbow fog key-image-store`: the key images of one shard in this process, until a signal ends it.
import { parseShardingStrategy, runKeyImageStore } from "@fogbow/fog-ledger";
import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { jsonLine } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { packageVersion } from "../version.ts";
import { enclavePlatform } from "./enclave-platform.ts";
import { RoleOptions } from "./role-options.ts";

const CAPACITY = 1_048_576;

/** Adds the command. */
export function addKeyImageStoreCommand(fog: Command, surroundings: Surroundings): void {
  const command = fog
    .command("key-image-store")
    .description(
      "run a store of key images, which routers ask; it ends within a second of SIGTERM or SIGINT. Every option can be a " +
        "variable: FOGBOW_CHAIN_ID or MC_CHAIN_ID for --chain-id, and so on",
    )
    .option(
      "--client-listen-uri <uri>",
      "where routers ask, such as insecure-key-image-store://0.0.0.0:3223/?sharding_strategy=default",
    )
    .option("--client-responder-id <host:port>", "what routers know it by; that of --client-listen-uri without")
    .option("--admin-listen-uri <uri>", "where figures and the log are, such as insecure-mca://127.0.0.1:9090/")
    .option("--ledger-db <dir>", "the ledger's folder")
    .option("--watcher-db <dir>", "the watcher's folder")
    .option("--sharding-strategy <blocks>", "default, which is all blocks, or START-END, without the last")
    .option("--key-image-capacity <number>", `key images that there is room for, a power of two (${CAPACITY})`)
    .option("--chain-id <id>", "name of the chain; routers that name another are refused")
    .option("--poll-interval-ms <ms>", "between two looks for the next block (250)")
    .option("--watcher-timeout <seconds>", "how long the time of a block is waited for (5)")
    .option("--enclave-platform <kind>", "simulated, software-mode, gramine-sgx, tdx or sev-snp (simulated)")
    .option("--log-level <level>", "silent, error, warn, info, debug or trace (info)")
    .action(() => run(command, surroundings));
  withExamples(command, [
    [
      "fogbow fog key-image-store --client-listen-uri insecure-key-image-store://127.0.0.1:3224/ --ledger-db ledger --watcher-db watcher",
      "one store of all blocks",
    ],
  ]);
}

async function run(command: Command, surroundings: Surroundings): Promise<void> {
  const { stdout, env } = surroundings;
  const stop = stopSignal(surroundings);
  const options = new RoleOptions(command, env);
  const log = options.log("key-image-store", surroundings);
  const clientListen = options.uri("client-listen-uri", "key-image-store");
  const strategy = options.text("sharding-strategy") ?? clientListen.param("sharding_strategy") ?? "default";
  const running = await runKeyImageStore(
    {
      clientListen,
      adminListen: options.text("admin-listen-uri") === undefined ? undefined : options.uri("admin-listen-uri", "mca"),
      responderId: options.text("client-responder-id") ?? clientListen.responderId,
      chainId: options.text("chain-id") ?? "",
      ledger: options.required("ledger-db"),
      watcher: options.required("watcher-db"),
      capacity: options.count("key-image-capacity", CAPACITY),
      range: parseShardingStrategy(strategy),
      pollMs: options.count("poll-interval-ms", 250),
      watcherTimeoutMs: options.count("watcher-timeout", 5) * 1_000,
      enclave: { platform: enclavePlatform(options) },
    },
    { log, version: packageVersion() },
  );
  const { client, admin } = running.ports;
  stdout.write(jsonLine({ role: "key-image-store", client, ...(admin !== undefined && { admin }) }));
  try {
    await Promise.race([stop, running.done]);
    log.info("the key-image store stops");
  } finally {
    await running.close();
  }
}
