// What the channels' tests share: seeded randomness, an enclave that answers, and errors by their codes. All keys here are
// made for tests.
import { createHash } from "node:crypto";
import type { Random } from "@fogbow/core-bytes";
import { DcapEvidenceSchema, encodeMessage } from "@fogbow/core-wire";
import { expect } from "vitest";
import {
  AttestError,
  type AttestErrorCode,
  answerChannel,
  beginChannel,
  type EvidenceMessage,
  KeyPair,
  type SessionKeys,
} from "../../src/index.ts";

/** The responder id of the enclave in the tests. */
export const RESPONDER_ID = "node1.test.example:443";

/** Reproducible bytes for a purpose: SHA-512 of purpose and counter. */
export function randomFrom(purpose: string): Random {
  let counter = 0;
  return (length) => {
    counter += 1;
    const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, i) =>
      createHash("sha512").update(`${purpose}/${counter}/${i}`).digest(),
    );
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
  };
}

/** Evidence in form only, bound to a key. */
export function evidenceFor(key: Uint8Array): EvidenceMessage & { readonly kind: "dcap" } {
  const bytes = encodeMessage(DcapEvidenceSchema, {
    quote: { data: new Uint8Array(100).fill(1) },
    collateral: { tcbInfo: "{}" },
    reportData: { nonce: new Uint8Array(16).fill(2), key, customIdentity: new Uint8Array(32) },
  });
  return { kind: "dcap", bytes };
}

/** The keys of both ends of a fresh NX channel. */
export async function channelKeys(purpose: string): Promise<{ client: SessionKeys; enclave: SessionKeys }> {
  const random = randomFrom(purpose);
  const staticKey = KeyPair.random(random);
  const pending = beginChannel({ responderId: RESPONDER_ID }, { random });
  const evidence = evidenceFor(staticKey.publicKey);
  const answering = { responderId: RESPONDER_ID, staticKey, evidence, request: pending.request };
  const { answer, keys: enclave } = answerChannel(answering, { random });
  const { keys: client } = await pending.finish(answer, () => undefined);
  return { client, enclave };
}

/** Expects an {@link AttestError} with this code. */
export function expectCode(code: AttestErrorCode, call: () => unknown): void {
  try {
    call();
  } catch (error) {
    expectError(code, error);
    return;
  }
  expect.fail(`expected ${code}`);
}

/** The same of a promise. */
export async function expectRejection(code: AttestErrorCode, promise: Promise<unknown>): Promise<AttestError> {
  try {
    await promise;
  } catch (error) {
    return expectError(code, error);
  }
  expect.fail(`expected ${code}`);
}

/** The code of whatever a call throws, undefined when it returns. Anything but an {@link AttestError} fails the test. */
export function codeOf(call: () => unknown): AttestErrorCode | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (!(error instanceof AttestError)) throw error;
    return error.code;
  }
}

/** A copy with one bit changed. */
export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}

function expectError(code: AttestErrorCode, error: unknown): AttestError {
  expect(error).toBeInstanceOf(AttestError);
  const attestError = error as AttestError; // Checked just before.
  expect(attestError.code).toBe(code);
  return attestError;
}
