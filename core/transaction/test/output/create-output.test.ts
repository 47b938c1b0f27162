// Tests of payments, change and gift codes: keys, hints, memos, randomness. One is a whole published output.
import {
  accountKey,
  accountKeyFromBip39Entropy,
  publicAddress,
  subaddress,
  viewAccountKey,
} from "@fogbow/core-account";
import { Secret, toHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import {
  createOutput,
  type Destination,
  decodeMemo,
  EmptyMemoBuilder,
  encodeMemo,
  encodeTxOut,
  type FogIngressKey,
  GiftCodeFundingMemoBuilder,
  giftShortHash,
  keyImage,
  type MemoBuilder,
  type MemoPayload,
  type OutputOptions,
  onetimePrivateKey,
  openFogHint,
  openTxOut,
  RecoverableHistoryMemoBuilder,
  reservedAddresses,
  SubaddressTable,
  senderCredential,
  verifySelfAddressedMemo,
  verifySenderMemo,
} from "../../src/index.ts";
import { alice, amount, bob, fixtureRandom, prepared, privateKey, root0 } from "../fixtures.ts";
import { expectCode } from "../typed-errors.ts";
import { MOBILE_TX_OUT } from "./known-outputs.ts";

const ingressPrivateKey = privateKey("01".repeat(32));
const ingressKey: FogIngressKey = { publicKey: ingressPrivateKey.publicKey(), pubkeyExpiry: 1234n };
const noFog = (): never => {
  throw new Error("Nobody here has Fog.");
};
const options = (change: Partial<OutputOptions> = {}): OutputOptions => ({
  blockVersion: 3,
  memoBuilder: new EmptyMemoBuilder(),
  ingressKey: () => ingressKey,
  random: fixtureRandom(),
  ...change,
});

test("the published output of block version 1 comes out byte for byte, decoy hint included", () => {
  const account = accountKeyFromBip39Entropy(new Secret(new Uint8Array(32).fill(0xff)), 0);
  const recipient = publicAddress(account);
  const { txOut, sharedSecret, tombstoneBlockMax } = createOutput(
    { kind: "payment", recipient },
    amount(2_499_990_000_000_000n),
    options({ blockVersion: 1, ingressKey: noFog }),
  );
  expect(toHex(encodeTxOut(txOut))).toBe(MOBILE_TX_OUT);
  expect(tombstoneBlockMax).toBeUndefined();
  const x = onetimePrivateKey(sharedSecret, subaddress(account, 0n).spendPrivateKey);
  expect(toHex(keyImage(x))).toBe("e8b994b2d7af21c2e8d24ea57325d305a463766f64b4aaa0fd59d7da2bdac80e");
});

describe("which addresses feed an output", () => {
  const own = reservedAddresses(alice());
  const cases: readonly { readonly destination: Destination; readonly index: bigint; readonly hook: string }[] = [
    { destination: { kind: "payment", recipient: own.default }, index: 0n, hook: "output" },
    { destination: { kind: "change", own }, index: 2n ** 64n - 2n, hook: "change" },
    { destination: { kind: "gift-code", own }, index: 2n ** 64n - 3n, hook: "output" },
  ];

  test.each(cases)("of kind $destination.kind", ({ destination, index, hook }) => {
    const asked: string[] = [];
    const answer = (question: string): MemoPayload => {
      asked.push(question);
      return encodeMemo({ kind: "unused" });
    };
    const memoBuilder: MemoBuilder = {
      setFee: () => {},
      memoForOutput: () => answer("output"),
      memoForChange: () => answer("change"),
    };
    const { txOut, tombstoneBlockMax } = createOutput(destination, amount(5n), options({ memoBuilder }));
    const subaddresses = new SubaddressTable(viewAccountKey(alice()), [index]);
    const owned = openTxOut(txOut, { viewPrivateKey: alice().viewPrivateKey, subaddresses });
    expect(owned).toMatchObject({ amount: { value: 5n }, subaddressIndex: index });
    // The hint always names the default address: Fog knows no other.
    const hinted = openFogHint(ingressPrivateKey, txOut.encryptedFogHint, fixtureRandom());
    expect(hinted).toEqual(own.default.viewPublicKey);
    expect(tombstoneBlockMax).toBe(1234n);
    expect(asked).toEqual([hook]);
  });
});

test("randomness goes to the hint first, then to the tx private key", () => {
  const recipient = publicAddress(bob());
  const random = prepared(new Uint8Array(32).fill(2), new Uint8Array(32).fill(5));
  const { txOut } = createOutput({ kind: "payment", recipient }, amount(5n), options({ random }));
  const withoutFog = publicAddress(
    accountKey({ viewPrivateKey: bob().viewPrivateKey, spendPrivateKey: bob().spendPrivateKey }),
  );
  const decoys = prepared(new Uint8Array(64).fill(9), new Uint8Array(32).fill(2), new Uint8Array(32).fill(5));
  const decoy = createOutput({ kind: "payment", recipient: withoutFog }, amount(5n), options({ random: decoys }));
  expect(decoy.txOut.publicKey).toEqual(txOut.publicKey);
  expect(decoy.txOut.encryptedFogHint).not.toEqual(txOut.encryptedFogHint);
  expect(decoy.txOut.encryptedFogHint.slice(34, 66)).toEqual(txOut.encryptedFogHint.slice(34, 66));
});

test("an address with Fog needs an ingress key, and one without is never asked for", () => {
  const withFog: Destination = { kind: "payment", recipient: publicAddress(bob()) };
  const withoutFog: Destination = { kind: "payment", recipient: publicAddress(root0()) };
  expectCode(() => createOutput(withFog, amount(1n), options({ ingressKey: () => undefined })), "missing-ingress-key");
  expect(createOutput(withoutFog, amount(1n), options({ ingressKey: noFog })).tombstoneBlockMax).toBeUndefined();
});

test("before block version 1 the memo builder is not asked", () => {
  const memoBuilder: MemoBuilder = { setFee: noFog, memoForOutput: noFog, memoForChange: noFog };
  const destination: Destination = { kind: "change", own: reservedAddresses(root0()) };
  const { txOut } = createOutput(destination, amount(1n), options({ blockVersion: 0, memoBuilder }));
  expect(txOut.encryptedMemo).toBeUndefined();
});

test("a payment with recoverable history tells the recipient who paid and the sender whom", () => {
  const memoBuilder = new RecoverableHistoryMemoBuilder({
    credential: senderCredential(alice()),
    destinationMemo: true,
  });
  memoBuilder.setFee(amount(4n));
  const shared = options({ memoBuilder });
  const payment = createOutput({ kind: "payment", recipient: publicAddress(bob()) }, amount(10n), shared).txOut;
  const change = createOutput({ kind: "change", own: reservedAddresses(alice()) }, amount(90n), shared).txOut;

  const bobs = new SubaddressTable(viewAccountKey(bob()), [0n]);
  const received = openTxOut(payment, { viewPrivateKey: bob().viewPrivateKey, subaddresses: bobs });
  expect(
    verifySenderMemo({
      payload: received?.memo ?? new Uint8Array(66),
      sender: publicAddress(alice()),
      subaddressViewPrivateKey: subaddress(bob(), 0n).viewPrivateKey,
      txOutPublicKey: payment.publicKey,
    }),
  ).toBe(true);

  const alices = new SubaddressTable(viewAccountKey(alice()), [0n]);
  const kept = openTxOut(change, { viewPrivateKey: alice().viewPrivateKey, subaddresses: alices });
  if (kept === undefined) {
    throw new Error("Alice does not find her change.");
  }
  expect(kept.subaddressIndex).toBeUndefined(); // Her table does not hold the change subaddress.
  expect(verifySelfAddressedMemo(viewAccountKey(alice()), kept.subaddressSpendPublicKey)).toBe(true);
  expect(decodeMemo(kept.memo)).toMatchObject({ kind: "destination", fee: 4n, totalOutlay: 14n, recipientCount: 1 });
});

test("the change of a funded gift code points at the gift", () => {
  const shared = options({ memoBuilder: new GiftCodeFundingMemoBuilder({ note: "happy birthday" }) });
  const own = reservedAddresses(alice());
  const gift = createOutput({ kind: "gift-code", own }, amount(10n), shared).txOut;
  const change = createOutput({ kind: "change", own }, amount(90n), shared).txOut;
  const subaddresses = new SubaddressTable(viewAccountKey(alice()), []);
  const memo = openTxOut(change, { viewPrivateKey: alice().viewPrivateKey, subaddresses })?.memo;
  expect(decodeMemo(memo ?? new Uint8Array(66))).toMatchObject({
    kind: "gift-code-funding",
    giftHash: giftShortHash(gift.publicKey),
    note: "happy birthday",
  });
});
