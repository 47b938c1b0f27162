// Bundles in folders: reading and writing their three files.
import { constants } from "node:fs";
import { mkdir, open, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RuntimeError } from "../error.ts";
import { assertBundleFiles, BUNDLE_FILE_BYTES_MAX, BUNDLE_FILE_NAMES, type BundleFiles } from "./bundle.ts";

/**
 * The bundle in a folder, each file read once: what is measured is what is run. Throws {@link RuntimeError}
 * `invalid-bundle` when the folder holds anything else than the three files, or cannot be read.
 */
export async function readBundle(folder: string): Promise<BundleFiles> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new RuntimeError("invalid-bundle", "The bundle's folder cannot be read.", { cause });
  });
  if (names.sort().join() !== BUNDLE_FILE_NAMES.join()) {
    throw new RuntimeError("invalid-bundle", `A bundle is exactly ${BUNDLE_FILE_NAMES.join(", ")}.`);
  }
  const [enclave, kernel, manifest] = await Promise.all([
    readFileBounded(join(folder, "enclave.mjs")),
    readFileBounded(join(folder, "kernel.wasm")),
    readFileBounded(join(folder, "manifest.json")),
  ]);
  return { "enclave.mjs": enclave, "kernel.wasm": kernel, "manifest.json": manifest };
}

/** Writes a bundle's three files into a folder, which is made when missing; each appears when it is complete. */
export async function writeBundle(folder: string, files: BundleFiles): Promise<void> {
  assertBundleFiles(files);
  await mkdir(folder, { recursive: true });
  for (const name of BUNDLE_FILE_NAMES) {
    // A bundle holds nothing else, so what is half written lies beside the folder.
    const temporary = `${folder}.${name}.${process.pid}.tmp`;
    await writeFile(temporary, files[name]);
    await rename(temporary, join(folder, name));
  }
}

async function readFileBounded(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK); // A pipe would never open.
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw new RuntimeError("invalid-bundle", "A bundle holds files, not devices or pipes.");
      if (stat.size > BUNDLE_FILE_BYTES_MAX) {
        throw new RuntimeError("invalid-bundle", `A bundle's file must be at most ${BUNDLE_FILE_BYTES_MAX} bytes.`);
      }
      return new Uint8Array(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof RuntimeError) throw cause;
    throw new RuntimeError("invalid-bundle", "A file of the bundle cannot be read.", { cause });
  }
}
