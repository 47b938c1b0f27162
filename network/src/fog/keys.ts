// `fogbow fog keys`: accounts for tests, each with the key file and the public address that other commands read.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type AccountKey,
  accountKeyFromIdentity,
  decodePublicAddress,
  encodePublicAddress,
  formatKeyFile,
  type Identity,
  type PublicAddress,
  parseKeyFile,
  publicAddress,
} from "@fogbow/core-account";
import { fromPem, parseCertificate } from "@fogbow/core-attest";
import { Secret } from "@fogbow/core-bytes";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import { readNamedFile } from "../ledger/read-bounded.ts";
import type { Surroundings } from "../surroundings.ts";
import { KEY_FILE_BYTES_MAX, TEST_ACCOUNTS_MAX } from "./limits.ts";

interface KeysOptions extends JsonOption {
  readonly num: string;
  readonly out: string;
  readonly seed: string;
  readonly fogReportUrl: string;
  readonly fogReportId: string;
  readonly fogAuthorityRoot?: string;
}

/** Adds the command. */
export function addKeysCommand(fog: Command, { stdout }: Surroundings): void {
  const command = fog
    .command("keys")
    .description(
      "make test accounts: account_keys_0.json, with the recovery phrase in clear, account_keys_0.pub, the address, and so on. The " +
        "same seed gives the same accounts, so they are for tests only",
    )
    .option("--num <accounts>", "how many", "10")
    .option("--out <dir>", "folder for the files, made when it is not there", "keys")
    .option("--seed <number>", "decides the accounts", "0")
    .option(
      "--fog-report-url <url>",
      "where the Fog of all accounts publishes its keys; accounts without Fog otherwise",
      "",
    )
    .option("--fog-report-id <id>", "which report of it", "")
    .option("--fog-authority-root <file>", "its authority's root certificate, in PEM")
    .option("--json", JSON_HELP)
    .action(async (options: KeysOptions) => {
      const facts = { folder: options.out, accounts: await make(options) };
      stdout.write(options.json === true ? jsonLine(facts) : rows(Object.entries(facts)));
    });
  withExamples(command, [
    [
      "fogbow fog keys --num 5 --fog-report-url insecure-fog://localhost:6200 --fog-authority-root root.pem",
      "five accounts",
    ],
  ]);
}

async function make({ num, out, seed, ...fog }: KeysOptions): Promise<number> {
  const count = Number(num);
  if (!/^\d{1,6}$/.test(num) || count < 1 || count > TEST_ACCOUNTS_MAX) {
    throw new CommandError("invalid-argument", `--num is a whole number from 1 to ${TEST_ACCOUNTS_MAX}, not ${num}.`);
  }
  if ((fog.fogReportUrl === "") !== (fog.fogAuthorityRoot === undefined)) {
    throw new CommandError("invalid-argument", "--fog-report-url and --fog-authority-root belong together.");
  }
  const fogAuthoritySpki = fog.fogAuthorityRoot === undefined ? new Uint8Array(0) : await rootKey(fog.fogAuthorityRoot);
  await mkdir(out, { recursive: true });
  for (let index = 0; index < count; index++) {
    const entropy = createHash("sha256").update(`fogbow test account ${seed} ${index}`).digest();
    const { fogReportUrl, fogReportId } = fog;
    const settings = { fogReportUrl, fogReportId, fogAuthoritySpki };
    const identity: Identity = {
      kind: "mnemonic",
      entropy: new Secret(Uint8Array.from(entropy)),
      accountIndex: 0,
      ...settings,
    };
    const address = publicAddress(accountKeyFromIdentity(identity));
    await writeFile(join(out, `account_keys_${index}.json`), formatKeyFile(identity), { mode: 0o600 });
    await writeFile(join(out, `account_keys_${index}.pub`), encodePublicAddress(address));
  }
  return count;
}

/** DER SubjectPublicKeyInfo of the root certificate, which addresses sign. */
async function rootKey(path: string): Promise<Uint8Array> {
  const [root, ...others] = fromPem(new TextDecoder().decode(await readNamedFile(path, KEY_FILE_BYTES_MAX)));
  if (root === undefined || others.length > 0) {
    throw new CommandError("invalid-argument", "--fog-authority-root is a file with one certificate.");
  }
  return parseCertificate(root).spki;
}

/** The accounts of a folder, in the order of their numbers. Throws `invalid-argument` when there are none. */
export async function readAccounts(folder: string): Promise<readonly AccountKey[]> {
  return readNumbered(folder, ".json", (content) =>
    accountKeyFromIdentity(parseKeyFile(new TextDecoder().decode(content))),
  );
}

/** The addresses of a folder, in the order of their numbers. Throws `invalid-argument` when there are none. */
export async function readAddresses(folder: string): Promise<readonly PublicAddress[]> {
  return readNumbered(folder, ".pub", decodePublicAddress);
}

async function readNumbered<Value>(
  folder: string,
  ending: string,
  read: (content: Uint8Array) => Value,
): Promise<Value[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new CommandError("invalid-argument", `${folder} cannot be read.`, { cause });
  });
  const numbered = names.flatMap((name) => {
    const number = /^account_keys_(\d{1,9})(\.[a-z]+)$/.exec(name);
    return number !== null && number[2] === ending ? [{ name, number: Number(number[1]) }] : [];
  });
  if (numbered.length === 0) throw new CommandError("invalid-argument", `${folder} has no account_keys_0${ending}.`);
  const sorted = numbered.sort((a, b) => a.number - b.number);
  return Promise.all(sorted.map(async ({ name }) => read(Uint8Array.from(await readFile(join(folder, name))))));
}
