// Builds the launcher into one file, so that an operator measures one file beside a bundle, and threads start quickly.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleSources } from "./bundle-sources.ts";

const ENTRY = fileURLToPath(new URL("../../src/inside/launcher.ts", import.meta.url));

/** The launcher's one file: an ES module that imports nothing but Node's own modules. The same sources give the same bytes. */
export async function buildLauncher(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    absWorkingDir: dirname(ENTRY),
    write: false,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    charset: "utf8",
    legalComments: "none",
    minifySyntax: true,
    minifyWhitespace: true,
    tsconfigRaw: { compilerOptions: { target: "es2022", useDefineForClassFields: true, verbatimModuleSyntax: true } },
    plugins: [bundleSources({ kernel: "embedded" })],
    logLevel: "silent",
  });
  return (outputFiles[0] as { readonly contents: Uint8Array }).contents; // One entry point gives one file.
}
