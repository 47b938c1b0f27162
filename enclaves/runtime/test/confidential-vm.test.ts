import { createHash } from "node:crypto";
import { concatBytes } from "@fogbow/core-bytes";
import { openPlatform, type Platform } from "@fogbow/runtime-enclave";
import { describe, expect, test } from "vitest";
import { type FakeTsm, fakeTsm, noFiles, snpReport, systemError, tdxQuote } from "./fake-kernel.ts";
import { seededRandom } from "./test-parts.ts";

const FOLDER = "/sys/kernel/config/tsm/report";
const identity = { measurement: new Uint8Array(32).fill(7), productId: 1, securityVersion: 1 };
const random = seededRandom();
const now = () => 0;
const reportData = new Uint8Array(64).fill(0xab);
const tsm = (report: (inblob: Uint8Array) => Uint8Array = tdxQuote): FakeTsm => fakeTsm(FOLDER, "tdx_guest", report);
const openTdx = (files: FakeTsm): Promise<Platform> =>
  openPlatform({ kind: "tdx", binding: "image" }, identity, { files, random, now });
const refusedAs = (code: string) => expect.objectContaining({ code });

describe("a report through configfs-tsm", () => {
  test("is over the report data that was asked for, and leaves no directory behind", async () => {
    const files = tsm();
    expect(await (await openTdx(files)).quote(reportData)).toEqual({ kind: "quote", quote: tdxQuote(reportData) });
    expect(files.entries.size).toBe(0);
  });

  test.each(["EBUSY", "EINTR", "ETIMEDOUT"])("is asked for again after %s", async (code) => {
    const files = tsm();
    const platform = await openTdx(files);
    files.failures.push(code, code);
    expect(await platform.quote(reportData)).toMatchObject({ quote: tdxQuote(reportData) });
    expect(files.entries.size).toBe(0);
  });

  test("is given up when the kernel stays busy", async () => {
    const files = tsm();
    const platform = await openTdx(files);
    files.failures.push(...Array.from({ length: 20 }, () => "EBUSY"));
    await expect(platform.quote(reportData)).rejects.toEqual(refusedAs("platform-failure"));
    expect(files.failures.length).toBe(14);
    expect(files.entries.size).toBe(0);
  });

  test.each(["EINVAL", "EFBIG", "ENXIO", "EIO"])("fails at once with %s", async (code) => {
    const files = tsm();
    const platform = await openTdx(files);
    files.failures.push(code, "EBUSY");
    await expect(platform.quote(reportData)).rejects.toEqual(refusedAs("platform-failure"));
    expect(files.failures).toEqual(["EBUSY"]);
  });

  test("is asked for again when somebody else wrote into the directory", async () => {
    const files = tsm();
    const platform = await openTdx(files);
    let writes = 2;
    files.interfere = (path) => {
      if (writes-- > 0) void files.writeFile(`${path}/inblob`, new Uint8Array(64));
    };
    files.made = 0;
    expect(await platform.quote(reportData)).toMatchObject({ quote: tdxQuote(reportData) });
    expect(files.made).toBe(3);
  });

  test("is never taken while somebody else keeps writing", async () => {
    const files = tsm();
    const platform = await openTdx(files);
    files.interfere = (path) => void files.writeFile(`${path}/inblob`, new Uint8Array(64));
    await expect(platform.quote(reportData)).rejects.toEqual(refusedAs("platform-failure"));
  });

  test.each([
    ["a quote that is cut", (inblob: Uint8Array) => tdxQuote(inblob).subarray(0, -1)],
    ["nothing", () => new Uint8Array(0)],
    ["a quote of another version", (inblob: Uint8Array) => tdxQuote(inblob, { version: 3 })],
    ["a quote over other report data", () => tdxQuote(new Uint8Array(64).fill(1))],
  ])("is refused when the kernel gives %s", async (_, report) => {
    await expect(openTdx(tsm(report))).rejects.toEqual(refusedAs("platform-failure"));
  });

  test("is taken from quotes of version 5 too", async () => {
    const files = tsm((inblob) => tdxQuote(inblob, { version: 5 }));
    expect(await (await openTdx(files)).quote(reportData)).toMatchObject({ kind: "quote" });
  });

  test("is one at a time, in the order of the calls", async () => {
    const files = tsm();
    const platform = await openTdx(files);
    let open = 0;
    let most = 0;
    const { mkdir, rmdir } = files;
    files.mkdir = async (path) => {
      most = Math.max(most, ++open);
      await mkdir(path);
    };
    files.rmdir = async (path) => {
      open--;
      await rmdir(path);
    };
    const asked = [1, 2, 3].map((byte) => new Uint8Array(64).fill(byte));
    const quotes = await Promise.all(asked.map((each) => platform.quote(each)));
    expect(quotes).toEqual(asked.map((each) => ({ kind: "quote", quote: tdxQuote(each) })));
    expect(most).toBe(1);
  });
});

describe("a confidential VM", () => {
  test("is not there without configfs-tsm, nor without the right to use it", async () => {
    for (const code of ["ENOENT", "EACCES", "EPERM"]) {
      const files = {
        ...noFiles,
        mkdir: async () => {
          throw systemError(code);
        },
      };
      const opened = openPlatform({ kind: "tdx", binding: "image" }, identity, { files, random, now });
      await expect(opened).rejects.toEqual(refusedAs("platform-unavailable"));
    }
  });

  test("of another make is not taken", async () => {
    const files = fakeTsm(FOLDER, "sev_guest", tdxQuote);
    await expect(openTdx(files)).rejects.toEqual(refusedAs("platform-unavailable"));
  });

  test("with TDX loads the bundle that RTMR3 names, and no other", async () => {
    const sha384 = (bytes: Uint8Array): Uint8Array => createHash("sha384").update(bytes).digest();
    const rtmr3 = new Uint8Array(sha384(concatBytes(new Uint8Array(48), sha384(identity.measurement))));
    const parts = { files: tsm((inblob) => tdxQuote(inblob, { rtmr3 })), random, now };
    const options = { kind: "tdx", binding: "rtmr3" } as const;
    const platform = await openPlatform(options, identity, parts);
    // The quote came by way of the host, and nothing has verified it yet.
    expect(platform).toMatchObject({ kind: "tdx", proveFirst: true });
    const other = { ...identity, measurement: new Uint8Array(32).fill(8) };
    await expect(openPlatform(options, other, parts)).rejects.toEqual(refusedAs("bundle-not-bound"));
  });

  test("with SEV-SNP loads the bundle that the host data name, and no other", async () => {
    const files = fakeTsm(FOLDER, "sev_guest", (inblob) => snpReport(inblob, identity.measurement));
    const options = { kind: "sev-snp", binding: "host-data" } as const;
    const platform = await openPlatform(options, identity, { files, random, now });
    const report = snpReport(reportData, identity.measurement);
    expect(await platform.quote(reportData)).toEqual({ kind: "sev-snp", report, certificateTable: new Uint8Array(0) });
    const other = { ...identity, measurement: new Uint8Array(32).fill(8) };
    await expect(openPlatform(options, other, { files, random, now })).rejects.toEqual(refusedAs("bundle-not-bound"));
  });

  test("with SEV-SNP refuses a report of another size", async () => {
    const files = fakeTsm(FOLDER, "sev_guest", (inblob) => snpReport(inblob).subarray(1));
    const opened = openPlatform({ kind: "sev-snp", binding: "image" }, identity, { files, random, now });
    await expect(opened).rejects.toEqual(refusedAs("platform-failure"));
  });

  test("has no binding of the other make", async () => {
    const opened = openPlatform({ kind: "tdx", binding: "host-data" }, identity, { files: tsm(), random, now });
    await expect(opened).rejects.toEqual(refusedAs("platform-unavailable"));
  });

  test("seals only with a key that its start released, and counts only in a file that it is given", async () => {
    const bare = await openTdx(tsm());
    expect(bare.sealingKeys).toBeUndefined();
    expect(() => bare.counter.read()).toThrow(refusedAs("counter-unavailable"));
    const files = { ...tsm(), readFileSync: () => new Uint8Array(32).fill(5) };
    const options = { kind: "tdx", binding: "image", sealingKeyFile: "/run/key" } as const;
    const keyed = await openPlatform(options, identity, { files, random, now });
    expect(keyed.sealingKeys?.key("measurement", 1)).toHaveLength(32);
    expect(keyed.counter.strength).toBe("none");
  });
});
