// `fogbow enclave verify BUNDLE`: whether a bundle is the one that is trusted, or that its sources make.
import { resolve } from "node:path";
import { toHex } from "@fogbow/core-bytes";
import { buildBundle, expectMeasurement, measureBundle, parseManifest, readBundle } from "@fogbow/runtime-enclave";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { parseHex32 } from "../ledger/arguments.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import type { Surroundings } from "../surroundings.ts";
import { identitiesIn, readMeasurements } from "./measurement-file.ts";

interface VerifyOptions extends JsonOption {
  readonly measurements?: string;
  readonly measurement?: string;
  readonly source?: string;
}

/** Adds the command. */
export function addVerifyCommand(enclave: Command, { stdout }: Surroundings): void {
  enclave
    .command("verify")
    .description(
      "compare a bundle with a file of measurements, with one measurement, or with a fresh build of its sources",
    )
    .argument("<bundle>", "folder of the bundle")
    .option(
      "--measurements <file>",
      "a file such as enclaves/measurements.json, in which its name must have its measurement",
    )
    .option("--measurement <hex>", "the measurement that it must have")
    .option("--source <dir>", "the enclave's folder, to build and compare")
    .option("--json", JSON_HELP)
    .action(async (directory: string, { measurements, measurement, source, json }: VerifyOptions) => {
      if (measurements === undefined && measurement === undefined && source === undefined) {
        throw new CommandError(
          "invalid-argument",
          "Say what to compare with: --measurements, --measurement or --source.",
        );
      }
      const files = await readBundle(directory);
      const { name } = parseManifest(files["manifest.json"]);
      const actual = measureBundle(files);
      if (measurement !== undefined) expectMeasurement(actual, parseHex32(measurement, "A measurement"));
      if (source !== undefined) expectMeasurement(actual, measureBundle(await buildBundle(resolve(source))));
      const version = measurements === undefined ? undefined : await trustedVersion(measurements, name, actual);
      const facts = { valid: true, name, measurement: toHex(actual), version };
      stdout.write(
        json === true
          ? jsonLine(facts)
          : rows([
              ["valid", name],
              ["measurement", facts.measurement],
              ...(version === undefined ? [] : ([["trusted as", version]] as const)),
            ]),
      );
    });
}

/** The version under which a file names this measurement for this enclave. Rejects with `measurement-mismatch`. */
async function trustedVersion(path: string, name: string, actual: Uint8Array): Promise<string> {
  const known = identitiesIn(await readMeasurements(path), name);
  const found = known.find(
    ({ identity }) => identity.kind === "mr-enclave" && toHex(identity.mrEnclave) === toHex(actual),
  );
  if (found !== undefined) return found.version;
  const expected = known.map(({ version, identity }) =>
    identity.kind === "mr-enclave" ? `${toHex(identity.mrEnclave)} (${version})` : `a signer (${version})`,
  );
  throw new CommandError(
    "measurement-mismatch",
    `The measurement of ${name} is ${toHex(actual)}; the file names ${expected.join(", ") || "no such enclave"}.`,
  );
}
