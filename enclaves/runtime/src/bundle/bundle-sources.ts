// Where the code of a bundle comes from: workspace packages from their sources, the kernel from its own file.
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "esbuild";

/** The global by which the runtime hands enclave code the bytes of `kernel.wasm`, as base64 text. */
const KERNEL_GLOBAL = "kernelWasmBase64";

/**
 * Resolves `@fogbow/…` to `src/index.ts`, so that a stale build is never measured. With `kernel: "file"` the runtime's
 * kernel takes the place of the copy that `@fogbow/kernel` carries: a bundle has one kernel, measured as a file.
 */
export function bundleSources({ kernel }: { readonly kernel: "file" | "embedded" }): Plugin {
  return {
    name: "bundle-sources",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^@fogbow\/[a-z-]+$/ }, ({ path, resolveDir }) => {
        const source = sourceOf(path, resolveDir);
        return source === undefined ? undefined : { path: source, sideEffects: false };
      });
      if (kernel === "embedded") return;
      onLoad({ filter: /[\\/]generated[\\/]kernel-wasm\.ts$/ }, () => ({
        contents: `export const wasmBase64 = ${KERNEL_GLOBAL};`,
        loader: "js",
      }));
    },
  };
}

/** The source of an installed package, looked for as Node does: in every `node_modules` on the way up. */
function sourceOf(name: string, from: string): string | undefined {
  const candidate = join(from, "node_modules", name, "src/index.ts");
  if (existsSync(candidate)) return realpathSync(candidate);
  return dirname(from) === from ? undefined : sourceOf(name, dirname(from));
}
