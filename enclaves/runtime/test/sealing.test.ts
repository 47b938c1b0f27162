import { concatBytes, utf8 } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundKeys, type SealerIdentity } from "../src/sealing/bound-keys.ts";
import { fileCounter } from "../src/sealing/counter.ts";
import { createSealedState } from "../src/sealing/sealed-state.ts";
import { createSealing, type SealingOptions } from "../src/sealing/sealing.ts";
import { seededRandom } from "./test-parts.ts";

const identity = { measurement: new Uint8Array(32).fill(1), signer: new Uint8Array(32).fill(2), productId: 3 };
const machineKey = new Uint8Array(32).fill(9); // A test's key.

function sealingOf(who: Partial<SealerIdentity> = {}, options: Partial<SealingOptions> = {}, key = machineKey) {
  const keys = boundKeys(key, { ...identity, ...who });
  return createSealing({ platform: "simulated", securityVersion: 5, ...options }, { keys, random: seededRandom() });
}
const refusedAs = (code: string) => expect.objectContaining({ code });
const none = new Uint8Array(0);

describe("sealed data", () => {
  test("opens again under either policy, with the same additional data", () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(bytes, bytes, fc.constantFrom("measurement" as const, "signer" as const), (data, aad, policy) => {
        expect(sealingOf().unseal(sealingOf().seal(data, aad, policy), aad)).toEqual(data);
      }),
    );
  });

  test("has the header of the specification: version, platform, policy, security version", () => {
    const blob = sealingOf({}, { securityVersion: 0x0102 }).seal(utf8("data"), none, "signer");
    expect(blob.subarray(0, 5)).toEqual(Uint8Array.of(1, 0, 1, 2, 1));
    expect(blob.length).toBe(5 + 12 + 4 + 16);
  });

  test("shows no change of any byte, nor of the additional data", () => {
    const blob = sealingOf().seal(utf8("data"), utf8("aad"), "measurement");
    for (let i = 0; i < blob.length; i++) {
      const altered = blob.slice();
      altered[i] = (altered[i] ?? 0) ^ 0x80;
      expect(() => sealingOf().unseal(altered, utf8("aad"))).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^(unseal-failed|malformed-seal|sealed-by-newer)$/) }),
      );
    }
    expect(() => sealingOf().unseal(blob, utf8("axd"))).toThrow(refusedAs("unseal-failed"));
  });

  test("that is cut anywhere is refused", () => {
    const blob = sealingOf().seal(utf8("data"), none, "measurement");
    for (let length = 0; length < blob.length; length++) {
      expect(() => sealingOf().unseal(blob.subarray(0, length), none)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^(unseal-failed|malformed-seal)$/) }),
      );
    }
  });

  test("for a measurement does not move to another measurement, for a signer it does", () => {
    const other = sealingOf({ measurement: new Uint8Array(32).fill(7) });
    expect(() => other.unseal(sealingOf().seal(utf8("data"), none, "measurement"), none)).toThrow(
      refusedAs("unseal-failed"),
    );
    expect(other.unseal(sealingOf().seal(utf8("data"), none, "signer"), none)).toEqual(utf8("data"));
  });

  test("for a signer does not move to another signer, product or machine", () => {
    const blob = sealingOf().seal(utf8("data"), none, "signer");
    const others = [
      sealingOf({ signer: new Uint8Array(32).fill(7) }),
      sealingOf({ productId: 4 }),
      sealingOf({}, {}, new Uint8Array(32).fill(8)),
    ];
    for (const other of others) expect(() => other.unseal(blob, none)).toThrow(refusedAs("unseal-failed"));
  });

  test("is read by newer security versions and refused by older ones", () => {
    const blob = sealingOf().seal(utf8("data"), none, "signer");
    expect(sealingOf({}, { securityVersion: 6 }).unseal(blob, none)).toEqual(utf8("data"));
    expect(() => sealingOf({}, { securityVersion: 4 }).unseal(blob, none)).toThrow(refusedAs("sealed-by-newer"));
  });

  test("is for one of the two policies, also when untyped code names what every object has", () => {
    for (const policy of ["constructor", "__proto__", ""]) {
      expect(() => sealingOf().seal(utf8("data"), none, policy as "signer")).toThrow(refusedAs("malformed-seal"));
    }
  });

  test("does not move to another platform", () => {
    const blob = sealingOf().seal(utf8("data"), none, "measurement");
    expect(() => sealingOf({}, { platform: "tdx" }).unseal(blob, none)).toThrow(refusedAs("malformed-seal"));
  });

  test("cannot be made without a key, nor for a signer where there is none", () => {
    const keyless = createSealing({ platform: "tdx", securityVersion: 1 }, { keys: undefined, random: seededRandom() });
    expect(() => keyless.seal(none, none, "measurement")).toThrow(refusedAs("sealing-unavailable"));
    const { signer: _, ...unsigned } = identity;
    const keys = boundKeys(machineKey, unsigned);
    const sealing = createSealing({ platform: "tdx", securityVersion: 1 }, { keys, random: seededRandom() });
    expect(() => sealing.seal(none, none, "signer")).toThrow(refusedAs("sealing-unavailable"));
    expect(() => boundKeys(new Uint8Array(16), identity)).toThrow(refusedAs("sealing-unavailable"));
  });
});

describe("sealed state with a counter of strength none", () => {
  /** A host: it keeps the blob and the counter's file, and can put either back. */
  function host() {
    const disk: { counter: Uint8Array | undefined; state: Uint8Array } = { counter: undefined, state: none };
    const counter = fileCounter({
      read: () => disk.counter,
      write: (content) => {
        disk.counter = content;
      },
    });
    const enclave = createSealedState(sealingOf(), counter);
    const store = (text: string): void => {
      disk.state = enclave.seal(utf8(text), "measurement");
      enclave.stored();
    };
    return { disk, enclave, store, open: () => enclave.open(disk.state) };
  }

  test("opens the newest state", () => {
    const { store, open } = host();
    store("one");
    store("two");
    expect(open()).toEqual(utf8("two"));
  });

  test("detects that the state alone was put back", () => {
    const { disk, store, open } = host();
    store("one");
    const old = disk.state;
    store("two");
    disk.state = old;
    expect(open).toThrow(refusedAs("state-rolled-back"));
  });

  test("detects that the counter alone was put back", () => {
    const { disk, store, open } = host();
    store("one");
    const old = disk.counter;
    store("two");
    store("three");
    disk.counter = old;
    expect(open).toThrow(refusedAs("counter-rolled-back"));
  });

  test("does not detect that both were put back together, as the strength says", () => {
    const { disk, store, open } = host();
    store("one");
    const old = { ...disk };
    store("two");
    Object.assign(disk, old);
    expect(open()).toEqual(utf8("one"));
  });

  test("survives a crash between storing the state and counting, on the newer state", () => {
    const { disk, enclave, store, open } = host();
    store("one");
    const old = disk.state;
    disk.state = enclave.seal(utf8("two"), "measurement");
    expect(open()).toEqual(utf8("two"));
    disk.state = old;
    expect(open).toThrow(refusedAs("state-rolled-back"));
  });

  test("is not lost when its host says twice that it is stored, or says so of nothing", () => {
    const { disk, enclave, store, open } = host();
    enclave.stored();
    store("one");
    enclave.stored();
    expect(open()).toEqual(utf8("one"));
    disk.state = enclave.seal(utf8("two"), "measurement");
    expect(open()).toEqual(utf8("two"));
    enclave.stored();
    expect(open()).toEqual(utf8("two"));
  });

  test("is not opened by another enclave, nor taken for data that was sealed otherwise", () => {
    const { disk, enclave, store } = host();
    store("one");
    const other = sealingOf({ measurement: new Uint8Array(32).fill(7) });
    expect(() => other.unseal(disk.state, utf8("fogbow-state-v1"))).toThrow(refusedAs("unseal-failed"));
    const data = sealingOf().seal(concatBytes(new Uint8Array(8), utf8("x")), none, "measurement");
    expect(() => enclave.open(data)).toThrow(refusedAs("unseal-failed"));
  });
});

describe("a counter in a file", () => {
  test("begins at zero and counts durably", () => {
    const written: Uint8Array[] = [];
    const counter = fileCounter({ read: () => written.at(-1), write: (content) => written.push(content) });
    expect([counter.read(), counter.increment(), counter.increment(), counter.read()]).toEqual([0n, 1n, 2n, 2n]);
    expect(written.map((each) => Buffer.from(each).toString())).toEqual(["1\n", "2\n"]);
    expect(counter.strength).toBe("none");
  });

  test.each(["", "x", "-1", "01", "18446744073709551616", "1 2"])("that holds %j is refused", (text) => {
    const counter = fileCounter({ read: () => utf8(text), write: () => {} });
    expect(() => counter.read()).toThrow(refusedAs("counter-unavailable"));
  });

  test("that cannot be written, or is at its end, is refused", () => {
    const full = fileCounter({
      read: () => utf8("4"),
      write: () => {
        throw Object.assign(new Error("full"), { code: "ENOSPC" });
      },
    });
    expect(() => full.increment()).toThrow(refusedAs("counter-unavailable"));
    const last = fileCounter({ read: () => utf8("18446744073709551615"), write: () => {} });
    expect(() => last.increment()).toThrow(refusedAs("counter-unavailable"));
  });
});
