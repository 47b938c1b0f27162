// `fogbow fog authority new`: a Fog authority for development and tests. An operator's root stays offline with whoever vouches
// for the operator.
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CertificateSigner, makeFogAuthority, RSA_SHA256 } from "@fogbow/core-attest";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import type { Surroundings } from "../surroundings.ts";
import { systemRandom } from "../system-random.ts";
import { AUTHORITY_DAYS_MAX } from "./limits.ts";

interface NewOptions extends JsonOption {
  readonly out: string;
  readonly name: string;
  readonly days: string;
}

const DAY_MS = 86_400_000;
/** Clocks of those who verify may be behind. */
const BACK_MS = 3_600_000;

/** Adds the commands. */
export function addAuthorityCommands(fog: Command, { stdout }: Surroundings): void {
  const authority = fog.command("authority").description("who vouches for a report service, in development");
  const command = authority
    .command("new")
    .description(
      "make a test authority: an RSA root, an intermediate and the Ed25519 key of a report service. Writes root.pem, chain.pem " +
        "(leaf first) and key.pem (PKCS #8), and overwrites none",
    )
    .option("--out <dir>", "folder for the files, made when it is not there", ".")
    .option("--name <text>", "the beginning of the names in the certificates", "Fogbow test authority")
    .option("--days <days>", "how long it lasts", "365")
    .option("--json", JSON_HELP)
    .action(async (options: NewOptions) => {
      const files = await makeAuthority(options);
      stdout.write(options.json === true ? jsonLine(files) : rows(Object.entries(files)));
    });
  withExamples(command, [["fogbow fog authority new --out authority", "make one"]]);
}

/** The files of an authority. */
export interface AuthorityFiles {
  readonly root: string;
  readonly chain: string;
  readonly key: string;
}

/** Makes them in a folder, named and lasting as options say. Rejects with `invalid-argument`, `file-exists`. */
export async function makeAuthority({ out, name, days }: Omit<NewOptions, "json">): Promise<AuthorityFiles> {
  if (!/^\d{1,5}$/.test(days) || Number(days) < 1 || Number(days) > AUTHORITY_DAYS_MAX) {
    throw new CommandError(
      "invalid-argument",
      `--days is a whole number from 1 to ${AUTHORITY_DAYS_MAX}, not ${days}.`,
    );
  }
  const now = Date.now();
  const { rootPem, chainPem, keyPem, key } = await makeFogAuthority(
    { name, notBefore: now - BACK_MS, notAfter: now + Number(days) * DAY_MS },
    { root: rsaSigner(), intermediate: rsaSigner(), random: systemRandom },
  );
  key.wipe();
  const files = { root: join(out, "root.pem"), chain: join(out, "chain.pem"), key: join(out, "key.pem") };
  await mkdir(out, { recursive: true });
  await write(files.root, rootPem);
  await write(files.chain, chainPem);
  await write(files.key, keyPem);
  return files;
}

/** Only for its owner. Throws `file-exists`. */
async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw new CommandError("file-exists", `${path} is there already.`, { cause });
  }
}

function rsaSigner(): CertificateSigner {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 3072 });
  return {
    spki: new Uint8Array(publicKey.export({ type: "spki", format: "der" })),
    algorithm: RSA_SHA256,
    sign: (message) => new Uint8Array(sign("sha256", message, privateKey)),
  };
}
