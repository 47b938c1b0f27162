// Tests of the fast reader of transactions: it reads what encoders write, and never otherwise than the general reader.
import { fromHex } from "@fogbow/core-bytes";
import { decodeMessage, TxSchema } from "@fogbow/core-wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeTx, TX_BYTES_MAX, type Tx, txFromWire } from "../../src/index.ts";
import { tryReadTx } from "../../src/tx/tx-reader.ts";
import { mutations } from "../arbitraries.ts";
import { KNOWN_TRANSACTIONS } from "./known-transactions.ts";
import { editTx, knownTx } from "./transactions.ts";

if (process.env.FOGBOW_SEED !== undefined) {
  fc.configureGlobal({ seed: Number(process.env.FOGBOW_SEED) });
}

/** What the general reader makes of the bytes. Throws what it throws. */
const readGenerally = (bytes: Uint8Array): Tx => txFromWire(decodeMessage(TxSchema, bytes, { bytesMax: TX_BYTES_MAX }));

const hasRules = (tx: Tx): boolean => tx.prefix.inputs.some(({ inputRules }) => inputRules !== undefined);

describe.each(KNOWN_TRANSACTIONS)("the known transaction of $name", (known) => {
  const bytes = fromHex(known.tx);
  const tx = readGenerally(bytes);

  test("is read from the reference library's bytes and from ours, unless it has input rules", () => {
    for (const encoded of [bytes, encodeTx(tx)]) {
      expect(tryReadTx(encoded)).toEqual(hasRules(tx) ? undefined : tx);
      expect(tryReadTx(Buffer.from(encoded))).toEqual(hasRules(tx) ? undefined : tx);
    }
  });

  test("cut at any byte is left to the general reader", () => {
    for (let length = 0; length < bytes.length; length += 1 + (length % 7)) {
      const read = tryReadTx(bytes.subarray(0, length));
      if (read !== undefined) expect(read).toEqual(readGenerally(bytes.subarray(0, length)));
    }
  });

  test("changed at will is read as the general reader reads it, or left to it", () => {
    fc.assert(
      fc.property(fc.array(mutations, { minLength: 1, maxLength: 3 }), (changes) => {
        const changed = changes.reduce((now, change) => change(now), bytes);
        const read = tryReadTx(changed);
        if (read !== undefined) expect(read).toEqual(readGenerally(changed));
      }),
      { numRuns: 400 },
    );
  });
});

test("what it read stays as it was when the bytes change", () => {
  const { tx } = knownTx("version 2");
  const encoded = Buffer.from(encodeTx(tx));
  const read = tryReadTx(encoded);
  encoded.fill(0xff);
  expect(read).toEqual(tx);
});

test("integers at their edges are read, or left to the general reader", () => {
  const { tx } = knownTx("version 2");
  for (const tombstoneBlock of [0n, 1n, 127n, 128n, 2n ** 32n, 2n ** 49n - 1n, 2n ** 49n, 2n ** 53n, 2n ** 64n - 1n]) {
    const encoded = encodeTx(editTx(tx, { prefix: { tombstoneBlock } }));
    const read = tryReadTx(encoded);
    expect(read).toEqual(tombstoneBlock < 2n ** 49n ? readGenerally(encoded) : undefined);
  }
});

test("fields twice, out of order, unknown or of another type are left to the general reader", () => {
  const { tx } = knownTx("version 2");
  const encoded = encodeTx(tx);
  const digest = Uint8Array.of(0x1a, 2, 7, 7); // Field 3, the digest of the fee map.
  const plain = new Uint8Array([...encodeTx({ ...tx, feeMapDigest: new Uint8Array(0) }), ...digest]);
  expect(tryReadTx(plain)).toEqual(readGenerally(plain));
  const odd: Uint8Array[] = [
    new Uint8Array([...plain, ...digest]),
    new Uint8Array([...digest, ...encoded]),
    new Uint8Array([...plain, 0x20, 0]), // An unknown field 4.
    new Uint8Array([...plain, 0x9a, 0, 0]), // Field 3 with a tag of two bytes.
  ];
  for (const bytes of odd) expect(tryReadTx(bytes)).toBeUndefined();
});
