// Valid transactions with rings of eleven, in a ledger made here, for tests that then break one rule.
import { accountKey, publicAddress, subaddress } from "@fogbow/core-account";
import { type Amount, type Random, Secret } from "@fogbow/core-bytes";
import { PrivateKey, ringMlsagSign } from "@fogbow/core-crypto";
import {
  type BlockVersion,
  blockVersionFeatures,
  type CreatedTxOut,
  createTxOut,
  decoyFogHint,
  encodeMemo,
  FeeMap,
  type InputRing,
  type InputRules,
  leafHash,
  onetimePrivateKey,
  RING_SIZE,
  reduceTxOut,
  ringSigner,
  type SignableRing,
  signedInputDigest,
  signTx,
  type Tx,
  type TxIn,
  type TxOut,
  type TxPrefix,
  txOutHash,
  type UnmaskedAmount,
  unmaskAmount,
  type ValidationContext,
} from "../../src/index.ts";
import { compareBytes } from "../../src/validation/compare-bytes.ts";
import { amount } from "../fixtures.ts";
import { seeded } from "../tx/made-transaction.ts";
import { prove } from "../tx/slow-tree.ts";

/** What to make; every part has a default. */
export interface ValidPlan {
  readonly version?: BlockVersion;
  readonly inputs?: readonly Amount[];
  readonly outputs?: readonly Amount[];
  readonly fee?: Amount;
  /** Outputs made elsewhere, which are added to `outputs`. */
  readonly extra?: readonly CreatedTxOut[];
  /** Makes the last of the inputs one that is signed in advance, with these rules. */
  readonly rules?: InputRules;
  /** Members of each ring. */
  readonly ringSize?: number;
  /** Changes the transaction before it is signed. */
  readonly change?: (prefix: TxPrefix) => TxPrefix;
  readonly seed?: number;
}

/** A transaction and what it is valid against. */
export interface Valid {
  readonly tx: Tx;
  readonly context: ValidationContext;
  /** The hashes of the ledger's leaves. */
  readonly leaves: readonly Uint8Array[];
}

/** The block that is being built. */
export const CURRENT_INDEX = 100n;

/** The network knows token 0 and token 1. */
const FEES = new FeeMap([
  [0n, 400_000_000n],
  [1n, 1_024n],
]);

/** Rules that demand nothing. */
export const NO_RULES: InputRules = {
  requiredOutputs: [],
  maxTombstoneBlock: 0n,
  partialFillOutputs: [],
  partialFillChange: undefined,
  minPartialFillValue: 0n,
};

/** A signed transaction that is valid unless the plan says otherwise. */
export function makeValid(plan: ValidPlan = {}): Valid {
  const { version = 4, fee = amount(400_000_000n), extra = [], rules, ringSize = RING_SIZE, seed = 1 } = plan;
  const { inputs = [amount(1_000_000_000n)], outputs = [amount(600_000_000n)], change = (prefix) => prefix } = plan;
  const random = seeded(seed);
  const rings = inputs.map((spent) => makeRing(version, { amount: spent, ringSize, random }));
  // Three outputs are younger than the sender's proofs, so that the node must look back.
  const younger = [1, 2, 3].map(() => makeOutput(version, amount(1n), random).txOut);
  const ledger = [...rings.flatMap(({ txOuts }) => txOuts), ...younger];
  const leaves = ledger.map((txOut) => leafHash(txOutHash(txOut)));
  const older = leaves.slice(0, -younger.length);
  const made = rings.map(({ txOuts, ring }, i): { readonly input: TxIn; readonly ring: InputRing } => {
    const input = { ring: txOuts, proofs: txOuts.map((txOut) => prove(older, ledger.indexOf(txOut))) };
    return rules && i === rings.length - 1
      ? presign({ ...input, inputRules: rules }, ring, random)
      : { input: { ...input, inputRules: undefined }, ring };
  });
  made.sort((a, b) => compareKeys(a.input.ring[0], b.input.ring[0]));
  const paid = [...outputs.map((each) => makeOutput(version, each, random)), ...extra].sort((a, b) =>
    compareKeys(a.txOut, b.txOut),
  );
  const prefix = change({
    inputs: made.map(({ input }) => input),
    outputs: paid.map(({ txOut }) => txOut),
    fee: fee.value,
    feeTokenId: fee.tokenId,
    tombstoneBlock: CURRENT_INDEX + 10n,
  });
  const byCommitment = new Map(paid.map((each) => [`${each.txOut.maskedAmount.commitment}`, open(each)]));
  const signature = signTx(
    {
      blockVersion: version,
      prefix,
      rings: prefix.inputs.map((input) => made.find((each) => each.input.ring[0] === input.ring[0])?.ring as InputRing),
      outputs: prefix.outputs.map((each) => byCommitment.get(`${each.maskedAmount.commitment}`) as UnmaskedAmount),
      random,
    },
    ringSigner(),
  );
  const rootProof = prove(leaves, older.length - 1);
  return {
    tx: { prefix, signature, feeMapDigest: FEES.digest },
    context: {
      blockVersion: version,
      currentIndex: CURRENT_INDEX,
      minimumFees: FEES,
      rootProofs: rings.flatMap(({ txOuts }) => txOuts.map(() => rootProof)),
    },
    leaves,
  };
}

/** An output to somebody, with the secret that opens it. */
export function makeOutput(version: BlockVersion, each: Amount, random: Random): CreatedTxOut {
  const someone = accountKey({ viewPrivateKey: PrivateKey.random(random), spendPrivateKey: PrivateKey.random(random) });
  return createFor(version, { amount: each, recipient: publicAddress(someone), random });
}

/** An input signed in advance, with the ring that its owner could sign. */
export interface MadeRing {
  readonly txOuts: readonly TxOut[];
  readonly ring: SignableRing;
}

/** A ring in which one output is the owner's. */
export function makeRing(
  version: BlockVersion,
  { amount: spent, ringSize = RING_SIZE, random }: { amount: Amount; ringSize?: number; random: Random },
): MadeRing {
  const owner = accountKey({ viewPrivateKey: PrivateKey.random(random), spendPrivateKey: PrivateKey.random(random) });
  const real = createFor(version, { amount: spent, recipient: publicAddress(owner), random });
  const decoys = Array.from({ length: ringSize - 1 }, () => makeOutput(version, spent, random).txOut);
  const txOuts = [real.txOut, ...decoys].sort(compareKeys);
  const { spendPrivateKey } = subaddress(owner, 0n);
  const ring: SignableRing = {
    kind: "signable",
    members: txOuts.map(reduceTxOut),
    realIndex: txOuts.indexOf(real.txOut),
    amount: open(real),
    onetimeKey: {
      kind: "onetime-private-key",
      onetimePrivateKey: onetimePrivateKey(real.sharedSecret, spendPrivateKey),
    },
  };
  return { txOuts, ring };
}

/** Signs ring and rules of an input, and fixes its pseudo-output. */
export function presign(
  input: TxIn,
  { members, realIndex, amount: spent, onetimeKey }: SignableRing,
  random: Random,
): { readonly input: TxIn; readonly ring: InputRing & { readonly kind: "presigned" } } {
  const message = signedInputDigest(input);
  if (onetimeKey.kind !== "onetime-private-key" || message === undefined) throw new Error("Made with key and rules.");
  const blinding = PrivateKey.random(random).expose();
  const mlsag = ringMlsagSign({
    message,
    ring: members,
    realIndex,
    onetimePrivateKey: onetimeKey.onetimePrivateKey,
    value: spent.value,
    tokenId: spent.tokenId,
    blinding: spent.blinding.expose(),
    pseudoOutputBlinding: blinding,
    random,
  });
  return {
    input,
    ring: { kind: "presigned", mlsag, pseudoOutput: { ...spent, blinding: new Secret(blinding.slice()) } },
  };
}

/** Opens an output by the secret of who made it. */
export function open({ txOut, sharedSecret }: CreatedTxOut): UnmaskedAmount {
  return unmaskAmount(txOut.maskedAmount, sharedSecret);
}

/** The order of outputs by their public keys. */
export function compareKeys(a: TxOut | undefined, b: TxOut | undefined): number {
  return compareBytes(a?.publicKey ?? new Uint8Array(0), b?.publicKey ?? new Uint8Array(0));
}

function createFor(
  version: BlockVersion,
  options: { readonly amount: Amount; readonly recipient: ReturnType<typeof publicAddress>; readonly random: Random },
): CreatedTxOut {
  const memo = blockVersionFeatures(version).memos ? { memo: encodeMemo({ kind: "unused" }) } : {};
  return createTxOut({ blockVersion: version, fogHint: decoyFogHint(options.random), ...options, ...memo });
}
