// Generates core/wire/src/generated from the contracts in proto/, with the buf and the plugin in node_modules.
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { upToDate } from "./up-to-date.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const contracts = join(root, "proto");
const generated = join(root, "core/wire/src/generated");

/** Runs `buf generate` in `proto/`, offline, when a contract changed. Rejects with buf's own message on a bad contract. */
export async function buildProto(): Promise<void> {
  const names = (await readdir(contracts)).filter((name) => name.endsWith(".proto"));
  const outputs = names.map((name) => join(generated, name.replace(/\.proto$/, "_pb.ts")));
  // The lock file stands for the generator's version.
  if (await upToDate([contracts, join(root, "package-lock.json")], outputs)) return;
  const buf = fileURLToPath(import.meta.resolve("@bufbuild/buf/bin/buf"));
  await promisify(execFile)(process.execPath, [buf, "generate"], { cwd: contracts });
}
