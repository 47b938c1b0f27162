// `fogbow enclave build DIR`: a bundle from an enclave's sources.
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { toHex } from "@fogbow/core-bytes";
import { buildBundle, buildLauncher, measureBundle, parseManifest, writeBundle } from "@fogbow/runtime-enclave";
import type { Command } from "commander";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import type { Surroundings } from "../surroundings.ts";

interface BuildOptions extends JsonOption {
  readonly out?: string;
  readonly launcher?: string;
}

/** Adds the command. */
export function addBuildCommand(enclave: Command, { stdout }: Surroundings): void {
  enclave
    .command("build")
    .description("build an enclave's folder into a bundle of three files; the same sources give the same measurement")
    .argument("<dir>", "folder with src/enclave.ts and manifest.json")
    .option("--out <dir>", "where to write the bundle; <dir>/dist/bundle without it")
    .option("--launcher <file>", "also write the launcher, the one other file that a TEE must measure")
    .option("--json", JSON_HELP)
    .action(async (directory: string, { out, launcher, json }: BuildOptions) => {
      const folder = resolve(directory);
      const files = await buildBundle(folder);
      const bundle = resolve(out ?? `${directory}/dist/bundle`);
      await mkdir(dirname(bundle), { recursive: true });
      await writeBundle(bundle, files);
      if (launcher !== undefined) {
        await mkdir(dirname(resolve(launcher)), { recursive: true });
        await writeFile(launcher, await buildLauncher());
      }
      const { name, productId, securityVersion } = parseManifest(files["manifest.json"]);
      const measurement = toHex(measureBundle(files));
      const sizes = Object.fromEntries(Object.entries(files).map(([file, content]) => [file, content.length]));
      stdout.write(
        json === true
          ? jsonLine({ name, productId, securityVersion, measurement, bundle: basename(bundle), sizes })
          : rows([
              ["built", `${name}, product ${productId}, security version ${securityVersion}`],
              ["measurement", measurement],
              ...Object.entries(sizes).map(([file, bytes]) => [file, `${bytes} bytes`] as const),
            ]),
      );
    });
}
