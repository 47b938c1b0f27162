import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseMeasurementFile } from "@fogbow/core-attest";
import { concatBytes, fromHex, fromUtf8, le32, le64, toHex, utf8 } from "@fogbow/core-bytes";
import {
  encodeManifest,
  encodeMeasurements,
  expectMeasurement,
  identityOf,
  measureBundle,
  parseManifest,
  readBundle,
  readSigstruct,
  writeBundle,
} from "@fogbow/runtime-enclave";
import { afterAll, describe, expect, test } from "vitest";

const files = { "enclave.mjs": utf8("a"), "kernel.wasm": utf8("bc"), "manifest.json": utf8("def") };

describe("a measurement", () => {
  test("is the digest that the specification writes down", () => {
    const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();
    const parts = Object.entries(files).flatMap(([name, file]) => [
      le32(name.length),
      utf8(name),
      le64(BigInt(file.length)),
      sha256(file),
    ]);
    expect(measureBundle(files)).toEqual(new Uint8Array(sha256(concatBytes(utf8("fogbow-bundle-v1"), ...parts))));
  });

  test("is of exactly three files", () => {
    const { "manifest.json": _, ...two } = files;
    for (const wrong of [two, { ...files, "extra.mjs": utf8("") }]) {
      expect(() => measureBundle(wrong as typeof files)).toThrow(expect.objectContaining({ code: "invalid-bundle" }));
    }
  });

  test("that differs from the expected one is refused, with both", () => {
    const actual = measureBundle(files);
    const expected = measureBundle({ ...files, "enclave.mjs": utf8("b") });
    expect(() => expectMeasurement(actual, actual)).not.toThrow();
    const refused = expect.objectContaining({
      code: "measurement-mismatch",
      message: expect.stringMatching(new RegExp(`${toHex(actual)}.*${toHex(expected)}`)),
    });
    expect(() => expectMeasurement(actual, expected)).toThrow(refused);
  });
});

describe("a bundle's folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "fogbow-test-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("gives the bytes that were written into it", async () => {
    await writeBundle(join(folder, "written"), files);
    expect(await readBundle(join(folder, "written"))).toEqual(files);
  });

  test.each<[string, (path: string) => void]>([
    ["an endless device", (path) => symlinkSync("/dev/zero", path)],
    ["a pipe that nobody writes", (path) => execFileSync("mkfifo", [path])],
    ["a folder", (path) => mkdirSync(path)],
    ["a link to nothing", (path) => symlinkSync("nothing", path)],
    ["nothing", () => {}],
  ])("with %s for a file is refused", async (name, make) => {
    const wrong = join(folder, name);
    await writeBundle(wrong, files);
    unlinkSync(join(wrong, "kernel.wasm"));
    make(join(wrong, "kernel.wasm"));
    await expect(readBundle(wrong)).rejects.toMatchObject({ code: "invalid-bundle" });
  });

  test("with one file more is refused, also a hidden one", async () => {
    const wrong = join(folder, "more");
    await writeBundle(wrong, files);
    writeFileSync(join(wrong, ".more"), "");
    await expect(readBundle(wrong)).rejects.toMatchObject({ code: "invalid-bundle" });
  });
});

describe("a manifest", () => {
  const manifest = {
    name: "fog-view",
    productId: 3,
    securityVersion: 9,
    entryPoints: [{ name: "auth", inputBytesMin: 32, inputBytesMax: 64, outputBytesMax: 128 }],
  };
  const parse = (value: unknown) => parseManifest(utf8(JSON.stringify(value)));

  test("has one form in bytes, whatever the order of its keys", () => {
    const { name, ...rest } = manifest;
    const once = encodeManifest(parse({ ...rest, name }));
    expect(once).toEqual(encodeManifest(parse(manifest)));
    expect(parseManifest(once)).toEqual(manifest);
    expect(fromUtf8(once).endsWith("}\n")).toBe(true);
  });

  const [entryPoint] = manifest.entryPoints;
  test.each([
    ["an unknown key", { ...manifest, network: true }],
    ["an unknown key of an entry point", { ...manifest, entryPoints: [{ ...entryPoint, public: true }] }],
    ["no entry points", { ...manifest, entryPoints: [] }],
    ["an entry point twice", { ...manifest, entryPoints: [entryPoint, entryPoint] }],
    [
      "too many entry points",
      { ...manifest, entryPoints: Array.from({ length: 65 }, (_, i) => ({ ...entryPoint, name: `e${i}` })) },
    ],
    ["a name with other characters", { ...manifest, name: "../x" }],
    ["a product id of 17 bits", { ...manifest, productId: 65_536 }],
    ["a security version that is no integer", { ...manifest, securityVersion: 1.5 }],
    ["an input that cannot be", { ...manifest, entryPoints: [{ ...entryPoint, inputBytesMin: 65 }] }],
    [
      "an input beyond what the door passes",
      { ...manifest, entryPoints: [{ ...entryPoint, inputBytesMax: 16_777_217 }] },
    ],
    ["no object", []],
  ])("with %s is refused", (_, value) => {
    expect(() => parse(value)).toThrow(expect.objectContaining({ code: "invalid-manifest" }));
  });

  test("that is no JSON is refused", () => {
    for (const bytes of [utf8("{"), new Uint8Array([255]), new Uint8Array(65_537)]) {
      expect(() => parseManifest(bytes)).toThrow(expect.objectContaining({ code: "invalid-manifest" }));
    }
  });
});

describe("a file of measurements", () => {
  const [one, two] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];

  test("maps version, enclave and identity in the form of MobileCoin's clients, sorted", () => {
    const enclaves = new Map([
      ["fog-view", identityOf(one)],
      ["consensus", identityOf(two)],
    ]);
    const text = fromUtf8(encodeMeasurements(new Map([["v2", enclaves]])));
    const advisories = { mitigated_config_advisories: [], mitigated_hardening_advisories: [] };
    expect(JSON.parse(text)).toEqual({
      v2: { consensus: { MRENCLAVE: toHex(two), ...advisories }, "fog-view": { MRENCLAVE: toHex(one), ...advisories } },
    });
    expect(text.indexOf("consensus")).toBeLessThan(text.indexOf("fog-view"));
    expect(parseMeasurementFile(text).get("v2")?.get("consensus")).toEqual(identityOf(two));
  });

  test("has no place for machines", () => {
    const machine = { kind: "sev-snp", launchMeasurement: new Uint8Array(48), hostData: undefined } as const;
    expect(() => encodeMeasurements(new Map([["v1", new Map([["x", machine]])]]))).toThrow(
      expect.objectContaining({ code: "invalid-measurements" }),
    );
  });
});

describe("a SIGSTRUCT", () => {
  /** Of the test's own making: the fields at their offsets, and no valid signature. */
  function sigstruct(): Uint8Array {
    const bytes = new Uint8Array(1808);
    bytes.set(fromHex("06000000e10000000000010000000000"), 0);
    bytes.set(fromHex("01010000600000006000000001000000"), 24);
    bytes.fill(0x11, 128, 512);
    bytes.set([3, 0, 0, 0], 512);
    bytes.fill(0x22, 960, 992);
    bytes.set([4, 0, 9, 0], 1024);
    return bytes;
  }

  test("gives measurement, signer, product and security version", () => {
    expect(readSigstruct(sigstruct())).toEqual({
      mrenclave: "22".repeat(32),
      mrsigner: createHash("sha256").update(new Uint8Array(384).fill(0x11)).digest("hex"),
      productId: 4,
      securityVersion: 9,
      debug: false,
    });
  });

  test("says when the enclave may be debugged", () => {
    const bytes = sigstruct();
    bytes[928] = 2;
    expect(readSigstruct(bytes).debug).toBe(true);
  });

  test.each([
    ["a first header", 0],
    ["a second header", 24],
    ["an exponent", 512],
  ])("with another %s is refused", (_, offset) => {
    const bytes = sigstruct();
    bytes[offset] = (bytes[offset] ?? 0) ^ 1;
    expect(() => readSigstruct(bytes)).toThrow(expect.objectContaining({ code: "invalid-sigstruct" }));
  });

  test("of another size is refused", () => {
    expect(() => readSigstruct(sigstruct().subarray(1))).toThrow(
      expect.objectContaining({ code: "invalid-sigstruct" }),
    );
  });
});
