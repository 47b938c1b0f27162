import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSimulatedPlatform, encodeEvidence, makeSimulatedEvidence } from "@fogbow/core-attest";
import { fromHex, toHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import { facts, newDirectory, refusal, run } from "./run-command.ts";
import { seededRandom } from "./seeded-random.ts";

const echo = fileURLToPath(new URL("../../enclaves/runtime/test/fixtures/echo", import.meta.url));
const random = seededRandom("enclave");

/** A fresh bundle of the echo, and what it measures. */
async function built(): Promise<{ readonly bundle: string; readonly measurement: string }> {
  const bundle = join(newDirectory(), "echo");
  const { measurement } = await facts(["enclave", "build", echo, "--out", bundle]);
  return { bundle, measurement };
}

function alter(path: string): void {
  const bytes = readFileSync(path);
  writeFileSync(path, Buffer.concat([bytes.subarray(0, -1), Buffer.of((bytes.at(-1) ?? 0) ^ 1)]));
}

describe("build", () => {
  test("writes the three files of a bundle, with the same measurement in any folder", async () => {
    const [one, two] = [await built(), await built()];
    expect(two.measurement).toBe(one.measurement);
    expect(readdirSync(one.bundle).sort()).toEqual(["enclave.mjs", "kernel.wasm", "manifest.json"]);
  });

  test("says the same in words, and writes the launcher beside it", async () => {
    const folder = newDirectory();
    const launcher = join(folder, "tee/launcher.mjs");
    const { code, out } = await run(["enclave", "build", echo, "--out", join(folder, "echo"), "--launcher", launcher]);
    expect(code).toBe(0);
    expect(out).toMatch(/^built {10}echo, product 65000, security version 1\nmeasurement {4}[0-9a-f]{64}\n/);
    const imported = [...readFileSync(launcher, "utf8").matchAll(/\bimport[^;"'`]*from"([^"]+)";/g)].map(
      ([, name]) => name,
    );
    expect(imported).toContain("node:worker_threads");
    expect(imported.filter((name) => !name?.startsWith("node:"))).toEqual([]);
  });

  test("refuses a folder that is no enclave", async () => {
    await refusal(["enclave", "build", newDirectory()], "invalid-manifest");
  });
});

describe("verify", () => {
  test("accepts the bundle of its sources, of its measurement, and of a file that names it", async () => {
    const { bundle, measurement } = await built();
    const file = join(newDirectory(), "measurements.json");
    await facts(["enclave", "measure", bundle, "--into", file, "--release", "v7"]);
    const told = ["--source", echo, "--measurement", measurement, "--measurements", file];
    expect(await facts(["enclave", "verify", bundle, ...told])).toEqual({
      valid: true,
      name: "echo",
      measurement,
      version: "v7",
    });
  });

  test.each(["enclave.mjs", "kernel.wasm"])("refuses a bundle whose %s was changed, by all three", async (name) => {
    const { bundle, measurement } = await built();
    const file = join(newDirectory(), "measurements.json");
    await facts(["enclave", "measure", bundle, "--into", file, "--release", "v7"]);
    alter(join(bundle, name));
    for (const told of [
      ["--source", echo],
      ["--measurement", measurement],
      ["--measurements", file],
    ]) {
      expect(await refusal(["enclave", "verify", bundle, ...told], "measurement-mismatch")).toContain(measurement);
    }
  });

  test("refuses to compare with nothing, and a folder with another file", async () => {
    const { bundle, measurement } = await built();
    await refusal(["enclave", "verify", bundle], "invalid-argument");
    writeFileSync(join(bundle, "extra.mjs"), "");
    await refusal(["enclave", "verify", bundle, "--measurement", measurement], "invalid-bundle");
  });
});

describe("measure", () => {
  /** A SIGSTRUCT with the echo's versions, of the test's own making: nothing is signed. */
  function sigstruct(change: (bytes: Uint8Array) => void = () => {}): string {
    const bytes = new Uint8Array(1808);
    bytes.set(fromHex("06000000e10000000000010000000000"), 0);
    bytes.set(fromHex("01010000600000006000000001000000"), 24);
    bytes.set([3, 0, 0, 0], 512);
    bytes.fill(0x22, 960, 992);
    bytes.set([0xe8, 0xfd, 1, 0], 1024); // Product 65 000, security version 1.
    change(bytes);
    const path = join(newDirectory(), "echo.sig");
    writeFileSync(path, bytes);
    return path;
  }

  test("with a SIGSTRUCT adds what SGX makes of the bundle, and keeps what the file had", async () => {
    const { bundle, measurement } = await built();
    const file = join(newDirectory(), "measurements.json");
    await facts(["enclave", "measure", bundle, "--into", file, "--release", "v1"]);
    const measured = await facts([
      "enclave",
      "measure",
      bundle,
      "--gramine",
      sigstruct(),
      "--into",
      file,
      "--release",
      "v2",
    ]);
    expect(measured).toMatchObject({ measurement, sgx: { mrenclave: "22".repeat(32), productId: 65_000 } });
    const written = JSON.parse(readFileSync(file, "utf8"));
    expect(written.v1.echo.MRENCLAVE).toBe(measurement);
    expect(written.v2.echo.MRENCLAVE).toBe("22".repeat(32));
  });

  test.each<[string, (bytes: Uint8Array) => void, string]>([
    ["of another product", (bytes) => bytes.set([1], 1024), "sigstruct-differs"],
    ["of another security version", (bytes) => bytes.set([2], 1026), "sigstruct-differs"],
    ["that allows debugging", (bytes) => bytes.set([2], 928), "sigstruct-differs"],
    ["with another header", (bytes) => bytes.set([7], 0), "invalid-sigstruct"],
  ])("refuses a SIGSTRUCT %s", async (_, change, code) => {
    const { bundle } = await built();
    await refusal(["enclave", "measure", bundle, "--gramine", sigstruct(change)], code);
  });

  test("refuses to write without a version to write under", async () => {
    const { bundle } = await built();
    await refusal(["enclave", "measure", bundle, "--into", join(newDirectory(), "file")], "invalid-argument");
  });
});

describe("inspect-evidence", () => {
  const at = Date.parse("2026-06-01T00:00:00Z");
  const measurement = random(32);
  const machine = createSimulatedPlatform("simulated", { random, now: at });
  const evidence = encodeEvidence(
    makeSimulatedEvidence(
      machine,
      { measurement, productId: 1, securityVersion: 2 },
      { contents: { nonce: random(16), key: random(32) }, now: at },
    ),
  );
  const saved = (content: Uint8Array | string): string => {
    const path = join(newDirectory(), "evidence");
    writeFileSync(path, content);
    return path;
  };
  const then = ["--at", "2026-06-02T00:00:00Z"];

  test("shows what holds, with every check, and that no counter guards against rollback", async () => {
    const args = ["enclave", "inspect-evidence", saved(evidence), "--allow-simulated", ...then];
    const shown = await facts([...args, "--measurement", toHex(measurement)]);
    expect(shown).toMatchObject({
      valid: true,
      measurementCompared: true,
      platform: "simulated",
      tcbStatus: "UpToDate",
      counterStrength: "none",
      validUntil: "2026-06-30T23:59:59.999Z",
    });
    expect(shown.checks.map(({ id }: { readonly id: string }) => id)).toContain("signatures");
    const { code, out } = await run([...args, "--measurement", toHex(measurement)]);
    expect(code).toBe(0);
    expect(out).toMatch(/^evidence {9}holds\n/);
    expect(out).toMatch(
      /rollback {9}counter strength none: a host that restores state and counter together is not noticed\n/,
    );
    expect(out).toMatch(/^ok {4}signatures\n {2}ok {4}qe-report-signature/m);
  });

  test("reads hex as well as bytes, and says when no measurement was compared", async () => {
    const path = saved(`${toHex(evidence)}\n`);
    const shown = await facts(["enclave", "inspect-evidence", path, "--allow-simulated", ...then]);
    expect(shown).toMatchObject({ valid: true, measurementCompared: false });
    const { out } = await run(["enclave", "inspect-evidence", path, "--allow-simulated", ...then]);
    expect(out).toContain("(compared with nothing)");
  });

  test.each<[string, string[], string]>([
    ["of a simulated platform, unless it is named", then, "simulated-refused"],
    ["of another measurement", [...then, "--allow-simulated", "--measurement", "00".repeat(32)], "measurement-unknown"],
    ["at a time after its collateral", ["--allow-simulated", "--at", "2026-08-01T00:00:00Z"], "expired"],
  ])("shows the checks of evidence %s, and ends with one line and exit code 1", async (_, options, problem) => {
    const { code, out, error } = await run(["enclave", "inspect-evidence", saved(evidence), ...options]);
    expect(code).toBe(1);
    expect(out).toMatch(/^evidence {9}does not hold\n/);
    expect(out).toMatch(/^ *FAIL {2}\S+: expected .*, found /m);
    expect(error).toMatch(new RegExp(`^fogbow: [^\\n]+ \\([a-z-]*${problem}[a-z-]*\\)\\n$`));
  });

  test("shows evidence that was changed in any byte of its quote as what it is", async () => {
    const altered = evidence.slice();
    altered[200] = (altered[200] ?? 0) ^ 1;
    const { code, out } = await run(["enclave", "inspect-evidence", saved(altered), "--allow-simulated", ...then]);
    expect(code).toBe(1);
    expect(out).toMatch(/FAIL/);
  });

  test("refuses what is no evidence, and a time that is none", async () => {
    await refusal(["enclave", "inspect-evidence", saved("not evidence")], "invalid-evidence");
    await refusal(["enclave", "inspect-evidence", saved(evidence), "--at", "yesterday"], "invalid-argument");
    await refusal(["enclave", "inspect-evidence", join(newDirectory(), "none")], "source-not-found");
  });
});
