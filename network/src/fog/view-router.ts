// `fogbow fog view-router`: one router of Fog View in this process, until a signal ends it.
import { runViewRouter } from "@fogbow/fog-view";
import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { jsonLine } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { packageVersion } from "../version.ts";
import { enclavePlatform } from "./enclave-platform.ts";
import { RoleOptions } from "./role-options.ts";

/** Adds the command. */
export function addViewRouterCommand(fog: Command, surroundings: Surroundings): void {
  const command = fog
    .command("view-router")
    .description(
      "run a router of Fog View, which clients ask; it ends within a second of SIGTERM or SIGINT. Every option can be a " +
        "variable: FOGBOW_CHAIN_ID or MC_CHAIN_ID for --chain-id, and so on",
    )
    .option(
      "--client-listen-uri <uri>",
      "where clients ask: insecure-fog-view://0.0.0.0:5200/ for single calls, insecure-fog-view-router://… for streams",
    )
    .option(
      "--admin-listen-uri <uri>",
      "where figures, the log and more shards are, such as insecure-mca://127.0.0.1:5400/",
    )
    .option("--client-responder-id <host:port>", "what clients know it by; that of --client-listen-uri without")
    .option(
      "--shard-uris <uris>",
      "stores between commas, such as insecure-fog-view-store://host:5600/?sharding_strategy=0-1000",
    )
    .option("--chain-id <id>", "name of the chain; callers that name another are refused")
    .option("--auth-token-secret <hex>", "clients must show tokens made with it; everybody may call without")
    .option("--enclave-platform <kind>", "simulated, software-mode, gramine-sgx, tdx or sev-snp (simulated)")
    .option("--log-level <level>", "silent, error, warn, info, debug or trace (info)")
    .action(() => run(command, surroundings));
  withExamples(command, [
    [
      "fogbow fog view-router --client-listen-uri insecure-fog-view://127.0.0.1:5200/ --shard-uris insecure-fog-view-store://127.0.0.1:5600/",
      "one router with one shard",
    ],
  ]);
}

async function run(command: Command, surroundings: Surroundings): Promise<void> {
  const { stdout, env } = surroundings;
  const stop = stopSignal(surroundings);
  const options = new RoleOptions(command, env);
  const log = options.log("fog-view-router", surroundings);
  const clientListen = options.uri("client-listen-uri", "fog-view", "fog-view-router");
  const responderId = options.text("client-responder-id") ?? clientListen.responderId;
  const running = await runViewRouter(
    {
      clientListen,
      adminListen: options.text("admin-listen-uri") === undefined ? undefined : options.uri("admin-listen-uri", "mca"),
      responderId,
      chainId: options.text("chain-id") ?? "",
      shards: options.list("shard-uris"),
      tokens: options.tokens(),
      enclave: { platform: enclavePlatform(options) },
    },
    { log, version: packageVersion() },
  );
  const { client, admin } = running.ports;
  stdout.write(jsonLine({ role: "fog-view-router", client, ...(admin !== undefined && { admin }) }));
  try {
    await Promise.race([stop, running.done]);
    log.info("the router stops");
  } finally {
    await running.close();
  }
}
