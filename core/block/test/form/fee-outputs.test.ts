// Tests of the outputs that an enclave makes: how many, of what, and from which keys.
import { type Amount, type Bytes, le64, MOB, toHex, tokenId, tokenValue, U64_MAX, utf8 } from "@fogbow/core-bytes";
import { appendStrict, list, PrivateKey, Transcript } from "@fogbow/core-crypto";
import {
  type BlockVersion,
  FeeMap,
  mintTxDigestible,
  type Tx,
  type TxOut,
  txDigestible,
  txOutHash,
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

/** Hashes of outputs that the public reference library made from the same transactions. */
const KNOWN_FEES: Readonly<Record<0 | 1 | 2 | 4, readonly string[]>> = {
  0: ["4f4b783cb694b0fd13be03338f1356f83986af411d703f6c84648582c2065186"],
  1: ["7e95f4b8485f7aa7b536ac5faf4f9b59b3b63494ebae5b1a23540f4b87f00465"],
  2: [
    "285e5e7c77ecaf8bfc323ec15c50bb03f41c02b4a00e04383abff9425f1d74de",
    "4a74236aa8eeca5c015f60a7c1fbecf7341f95df6c1f1aaaeef3baa7fc5361be",
    "fbfe2a4926c4b5bff0e51bda6a79def5b7d29994e33a35bdb1b630aeea1e9bcc",
  ],
  4: [
    "0564a4d1dc040dca9df0d14c6fbb117ee5ac218f16003f5733ba87722ed603b7",
    "d14f516f23657e2ca582abce0e0c93d21674dfd7de10f02ce75a23671c616c66",
    "357c3af2b96fd7cfd37fa5820d554db2cec4d7732eaabebbf74079903f3777d4",
  ],
};

const KNOWN_MINTS: Readonly<Record<2 | 4, readonly string[]>> = {
  2: [
    "3722f53efd1a17541504ba75e5f558b5e7ae7ee9246fe7dc1697ec8687d4559e",
    "237b2536e8475500f1d8e32513553636fb77b0ba904523057b24c9c72d2349f7",
    "c38db3acaae9103e6ad883ba65e8e8e0a9c3461242fa415ddad901a4f9ade7df",
  ],
  4: [
    "4cf7cdaf7a4e1f48d180cfe9cdf0a6c0707485307e4586ba4db4e86e0aa44ede",
    "60363876f049f059ce0511ef3b286508c0c6ec124d17f5f680130d431cac8dd2",
    "3966e49c05e9aeed2bfc7d3289a3cf26db3c882d35eef4075c18aa7613deb89e",
  ],
};

const hashes = (outputs: readonly TxOut[]): string[] => outputs.map((txOut) => toHex(txOutHash(txOut)));

describe("the outputs of the public reference library are made, byte for byte", () => {
  test.each([0, 1, 2, 4] as const)("for fees in block version %i", (blockVersion) => {
    const txs = [...(blockVersion < 2 ? [] : [paying(U64_MAX, 1n), paying(9n, 1n)]), paying(128n)];
    const fees = new FeeMap([MOB, 1n].map((token) => [token, 128n] as const));
    const collection = { parentId, blockVersion, minimumFees: fees, feeRecipient: feeRecipient("development") };
    expect(hashes(feeOutputs(txs, collection))).toEqual(KNOWN_FEES[blockVersion]);
  });

  test.each([2, 4] as const)("for what is minted in block version %i", (blockVersion) => {
    const viewPublicKey = new PrivateKey(filled(3, 32)).publicKey();
    const mintTxs = [
      mintTx(1),
      mintTx(2, { viewPublicKey, encryptedFogHint: filled(5, 84) }, [filled(4, 64)]),
      mintTx(3, { tokenId: tokenId(1n), amount: tokenValue(U64_MAX) }),
    ];
    expect(hashes(mintedOutputs(mintTxs, { parentId, blockVersion }))).toEqual(KNOWN_MINTS[blockVersion]);
  });
});

test("the fee recipients of the networks have keys that are points, all different", () => {
  const networks: readonly FeeNetwork[] = ["main", "test", "development"];
  const keys = networks.flatMap((each) => [feeRecipient(each).viewPublicKey, feeRecipient(each).spendPublicKey]);
  expect(new Set(keys.map(String)).size).toBe(6);
});
