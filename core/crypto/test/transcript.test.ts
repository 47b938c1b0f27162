// Tests of Merlin transcripts.
import { fromHex, le64, toHex, utf8 } from "@fogbow/core-bytes";
import { Frames } from "@fogbow/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Transcript } from "../src/index.ts";

test("the public test of Merlin gives its known answer", () => {
  const transcript = new Transcript("test protocol");
  transcript.append("some label", utf8("some data"));
  expect(toHex(transcript.challenge("challenge", 32))).toBe(
    "d5a21972d0d5fe320c0d263fac7fffb8145aa640af6e9bca177c03c7efcf0615",
  );
});

test("a signer's nonce and witness are the recorded ones", () => {
  // The intermediate values of the first signature in `schnorr.test.ts`.
  const nonces = new Transcript("SigningNonce");
  nonces.append("context", utf8("test"));
  nonces.append("private", fromHex("dae7da08e27ea4f17a233f15c234b58ce20d0d2727abb98e9bdcf04aeea54008"));
  nonces.append("message", utf8("foobar"));
  const nonce = nonces.challenge("nonce", 32);
  expect(toHex(nonce)).toBe("358723cdb3a1e6787da3b79e26aa7c767f9d5a4aad65cbfd164eedbafca289bd");

  const transcript = new Transcript("SigningContext");
  transcript.append("", utf8("test"));
  transcript.append("sign-bytes", utf8("foobar"));
  transcript.append("proto-name", utf8("Schnorr-sig"));
  transcript.append("sign:pk", fromHex("ca5e7ce4f86cf2446b5915c048c82088ffa770545f85ff9196ee200fc26b5209"));
  const untouched = transcript.clone();
  const randomness = fromHex("a86fc6f618326a0cef24cc6c929f74f696aceb04575538ad2a3d29f0790d6573");
  expect(toHex(transcript.witness("signing", { witness: nonce, randomness, length: 64 }))).toBe(
    "5eec9ce6189c65de183633211ec2fbbc90f99d3768a79991b2316ce5c00e5a4aad1f25fa48898de4cc9eb7fab568c39374375ccec36e79d0817eea2c3b7052ad",
  );
  expect(transcript.challenge("x", 32)).toEqual(untouched.challenge("x", 32));
});

test("a 64-bit integer is appended as 8 little-endian bytes", () => {
  const [a, b] = [new Transcript("t"), new Transcript("t")];
  a.appendU64("n", 2n ** 63n + 5n);
  b.append("n", le64(2n ** 63n + 5n));
  expect(a.challenge("c", 16)).toEqual(b.challenge("c", 16));
});

test("a clone has seen the same and then goes its own way", () => {
  const original = new Transcript("t");
  original.append("a", utf8("1"));
  const clone = original.clone();
  const same = original.clone();
  clone.append("b", utf8("2"));
  const challenge = original.challenge("c", 16);
  expect(same.challenge("c", 16)).toEqual(challenge);
  expect(clone.challenge("c", 16)).not.toEqual(challenge);
});

test("every label, message, order and split changes the challenge", () => {
  const run = (protocol: string, parts: readonly (readonly [string, Uint8Array])[]): string => {
    const transcript = new Transcript(protocol);
    for (const [label, message] of parts) {
      transcript.append(label, message);
    }
    return toHex(transcript.challenge("c", 32));
  };
  const steps = fc.array(fc.tuple(fc.constantFrom("", "a", "ab"), fc.uint8Array({ maxLength: 3 })), { maxLength: 3 });
  fc.assert(
    fc.property(steps, steps, fc.constantFrom("p", "q"), fc.constantFrom("p", "q"), (a, b, protocolA, protocolB) => {
      const written = (protocol: string, parts: typeof a): string =>
        JSON.stringify([protocol, parts.map(([label, message]) => [label, toHex(message)])]);
      const sameInput = written(protocolA, a) === written(protocolB, b);
      expect(run(protocolA, a) === run(protocolB, b)).toBe(sameInput);
    }),
  );
});

test("messages longer than the sponge's rate are absorbed whole", () => {
  const long = new Uint8Array(1000);
  const digests = [0, 165, 166, 167, 999].map((position) => {
    const message = long.slice();
    message[position] = 1;
    const transcript = new Transcript("t");
    transcript.append("m", message);
    return toHex(transcript.challenge("c", 32));
  });
  expect(new Set(digests).size).toBe(digests.length);
});

test("messages appended in one go are those appended one after the other, however many labels there are", () => {
  const [together, single] = [new Transcript("t"), new Transcript("t")];
  const labels = Array.from({ length: 600 }, (_, i) => `label ${i}`);
  const frames = new Frames();
  for (const label of labels) frames.add(utf8(label), utf8(`message of ${label}`));
  together.appendAll(frames);
  for (const label of labels) {
    single.append(label, utf8(`message of ${label}`));
  }
  expect(together.challenge("c", 32)).toEqual(single.challenge("c", 32));
});

test("a wiped transcript has forgotten what it saw", () => {
  const [a, b] = [new Transcript("a"), new Transcript("b")];
  a.append("secret", utf8("s"));
  a.wipe();
  b.wipe();
  expect(a.challenge("c", 16)).toEqual(b.challenge("c", 16));
});
