// `fogbow enclave measure BUNDLE`: what a bundle measures, and what SGX makes of it with Gramine around it.
import { fromHex, toHex } from "@fogbow/core-bytes";
import {
  identityOf,
  measureBundle,
  parseManifest,
  readBundle,
  readSigstruct,
  type SigstructIdentity,
} from "@fogbow/runtime-enclave";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import { readNamedFile } from "../ledger/read-bounded.ts";
import type { Surroundings } from "../surroundings.ts";
import { SIGSTRUCT_FILE_BYTES_MAX } from "./limits.ts";
import { writeIdentity } from "./measurement-file.ts";

interface MeasureOptions extends JsonOption {
  readonly gramine?: string;
  readonly into?: string;
  readonly release?: string;
}

/** Adds the command. */
export function addMeasureCommand(enclave: Command, { stdout }: Surroundings): void {
  enclave
    .command("measure")
    .description(
      "measure a bundle. Under SGX clients see another value, which covers Gramine's manifest too: --gramine reads it " +
        "from the operator's SIGSTRUCT",
    )
    .argument("<bundle>", "folder of the bundle")
    .option("--gramine <sigstruct>", "the .sig file that gramine-sgx-sign wrote")
    .option("--into <file>", "set the identity in a file of measurements: SGX's with --gramine, else the bundle's")
    .option("--release <name>", "the version in that file, such as v1")
    .option("--json", JSON_HELP)
    .action(async (directory: string, { gramine, into, release, json }: MeasureOptions) => {
      const files = await readBundle(directory);
      const { name, productId, securityVersion } = parseManifest(files["manifest.json"]);
      const measurement = measureBundle(files);
      const sgx = gramine === undefined ? undefined : await readIdentity(gramine, { productId, securityVersion });
      if (into !== undefined) {
        if (release === undefined) {
          throw new CommandError("invalid-argument", "Say with --release which version of the file to write into.");
        }
        const identity = identityOf(sgx === undefined ? measurement : fromHex(sgx.mrenclave));
        await writeIdentity(into, { version: release, name }, identity);
      }
      const facts = { name, productId, securityVersion, measurement: toHex(measurement), sgx };
      stdout.write(json === true ? jsonLine(facts) : narrate(facts));
    });
}

/** A SIGSTRUCT of this enclave. What it says about versions must be what the bundle says. */
async function readIdentity(
  path: string,
  { productId, securityVersion }: { readonly productId: number; readonly securityVersion: number },
): Promise<SigstructIdentity> {
  const identity = readSigstruct(await readNamedFile(path, SIGSTRUCT_FILE_BYTES_MAX));
  if (identity.productId !== productId || identity.securityVersion !== securityVersion) {
    throw new CommandError(
      "sigstruct-differs",
      `The SIGSTRUCT is of product ${identity.productId}, security version ${identity.securityVersion}; the bundle is of ` +
        `product ${productId}, security version ${securityVersion}. Set sgx.isvprodid and sgx.isvsvn, and sign again.`,
    );
  }
  if (identity.debug) {
    throw new CommandError(
      "sigstruct-differs",
      "The SIGSTRUCT allows debugging. Set sgx.debug = false, and sign again.",
    );
  }
  return identity;
}

function narrate(facts: {
  readonly name: string;
  readonly productId: number;
  readonly securityVersion: number;
  readonly measurement: string;
  readonly sgx: SigstructIdentity | undefined;
}): string {
  const { name, productId, securityVersion, measurement, sgx } = facts;
  return rows([
    ["enclave", `${name}, product ${productId}, security version ${securityVersion}`],
    ["measurement", measurement],
    ...(sgx === undefined
      ? []
      : ([
          ["MRENCLAVE", sgx.mrenclave],
          ["MRSIGNER", sgx.mrsigner],
        ] as const)),
  ]);
}
