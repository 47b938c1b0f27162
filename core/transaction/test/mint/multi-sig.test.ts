// Tests of multisignatures.
import { utf8 } from "@fogbow/core-bytes";
import { ed25519Sign } from "@fogbow/core-crypto";
import { expect, test } from "vitest";
import { isValidSignerSet, type MultiSig, SIGNERS_MAX, type SignerSet, verifyMultiSig } from "../../src/index.ts";
import { KNOWN_MULTI_SIGS } from "./known-mints.ts";
import { signer, signerSet } from "./mints.ts";

const message = utf8("a message");
const by = (...numbers: number[]): MultiSig => ({
  signatures: numbers.map((n) => ed25519Sign(signer(n), message)),
});
const passes = (set: SignerSet, signature: MultiSig): boolean => verifyMultiSig(set, message, signature);

test("signatures suffice whenever they do for the public reference library", () => {
  for (const [set, signers, suffice] of KNOWN_MULTI_SIGS) {
    expect(passes(set, by(...signers))).toBe(suffice);
  }
});

test("as many signers as the threshold suffice, in any order, and fewer do not", () => {
  const set = signerSet(2, 1, 2, 3);
  expect(passes(set, by(1, 2))).toBe(true);
  expect(passes(set, by(3, 1))).toBe(true);
  expect(passes(set, by(1, 2, 3))).toBe(true);
  expect(passes(set, by(1))).toBe(false);
  expect(passes(set, by())).toBe(false);
});

test("strangers and signatures of other messages do not count", () => {
  expect(passes(signerSet(2, 1, 2, 3), by(1, 7))).toBe(false);
  expect(passes(signerSet(2, 1, 2, 3), by(1, 7, 2))).toBe(true);
  expect(verifyMultiSig(signerSet(1, 1), utf8("another"), by(1))).toBe(false);
});

test("who is listed or signs twice counts once", () => {
  expect(passes(signerSet(2, 1, 1, 2), by(1))).toBe(false);
  expect(passes(signerSet(2, 1, 2), by(1, 1))).toBe(false);
  const nested = signerSet(1, 1);
  const twice: SignerSet = { signers: [], multiSigners: [nested, nested], threshold: 2 };
  expect(passes(twice, by(1))).toBe(false);
});

test("a nested set counts as one signer when enough of its own sign", () => {
  const set: SignerSet = { ...signerSet(2, 1), multiSigners: [signerSet(2, 2, 3), signerSet(1, 4)] };
  expect(passes(set, by(1, 2))).toBe(false);
  expect(passes(set, by(1, 2, 3))).toBe(true);
  expect(passes(set, by(2, 3, 4))).toBe(true);
  expect(passes(set, by(1, 4))).toBe(true);
  expect(passes({ ...set, threshold: 3 }, by(1, 4))).toBe(false);
});

test("one signature may serve several sets", () => {
  const set: SignerSet = { ...signerSet(2, 1), multiSigners: [signerSet(1, 1, 5)] };
  expect(passes(set, by(1))).toBe(true);
});

test("ten signatures are accepted and eleven are not", () => {
  expect(passes(signerSet(1, 1), by(2, 3, 4, 5, 6, 7, 8, 9, 10, 1))).toBe(true);
  expect(passes(signerSet(1, 1), by(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1))).toBe(false);
});

test("a set asks for at least one signer and for no more than it has, and so do nested sets", () => {
  expect(isValidSignerSet(signerSet(1, 1))).toBe(true);
  expect(isValidSignerSet(signerSet(0, 1))).toBe(false);
  expect(isValidSignerSet(signerSet(2, 1))).toBe(false);
  expect(isValidSignerSet({ ...signerSet(2, 1), multiSigners: [signerSet(1, 2)] })).toBe(true);
  expect(isValidSignerSet({ ...signerSet(1, 1), multiSigners: [signerSet(0, 2)] })).toBe(false);
  expect(passes(signerSet(0, 1), by(1))).toBe(false);
  expect(passes({ ...signerSet(1, 1), multiSigners: [signerSet(0, 2)] }, by(1))).toBe(false);
});

test("malformed keys and signatures sign nothing", () => {
  const broken: MultiSig = { signatures: [new Uint8Array(64), new Uint8Array(3)] };
  expect(passes(signerSet(1, 1), broken)).toBe(false);
  expect(passes({ ...signerSet(1), signers: [new Uint8Array(32)] }, by(1))).toBe(false);
});

test("a set has at most a hundred keys, nested ones and repeated ones counted", () => {
  const keys = (n: number): SignerSet => ({ ...signerSet(1), signers: Array.from({ length: n }, (_, i) => key(i)) });
  const key = (i: number): Uint8Array => (i === 0 ? signer(1).publicKey() : new Uint8Array(32).fill(i));
  const nested = (n: number): SignerSet => ({ ...keys(1), multiSigners: [{ ...keys(1), multiSigners: [keys(n)] }] });
  expect(isValidSignerSet(keys(SIGNERS_MAX))).toBe(true);
  expect(isValidSignerSet(keys(SIGNERS_MAX + 1))).toBe(false);
  expect(isValidSignerSet(nested(SIGNERS_MAX - 2))).toBe(true);
  expect(isValidSignerSet(nested(SIGNERS_MAX - 1))).toBe(false);
  const same = Array.from({ length: SIGNERS_MAX + 1 }, () => key(0));
  expect(isValidSignerSet({ ...keys(1), signers: same })).toBe(false);
  expect(passes(keys(SIGNERS_MAX), by(1))).toBe(true);
  expect(passes(keys(SIGNERS_MAX + 1), by(1))).toBe(false);
});
