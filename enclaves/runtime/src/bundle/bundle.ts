// A bundle: the three files that are an enclave, and the digest that identifies them (spec 04 §15).
import { createHash } from "node:crypto";
import { concatBytes, le32, le64, toHex, utf8 } from "@fogbow/core-bytes";
import { RuntimeError } from "../error.ts";

/** The files of a bundle by their names in it, already in the order in which they are measured. */
export interface BundleFiles {
  /** An ES module without imports that is one exported expression. */
  readonly "enclave.mjs": Uint8Array;
  readonly "kernel.wasm": Uint8Array;
  readonly "manifest.json": Uint8Array;
}

/** The names of the three files, sorted bytewise. */
export const BUNDLE_FILE_NAMES: readonly (keyof BundleFiles)[] = ["enclave.mjs", "kernel.wasm", "manifest.json"];

/** Bytes of the largest file of a bundle. */
export const BUNDLE_FILE_BYTES_MAX = 33_554_432;

/**
 * The measurement, 32 bytes: SHA-256("fogbow-bundle-v1" ‖ for each file LE32(length of name) ‖ name ‖ LE64(size) ‖
 * SHA-256(file)). Throws {@link RuntimeError} `invalid-bundle` for other files than the three, or too large ones.
 */
export function measureBundle(files: BundleFiles): Uint8Array {
  assertBundleFiles(files);
  const hash = createHash("sha256").update("fogbow-bundle-v1");
  for (const name of BUNDLE_FILE_NAMES) {
    const file = files[name];
    const path = utf8(name);
    const digest = createHash("sha256").update(file).digest();
    hash.update(concatBytes(le32(path.length), path, le64(BigInt(file.length)), digest));
  }
  return new Uint8Array(hash.digest());
}

/** Throws {@link RuntimeError} `measurement-mismatch`, with both in hex, unless they are equal. */
export function expectMeasurement(actual: Uint8Array, expected: Uint8Array): void {
  if (toHex(actual) !== toHex(expected)) {
    throw new RuntimeError(
      "measurement-mismatch",
      `The bundle's measurement is ${toHex(actual)}, expected was ${toHex(expected)}: it is another enclave, or was changed.`,
    );
  }
}

/** Throws {@link RuntimeError} `invalid-bundle` unless these are exactly the three files, none too large. */
export function assertBundleFiles(files: Readonly<Record<string, Uint8Array>> | BundleFiles): void {
  const names = Object.keys(files).sort();
  if (names.join() !== BUNDLE_FILE_NAMES.join()) {
    throw new RuntimeError("invalid-bundle", `A bundle is exactly ${BUNDLE_FILE_NAMES.join(", ")}.`);
  }
  for (const [name, file] of Object.entries(files)) {
    if (!(file instanceof Uint8Array) || file.length > BUNDLE_FILE_BYTES_MAX) {
      throw new RuntimeError("invalid-bundle", `${name} must be at most ${BUNDLE_FILE_BYTES_MAX} bytes.`);
    }
  }
}
