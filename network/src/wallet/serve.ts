// `fogbow wallet serve`: wallets that tests drive over gRPC, in this process, until a signal ends it.
import { create } from "@bufbuild/protobuf";
import { BuildInfoSchema } from "@fogbow/core-wire";
import { fogLedgerBundle } from "@fogbow/fog-ledger";
import { fogViewBundle } from "@fogbow/fog-view";
import {
  buildInfoService,
  createMetrics,
  healthService,
  listenOptionsOf,
  parseServiceUri,
  serve,
} from "@fogbow/server";
import type { Command } from "commander";
import { FogAccess } from "../client/fog-access.ts";
import { withExamples } from "../examples.ts";
import { RoleOptions } from "../fog/role-options.ts";
import { trustedEnclave } from "../fog/trusted-enclave.ts";
import { jsonLine } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { packageVersion } from "../version.ts";
import { FOG_CALL_MS_MAX } from "./limits.ts";
import { RemoteWallets } from "./remote-wallet-service.ts";

const LISTEN_URI = "insecure-remote-wallet://127.0.0.1:9090/";

/** Adds the command. */
export function addWalletServeCommand(wallet: Command, surroundings: Surroundings): void {
  const command = wallet
    .command("serve")
    .description(
      "serve wallets to tests of Fog, which name an account's words and a Fog in each call (remote_wallet.RemoteWalletApi): for test " +
        "accounts only. It ends within a second of SIGTERM or SIGINT. Every option can be a variable: FOGBOW_LISTEN_URI or MC_LISTEN_URI " +
        "for --listen-uri, and so on",
    )
    .option("--listen-uri <uri>", `where tests call (${LISTEN_URI})`)
    .option(
      "--measurements <file>",
      "trusts what it names fog-view and fog-ledger; the enclaves built with this program without",
    )
    .option("--trust-simulated", "trust simulated platforms, which protect nobody (FOGBOW_TRUST_SIMULATED=1)")
    .option("--log-level <level>", "silent, error, warn, info, debug or trace (info)")
    .action(() => run(command, surroundings));
  withExamples(command, [["fogbow wallet serve --trust-simulated", "for a Fog of tests"]]);
}

async function run(command: Command, surroundings: Surroundings): Promise<void> {
  const { stdout, env } = surroundings;
  const stop = stopSignal(surroundings);
  const options = new RoleOptions(command, env);
  const log = options.log("wallet", surroundings);
  const listen = listenOptionsOf(parseServiceUri(options.text("listen-uri") ?? LISTEN_URI, "remote-wallet"));
  const [view, ledger] = await Promise.all([
    trustedEnclave(options, { name: "fog-view", bundle: fogViewBundle }),
    trustedEnclave(options, { name: "fog-ledger", bundle: fogLedgerBundle }),
  ]);
  const wallets = new RemoteWallets(new FogAccess({ view, ledger }, { timeoutMs: FOG_CALL_MS_MAX }));
  const common = [
    healthService(() => true),
    buildInfoService(create(BuildInfoSchema, { gitCommit: packageVersion() })),
  ];
  const parts = { log, metrics: createMetrics(), now: Date.now };
  const server = await serve({ listen, services: [wallets.service(), ...common] }, parts);
  stdout.write(jsonLine({ role: "wallet", client: server.port }));
  log.info("serving wallets", { port: server.port });
  await stop;
  log.info("the wallets stop");
  await server.close();
  wallets.close();
}
