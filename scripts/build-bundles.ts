// Builds what enclaves run from: the launcher, and the bundle of every enclave beside `enclaves/runtime`. With
// `--measurements` it also writes down what they measure, for clients to trust.
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { upToDate } from "./up-to-date.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const enclaves = join(root, "enclaves");
const launcher = join(enclaves, "runtime/dist/launcher.mjs");
const measurements = join(enclaves, "measurements.json");

/** Folders of enclaves by their names: those that ship, and the runtime's own test fixture. */
async function enclaveFolders(): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(enclaves);
  const shipped = names.filter((name) => existsSync(join(enclaves, name, "manifest.json")));
  const fixture = ["echo", join(enclaves, "runtime/test/fixtures/echo")] as const;
  return new Map([...shipped.map((name) => [name, join(enclaves, name)] as const), fixture]);
}

/** Builds what changed. The packages' own builds must be there: the builder is one of them. */
export async function buildBundles(options: { readonly writeMeasurements: boolean }): Promise<void> {
  const { buildBundle, buildLauncher, encodeMeasurements, identityOf, measureBundle, writeBundle } = await import(
    "../enclaves/runtime/src/index.ts"
  );
  const inputs = ["core", "enclaves", "kernel", "proto", "scripts/build-bundles.ts", "package-lock.json"];
  if (
    !options.writeMeasurements &&
    (await upToDate(
      inputs.map((each) => join(root, each)),
      [launcher],
    ))
  )
    return;

  const measured = new Map<string, ReturnType<typeof identityOf>>();
  for (const [name, folder] of await enclaveFolders()) {
    const bundle = await buildBundle(folder);
    await writeBundle(join(enclaves, "runtime/dist/bundles", name), bundle);
    measured.set(name, identityOf(measureBundle(bundle)));
  }
  if (options.writeMeasurements) {
    const { version }: { readonly version: string } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    await writeFile(measurements, encodeMeasurements(new Map([[`v${version}`, measured]])));
  }
  // The launcher is last: whether it is up to date speaks for all.
  await mkdir(join(enclaves, "runtime/dist"), { recursive: true });
  await writeFile(launcher, await buildLauncher());
}
