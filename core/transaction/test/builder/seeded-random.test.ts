// Tests of the randomness that transactions are built from: a retry repeats all of it, any change none of it.
import { publicAddress } from "@fogbow/core-account";
import { concatBytes, type Random, Secret, toHex, tokenValue, utf8 } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { describe, expect, test } from "vitest";
import {
  type AttemptSeed,
  buildUnsignedTx,
  encodeTx,
  RecoverableHistoryMemoBuilder,
  type RingSigner,
  reservedAddresses,
  ringSigner,
  seededRandom,
  signBuiltTx,
  type Tx,
  type TxInput,
  type TxPlan,
  type UnsignedTx,
} from "../../src/index.ts";
import { amount, privateKey, zeros } from "../fixtures.ts";
import { seeded } from "../tx/made-transaction.ts";
import { expectCode } from "../typed-errors.ts";
import { CURRENT_BLOCK, makePayer, planOf, randomAccount } from "./payer.ts";

const payer = makePayer(3, [amount(600_000_000n), amount(500_000_000n)]);
const bob = publicAddress(randomAccount(seeded(1001)));
const fogUser = publicAddress(randomAccount(seeded(1003), "fog://fog.example.com"));
const ingressKey = { publicKey: privateKey("02".repeat(32)).publicKey(), pubkeyExpiry: CURRENT_BLOCK + 500n };
const payments: TxPlan["payments"] = [
  { destination: { kind: "payment", recipient: bob }, amount: amount(5n) },
  { destination: { kind: "payment", recipient: fogUser }, amount: amount(6n) },
];
const plan = (change: Partial<TxPlan> = {}): TxPlan =>
  planOf(payer, { payments, ingressKey: () => ingressKey, ...change });

/** Everything random in a transaction that must never serve another one, in hexadecimal. */
function randomnessOf(unsigned: UnsignedTx, seed: AttemptSeed): string[] {
  const found: Uint8Array[] = unsigned.outputs.map(({ txPrivateKey }) => txPrivateKey?.expose().slice() as Uint8Array);
  for (const { encryptedFogHint } of unsigned.prefix.outputs) {
    found.push(encryptedFogHint.slice(34, 66)); // The hint's ephemeral key.
  }
  const sign = ringSigner(payer.account);
  const spy: RingSigner = (request) => {
    found.push(request.pseudoOutputBlinding.slice());
    const random: Random = (length) => {
      const drawn = request.random(length);
      found.push(drawn.slice());
      return drawn;
    };
    return sign({ ...request, random });
  };
  const tx = signBuiltTx(unsigned, { seed, signer: spy });
  const points = tx.signature.rangeProofs.flatMap((proof) => [0, 1, 2, 3].map((i) => proof.slice(i * 32, i * 32 + 32)));
  return [...found, ...points].map(toHex);
}

const build = (change: Partial<TxPlan> = {}, seed = payer.seed): UnsignedTx =>
  buildUnsignedTx(plan(change), seed).unsignedTx;
const sign = (unsigned: UnsignedTx, seed = payer.seed): Tx =>
  signBuiltTx(unsigned, { seed, signer: ringSigner(payer.account) });

const [first, second] = payer.inputs as [TxInput, TxInput];
const fee = plan().fee;
const other = payer.others[0] as TxInput["real"];
const history = (paymentRequestId: bigint) => () =>
  new RecoverableHistoryMemoBuilder({
    credential: { addressHash: zeros(16), spendPrivateKey: privateKey("03".repeat(32)) },
    paymentRequestId,
  });

/** One field each. */
const CHANGES: Readonly<Record<string, Partial<TxPlan>>> = {
  "the block version": { blockVersion: 4 },
  "an amount": { payments: [{ ...payments[0], amount: amount(4n) } as (typeof payments)[0], ...payments.slice(1)] },
  "a recipient": {
    payments: [
      { destination: { kind: "payment", recipient: publicAddress(payer.account) }, amount: amount(5n) },
      ...payments.slice(1),
    ],
  },
  "the kind of an output": {
    payments: [
      { destination: { kind: "gift-code", own: reservedAddresses(payer.account) }, amount: amount(5n) },
      ...payments.slice(1),
    ],
  },
  "the order of payments": { payments: [...payments].reverse() },
  "one payment less": { payments: payments.slice(1) },
  "where change goes": { own: reservedAddresses(randomAccount(seeded(8))) },
  "the fee": { fee: { ...fee, value: tokenValue(400_000_001n) } },
  "the tombstone block": { lifetime: { currentBlock: CURRENT_BLOCK, tombstoneBlock: CURRENT_BLOCK + 7n } },
  "a decoy": { inputs: [{ ...first, decoys: [other, ...first.decoys.slice(1)] }, second] },
  "a membership proof": {
    inputs: [{ ...first, real: { ...first.real, proof: { ...first.real.proof, elements: [] } } }, second],
  },
  "an input less": { inputs: [first] },
  "an ingress key": { ingressKey: () => ({ ...ingressKey, publicKey: privateKey("04".repeat(32)).publicKey() }) },
  "an ingress key's expiry": { ingressKey: () => ({ ...ingressKey, pubkeyExpiry: CURRENT_BLOCK + 600n }) },
  "the kind of memos": { memoBuilder: history(1n) },
  "what a memo says": { memoBuilder: history(2n) },
};

describe("building and signing", () => {
  test("the same plan and seed give the same transaction, byte for byte", () => {
    expect(encodeTx(sign(build()))).toEqual(encodeTx(sign(build())));
  });

  test("a change of any one field repeats no private key, ephemeral key, blinding, nonce or proof point", () => {
    const seeds: Readonly<Record<string, AttemptSeed>> = {
      "the attempt nonce": { ...payer.seed, attemptNonce: new Uint8Array(16) },
      "the wallet secret": { ...payer.seed, walletSecret: new Secret(new Uint8Array(32).fill(1)) },
    };
    const attempts = [
      ["nothing", {}, payer.seed] as const,
      ...Object.entries(CHANGES).map(([name, change]) => [name, change, payer.seed] as const),
      ...Object.entries(seeds).map(([name, seed]) => [name, {}, seed] as const),
    ];
    const owner = new Map<string, string>();
    for (const [name, change, seed] of attempts) {
      for (const value of randomnessOf(build(change, seed), seed)) {
        expect([name, owner.get(value)]).toEqual([name, undefined]);
        owner.set(value, name);
      }
    }
    expect(owner.size).toBeGreaterThan(attempts.length * 50);
  });

  test("an unsigned transaction that was changed on its way is signed with other nonces", () => {
    const unsigned = build();
    const drawn = (each: UnsignedTx): string[] => {
      const nonces: string[] = [];
      const signer: RingSigner = (request) =>
        ringSigner(payer.account)({
          ...request,
          random: (length) => {
            const bytes = request.random(length);
            nonces.push(toHex(bytes));
            return bytes;
          },
        });
      signBuiltTx(each, { seed: payer.seed, signer });
      return nonces;
    };
    const later = { ...unsigned, prefix: { ...unsigned.prefix, tombstoneBlock: unsigned.prefix.tombstoneBlock + 1n } };
    const before = new Set(drawn(unsigned));
    expect(before.size).toBe(2 * 22);
    expect(drawn(later).filter((nonce) => before.has(nonce))).toEqual([]);
  });
});

describe("a seed's randomness", () => {
  const digest = utf8("digest");
  const draw = (
    use: "decoys" | "outputs" | "signature",
    length = 64,
    content = digest,
    seed = payer.seed,
  ): Uint8Array => seededRandom(seed, use, content)(length);

  test("is BLAKE2b in counter mode under a key from HKDF-SHA512", () => {
    const { walletSecret, attemptNonce } = payer.seed;
    const key = kernel().hashes.hkdf("sha512", {
      ikm: walletSecret.expose(),
      salt: utf8("fogbow-transaction-randomness"),
      info: concatBytes(utf8("outputs:"), attemptNonce, digest),
      length: 64,
    });
    const blocks = [0, 1, 2].map((i) => kernel().hashes.blake2b512(key, Uint8Array.of(i, 0, 0, 0, 0, 0, 0, 0)));
    const random = seededRandom(payer.seed, "outputs", digest);
    expect(concatBytes(random(64), random(100))).toEqual(concatBytes(...blocks).subarray(0, 164));
  });

  test("differs by use and by content", () => {
    const draws = [draw("decoys"), draw("outputs"), draw("signature"), draw("outputs", 64, utf8("other"))].map(toHex);
    expect(new Set(draws).size).toBe(4);
  });

  test("does not repeat over a megabyte", () => {
    const bytes = draw("signature", 1_000_000);
    const blocks = Array.from({ length: 15_625 }, (_, i) => toHex(bytes.subarray(i * 64, i * 64 + 64)));
    expect(new Set(blocks).size).toBe(15_625);
  });

  test("needs a secret of 32 bytes and a nonce of 16", () => {
    const short = { ...payer.seed, walletSecret: new Secret(new Uint8Array(31)) };
    expectCode(() => draw("outputs", 1, digest, short), "invalid-seed");
    expectCode(() => draw("outputs", 1, digest, { ...payer.seed, attemptNonce: new Uint8Array(15) }), "invalid-seed");
  });
});
