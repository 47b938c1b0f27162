import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseMeasurementFile } from "@fogbow/core-attest";
import { fromUtf8, toHex } from "@fogbow/core-bytes";
import { kernelWasm } from "@fogbow/kernel";
import { buildBundle, identityOf, measureBundle, readBundle, writeBundle } from "@fogbow/runtime-enclave";
import { afterEach, describe, expect, test } from "vitest";
import { writeEnclave } from "./write-enclave.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "fogbow-test-"));
  folders.push(folder);
  return folder;
};

/** The sources of every workspace package in a folder of its own, as a second clone has them. */
function cloneSources(into: string): string {
  const core = readdirSync(join(root, "core")).map((name) => `core/${name}`);
  for (const each of ["kernel", "enclaves/runtime", ...core]) {
    const manifest = readFileSync(join(root, each, "package.json"), "utf8");
    const { name }: { readonly name: string } = JSON.parse(manifest);
    cpSync(join(root, each, "src"), join(into, each, "src"), { recursive: true });
    cpSync(join(root, each, "package.json"), join(into, each, "package.json"));
    const link = join(into, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(relative(dirname(link), join(into, each)), link);
  }
  cpSync(join(root, "enclaves/runtime/test"), join(into, "enclaves/runtime/test"), { recursive: true });
  for (const name of ["@bufbuild/protobuf", "@noble/curves", "@noble/hashes", "@scure/base", "@scure/bip39"]) {
    cpSync(join(root, "node_modules", name), join(into, "node_modules", name), { recursive: true });
  }
  return join(into, "enclaves/runtime/test/fixtures/echo");
}

describe("a bundle", () => {
  test("is the same from two clones in different folders", async () => {
    const first = await buildBundle(cloneSources(temporaryFolder()));
    const second = await buildBundle(cloneSources(join(temporaryFolder(), "deeper/and of/another name")));
    expect(fromUtf8(second["enclave.mjs"])).toBe(fromUtf8(first["enclave.mjs"]));
    expect(toHex(measureBundle(second))).toBe(toHex(measureBundle(first)));
  });

  test("of every enclave has the measurement that is committed", async () => {
    const file = parseMeasurementFile(readFileSync(join(root, "enclaves/measurements.json"), "utf8"));
    const [enclaves = new Map()] = file.values();
    const shipped = readdirSync(join(root, "enclaves")).filter((name) =>
      existsSync(join(root, "enclaves", name, "manifest.json")),
    );
    expect([...enclaves.keys()].sort()).toEqual([...shipped, "echo"].sort());
    for (const [name, identity] of enclaves) {
      const folder = name === "echo" ? "enclaves/runtime/test/fixtures/echo" : `enclaves/${name}`;
      const built = identityOf(measureBundle(await buildBundle(join(root, folder))));
      expect(identity, `Run: npm run build -- --measurements`).toEqual(built);
    }
  });

  test("names no path and no time, and has no second kernel", async () => {
    const bundle = await buildBundle(join(root, "enclaves/runtime/test/fixtures/echo"));
    const text = fromUtf8(bundle["enclave.mjs"]);
    expect(text).not.toMatch(/node_modules|\/src\/|\.ts"/);
    expect(text).not.toContain(new Date().getFullYear().toString());
    expect(text).not.toContain(Buffer.from(kernelWasm().subarray(0, 60)).toString("base64"));
    expect(bundle["kernel.wasm"]).toEqual(kernelWasm());
  });

  test("changes its measurement with any file", async () => {
    const folder = writeEnclave(temporaryFolder(), "() => ({ call: (_, input) => input })");
    const bundle = await buildBundle(folder);
    const measured = toHex(measureBundle(bundle));
    for (const name of ["enclave.mjs", "kernel.wasm", "manifest.json"] as const) {
      const file = bundle[name].slice();
      file[file.length - 1] = (file.at(-1) ?? 0) ^ 1;
      expect(toHex(measureBundle({ ...bundle, [name]: file }))).not.toBe(measured);
    }
  });

  test("is written as exactly three files and read back", async () => {
    const bundle = await buildBundle(writeEnclave(temporaryFolder(), "() => ({ call: (_, input) => input })"));
    const out = join(temporaryFolder(), "bundle");
    await writeBundle(out, bundle);
    expect(readdirSync(out).sort()).toEqual(["enclave.mjs", "kernel.wasm", "manifest.json"]);
    expect(measureBundle(await readBundle(out))).toEqual(measureBundle(bundle));
    mkdirSync(join(out, "extra"));
    await expect(readBundle(out)).rejects.toMatchObject({ code: "invalid-bundle" });
  });

  test("does not build from code that imports Node's modules", async () => {
    const folder = writeEnclave(temporaryFolder(), "() => ({ call: () => readFileSync('x') })", {
      before: 'import { readFileSync } from "node:fs";',
    });
    await expect(buildBundle(folder)).rejects.toMatchObject({ code: "invalid-enclave" });
  });

  test("does not build without its manifest", async () => {
    await expect(buildBundle(temporaryFolder())).rejects.toMatchObject({ code: "invalid-manifest" });
  });
});
