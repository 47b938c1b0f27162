// Tests of making outputs at every block version, against known outputs.
import { publicAddress, viewAccountKey } from "@fogbow/core-account";
import { fromHex, toHex } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BlockVersion,
  createTxOut,
  decodeTxOut,
  encodeMemo,
  encodeTxOut,
  openTxOut,
  SubaddressTable,
  type TxOutOptions,
  type TxPrivateKeySource,
} from "../../src/index.ts";
import { amounts, bytesOfLength, memos, randoms, u64s } from "../arbitraries.ts";
import { amount, prepared, privateKey, root0 } from "../fixtures.ts";
import { expectCode } from "../typed-errors.ts";
import { KNOWN_OUTPUTS } from "./known-outputs.ts";

const unused = encodeMemo({ kind: "unused" });
const options = (change: Partial<TxOutOptions> = {}): TxOutOptions & TxPrivateKeySource => ({
  blockVersion: 3,
  recipient: publicAddress(root0()),
  amount: amount(5n),
  memo: unused,
  fogHint: new Uint8Array(84),
  txPrivateKey: privateKey("05".repeat(32)),
  ...change,
});

test.each(KNOWN_OUTPUTS)("the known output comes out: $name", (known) => {
  const { txOut, sharedSecret } = createTxOut({
    blockVersion: known.blockVersion,
    recipient: publicAddress(known.recipient),
    amount: amount(known.value, known.tokenId),
    memo: unused,
    fogHint: new Uint8Array(84),
    txPrivateKey: privateKey(known.txPrivateKey),
  });
  expect(toHex(sharedSecret.expose())).toBe(known.sharedSecret);
  expect(toHex(txOut.targetKey)).toBe(known.targetKey);
  expect(toHex(txOut.publicKey)).toBe(known.publicKey);
  expect(toHex(txOut.maskedAmount.commitment)).toBe(known.commitment);
});

test("the computed output of token 1 has its known encrypted memo", () => {
  const { txOut } = createTxOut(options({ amount: amount(1_475_000_000_000n, 1n) }));
  expect(toHex(txOut.encryptedMemo ?? new Uint8Array(0))).toBe(
    "13e6ceabbcc279f99865763c969b9a0f0dc52de395c66788364c0a0c248fb8bbe301019a4b0b802749ff7acf756a4126e1bcf9b190564328ba02d827bc870d3c386a",
  );
});

describe("the gates of block versions", () => {
  test("a memo is mandatory from version 1 on and refused before", () => {
    const { memo: _, ...withoutMemo } = options();
    expect(createTxOut({ ...withoutMemo, blockVersion: 0 }).txOut.encryptedMemo).toBeUndefined();
    expectCode(() => createTxOut(options({ blockVersion: 0 })), "memo-not-allowed");
    for (const blockVersion of [1, 2, 3, 4] as const) {
      expect(createTxOut(options({ blockVersion })).txOut.encryptedMemo).toHaveLength(66);
      expectCode(() => createTxOut({ ...withoutMemo, blockVersion }), "missing-memo");
    }
  });

  test("masked token ids come with version 2, amounts of version 2 with version 3", () => {
    const { memo: _, ...withoutMemo } = options();
    const shape = (blockVersion: BlockVersion): readonly [number, number] => {
      const { maskedAmount } = createTxOut(
        blockVersion === 0 ? { ...withoutMemo, blockVersion } : options({ blockVersion }),
      ).txOut;
      return [maskedAmount.version, maskedAmount.maskedTokenId.length];
    };
    expect(([0, 1, 2, 3, 4] as const).map(shape)).toEqual([
      [1, 0],
      [1, 0],
      [1, 8],
      [2, 8],
      [2, 8],
    ]);
  });

  test("other tokens than 0 are refused before version 2", () => {
    expectCode(() => createTxOut(options({ blockVersion: 1, amount: amount(1n, 1n) })), "token-not-allowed");
    expect(createTxOut(options({ blockVersion: 2, amount: amount(1n, 1n) })).txOut.maskedAmount.version).toBe(1);
  });
});

test("a memo can be made once the output's public key is known", () => {
  const seen: Uint8Array[] = [];
  const memo = (txOutPublicKey: Uint8Array): typeof unused => {
    seen.push(txOutPublicKey);
    return unused;
  };
  const { txOut } = createTxOut(options({ memo }));
  expect(seen).toEqual([txOut.publicKey]);
});

test("a memo that was not made after all is refused, and so is an unknown block version", () => {
  const nothing = (() => undefined) as never; // Not what the type promises, as from a caller in JavaScript.
  expectCode(() => createTxOut(options({ memo: nothing })), "invalid-memo");
  expectCode(() => createTxOut(options({ blockVersion: 5 as never })), "unknown-block-version");
});

test("with a source of randomness the tx private key is 64 bytes of it", () => {
  const { txPrivateKey: _, ...rest } = options() as TxOutOptions & { txPrivateKey: unknown }; // It is the other source.
  const { txOut } = createTxOut({ ...rest, random: prepared(fromHex("05".repeat(32))) });
  expect(txOut).toEqual(createTxOut(options()).txOut);
});

test("hints and memos of a wrong length are refused", () => {
  for (const length of [0, 83, 85]) {
    expectCode(() => createTxOut(options({ fogHint: new Uint8Array(length) })), "invalid-fog-hint");
  }
  const short = unused.slice(1) as typeof unused; // Not what the type promises, as from a caller in JavaScript.
  expectCode(() => createTxOut(options({ memo: short })), "invalid-memo");
});

test("what anyone makes, the recipient alone finds and reads, from the ledger's bytes", () => {
  const versions = fc.constantFrom<BlockVersion>(2, 3, 4);
  const reader = root0();
  const stranger = { viewPrivateKey: privateKey("07".repeat(32)) };
  fc.assert(
    fc.property(versions, amounts, memos, bytesOfLength(84), u64s, randoms, (...arbitrary) => {
      const [blockVersion, plain, memo, fogHint, index, random] = arbitrary;
      const recipient = publicAddress(reader, index);
      const { txOut } = createTxOut({
        blockVersion,
        recipient,
        amount: plain,
        memo: encodeMemo(memo),
        fogHint,
        random,
      });
      const stored = decodeTxOut(encodeTxOut(txOut));
      expect(stored).toEqual(txOut);
      const subaddresses = new SubaddressTable(viewAccountKey(reader), [index]);
      const owned = openTxOut(stored, { viewPrivateKey: reader.viewPrivateKey, subaddresses });
      expect(owned).toMatchObject({ amount: plain, memo: encodeMemo(memo), subaddressIndex: index });
      expect(openTxOut(stored, { ...stranger, subaddresses })).toBeUndefined();
    }),
    { numRuns: 100 },
  );
});
