import { toHex, utf8 } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import {
  AttestError,
  answerChannel,
  answerPeerChannel,
  beginChannel,
  beginPeerChannel,
  type EvidenceMessage,
  encodeAnswerPayload,
  Handshake,
  KeyPair,
  prologueOf,
  Session,
} from "../../src/index.ts";
import { evidenceFor, expectRejection, flipBit, RESPONDER_ID, randomFrom } from "./support.ts";

const random = randomFrom("attest-channel");
const staticKey = KeyPair.random(random);
const evidence = evidenceFor(staticKey.publicKey);
const accept = (shown: EvidenceMessage): string => toHex(shown.bytes);

describe("a client's channel", () => {
  const begin = (): ReturnType<typeof beginChannel> => beginChannel({ responderId: RESPONDER_ID }, { random });
  const answering = { responderId: RESPONDER_ID, staticKey, evidence };

  /** An enclave's answer with this payload as it stands. */
  const answerWith = (request: Uint8Array, payload: Uint8Array): Uint8Array => {
    const options = { pattern: "NX", role: "responder", prologue: prologueOf(RESPONDER_ID), staticKey } as const;
    const handshake = new Handshake(options, { random });
    handshake.read(request);
    return handshake.write(payload);
  };

  test("opens with a request of 32 bytes and, once the evidence is verified, carries messages", async () => {
    const pending = begin();
    expect(pending.request).toHaveLength(32);
    const { answer, keys: enclaveKeys } = answerChannel({ ...answering, request: pending.request }, { random });
    const { keys, verdict } = await pending.finish(answer, async (shown) => {
      expect(shown).toEqual({ ...evidence, key: staticKey.publicKey });
      return "convinced";
    });
    expect(verdict).toBe("convinced");
    expect(keys.channelId).toEqual(enclaveKeys.channelId);
    expect(new Session(enclaveKeys).open(new Session(keys).seal(utf8("hello")))).toEqual(utf8("hello"));
  });

  test("has no keys when the evidence does not convince, and cannot be finished again", async () => {
    const pending = begin();
    const { answer } = answerChannel({ ...answering, request: pending.request }, { random });
    const refuse = (): never => {
      throw new AttestError("measurement-unknown", "Unknown measurement.");
    };
    await expectRejection("measurement-unknown", pending.finish(answer, refuse));
    await expectRejection("read-out-of-order", pending.finish(answer, accept));

    const other = begin();
    const late = answerChannel({ ...answering, request: other.request }, { random });
    await expectRejection(
      "measurement-unknown",
      other.finish(late.answer, async () => refuse()),
    );
  });

  test("leaves no ephemeral key behind when the evidence does not convince", async () => {
    const drawn: Uint8Array[] = [];
    const drawing = (length: number): Uint8Array => {
      const bytes = random(length);
      drawn.push(bytes);
      return bytes;
    };
    const pending = beginChannel({ responderId: RESPONDER_ID }, { random: drawing });
    const { answer } = answerChannel({ ...answering, request: pending.request }, { random });
    expect(drawn).not.toEqual([new Uint8Array(32)]);
    await expect(pending.finish(answer, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(drawn).toEqual([new Uint8Array(32)]);
  });

  test("does not ask a verifier about an answer that is altered, or evidence of another key", async () => {
    const never = (): never => expect.fail("asked");
    const pending = begin();
    const { answer } = answerChannel({ ...answering, request: pending.request }, { random });
    await expectRejection("handshake-not-decrypted", pending.finish(flipBit(answer, 8 * 90), never));

    const stolen = begin();
    const foreign = evidenceFor(KeyPair.random(random).publicKey);
    const options = { ...answering, evidence: foreign, request: stolen.request };
    await expectRejection("bad-remote-identity", stolen.finish(answerChannel(options, { random }).answer, never));
  });

  test("does not open to an enclave with another responder id", async () => {
    const pending = begin();
    const options = { ...answering, responderId: "node2.test.example:443", request: pending.request };
    const { answer } = answerChannel(options, { random });
    await expectRejection("handshake-not-decrypted", pending.finish(answer, accept));
  });

  test("does not open with evidence that is not wrapped, cut or missing", async () => {
    for (const [payload, code] of [
      [evidence.bytes, "evidence-not-wrapped"],
      [encodeAnswerPayload(evidence).subarray(0, 50), "evidence-malformed"],
      [new Uint8Array(), "evidence-malformed"],
    ] as const) {
      const pending = begin();
      await expectRejection(code, pending.finish(answerWith(pending.request, payload), accept));
    }
  });

  test("may say something in its request, which the enclave ignores", async () => {
    const handshake = new Handshake(
      { pattern: "NX", role: "initiator", prologue: prologueOf(RESPONDER_ID) },
      { random },
    );
    const request = handshake.write(utf8("anything"));
    const { answer } = answerChannel({ ...answering, request }, { random });
    expect(handshake.read(answer)).toEqual(encodeAnswerPayload(evidence));
  });

  test("is given up by closing it", async () => {
    const pending = begin();
    const { answer } = answerChannel({ ...answering, request: pending.request }, { random });
    pending.close();
    await expectRejection("read-out-of-order", pending.finish(answer, accept));
  });
});

describe("a peer's channel", () => {
  const ownKey = KeyPair.random(random);
  const own = { responderId: RESPONDER_ID, staticKey: ownKey, evidence: evidenceFor(ownKey.publicKey) };
  const answering = { responderId: RESPONDER_ID, staticKey, evidence };

  /** A peer's request with this payload as it stands. */
  const requestWith = (payload: Uint8Array): Uint8Array => {
    const options = {
      pattern: "IX",
      role: "initiator",
      prologue: prologueOf(RESPONDER_ID),
      staticKey: ownKey,
    } as const;
    return new Handshake(options, { random }).write(payload);
  };

  test("opens when both have verified each other", async () => {
    const pending = beginPeerChannel(own, { random });
    const answered = await answerPeerChannel({ ...answering, request: pending.request }, { random, verify: accept });
    expect(answered.verdict).toBe(toHex(own.evidence.bytes));
    const { keys, verdict } = await pending.finish(answered.answer, accept);
    expect(verdict).toBe(toHex(evidence.bytes));
    expect(new Session(keys).open(new Session(answered.keys).seal(utf8("hello")))).toEqual(utf8("hello"));
  });

  test("is not answered with evidence of another key, which the reference lets through", async () => {
    const captured = evidenceFor(KeyPair.random(random).publicKey);
    const { request } = beginPeerChannel({ ...own, evidence: captured }, { random });
    const parts = { random, verify: (): never => expect.fail("asked") };
    await expectRejection("bad-remote-identity", answerPeerChannel({ ...answering, request }, parts));
  });

  test("does not open to a responder with evidence of another key", async () => {
    const pending = beginPeerChannel(own, { random });
    const options = { ...answering, evidence: own.evidence, request: pending.request };
    const { answer } = await answerPeerChannel(options, { random, verify: accept });
    await expectRejection("bad-remote-identity", pending.finish(answer, accept));
  });

  test("is not answered when the evidence is wrapped, missing or does not convince", async () => {
    const parts = { random, verify: accept };
    const wrapped = requestWith(encodeAnswerPayload(own.evidence));
    await expectRejection("evidence-wrapped", answerPeerChannel({ ...answering, request: wrapped }, parts));
    const empty = requestWith(new Uint8Array());
    await expectRejection("evidence-field-missing", answerPeerChannel({ ...answering, request: empty }, parts));
    const { request } = beginPeerChannel(own, { random });
    const verify = (): Promise<never> => Promise.reject(new AttestError("measurement-unknown", "Revoked."));
    await expectRejection("measurement-unknown", answerPeerChannel({ ...answering, request }, { random, verify }));
  });

  test("does not open with a request altered in its clear parts", async () => {
    for (const byte of [3, 40, 70]) {
      const pending = beginPeerChannel(own, { random });
      const request = flipBit(pending.request, 8 * byte);
      const parts = { random, verify: accept };
      const outcome = answerPeerChannel({ ...answering, request }, parts).then(({ answer }) =>
        pending.finish(answer, accept),
      );
      const { code } = await outcome.then(
        () => expect.fail("opened"),
        (error: AttestError) => error,
      );
      expect(code).toBe(byte === 40 ? "bad-remote-identity" : "handshake-not-decrypted");
    }
  });

  test("and a client's channel do not mix", async () => {
    const client = beginChannel({ responderId: RESPONDER_ID }, { random });
    const parts = { random, verify: accept };
    await expectRejection("message-too-short", answerPeerChannel({ ...answering, request: client.request }, parts));
    const peer = beginPeerChannel(own, { random });
    const { answer } = answerChannel({ ...answering, request: peer.request }, { random });
    await expectRejection("handshake-not-decrypted", peer.finish(answer, accept));
  });
});
