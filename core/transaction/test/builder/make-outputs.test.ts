// Tests of what becomes of outputs that were made when a later one cannot be.
import { publicAddress } from "@fogbow/core-account";
import { fromHex, le64, toHex } from "@fogbow/core-bytes";
import { keyExchange, PrivateKey } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import { expect, test, vi } from "vitest";
import {
  buildUnsignedOffer,
  buildUnsignedTx,
  EmptyMemoBuilder,
  type FilledOffer,
  type MemoBuilder,
  type Payment,
  reservedAddresses,
  type TxInput,
} from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { seeded } from "../tx/made-transaction.ts";
import { makePayer, planOf, randomAccount } from "./payer.ts";

const payer = makePayer(3, [amount(600_000_000n)]);
const recipient = publicAddress(randomAccount(seeded(1001)));
const payment: Payment = { destination: { kind: "payment", recipient }, amount: amount(5n) };

/** Memo builders of which the second, who makes the memos of the transaction, fails at the third output. */
function failing(): () => MemoBuilder {
  let builders = 0;
  return () => {
    builders += 1;
    const builder: MemoBuilder = new EmptyMemoBuilder();
    let memos = 0;
    const memoForOutput: MemoBuilder["memoForOutput"] = (context) => {
      memos += 1;
      if (memos === 3) throw new Error("No memo.");
      return builder.memoForOutput(context);
    };
    return builders === 1 ? builder : { ...asRecord(builder), memoForOutput };
  };
}

const asRecord = (builder: MemoBuilder): MemoBuilder => ({
  setFee: (fee) => builder.setFee(fee),
  memoForOutput: (context) => builder.memoForOutput(context),
  memoForChange: (context) => builder.memoForChange(context),
});

test("when the third output cannot be made, nothing of the first two stays, nor of what they were drawn from", () => {
  const plan = planOf(payer, { payments: [payment, payment, payment], memoBuilder: failing() });
  expectWiped(() => expect(() => buildUnsignedTx(plan, payer.seed)).toThrow("No memo."), 3, 3);
});

test("neither when they cannot be put into an offer", () => {
  const { fee: _, payments: __, ...rest } = planOf(payer);
  const required = [payment, payment, payment];
  const plan = { ...rest, input: payer.inputs[0] as TxInput, required, memoBuilder: failing() };
  expectWiped(() => expect(() => buildUnsignedOffer(plan, payer.seed)).toThrow("No memo."), 3, 3);
});

test("neither when no node would accept the transaction because of an offer in it", () => {
  const two = makePayer(3, [amount(600_000_000n), amount(500_000_000n)]);
  const [input, offered] = two.inputs as [TxInput, TxInput];
  const { fee: _, payments: __, ...rest } = planOf(two);
  const { unsignedOffer } = buildUnsignedOffer({ ...rest, input: offered, required: [payment] }, two.seed);
  const unpaid: FilledOffer = {
    input: { ...unsignedOffer.txIn, proofs: planOf(two).inputs[1]?.decoys.map(({ proof }) => proof) ?? [] },
    ring: {
      kind: "presigned",
      mlsag: { cZero: new Uint8Array(32), responses: [], keyImage: unsignedOffer.txIn.ring[0]?.publicKey as never },
      pseudoOutput: unsignedOffer.ring.amount,
    },
    outputs: [],
    tombstoneBlockMax: undefined,
  };
  const plan = planOf(two, {
    inputs: [input],
    offers: [unpaid],
    payments: [payment],
    own: reservedAddresses(two.account),
  });
  expectWiped(() => expect(() => buildUnsignedTx(plan, two.seed)).toThrow("No node"), 2, 1);
});

test("a finished offer leaves no key that its outputs were made with, and what opens them to its maker", () => {
  const { fee: _, payments: __, ...rest } = planOf(payer);
  const plan = { ...rest, input: payer.inputs[0] as TxInput, required: [payment] };
  expectWiped(
    () => {
      const [output] = buildUnsignedOffer(plan, payer.seed).outputs;
      expect(output?.sharedSecret.expose()).toHaveLength(32);
    },
    1,
    0,
  );
});

/**
 * Expects `body` to draw keys for so many outputs, one for the hint and one for the output each, to wipe them all, and the
 * secrets that the first of the outputs share with the recipient, and what all of it was drawn from.
 */
function expectWiped(body: () => void, outputs: number, shared: number): void {
  const drawn: Uint8Array[] = [];
  const held: string[] = [];
  const draw = PrivateKey.random;
  const { fill } = Uint8Array.prototype;
  const spies = [
    vi.spyOn(PrivateKey, "random").mockImplementation((random) => {
      const key = draw.call(PrivateKey, random);
      drawn.push(key.expose().slice());
      return key;
    }),
    vi.spyOn(Uint8Array.prototype, "fill").mockImplementation(function (this: Uint8Array, ...args) {
      if (args[0] === 0 && args.length === 1) held.push(toHex(this));
      return fill.apply(this, args);
    }),
  ];
  try {
    body();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  const secrets = drawn
    .filter((_, i) => i % 2 === 1)
    .map((key) => toHex(keyExchange(new PrivateKey(key.slice()), recipient.viewPublicKey)));
  expect(drawn).toHaveLength(2 * outputs);
  expect(held).toEqual(expect.arrayContaining(drawn.map(toHex)));
  expect(held).toEqual(expect.arrayContaining(secrets.slice(0, shared)));
  const isDrawnFrom = (key: string): boolean =>
    key.length === 128 && held.includes(toHex(kernel().hashes.blake2b512(fromHex(key), le64(0n))));
  expect(held.filter(isDrawnFrom)).toHaveLength(1);
}
