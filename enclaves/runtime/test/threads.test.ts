// Tests of an enclave's threads: they run its own measured helper, and pass nothing but bytes.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildBundle,
  type EnclaveHost,
  type Hosting,
  openPlatform,
  startEnclave,
  systemFiles,
  writeBundle,
} from "@fogbow/runtime-enclave";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { boundThreads, spawnHere } from "../src/inside/threads.ts";
import { writeEnclave } from "./write-enclave.ts";

const folder = mkdtempSync(join(tmpdir(), "fogbow-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * The first byte of a call says what to do: 0 doubles the bytes on a thread, 1 asks two threads at once, 2 makes the helper
 * throw, 3 makes it return no bytes, 4 asks a thread that was closed, 5 tells what the helper can reach, 6 starts threads
 * until it is refused, 7 fills the heap, 8 asks for randomness.
 */
const HELPER = `export const helper = (input, parts) => {
  if (input[0] === 2) throw new Error("a secret " + input);
  if (input[0] === 3) return "text";
  if (input[0] === 5) return new TextEncoder().encode([
    Object.keys(parts), typeof process, typeof Date, typeof fetch, typeof SharedArrayBuffer,
  ].join());
  if (input[0] === 7) { const all = []; for (;;) all.push(Array.from({ length: 1_000_000 }, () => ({}))); }
  if (input[0] === 8) return parts.random(32);
  return input.map((byte) => byte * 2);
};`;
const ENCLAVE = `({ threads }) => {
  const [one, two] = [threads.spawn(), threads.spawn()];
  return {
    call: async (_, input) => {
      if (input[0] === 1) return new Uint8Array((await Promise.all([one.call(input), two.call(input)])).flatMap((each) => [...each]));
      if (input[0] === 4) { two.close(); return two.call(input); }
      if (input[0] === 6) {
        const all = [];
        try { for (;;) all.push(threads.spawn()); } catch (error) { return new TextEncoder().encode(all.length + error.code); }
        finally { for (const each of all) each.close(); }
      }
      return one.call(input);
    },
  };
}`;

const bundle = join(folder, "bundle");
beforeAll(async () => {
  await writeBundle(bundle, await buildBundle(writeEnclave(join(folder, "source"), ENCLAVE, { before: HELPER })));
});

const inProcess: Hosting = {
  kind: "in-process",
  random: (length) => new Uint8Array(randomBytes(length)),
  now: Date.now,
  openPlatform: (identity) =>
    openPlatform({ kind: "simulated" }, identity, { files: systemFiles, random: randomBytes, now: Date.now }),
};
const hosts: EnclaveHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});
async function start(hosting: Hosting): Promise<EnclaveHost> {
  const host = await startEnclave({ bundle, hosting, platform: { kind: "simulated" } });
  hosts.push(host);
  return host;
}

describe.each<[string, Hosting]>([
  ["an enclave in a thread", { kind: "worker" }],
  ["an enclave in a process", { kind: "child" } as Hosting],
  ["an enclave in the caller's thread", inProcess],
])("%s", (_, hosting) => {
  test("computes on threads, also on two at once", async () => {
    const host = await start(hosting);
    expect([...(await host.call("call", Uint8Array.of(0, 5, 9)))]).toEqual([0, 10, 18]);
    expect([...(await host.call("call", Uint8Array.of(1, 5)))]).toEqual([2, 10, 2, 10]);
  });

  test("answers many inputs in their order", async () => {
    const host = await start(hosting);
    const inputs = Array.from({ length: 50 }, (_, i) => Uint8Array.of(0, i));
    const outputs = await Promise.all(inputs.map((input) => host.call("call", input)));
    expect(outputs.map((output) => output[1])).toEqual(inputs.map((_, i) => i * 2));
  });

  test("learns that its helper failed, and no more, and can go on", async () => {
    const host = await start(hosting);
    const failed = { code: "call-refused", reason: "helper-failed", message: "The helper of the enclave failed." };
    await expect(host.call("call", Uint8Array.of(2, 7))).rejects.toMatchObject(failed);
    await expect(host.call("call", Uint8Array.of(3))).rejects.toMatchObject(failed);
    expect([...(await host.call("call", Uint8Array.of(0, 1)))]).toEqual([0, 2]);
  });

  test("learns that a thread is gone", async () => {
    const host = await start(hosting);
    await expect(host.call("call", Uint8Array.of(4))).rejects.toMatchObject({ reason: "thread-ended" });
    expect([...(await host.call("call", Uint8Array.of(0, 1)))]).toEqual([0, 2]);
  });

  test("has a helper that reaches randomness and nothing else", async () => {
    const host = await start(hosting);
    const text = new TextDecoder().decode(await host.call("call", Uint8Array.of(5)));
    expect(text).toBe("random,undefined,undefined,undefined,undefined");
    const [a, b] = [await host.call("call", Uint8Array.of(8)), await host.call("call", Uint8Array.of(8))];
    expect(a).not.toEqual(b);
  });

  test("has no more threads than the bound", async () => {
    const host = await start(hosting);
    const text = new TextDecoder().decode(await host.call("call", Uint8Array.of(6)));
    expect(text).toBe("62too-many-threads");
    expect(new TextDecoder().decode(await host.call("call", Uint8Array.of(6)))).toBe(text); // They were closed.
  });
});

test("a thread that runs out of memory ends alone", async () => {
  const host = await start({ kind: "worker" });
  await expect(host.call("call", Uint8Array.of(7), { deadlineMs: 60_000 })).rejects.toMatchObject({
    reason: "thread-ended",
  });
  expect([...(await host.call("call", Uint8Array.of(1, 1)).catch(() => [9]))]).toEqual([9]); // The first one is gone.
});

test("an enclave without a helper gets no answer from a thread", async () => {
  const out = join(folder, "without");
  await writeBundle(out, await buildBundle(writeEnclave(join(folder, "no-helper"), ENCLAVE)));
  const host = await startEnclave({ bundle: out, platform: { kind: "simulated" } });
  hosts.push(host);
  await expect(host.call("call", Uint8Array.of(0))).rejects.toMatchObject({ reason: "thread-ended" });
});

test("a helper's input is overwritten once it has answered", async () => {
  const files = await buildBundle(writeEnclave(join(folder, "wiping"), ENCLAVE, { before: HELPER }));
  const thread = boundThreads(() => spawnHere(files, randomBytes)).spawn();
  const input = Uint8Array.of(0, 5, 9);
  expect([...(await thread.call(input))]).toEqual([0, 10, 18]);
  expect([...input]).toEqual([0, 0, 0]);
});
