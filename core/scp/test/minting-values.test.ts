// Minting transactions as values: text that comes back as the transaction and sorts as the transactions do, field by field
// (spec 05 §1.2).
import { bytes, tokenId, tokenValue } from "@fogbow/core-bytes";
import { Ed25519PrivateKey, publicKey } from "@fogbow/core-crypto";
import type { MintConfig, MintConfigTx, MintTx, SignerSet } from "@fogbow/core-transaction";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkMessage,
  compareValues,
  type Message,
  mintConfigTxValue,
  mintTxValue,
  signMessage,
  tryConsensusValue,
  txHashValue,
  verifyMessageSignature,
} from "../src/index.ts";
import { message, quorumSet } from "./fixtures.ts";

/** Few different bytes, so that two often begin alike. */
const fewBytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.constantFrom(0, 1, 255).map((byte) => new Uint8Array(length).fill(byte));
const u64 = fc.constantFrom(0n, 1n, 255n, 256n, 2n ** 64n - 1n);
const points = ["00".repeat(32), "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"].map((hex) =>
  publicKey(Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))),
);
const point = fc.constantFrom(...points);
const signature = fc.record({ signatures: fc.array(fewBytes(64), { maxLength: 2 }) });

const mintTxs: fc.Arbitrary<MintTx> = fc.record({
  prefix: fc.record({
    tokenId: u64.map(tokenId),
    amount: u64.map(tokenValue),
    viewPublicKey: point,
    spendPublicKey: point,
    nonce: fewBytes(64),
    tombstoneBlock: u64,
    encryptedFogHint: fc.option(
      fewBytes(84).map((hint) => bytes(hint, 84, "A hint")),
      { nil: undefined },
    ),
  }),
  signature,
});

const signerSets = (depth: number): fc.Arbitrary<SignerSet> =>
  fc.record({
    signers: fc.array(fewBytes(32), { maxLength: 2 }),
    multiSigners: depth === 1 ? fc.constant([]) : fc.array(signerSets(depth - 1), { maxLength: 2 }),
    threshold: fc.constantFrom(0, 1, 256, 2 ** 32 - 1),
  });
const mintConfigs: fc.Arbitrary<MintConfig> = fc.record({
  tokenId: u64.map(tokenId),
  signerSet: signerSets(2),
  mintLimit: u64.map(tokenValue),
});
const mintConfigTxs: fc.Arbitrary<MintConfigTx> = fc.record({
  prefix: fc.record({
    tokenId: u64.map(tokenId),
    configs: fc.array(mintConfigs, { maxLength: 2 }),
    nonce: fewBytes(64),
    tombstoneBlock: u64,
    totalMintLimit: u64.map(tokenValue),
  }),
  signature,
});

/** What is compared field by field: numbers, and lists of such. */
type Fields = number | bigint | readonly Fields[];

const mintTxFields = ({ prefix, signature }: MintTx): Fields => [
  ...[prefix.tokenId, prefix.amount, [...prefix.viewPublicKey], [...prefix.spendPublicKey], [...prefix.nonce]],
  ...[prefix.tombstoneBlock, prefix.encryptedFogHint === undefined ? [] : [[...prefix.encryptedFogHint]]],
  signature.signatures.map((each) => [...each]),
];
const signerSetFields = ({ signers, multiSigners, threshold }: SignerSet): Fields => [
  signers.map((key) => [...key]),
  multiSigners.map(signerSetFields),
  threshold,
];
const mintConfigTxFields = ({ prefix, signature }: MintConfigTx): Fields => [
  prefix.tokenId,
  prefix.configs.map(({ tokenId, signerSet, mintLimit }) => [tokenId, signerSetFields(signerSet), mintLimit]),
  ...[[...prefix.nonce], prefix.tombstoneBlock, prefix.totalMintLimit],
  signature.signatures.map((each) => [...each]),
];

function compareFields(a: Fields, b: Fields): number {
  if (typeof a !== "object" || typeof b !== "object") return a < b ? -1 : a > b ? 1 : 0;
  for (const [i, each] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    const order = compareFields(each, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

describe("minting transactions", () => {
  test("sort as values as they do field by field", () => {
    fc.assert(
      fc.property(mintTxs, mintTxs, (a, b) => {
        expect(compareValues(mintTxValue(a), mintTxValue(b))).toBe(
          Math.sign(compareFields(mintTxFields(a), mintTxFields(b))),
        );
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(mintConfigTxs, mintConfigTxs, (a, b) => {
        expect(compareValues(mintConfigTxValue(a), mintConfigTxValue(b))).toBe(
          Math.sign(compareFields(mintConfigTxFields(a), mintConfigTxFields(b))),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("differ in one field and sort by it", () => {
    const ascend = (values: readonly string[]): void => expect([...values].reverse().sort()).toEqual(values);
    fc.assert(
      fc.property(mintTxs, (tx) => {
        const withHint = (hint: number | undefined): string => {
          const encryptedFogHint = hint === undefined ? hint : bytes(new Uint8Array(84).fill(hint), 84, "A hint");
          return mintTxValue({ ...tx, prefix: { ...tx.prefix, encryptedFogHint } });
        };
        ascend([withHint(undefined), withHint(0), withHint(1)]);
      }),
      { numRuns: 20 },
    );
  });

  test("come back from their text", () => {
    fc.assert(
      fc.property(mintTxs, mintConfigTxs, (tx, config) => {
        expect(tryConsensusValue(mintTxValue(tx))).toEqual({ name: "MintTx", content: tx });
        expect(tryConsensusValue(mintConfigTxValue(config))).toEqual({ name: "MintConfigTx", content: config });
      }),
    );
  });

  test("come after hashes, and configurations between them", () => {
    fc.assert(
      fc.property(mintTxs, mintConfigTxs, (tx, config) => {
        const values = [txHashValue(new Uint8Array(32).fill(255)), mintConfigTxValue(config), mintTxValue(tx)];
        expect([...values].reverse().sort()).toEqual(values);
      }),
      { numRuns: 20 },
    );
  });
});

const [mintTx] = fc.sample(mintTxs, { numRuns: 1, seed: 1 }) as [MintTx];
const [config] = fc.sample(mintConfigTxs, { numRuns: 1, seed: 1 }) as [MintConfigTx];
const invalid = expect.objectContaining({ code: "invalid-value" });

describe("no value is", () => {
  test("a transaction with a nonce or a signature of another length", () => {
    const { prefix } = mintTx;
    expect(() => mintTxValue({ ...mintTx, prefix: { ...prefix, nonce: new Uint8Array(63) } })).toThrow(invalid);
    expect(() => mintTxValue({ ...mintTx, signature: { signatures: [new Uint8Array(65)] } })).toThrow(invalid);
  });

  test("a configuration with signer sets of three levels", () => {
    const set = (multiSigners: readonly SignerSet[]): SignerSet => ({ signers: [], multiSigners, threshold: 1 });
    const withSet = (signerSet: SignerSet): MintConfigTx => {
      const configs = [{ tokenId: tokenId(1n), signerSet, mintLimit: tokenValue(1n) }];
      return { ...config, prefix: { ...config.prefix, configs } };
    };
    const two = withSet(set([set([])]));
    expect(tryConsensusValue(mintConfigTxValue(two))).toEqual({ name: "MintConfigTx", content: two });
    expect(() => mintConfigTxValue(withSet(set([set([set([])])])))).toThrow(invalid);
  });

  test("a transaction that is too long", () => {
    const signatures = Array.from({ length: 1_024 }, () => new Uint8Array(64));
    expect(() => mintTxValue({ ...mintTx, signature: { signatures } })).toThrow(invalid);
  });

  test("text of another form", () => {
    const text = mintTxValue(mintTx);
    for (let length = 0; length < text.length; length++)
      expect(tryConsensusValue(text.slice(0, length))).toBeUndefined();
    for (const other of [`${text}0`, `3${text.slice(1)}`, text.toUpperCase(), `${text.slice(0, -1)}2`, "", "v1"]) {
      expect(tryConsensusValue(other === text ? "" : other)).toBeUndefined();
    }
    const nested = `1${"0".repeat(16)}1${"0".repeat(16)}${"01".repeat(50_000)}`;
    expect(tryConsensusValue(nested)).toBeUndefined(); // Not an overflow of the stack.
  });
});

describe("messages with minting transactions", () => {
  const privateKey = new Ed25519PrivateKey(new Uint8Array(32).fill(42));
  const sender = { responderId: "a.test:443", publicKey: bytes(privateKey.publicKey(), 32, "A key") };
  const previousBlockId = bytes(new Uint8Array(32), 32, "A block id");
  const about = (values: readonly string[]): Message => ({
    ...message(1, quorumSet(1, [2]), { kind: "nominate", nominate: { x: values, y: [] } }),
    sender,
  });

  test("are well-formed, and signed with all that the transactions say", () => {
    const values = [mintConfigTxValue(config), mintTxValue(mintTx)];
    expect(checkMessage(about(values))).toBeUndefined();
    const signed = signMessage(about(values), previousBlockId, privateKey);
    expect(verifyMessageSignature(signed)).toBe(true);
    const other = mintTxValue({ ...mintTx, prefix: { ...mintTx.prefix, tombstoneBlock: 77n } });
    expect(verifyMessageSignature({ ...signed, message: about([mintConfigTxValue(config), other]) })).toBe(false);
    expect(verifyMessageSignature({ ...signed, message: about(values.slice(0, 1)) })).toBe(false);
  });
});
