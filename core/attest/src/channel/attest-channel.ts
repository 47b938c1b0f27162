// How channels begin: each side's part of the handshakes with the evidence in them (spec 04 §2.4, §2.5, §5.3). Whoever
// asks for evidence gets the session only by verifying it.
import type { Random } from "@fogbow/core-bytes";
import {
  bindEvidence,
  decodeAnswerPayload,
  decodeRequestPayload,
  type EvidenceMessage,
  encodeAnswerPayload,
  encodeRequestPayload,
  type PeerEvidence,
} from "./evidence-payload.ts";
import { Handshake } from "./handshake.ts";
import type { KeyPair } from "./key-pair.ts";
import { prologueOf } from "./responder-id.ts";
import type { SessionKeys } from "./session.ts";

/**
 * Decides whether evidence convinces, and says how; throws or rejects with an `AttestError` when it does not. Evidence of
 * kind `epid` must also be checked to name `evidence.key`.
 */
export type VerifyEvidence<Verdict> = (evidence: PeerEvidence) => Promise<Verdict> | Verdict;

/** A verified channel: whoever takes it owns the keys. */
export interface VerifiedChannel<Verdict> {
  readonly keys: SessionKeys;
  /** What the verification found. */
  readonly verdict: Verdict;
}

/** A handshake that has begun and awaits its answer. */
export interface PendingChannel {
  /** The handshake message to send. */
  readonly request: Uint8Array;
  /**
   * Reads the answer and has its evidence verified. Only then are there keys to send anything with. Throws the
   * handshake's codes, `evidence-malformed`, `evidence-not-wrapped`, `bad-remote-identity`, and what `verify` throws.
   */
  finish<Verdict>(answer: Uint8Array, verify: VerifyEvidence<Verdict>): Promise<VerifiedChannel<Verdict>>;
  /** Gives up and overwrites the keys. */
  close(): void;
}

/** Evidence that peers show: not the older kind, which has no place in a request. */
export type OwnEvidence = EvidenceMessage & { readonly kind: "dcap" | "sev-snp" };

/** Begins a channel from a client to an enclave, or from a router to a store: NX. Throws `responder-id-malformed`. */
export function beginChannel(
  { responderId }: { readonly responderId: string },
  { random }: { readonly random: Random },
): PendingChannel {
  const prologue = prologueOf(responderId);
  const handshake = new Handshake({ pattern: "NX", role: "initiator", prologue }, { random });
  return pendingChannel(handshake, new Uint8Array());
}

/** What a peer shows of itself. */
export interface OwnIdentity {
  readonly staticKey: KeyPair;
  /** Bound to the static key. */
  readonly evidence: OwnEvidence;
}

/** Begins a channel between enclaves of equal standing: IX. Throws `responder-id-malformed` or `message-too-large`. */
export function beginPeerChannel(
  { responderId, staticKey, evidence }: OwnIdentity & { readonly responderId: string },
  { random }: { readonly random: Random },
): PendingChannel {
  const prologue = prologueOf(responderId);
  const handshake = new Handshake({ pattern: "IX", role: "initiator", prologue, staticKey }, { random });
  return pendingChannel(handshake, encodeRequestPayload(evidence));
}

/** What answering takes: our own responder id of this kind of session, who we are, and the request. */
export interface AnswerOptions {
  readonly responderId: string;
  readonly staticKey: KeyPair;
  /** Bound to the static key. */
  readonly evidence: EvidenceMessage;
  readonly request: Uint8Array;
}

/** An answer to send, and the keys of the session, which the caller owns. */
export interface AnsweredChannel {
  readonly answer: Uint8Array;
  readonly keys: SessionKeys;
}

/** Answers a client or a router: NX. A payload of the request is ignored. Throws the handshake's codes. */
export function answerChannel(
  { responderId, staticKey, evidence, request }: AnswerOptions,
  { random }: { readonly random: Random },
): AnsweredChannel {
  const prologue = prologueOf(responderId);
  const handshake = new Handshake({ pattern: "NX", role: "responder", prologue, staticKey }, { random });
  handshake.read(request);
  return { answer: handshake.write(encodeAnswerPayload(evidence)), keys: handshake.finish() };
}

/**
 * Answers a peer once its evidence is verified and bound to its static key: IX. Throws the handshake's codes,
 * `evidence-malformed`, `evidence-wrapped`, `bad-remote-identity`, and what `verify` throws.
 */
export async function answerPeerChannel<Verdict>(
  { responderId, staticKey, evidence, request }: AnswerOptions,
  { random, verify }: { readonly random: Random; readonly verify: VerifyEvidence<Verdict> },
): Promise<AnsweredChannel & VerifiedChannel<Verdict>> {
  const prologue = prologueOf(responderId);
  const handshake = new Handshake({ pattern: "IX", role: "responder", prologue, staticKey }, { random });
  try {
    const shown = decodeRequestPayload(handshake.read(request));
    const verdict = await verify(bindEvidence(shown, handshake.remoteStaticKey));
    return { answer: handshake.write(encodeAnswerPayload(evidence)), keys: handshake.finish(), verdict };
  } finally {
    handshake.close();
  }
}

function pendingChannel(handshake: Handshake, payload: Uint8Array): PendingChannel {
  return {
    request: handshake.write(payload),
    async finish(answer, verify) {
      try {
        const shown = decodeAnswerPayload(handshake.read(answer));
        const verdict = await verify(bindEvidence(shown, handshake.remoteStaticKey));
        return { keys: handshake.finish(), verdict };
      } finally {
        handshake.close();
      }
    },
    close: () => handshake.close(),
  };
}
