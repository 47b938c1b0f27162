// Bundles a page's script for browsers.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The minified module of an entry point and all it imports, with constants written in by name. */
export async function bundlePage(entry: URL, constants: Readonly<Record<string, unknown>> = {}): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    define: Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)])),
    write: false,
    logLevel: "error",
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error("esbuild made no bundle.");
  return script.contents;
}
