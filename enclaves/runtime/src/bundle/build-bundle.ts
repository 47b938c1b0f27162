// Builds an enclave's folder into a bundle. The same sources give the same bytes, in whatever folder they lie.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { utf8 } from "@fogbow/core-bytes";
import { kernelWasm } from "@fogbow/kernel";
import { type BuildFailure, build } from "esbuild";
import { RuntimeError } from "../error.ts";
import type { BundleFiles } from "./bundle.ts";
import { bundleSources } from "./bundle-sources.ts";
import { encodeManifest, parseManifest } from "./manifest.ts";
import { MODULE_PREFIX, MODULE_SUFFIX } from "./module-form.ts";

/**
 * The bundle of a folder with `src/enclave.ts`, whose default export makes the enclave and which may export a `helper` for
 * its threads, and `manifest.json`. The code is
 * one module without imports, comments or paths; names are kept, so that a reviewer can read it. Throws
 * {@link RuntimeError} `invalid-enclave` with the compiler's reasons, or `invalid-manifest`.
 */
export async function buildBundle(folder: string): Promise<BundleFiles> {
  const manifest = await readFile(join(folder, "manifest.json")).catch((cause: unknown) => {
    throw new RuntimeError("invalid-manifest", "The enclave's folder has no readable manifest.json.", { cause });
  });
  return {
    "enclave.mjs": utf8(await moduleText(folder)),
    "kernel.wasm": kernelWasm(),
    "manifest.json": encodeManifest(parseManifest(new Uint8Array(manifest))),
  };
}

async function moduleText(folder: string): Promise<string> {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(folder, "src/enclave.ts")],
    absWorkingDir: folder,
    write: false,
    metafile: true,
    external: ["node:*"], // Packages may have parts for Node beside those for enclaves. None of them may be left.
    bundle: true,
    format: "iife",
    globalName: "enclave",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    minifySyntax: true,
    minifyWhitespace: true, // With the comments goes every path.
    supported: { "dynamic-import": false },
    // What a folder's own tsconfig.json says must not change the bytes.
    tsconfigRaw: { compilerOptions: { target: "es2022", useDefineForClassFields: true, verbatimModuleSyntax: true } },
    plugins: [bundleSources({ kernel: "file" })],
    logLevel: "silent",
  }).catch((cause: Error & Partial<BuildFailure>) => {
    const reasons = (cause.errors ?? []).map(({ text }) => text).join(" ");
    throw new RuntimeError("invalid-enclave", `The enclave does not build. ${reasons}`.trimEnd(), { cause });
  });
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  if (imported.length > 0) {
    throw new RuntimeError("invalid-enclave", `The enclave does not build. It imports ${imported.join(", ")}.`);
  }
  const code = outputFiles[0]?.text ?? "";
  return `${MODULE_PREFIX}(() => {\n${code}return Object.assign(enclave.default, { helper: enclave.helper });\n})()${MODULE_SUFFIX}`;
}
