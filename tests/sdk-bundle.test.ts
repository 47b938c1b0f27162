// What an app that runs in a browser gets from the SDK: everything in one file, nothing of Node's, and not more than was said.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";

/** What the README of the SDK says. */
const GZIP_BYTES_MAX = 205_000;

test("the SDK bundles for browsers without Node's modules, kernel included", async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: 'export { connect, trustMeasurements, Wallet } from "@fogbow/sdk";',
      resolveDir: fileURLToPath(new URL("../wallets/sdk", import.meta.url)),
    },
    bundle: true,
    format: "esm",
    platform: "browser",
    minify: true,
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error("There is one file.");
  const imported = Object.values(metafile.inputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect(imported.filter((path) => path.startsWith("node:"))).toEqual([]);
  expect(gzipSync(bundle.contents, { level: 9 }).length).toBeLessThan(GZIP_BYTES_MAX);
});
