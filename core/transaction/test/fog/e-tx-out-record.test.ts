// Tests of sealed records.
import { publicAddress, subaddress } from "@fogbow/core-account";
import { fromHex, toHex } from "@fogbow/core-bytes";
import { sealBox } from "@fogbow/core-crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeETxOutRecord, encodeETxOutRecord, openTxOutRecord, sealTxOutRecord } from "../../src/index.ts";
import { mutations, privateKeys, randoms } from "../arbitraries.ts";
import { bob, fixtureRandom, prepared, root0 } from "../fixtures.ts";
import { expectTotal, expectTypedError } from "../typed-errors.ts";
import { COMPUTED_RECORD } from "./known-records.ts";
import { recordAt } from "./records.ts";

const searchKey = Uint8Array.from({ length: 16 }, (_, i) => i);
const { viewPublicKey } = publicAddress(root0());
const opener = subaddress(root0(), 0n).viewPrivateKey;
const sealed = (): ReturnType<typeof sealTxOutRecord> =>
  sealTxOutRecord(recordAt(3), { searchKey, viewPublicKey }, prepared(new Uint8Array(32).fill(4)));

test("the computed payload comes out, 237 bytes, and opens", () => {
  expect(toHex(sealed().payload)).toBe(COMPUTED_RECORD.payload);
  expect(sealed().payload).toHaveLength(237);
  expect(openTxOutRecord(fromHex(COMPUTED_RECORD.payload), opener)).toEqual(recordAt(3));
});

test("a payload is 50 bytes longer than its record at every block version", () => {
  const sizes = ([0, 1, 2] as const).map(
    (version) => sealTxOutRecord(recordAt(version), { searchKey, viewPublicKey }, fixtureRandom()).payload.length,
  );
  expect(sizes).toEqual([161, 229, 237]);
});

test("whoever the owner is opens it, and nobody else, not even with the account's view key", () => {
  fc.assert(
    fc.property(privateKeys, randoms, (owner, random) => {
      const { payload } = sealTxOutRecord(recordAt(3), { searchKey, viewPublicKey: owner.publicKey() }, random);
      expect(openTxOutRecord(payload, owner)).toEqual(recordAt(3));
      expectTypedError(() => openTxOutRecord(payload, subaddress(bob(), 0n).viewPrivateKey), "box-not-opened");
    }),
    { numRuns: 100 },
  );
  expectTypedError(() => openTxOutRecord(sealed().payload, root0().viewPrivateKey), "box-not-opened");
});

test("a damaged payload is refused with a typed error", () => {
  fc.assert(
    fc.property(mutations, (mutation) => {
      expect(() => openTxOutRecord(mutation(sealed().payload), opener)).toThrow(
        expect.objectContaining({ name: "CryptoError" }),
      );
    }),
    { numRuns: 100 },
  );
});

test("an authentic box that holds no record is refused with a typed error", () => {
  const payload = sealBox(viewPublicKey, new Uint8Array(187).fill(0xff), fixtureRandom());
  expectTypedError(() => openTxOutRecord(payload, opener), "malformed-message");
});

test("a sealed record survives encoding; its search key has 16 bytes", () => {
  const encoded = encodeETxOutRecord(sealed());
  expect(toHex(encoded).slice(0, 36)).toBe(`0a10${toHex(searchKey)}`);
  expect(decodeETxOutRecord(encoded)).toEqual(sealed());
  const short = { searchKey: new Uint8Array(15), viewPublicKey };
  expectTypedError(() => sealTxOutRecord(recordAt(3), short, fixtureRandom()), "invalid-length");
  expectTypedError(() => encodeETxOutRecord({ ...sealed(), searchKey: short.searchKey as never }), "wrong-length");
  expectTypedError(() => encodeETxOutRecord({ ...sealed(), payload: new Uint8Array(1024) }), "message-too-large");
  expectTypedError(() => decodeETxOutRecord(fromHex("0a0f".padEnd(34, "0"))), "wrong-length");
  expectTypedError(() => decodeETxOutRecord(encoded.slice(0, 18)), "missing-field");
});

test("any bytes are a sealed record or a typed error", () => {
  expectTotal(encodeETxOutRecord(sealed()), decodeETxOutRecord, encodeETxOutRecord);
});
