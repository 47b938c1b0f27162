// Tests of the outputs that an enclave makes: how many, of what, and from which keys.
import { type Amount, type Bytes, le64, MOB, tokenId, tokenValue, U64_MAX, utf8 } from "@fogbow/core-bytes";
import { appendStrict, list, PrivateKey, Transcript } from "@fogbow/core-crypto";
import {
  type BlockVersion,
  FeeMap,
  mintTxDigestible,
  type Tx,
  type TxOut,
  txDigestible,
  txOutPublicKey,
  txOutSharedSecret,
  unmaskAmount,
} from "@fogbow/core-transaction";
import { kernel } from "@fogbow/kernel";
import { describe, expect, test } from "vitest";
import { feeOutputs } from "../../src/form/fee-outputs.ts";
import { addressWithoutFog } from "../../src/form/fee-recipient.ts";
import { type FeeNetwork, feeRecipient, mintedOutputs } from "../../src/index.ts";
import { filled, mintTx } from "./candidates.ts";

const viewPrivateKey = new PrivateKey(filled(2, 32));
const spendPublicKey = new PrivateKey(filled(3, 32)).publicKey();
const recipient = addressWithoutFog({
  spendPublicKey,
  viewPublicKey: kernel().ristretto.multiply(viewPrivateKey.expose(), spendPublicKey) as typeof spendPublicKey, // A point.
});
const minimumFees = new FeeMap([MOB, 1n, 2n, 3n].map((token) => [token, 128n] as const));
const parentId = filled(7, 32);

/** A transaction of which only the fee matters. */
const paying = (fee: bigint, token = 0n): Tx => ({
  prefix: { inputs: [], outputs: [], fee: tokenValue(fee), feeTokenId: tokenId(token), tombstoneBlock: 0n },
  signature: {
    ringSignatures: [],
    pseudoOutputCommitments: [],
    rangeProofBytes: new Uint8Array(0),
    rangeProofs: [],
    pseudoOutputTokenIds: [],
    outputTokenIds: [],
  },
  feeMapDigest: new Uint8Array(0),
});

const collect = (txs: readonly Tx[], blockVersion: BlockVersion = 4, id: Bytes<32> = parentId): TxOut[] =>
  feeOutputs(txs, { parentId: id, blockVersion, minimumFees, feeRecipient: recipient });

/** What the recipient can open of outputs, `value/token`. */
const opened = (outputs: readonly TxOut[]): string[] =>
  outputs.map(({ publicKey, maskedAmount }) => {
    const secret = txOutSharedSecret(viewPrivateKey, publicKey as typeof spendPublicKey); // Made here, so a point.
    const { value, tokenId: token } = unmaskAmount(maskedAmount, secret);
    return `${value}/${token}`;
  });

describe("fee outputs", () => {
  test("are as many as transactions, but no more than tokens", () => {
    const count = (n: number): number => collect(Array.from({ length: n }, () => paying(128n))).length;
    expect([0, 1, 2, 4, 9].map(count)).toEqual([0, 1, 2, 4, 4]);
  });

  test("sum up the fees of each token, and tokens without fees move to the end as they do in the network", () => {
    expect(opened(collect([paying(200n, 2n)]))).toEqual(["200/2"]);
    expect(opened(collect([paying(200n), paying(128n, 2n), paying(1n, 2n)]))).toEqual(["200/0", "129/2", "0/1"]);
    // Token 3 changes places with token 0, so that the output over nothing is of token 1.
    expect(opened(collect([paying(5n, 3n), paying(6n, 3n)]))).toEqual(["11/3", "0/1"]);
    expect(opened(collect([paying(5n, 3n), paying(6n, 2n)])).sort()).toEqual(["5/3", "6/2"]);
  });

  test("hold at most 64 bits each", () => {
    const much = paying(U64_MAX);
    expect(opened(collect([much]))).toEqual([`${U64_MAX}/0`]);
    const outputs = collect([much, much, paying(3n)]);
    expect(opened(outputs)).toEqual([`${U64_MAX}/0`, `${U64_MAX}/0`, "3/0", "0/1", "0/2"]);
    expect(new Set(outputs.map(({ publicKey }) => `${publicKey}`)).size).toBe(5);
  });

  test("carry an empty memo and a hint that is nobody's", () => {
    const [output] = collect([paying(128n)]);
    expect(output?.encryptedFogHint).toEqual(filled(0, 84));
    expect(output?.encryptedMemo).toHaveLength(66);
    expect(collect([paying(128n)], 0)[0]?.encryptedMemo).toBeUndefined();
  });

  test("are of token 0 alone while there are no others", () => {
    expect(opened(collect([paying(128n), paying(128n)], 1))).toEqual(["256/0"]);
    expect(opened(collect([paying(128n), paying(128n)], 2))).toHaveLength(2);
  });

  test("depend on the parent and on every transaction", () => {
    const keys = [
      collect([paying(128n)]),
      collect([paying(128n)], 4, filled(8, 32)),
      collect([{ ...paying(128n), feeMapDigest: filled(1, 32) }]),
    ].map(([output]) => `${output?.publicKey}`);
    expect(new Set(keys).size).toBe(3);
    expect(collect([paying(128n)])).toEqual(collect([paying(128n)]));
  });
});

describe("the key of an output that an enclave makes", () => {
  /** Spec 02 §6.4 once more, with the shape of the amount written out. */
  function outputKey(
    label: string,
    transactions: Parameters<typeof list>[0],
    { value, tokenId: token }: Amount,
    n: number,
  ) {
    const transcript = new Transcript(label);
    transcript.append("parent_block_id", utf8("prim"));
    transcript.append("bytes", parentId);
    appendStrict(transcript, "transactions", list(transactions));
    const aggregate = (context: string, name: string, body: () => void): void => {
      transcript.append(context, utf8("agg"));
      transcript.append("name", utf8(name));
      body();
      transcript.append(context, utf8("agg-end"));
      transcript.append("name", utf8(name));
    };
    const integer = (context: string, number: bigint): void => {
      transcript.append(context, utf8("prim"));
      transcript.append("uint", le64(number));
    };
    aggregate("amount", "Amount", () => {
      integer("value", value);
      aggregate("token_id", "TokenId", () => integer("0", token));
    });
    integer("counter", BigInt(n));
    return kernel().scalars.reduce(transcript.challenge("digest32", 32));
  }
  const publicKeyOf = (privateKey: Uint8Array): Uint8Array =>
    txOutPublicKey(new PrivateKey(privateKey), recipient.spendPublicKey);

  test("follows from parent, transactions, amount and counter, for fees", () => {
    const txs = [paying(U64_MAX, 1n), paying(9n, 1n)];
    const [first, second] = collect(txs);
    const digestibles = txs.map(txDigestible);
    const key = (value: bigint, n: number): Uint8Array =>
      outputKey("mc_fees_output_private_key", digestibles, { value: tokenValue(value), tokenId: tokenId(1n) }, n);
    expect(first?.publicKey).toEqual(publicKeyOf(key(U64_MAX, 0)));
    expect(second?.publicKey).toEqual(publicKeyOf(key(9n, 1)));
  });

  test("follows from parent, minting transactions, amount and place, for what is minted", () => {
    const hint = filled(5, 84);
    const keys = { viewPublicKey: recipient.viewPublicKey, spendPublicKey };
    const mintTxs = [mintTx(1, keys), mintTx(2, { ...keys, encryptedFogHint: hint })];
    const outputs = mintedOutputs(mintTxs, { parentId, blockVersion: 4 });
    const amount = { value: tokenValue(7n), tokenId: tokenId(5n) };
    const label = "mc_minted_output_private_key";
    const expected = mintTxs.map((_, i) => publicKeyOf(outputKey(label, mintTxs.map(mintTxDigestible), amount, i)));
    expect(outputs.map(({ publicKey }) => publicKey)).toEqual(expected);
    expect(outputs.map(({ encryptedFogHint }) => encryptedFogHint)).toEqual([filled(0, 84), hint]);
    expect(opened(outputs)).toEqual(["7/5", "7/5"]);
  });
});

test("the fee recipients of the networks have keys that are points, all different", () => {
  const networks: readonly FeeNetwork[] = ["main", "test", "development"];
  const keys = networks.flatMap((each) => [feeRecipient(each).viewPublicKey, feeRecipient(each).spendPublicKey]);
  expect(new Set(keys.map(String)).size).toBe(6);
});
