// Compiles kernel/assembly to one WebAssembly module: kernel/dist/kernel.wasm, its text beside it for reviewers, and
// the same bytes as a TypeScript constant, so that the kernel loads alike in Node, in browsers and from a bundle.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { generateField } from "../kernel/generate/field.ts";
import { upToDate } from "./up-to-date.ts";

const root = new URL("../", import.meta.url);
const path = (name: string): string => fileURLToPath(new URL(name, root));

/** Compiles the kernel when its sources changed. Rejects with the compiler's own message when they do not compile. */
export async function buildKernel(): Promise<void> {
  const outputs = ["kernel/dist/kernel.wasm", "kernel/src/generated/kernel-wasm.ts"].map(path);
  // The lock file stands for the compiler's version.
  const inputs = ["kernel/assembly", "kernel/generate", "scripts/build-kernel.ts", "package-lock.json"].map(path);
  if (await upToDate(inputs, outputs)) return;

  await mkdir(path("kernel/assembly/generated"), { recursive: true });
  await mkdir(path("kernel/src/generated"), { recursive: true });
  await mkdir(path("kernel/dist"), { recursive: true });
  await writeFile(path("kernel/assembly/generated/field.ts"), generateField());

  const { error, stderr } = await asc.main([
    "kernel/assembly/index.ts",
    ...["--baseDir", path(".")],
    ...["--outFile", "kernel/dist/kernel.wasm"],
    ...["--textFile", "kernel/dist/kernel.wat"],
    ...["--runtime", "stub", "--enable", "simd"],
    ...["-O3", "--converge", "--noAssert"],
  ]);
  if (error !== null) throw new Error(`The kernel does not compile.\n${stderr.toString()}`, { cause: error });

  const wasm = await readFile(path("kernel/dist/kernel.wasm"));
  await writeFile(
    path("kernel/src/generated/kernel-wasm.ts"),
    `// The bytes of kernel.wasm; made by scripts/build-kernel.ts.\nexport const wasmBase64: string =\n  "${wasm.toString("base64")}";\n`,
  );
}
