// Files of measurements on disk: reading what is trusted, and writing an identity into one.
import { writeFile } from "node:fs/promises";
import { type MeasurementFile, parseMeasurementFile, type TrustedIdentity } from "@fogbow/core-attest";
import { fromUtf8 } from "@fogbow/core-bytes";
import { encodeMeasurements } from "@fogbow/runtime-enclave";
import { readFileIfAny, readNamedFile } from "../ledger/read-bounded.ts";
import { MEASUREMENTS_FILE_BYTES_MAX } from "./limits.ts";

/** The identities of a file. Rejects with `source-not-found` and `policy-malformed`. */
export async function readMeasurements(path: string): Promise<MeasurementFile> {
  return parseMeasurementFile(fromUtf8(await readNamedFile(path, MEASUREMENTS_FILE_BYTES_MAX)));
}

/** Every identity of a file with where it stands, optionally those of one enclave only. */
export function identitiesIn(
  file: MeasurementFile,
  enclave?: string,
): readonly { readonly version: string; readonly name: string; readonly identity: TrustedIdentity }[] {
  return [...file].flatMap(([version, enclaves]) =>
    [...enclaves]
      .filter(([name]) => enclave === undefined || name === enclave)
      .map(([name, identity]) => ({ version, name, identity })),
  );
}

/** Sets one identity in a file, which is made when there is none. Others stay. */
export async function writeIdentity(
  path: string,
  where: { readonly version: string; readonly name: string },
  identity: TrustedIdentity,
): Promise<void> {
  const encoded = await readFileIfAny(path, MEASUREMENTS_FILE_BYTES_MAX);
  const known: MeasurementFile = encoded === undefined ? new Map() : parseMeasurementFile(fromUtf8(encoded));
  const enclaves = new Map(known.get(where.version)).set(where.name, identity);
  await writeFile(path, encodeMeasurements(new Map(known).set(where.version, enclaves)));
}
