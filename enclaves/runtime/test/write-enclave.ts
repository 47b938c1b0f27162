// Small enclaves for tests, from the text of the function that makes them.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));

/** Writes an enclave's folder: one entry point `call` of up to 64 KiB, unless told otherwise. */
export function writeEnclave(
  folder: string,
  makeEnclave: string,
  { before = "", entryPoints = [{ name: "call", inputBytesMax: 65_536, outputBytesMax: 65_536 }] as object[] } = {},
): string {
  mkdirSync(join(folder, "src"), { recursive: true });
  symlinkSync(modules, join(folder, "node_modules"));
  writeFileSync(join(folder, "src/enclave.ts"), `${before}\nexport default ${makeEnclave};\n`);
  const manifest = { name: "test", productId: 1, securityVersion: 2, entryPoints };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  return folder;
}
