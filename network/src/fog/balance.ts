// `fogbow fog balance`: what an account owns, found through Fog alone. It keeps nothing: each run finds everything anew.

import { setTimeout as sleep } from "node:timers/promises";
import { type AccountKey, accountKeyFromIdentity, parseKeyFile } from "@fogbow/core-account";
import { fogLedgerBundle } from "@fogbow/fog-ledger";
import { fogViewBundle } from "@fogbow/fog-view";
import { FogAccount, type PollResult } from "@fogbow/sdk";
import { parseServiceUri } from "@fogbow/server";
import type { Command } from "commander";
import { FogAccess } from "../client/fog-access.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import { readNamedFile } from "../ledger/read-bounded.ts";
import type { Surroundings } from "../surroundings.ts";
import { systemRandom } from "../system-random.ts";
import { KEY_FILE_BYTES_MAX } from "./limits.ts";
import { RoleOptions } from "./role-options.ts";
import { type KnownEnclave, trustedEnclave } from "./trusted-enclave.ts";

/** A Fog that has not come as far as is wanted is asked again this often. */
const RETRY_MS = 250;

const VIEW: KnownEnclave = { name: "fog-view", bundle: fogViewBundle };
const LEDGER: KnownEnclave = { name: "fog-ledger", bundle: fogLedgerBundle };

/** Adds the command. */
export function addBalanceCommand(fog: Command, surroundings: Surroundings): void {
  const command = fog
    .command("balance")
    .description(
      "print what an account owns, found through Fog: a block count, and the sum of each token in its smallest unit after so many " +
        "blocks. The enclaves of Fog view and Fog ledger are verified first",
    )
    .argument("<file>", "the account's key file, such as keys/account_keys_0.json")
    .option("--view-uri <uri>", "Fog view, such as insecure-fog-view://localhost:5200/")
    .option("--ledger-uri <uri>", "Fog ledger, such as insecure-fog-ledger://localhost:7200/")
    .option("--chain-id <id>", "name of the chain, which the services are told")
    .option("--block-count <blocks>", "wait until the balance is that after so many blocks, or more (0)")
    .option("--retry-seconds <seconds>", "how long to wait for that (10)")
    .option(
      "--measurements <file>",
      "trusts what it names fog-view and fog-ledger; the enclaves built with this program without",
    )
    .option("--trust-simulated", "trust simulated platforms, which protect nobody (FOGBOW_TRUST_SIMULATED=1)")
    .option("--json", JSON_HELP)
    .action((path: string, { json }: JsonOption) =>
      print(path, json === true, new RoleOptions(command, surroundings.env), surroundings),
    );
  withExamples(command, [
    [
      "fogbow fog balance keys/account_keys_0.json --view-uri insecure-fog-view://localhost:5200/ --ledger-uri " +
        "insecure-fog-ledger://localhost:7200/ --trust-simulated",
      "of a Fog for tests",
    ],
  ]);
}

async function print(
  path: string,
  json: boolean,
  options: RoleOptions,
  { stdout, stderr }: Surroundings,
): Promise<void> {
  const account = accountKeyFromIdentity(
    parseKeyFile(new TextDecoder().decode(await readNamedFile(path, KEY_FILE_BYTES_MAX))),
  );
  const { balance, errors } = await polled(account, options);
  for (const error of errors) stderr.write(`fogbow: ${error instanceof Error ? error.message : String(error)}\n`);
  const sums = Object.fromEntries([...balance.sums].map(([token, sum]) => [`${token}`, `${sum}`]));
  stdout.write(
    json
      ? jsonLine({ blockCount: `${balance.blockCount}`, sums })
      : rows([
          ["block count", balance.blockCount],
          ...Object.entries(sums).map(([token, sum]) => [`token ${token}`, sum] as const),
        ]),
  );
}

/** Polls until the wanted block count is known, or the time is over. */
async function polled(account: AccountKey, options: RoleOptions): Promise<PollResult> {
  const wanted = BigInt(options.count("block-count", 0));
  const deadline = Date.now() + options.count("retry-seconds", 10) * 1_000;
  const [view, ledger] = await Promise.all([VIEW, LEDGER].map((enclave) => trustedEnclave(options, enclave)));
  if (view === undefined || ledger === undefined) throw new Error("There are two.");
  const access = new FogAccess({ view, ledger });
  try {
    const services = access.open({
      viewUri: parseServiceUri(options.required("view-uri"), "fog-view"),
      ledgerUri: parseServiceUri(options.required("ledger-uri"), "fog-ledger"),
      chainId: options.text("chain-id") ?? "",
    });
    const wallet = new FogAccount({ account }, { ...services, random: systemRandom });
    for (;;) {
      const result = await wallet.poll();
      const isThere = result.balance.blockCount >= wanted && result.errors.length === 0;
      if (isThere || Date.now() + RETRY_MS > deadline) return result;
      await sleep(RETRY_MS);
    }
  } finally {
    access.close();
  }
}
