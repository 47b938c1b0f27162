import { hkdfSync } from "node:crypto";
import { openPlatform, type Platform } from "@fogbow/runtime-enclave";
import { expect, test } from "vitest";
import { type FakeGramine, fakeGramine, noFiles, sgxQuote } from "./fake-kernel.ts";
import { seededRandom } from "./test-parts.ts";

const identity = { measurement: new Uint8Array(32), productId: 1, securityVersion: 1 };
const open = (files: FakeGramine): Promise<Platform> =>
  openPlatform({ kind: "gramine-sgx" }, identity, { files, random: seededRandom(), now: () => 0 });
const refusedAs = (code: string) => expect.objectContaining({ code });

test("quotes asked for at the same time are each over their own report data", async () => {
  const platform = await open(fakeGramine());
  const asked = [1, 2, 3, 4].map((byte) => new Uint8Array(64).fill(byte));
  const quotes = await Promise.all(asked.map((each) => platform.quote(each)));
  expect(quotes).toEqual(asked.map((each) => ({ kind: "quote", quote: sgxQuote(each) })));
});

test("a quote over report data of a second writer is refused", async () => {
  const files = fakeGramine();
  const platform = await open(files);
  const { writeFile } = files;
  files.writeFile = async (path) => writeFile(path, new Uint8Array(64).fill(9));
  await expect(platform.quote(new Uint8Array(64))).rejects.toEqual(refusedAs("platform-failure"));
});

test("a quote that is cut short is refused, wherever it is cut", async () => {
  const files = fakeGramine();
  const platform = await open(files);
  for (const bytes of [0, 100, 431, 435, 443]) {
    files.quoteBytes = bytes;
    await expect(platform.quote(new Uint8Array(64))).rejects.toEqual(refusedAs("platform-failure"));
  }
});

test("a failed quote does not stop the next", async () => {
  const files = fakeGramine();
  const platform = await open(files);
  files.quoteBytes = 1;
  const failed = platform.quote(new Uint8Array(64));
  await expect(failed).rejects.toEqual(refusedAs("platform-failure"));
  files.quoteBytes = undefined;
  expect(await platform.quote(new Uint8Array(64))).toMatchObject({ kind: "quote" });
});

test("sealing keys are the processor's, one for each policy", async () => {
  const { sealingKeys } = await open(fakeGramine());
  expect(sealingKeys?.key("measurement", 1)).toEqual(new Uint8Array(16).fill(1));
  expect(sealingKeys?.key("signer", 1)).toEqual(new Uint8Array(16).fill(2));
});

test("the counter's mount gets a key of its own, the same at every start, and only when there is a counter", async () => {
  const [one, two, none] = [fakeGramine(), fakeGramine(), fakeGramine()];
  const parts = { random: seededRandom(), now: () => 0 };
  const options = { kind: "gramine-sgx", counterFile: "/state/counter" } as const;
  await openPlatform(options, identity, { files: one, ...parts });
  await openPlatform(options, identity, { files: two, ...parts });
  await open(none);
  const expected = hkdfSync("sha256", new Uint8Array(16).fill(2), new Uint8Array(0), "fogbow-gramine-files-v1", 16);
  expect(one.mountKey).toEqual(new Uint8Array(expected));
  expect(one.mountKey).toEqual(two.mountKey);
  expect(none.mountKey).toBeUndefined();
});

test("a sealing key that was read in part is refused", async () => {
  const files = { ...fakeGramine(), readFileSync: () => new Uint8Array(15) };
  const { sealingKeys } = await open(files);
  expect(() => sealingKeys?.key("signer", 1)).toThrow(refusedAs("platform-failure"));
});

test("outside Gramine, and without DCAP, there is no such platform", async () => {
  const outside = openPlatform({ kind: "gramine-sgx" }, identity, {
    files: noFiles,
    random: seededRandom(),
    now: () => 0,
  });
  await expect(outside).rejects.toEqual(refusedAs("platform-unavailable"));
  const files = fakeGramine();
  files.type = "none";
  await expect(open(files)).rejects.toEqual(refusedAs("platform-unavailable"));
});
