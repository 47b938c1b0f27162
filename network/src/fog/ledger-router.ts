// `fogbow fog ledger-router`: everything that wallets ask Fog about the ledger, in this process, until a signal ends it.
import { OUTPUT_CAPACITY_USUAL, runLedgerRouter } from "@fogbow/fog-ledger";
import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { jsonLine } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { packageVersion } from "../version.ts";
import { enclavePlatform } from "./enclave-platform.ts";
import { RoleOptions } from "./role-options.ts";

/** Adds the command. */
export function addLedgerRouterCommand(fog: Command, surroundings: Surroundings): void {
  const command = fog
    .command("ledger-router")
    .description(
      "run a ledger router, which wallets ask about key images, outputs, proofs and blocks; it ends within a second of SIGTERM " +
        "or SIGINT. Every option can be a variable: FOGBOW_CHAIN_ID or MC_CHAIN_ID for --chain-id, and so on",
    )
    .option("--client-listen-uri <uri>", "where wallets ask, such as insecure-fog-ledger://0.0.0.0:3223/")
    .option("--client-responder-id <host:port>", "what wallets know it by; that of --client-listen-uri without")
    .option("--admin-listen-uri <uri>", "where shards, figures and the log are, such as insecure-mca://127.0.0.1:9090/")
    .option("--shard-uris <uris>", "key-image stores, one for each shard, between commas")
    .option("--ledger-db <dir>", "the ledger's folder")
    .option("--watcher-db <dir>", "the watcher's folder")
    .option("--output-capacity <number>", `outputs that there is room for, a power of two (${OUTPUT_CAPACITY_USUAL})`)
    .option("--output-shard-capacity <number>", "of these, how many lie in one memory, a power of two (4194304)")
    .option("--no-output-lookup", "do not look outputs up by public key, which takes memory")
    .option("--query-retries <number>", "how often stores are asked for one answer (3)")
    .option("--chain-id <id>", "name of the chain; callers that name another are refused")
    .option("--auth-token-secret <hex>", "who calls must show tokens made with it; everybody may call without")
    .option("--auth-token-max-lifetime <seconds>", "how long tokens are good (86400)")
    .option("--poll-interval-ms <ms>", "between two looks for the next block (250)")
    .option("--watcher-timeout <seconds>", "how long the time of a block is waited for (5)")
    .option("--enclave-platform <kind>", "simulated, software-mode, gramine-sgx, tdx or sev-snp (simulated)")
    .option("--log-level <level>", "silent, error, warn, info, debug or trace (info)")
    .action((given: { readonly outputLookup: boolean }) => run(command, given.outputLookup, surroundings));
  withExamples(command, [
    [
      "fogbow fog ledger-router --client-listen-uri insecure-fog-ledger://127.0.0.1:3223/ --ledger-db ledger --watcher-db watcher " +
        "--shard-uris insecure-key-image-store://127.0.0.1:3224/",
      "with one key-image store",
    ],
  ]);
}

async function run(command: Command, looksUpOutputs: boolean, surroundings: Surroundings): Promise<void> {
  const { stdout, env } = surroundings;
  const stop = stopSignal(surroundings);
  const options = new RoleOptions(command, env);
  const log = options.log("ledger-router", surroundings);
  const clientListen = options.uri("client-listen-uri", "fog-ledger");
  const running = await runLedgerRouter(
    {
      clientListen,
      adminListen: options.text("admin-listen-uri") === undefined ? undefined : options.uri("admin-listen-uri", "mca"),
      responderId: options.text("client-responder-id") ?? clientListen.responderId,
      chainId: options.text("chain-id") ?? "",
      tokens: options.tokens(),
      shardUris: options.list("shard-uris"),
      ledger: options.required("ledger-db"),
      watcher: options.required("watcher-db"),
      outputCapacity: options.count("output-capacity", OUTPUT_CAPACITY_USUAL),
      outputShardCapacity: options.count("output-shard-capacity", 0),
      looksUpOutputs,
      queryTries: Math.max(1, options.count("query-retries", 3)),
      pollMs: options.count("poll-interval-ms", 250),
      watcherTimeoutMs: options.count("watcher-timeout", 5) * 1_000,
      enclave: { platform: enclavePlatform(options) },
    },
    { log, version: packageVersion() },
  );
  const { client, admin } = running.ports;
  stdout.write(jsonLine({ role: "ledger-router", client, ...(admin !== undefined && { admin }) }));
  try {
    await Promise.race([stop, running.done]);
    log.info("the ledger router stops");
  } finally {
    await running.close();
  }
}
