// Codes and links that ask for money: what they say is what was asked, and nothing else is taken for one.
import { encodePrintable, mobUri, publicAddress } from "@fogbow/core-account";
import { MOB, tokenId, tokenValue } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { readPaymentCode, requestCode } from "../src/index.ts";
import { newAccount } from "./small-network.ts";
import { randomFrom } from "./world.ts";

const random = randomFrom("codes");
const to = publicAddress(newAccount("Bob"));

test("a code and a link say what was asked for", () => {
  const asked = { amount: 5n, tokenId: tokenId(7n), memo: "lunch", paymentRequestId: 2n ** 64n - 1n };
  const { code, link, paymentRequestId } = requestCode(to, asked, random);
  expect(paymentRequestId).toBe(asked.paymentRequestId);
  expect(link).toBe(`mob:///b58/${code}`);
  for (const text of [code, link, ` ${link}\n`, link.replace("mob", "MOB")]) {
    expect(readPaymentCode(text)).toEqual({ to, ...asked });
  }
});

test("what was not asked for is left to the payer, but for a number that nobody has drawn before", () => {
  const [first, second] = [requestCode(to, {}, random), requestCode(to, {}, random)];
  expect(first.paymentRequestId).not.toBe(second.paymentRequestId);
  const { paymentRequestId } = first;
  expect(readPaymentCode(first.code)).toEqual({ to, amount: undefined, tokenId: MOB, memo: "", paymentRequestId });
});

test("the code of an address is one that asks for nothing", () => {
  const code = { kind: "public-address", publicAddress: to } as const;
  const nothing = { to, amount: undefined, tokenId: MOB, memo: "", paymentRequestId: undefined };
  expect(readPaymentCode(encodePrintable(code))).toEqual(nothing);
  expect(readPaymentCode(mobUri(code))).toEqual(nothing);
});

test("other texts are none: cut, changed, of another scheme, of money itself", () => {
  const { code, link } = requestCode(to, { amount: 1n }, random);
  const gift = encodePrintable({
    kind: "transfer-payload",
    transferPayload: {
      secret: { kind: "root-entropy", entropy: random(32) },
      txOutPublicKey: to.viewPublicKey,
      memo: "",
    },
  } as never);
  for (const text of ["", "bob", code.slice(1), code.slice(0, -1), `${code}a`, link.replace("mob", "http"), gift]) {
    expect(() => readPaymentCode(text), text).toThrow(expect.objectContaining({ code: "code-invalid" }));
  }
});

test("no request is for nothing, for less, for more than there can be, or longer than a code", () => {
  for (const amount of [0n, -1n, 2n ** 64n]) {
    expect(() => requestCode(to, { amount }, random)).toThrow(expect.objectContaining({ code: "amount-invalid" }));
  }
  for (const wrong of [{ paymentRequestId: 0n }, { paymentRequestId: 2n ** 64n }, { memo: "m".repeat(100_000) }]) {
    expect(() => requestCode(to, wrong, random)).toThrow(expect.objectContaining({ code: "code-invalid" }));
  }
  const { paymentRequestId } = requestCode(to, { amount: tokenValue(1n) }, random);
  expect(paymentRequestId).toBeGreaterThan(0n);
});
