// Bundles of core/: as an application would ship it, without the kernel's bytes, and with noble in the kernel's place.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";

/** The packages of core/, loaded. */
export type CorePackages = typeof import("./core-packages.ts");

/** Bytes of core/ and the kernel as one minified module for browsers, after gzip -9. */
export async function gzippedBytes({ withKernel }: { readonly withKernel: boolean }): Promise<number> {
  const bundle = await bundleCore(withKernel ? [] : [noKernelBytes]);
  return gzipSync(bundle, { level: 9 }).length;
}

/** The very code of core/, calling noble where it calls the kernel: the fairest peer there is. */
export async function coreOnNoble(): Promise<CorePackages> {
  const bundle = await bundleCore([nobleForKernel]);
  return import(`data:text/javascript;base64,${Buffer.from(bundle).toString("base64")}`);
}

async function bundleCore(plugins: Plugin[]): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("core-packages.ts", import.meta.url))],
    bundle: true,
    minify: true,
    treeShaking: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    write: false,
    logLevel: "error",
    plugins,
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error("esbuild made no bundle.");
  return bundle.contents;
}

/** Leaves the kernel's face in and its WebAssembly out. */
const noKernelBytes: Plugin = {
  name: "no-kernel-bytes",
  setup(build) {
    build.onLoad({ filter: /\/generated\/kernel-wasm\.js$/ }, () => ({ contents: 'export const wasmBase64 = "";' }));
  },
};

/** Puts the plain model, which is written on noble, where the packages expect the kernel. */
const nobleForKernel: Plugin = {
  name: "noble-for-kernel",
  setup(build) {
    const namespace = "noble-for-kernel";
    build.onResolve({ filter: /^@fogbow\/kernel$/ }, ({ path, importer }) =>
      // The stand-in itself takes the classes from the real package.
      importer === namespace ? undefined : { path: namespace, namespace, pluginData: path },
    );
    build.onLoad({ filter: /.*/, namespace }, () => ({
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
      contents: `
        import { createModel } from "@fogbow/kernel-model";
        export { Frames, KernelError } from "@fogbow/kernel";
        let model;
        export const kernel = () => (model ??= createModel());`,
    }));
  },
};
