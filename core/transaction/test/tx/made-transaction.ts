// Transactions made here, down to the keys of their rings, for tests that sign.
import { type AccountKey, accountKey, publicAddress, subaddress } from "@fogbow/core-account";
import { type Amount, type Random, Secret, tokenValue } from "@fogbow/core-bytes";
import { PrivateKey, ringMlsagSign } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import {
  type BlockVersion,
  blockVersionFeatures,
  type CreatedTxOut,
  createTxOut,
  decoyFogHint,
  encodeMemo,
  type InputRing,
  type InputRules,
  onetimePrivateKey,
  type PresignedRing,
  reduceTxOut,
  type SignableRing,
  signedInputDigest,
  type TxIn,
  type TxOut,
  type TxToSign,
  type UnmaskedAmount,
  unmaskAmount,
} from "../../src/index.ts";

/** A `Random` that continues a number for ever. */
export function seeded(seed: number): Random {
  let counter = 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let offset = 0; offset < length; offset += 64) {
      const block = kernel().hashes.blake2b512(Uint8Array.of(seed, seed >> 8, counter, counter >> 8, counter >> 16));
      bytes.set(block.subarray(0, length - offset), offset);
      counter += 1;
    }
    return bytes;
  };
}

/** A random account without Fog. */
function randomAccount(random: Random): AccountKey {
  return accountKey({ viewPrivateKey: PrivateKey.random(random), spendPrivateKey: PrivateKey.random(random) });
}

/** A ring of three, one of them of the owner. */
export interface MadeInput {
  readonly input: TxIn;
  readonly ring: SignableRing;
}

/** What to make a transaction of. */
export interface Plan {
  readonly version: BlockVersion;
  readonly inputs: readonly Amount[];
  readonly outputs: readonly Amount[];
  readonly fee: Amount;
  /** Which inputs, by their place in `inputs`, are signed in advance with rules that demand nothing. */
  readonly presigned?: readonly number[];
}

/** A transaction and the account that pays it. */
export interface MadeTx {
  readonly toSign: TxToSign;
  readonly owner: AccountKey;
}

/** Makes everything of a transaction but its signature. */
export function makeTx({ version, inputs, outputs, fee, presigned = [] }: Plan, random: Random): MadeTx {
  const owner = randomAccount(random);
  const made = inputs.map((amount, i): { readonly input: TxIn; readonly ring: InputRing } => {
    const one = makeInput(version, { amount, owner, random });
    return presigned.includes(i) ? presign(one, NO_RULES, random) : one;
  });
  made.sort((a, b) => compareKeys(a.input.ring[0], b.input.ring[0]));
  const recipient = publicAddress(randomAccount(random));
  const paid = outputs
    .map((amount) => makeOutput(version, { amount, to: recipient, random }))
    .sort((a, b) => compareKeys(a.txOut, b.txOut));
  const toSign: TxToSign = {
    blockVersion: version,
    prefix: {
      inputs: made.map(({ input }) => input),
      outputs: paid.map(({ txOut }) => txOut),
      fee: fee.value,
      feeTokenId: fee.tokenId,
      tombstoneBlock: 1000n,
    },
    rings: made.map(({ ring }) => ring),
    outputs: paid.map(({ txOut, sharedSecret }) => unmaskAmount(txOut.maskedAmount, sharedSecret)),
    random,
  };
  return { toSign, owner };
}

const NO_RULES: InputRules = {
  requiredOutputs: [],
  maxTombstoneBlock: 0n,
  partialFillOutputs: [],
  partialFillChange: undefined,
  minPartialFillValue: 0n,
};

/** A ring of three with an output of the owner's default subaddress. */
function makeInput(
  version: BlockVersion,
  { amount, owner, random }: { readonly amount: Amount; readonly owner: AccountKey; readonly random: Random },
): MadeInput {
  const real = makeOutput(version, { amount, to: publicAddress(owner), random });
  const decoys = [1, 2].map(() => {
    const to = publicAddress(randomAccount(random));
    return makeOutput(version, { amount: { ...amount, value: tokenValue(7n) }, to, random }).txOut;
  });
  const ring = [real.txOut, ...decoys].sort(compareKeys);
  return {
    input: { ring, proofs: [], inputRules: undefined },
    ring: {
      kind: "signable",
      members: ring.map(reduceTxOut),
      realIndex: ring.indexOf(real.txOut),
      amount: unmaskAmount(real.txOut.maskedAmount, real.sharedSecret),
      onetimeKey: {
        kind: "onetime-private-key",
        onetimePrivateKey: onetimePrivateKey(real.sharedSecret, subaddress(owner, 0n).spendPrivateKey),
      },
    },
  };
}

/** The same input, its ring signed in advance on conditions. */
function presign(
  { input, ring }: MadeInput,
  inputRules: InputRules,
  random: Random,
): { readonly input: TxIn; readonly ring: PresignedRing } {
  const withRules = { ...input, inputRules };
  const { amount, onetimeKey } = ring;
  const blinding = PrivateKey.random(random).expose();
  if (onetimeKey.kind !== "onetime-private-key") throw new Error("Made with its key.");
  const mlsag = ringMlsagSign({
    message: signedInputDigest(withRules) ?? new Uint8Array(0),
    ring: ring.members,
    realIndex: ring.realIndex,
    onetimePrivateKey: onetimeKey.onetimePrivateKey,
    value: amount.value,
    tokenId: amount.tokenId,
    blinding: amount.blinding.expose(),
    pseudoOutputBlinding: blinding,
    random,
  });
  const pseudoOutput: UnmaskedAmount = { ...amount, blinding: new Secret(blinding) };
  return { input: withRules, ring: { kind: "presigned", mlsag, pseudoOutput } };
}

function makeOutput(
  version: BlockVersion,
  {
    amount,
    to,
    random,
  }: { readonly amount: Amount; readonly to: ReturnType<typeof publicAddress>; readonly random: Random },
): CreatedTxOut {
  const memo = blockVersionFeatures(version).memos ? { memo: encodeMemo({ kind: "unused" }) } : {};
  return createTxOut({ blockVersion: version, recipient: to, amount, fogHint: decoyFogHint(random), random, ...memo });
}

function compareKeys(a: TxOut | undefined, b: TxOut | undefined): number {
  const [x, y] = [a?.publicKey ?? new Uint8Array(0), b?.publicKey ?? new Uint8Array(0)];
  const i = x.findIndex((byte, at) => byte !== y[at]);
  return (x[i] ?? 0) - (y[i] ?? 0);
}
