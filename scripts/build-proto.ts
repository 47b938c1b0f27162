// Generates core/wire/src/generated from the contracts in proto/, with the buf and the plugin in node_modules.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = new URL("../", import.meta.url);

/** Runs `buf generate` in `proto/`, offline. Rejects with buf's own message when a contract does not compile. */
export async function buildProto(): Promise<void> {
  const buf = fileURLToPath(new URL("node_modules/@bufbuild/buf/bin/buf", root));
  await promisify(execFile)(process.execPath, [buf, "generate"], { cwd: fileURLToPath(new URL("proto", root)) });
}
