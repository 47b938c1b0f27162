// Tests of authenticated sender memos against published MACs, and of everything that must not validate.
import { publicAddress, subaddress } from "@fogbow/core-account";
import { fromHex, toHex } from "@fogbow/core-bytes";
import { compressedPoint, publicKey } from "@fogbow/core-crypto";
import { expect, test } from "vitest";
import {
  createSenderMemo,
  encodeMemo,
  type MemoPayload,
  type SenderMemoCheck,
  type SenderMemoContent,
  senderCredential,
  verifySenderMemo,
} from "../../src/index.ts";
import { account, alice, bob, fixed, privateKey } from "../fixtures.ts";
import { expectCode } from "../typed-errors.ts";

const OUTPUT = compressedPoint(fromHex("c235c13c4dedd808e95f428036716d52561fad7f51ce675f4d4c9c1fa1ea2165"));
const OTHER_OUTPUT = compressedPoint(fromHex("0e61ca061876b651e6981ad9a74fd5fe8d4af2f6981283bafe4c1ba40c3d0803"));

const aliceToBob = (content: SenderMemoContent, txOutPublicKey = OUTPUT): MemoPayload =>
  createSenderMemo(content, {
    credential: senderCredential(alice()),
    recipientViewPublicKey: publicAddress(bob()).viewPublicKey,
    txOutPublicKey,
  });

const bobsCheck = (payload: Uint8Array): SenderMemoCheck => ({
  payload,
  sender: publicAddress(alice()),
  subaddressViewPrivateKey: subaddress(bob(), 0n).viewPrivateKey,
  txOutPublicKey: OUTPUT,
});

test("the published memos of Alice to Bob come out byte for byte and validate", () => {
  const known = [
    {
      content: { kind: "authenticated-sender" },
      payload:
        "0100ccb5a98f0c0c42f68491e5e0c93624520000000000000000000000000000000000000000000000000000000000000000bf2eef7c5c35df8f909e40fbd118e426",
    },
    {
      content: { kind: "authenticated-sender-with-payment-request-id", paymentRequestId: 17014n },
      payload:
        "0101ccb5a98f0c0c42f68491e5e0c9362452000000000000427600000000000000000000000000000000000000000000000007c61e75690f221bf0834b22e6833820",
    },
  ] as const;
  for (const { content, payload } of known) {
    expect(toHex(aliceToBob(content))).toBe(payload);
    expect(verifySenderMemo(bobsCheck(fromHex(payload)))).toBe(true);
  }
});

test("the published memo with a payment intent id validates", () => {
  const payload =
    "0102ccb5a98f0c0c42f68491e5e0c93624520000000000000191000000000000000000000000000000000000000000000000bf6cc64dc5a8bfb8f6871196f7a084ea";
  const txOutPublicKey = publicKey(fromHex("6603a91186d7a5360199b749406c3a80bad7a9df51bb9aeb31f23378ec8c1d3f"));
  expect(verifySenderMemo({ ...bobsCheck(fromHex(payload)), txOutPublicKey })).toBe(true);
});

test("the published memo of the known sender validates for the recipient it was made for", () => {
  const sender = account(
    "b1f765d30fbb85b605f04edd29bb9cbb83938f68600d4a618863e9664e7b9609",
    "dae7da08e27ea4f17a233f15c234b58ce20d0d2727abb98e9bdcf04aeea54008",
    "fog://example.com",
  );
  const recipient = account(
    "ff6b8ebfe4cda6a2bca7fa6061e73c752ecc3c01876a25b984f0230bcdab8b07",
    "197d2746aac53be4911b6dd01b3e67d5565fcf322c87c75add37959a608e4a02",
    "fog://example.com",
  );
  const payload =
    "0100477458144e8cf4f6d54b6cc4ddf68bb20000000000000000000000000000000000000000000000000000000000000000228aef692188b3cefc94b5198bdbbca2";
  expect(
    verifySenderMemo({
      payload: fromHex(payload),
      sender: publicAddress(sender),
      subaddressViewPrivateKey: subaddress(recipient, 0n).viewPrivateKey,
      txOutPublicKey: compressedPoint(fromHex("f40936fb0af75ae89f632685e930a9a53abcac8665ae6a7cd59915e07f15d86e")),
    }),
  ).toBe(true);
});

test("the first line of the published memo file comes out byte for byte", () => {
  const payload = createSenderMemo(
    { kind: "authenticated-sender" },
    {
      credential: {
        addressHash: fixed("af450111d92495617c547937ac4b69c5", 16),
        spendPrivateKey: privateKey("744308438fc03e71920b6510635817189d70b030b64288a64e46e1fa9fee650e"),
      },
      recipientViewPublicKey: privateKey(
        "3a160e2f5931213b090ad73e06cb5c90067a196ee177d4233e16982f49ea6007",
      ).publicKey(),
      txOutPublicKey: compressedPoint(fromHex("f64454c1e0ad6b79d0dc2c16437d6279446f15b7c601ea0467876cb04c882459")),
    },
  );
  expect(toHex(payload)).toBe(
    "0100af450111d92495617c547937ac4b69c50000000000000000000000000000000000000000000000000000000000000000b5e9877848bbcce7d75de40cc1d68741",
  );
});

test("a memo copied to another output does not validate", () => {
  const payload = aliceToBob({ kind: "authenticated-sender" });
  expect(verifySenderMemo({ ...bobsCheck(payload), txOutPublicKey: OTHER_OUTPUT })).toBe(false);
});

test("no bit of a memo can be changed, also not one without a meaning", () => {
  const payload = aliceToBob({ kind: "authenticated-sender-with-payment-request-id", paymentRequestId: 7n });
  for (let i = 0; i < payload.length; i++) {
    const changed = payload.slice();
    changed[i] = (changed[i] as number) ^ 1; // `i` is below the length.
    expect(verifySenderMemo(bobsCheck(changed)), `byte ${i}`).toBe(false);
  }
});

test("a right MAC under a foreign name does not validate, nor does a right name with a wrong MAC", () => {
  const underBobsName = createSenderMemo(
    { kind: "authenticated-sender" },
    {
      credential: { ...senderCredential(alice()), addressHash: senderCredential(bob()).addressHash },
      recipientViewPublicKey: publicAddress(bob()).viewPublicKey,
      txOutPublicKey: OUTPUT,
    },
  );
  expect(verifySenderMemo(bobsCheck(underBobsName))).toBe(false);
  const withBobsKey = createSenderMemo(
    { kind: "authenticated-sender" },
    {
      credential: { ...senderCredential(bob()), addressHash: senderCredential(alice()).addressHash },
      recipientViewPublicKey: publicAddress(bob()).viewPublicKey,
      txOutPublicKey: OUTPUT,
    },
  );
  expect(verifySenderMemo(bobsCheck(withBobsKey))).toBe(false);
});

test("the account's own view key or another subaddress's does not validate it", () => {
  const check = bobsCheck(aliceToBob({ kind: "authenticated-sender" }));
  expect(verifySenderMemo(check)).toBe(true);
  expect(verifySenderMemo({ ...check, subaddressViewPrivateKey: bob().viewPrivateKey })).toBe(false);
  expect(verifySenderMemo({ ...check, subaddressViewPrivateKey: subaddress(bob(), 1n).viewPrivateKey })).toBe(false);
});

test("sender and recipient swapped do not validate", () => {
  const payload = aliceToBob({ kind: "authenticated-sender" });
  const sender = publicAddress(bob());
  const subaddressViewPrivateKey = subaddress(alice(), 0n).viewPrivateKey;
  expect(verifySenderMemo({ payload, sender, subaddressViewPrivateKey, txOutPublicKey: OUTPUT })).toBe(false);
});

test("other kinds of memos are nobody's", () => {
  expect(verifySenderMemo(bobsCheck(encodeMemo({ kind: "unused" })))).toBe(false);
  const destination = aliceToBob({ kind: "authenticated-sender" });
  destination[0] = 2;
  expect(verifySenderMemo(bobsCheck(destination))).toBe(false);
});

test("any other length than 66 bytes is refused", () => {
  expectCode(() => verifySenderMemo(bobsCheck(new Uint8Array(64))), "invalid-memo");
});
