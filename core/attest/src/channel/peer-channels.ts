// Channels between enclaves that are each other's equal (spec 04 §2.5): both sides show evidence, and both must be the very same
// code on the same kind of platform.
import type { Random } from "@fogbow/core-bytes";
import { AttestError } from "../error.ts";
import { createCollateralParser } from "../evidence/collateral-parser.ts";
import { assertVerdict, decodeEvidence } from "../evidence/evidence-verifier.ts";
import { verifyEvidence } from "../evidence/verify-evidence.ts";
import { createPolicy, type EvidencePlatform } from "../policy/policy.ts";
import type { TrustedIdentity } from "../policy/trusted-identity.ts";
import { answerPeerChannel, beginPeerChannel, type OwnEvidence, type PendingChannel } from "./attest-channel.ts";
import { ClosingTable } from "./closing-table.ts";
import type { EvidenceMessage, PeerEvidence } from "./evidence-payload.ts";
import type { KeyPair } from "./key-pair.ts";
import { PEER_SESSIONS_MAX, PENDING_PEER_HANDSHAKES_MAX } from "./limits.ts";
import type { SealedMessage } from "./messages.ts";
import { Session } from "./session.ts";
import { SessionTable } from "./session-table.ts";

/** Whom an enclave takes for its equal: its own code, on its own kind of platform. */
export interface PeerRule {
  readonly identity: TrustedIdentity;
  readonly platform: EvidencePlatform;
}

/** Decides whether evidence is that of a peer; rejects with an AttestError when it is not. `now` is the host's clock. */
export type VerifyPeer = (evidence: PeerEvidence, now: number) => Promise<unknown>;

/** What the channels are made with. */
export interface PeerChannelParts {
  readonly staticKey: KeyPair;
  /** The current evidence, bound to the static key. */
  readonly evidence: () => EvidenceMessage;
  readonly random: Random;
  readonly verifyPeer: VerifyPeer;
}

/**
 * Verifies that evidence is of this identity. The time is the host's: one that lies about it can accept a peer whose
 * platform has been withdrawn since, not one that runs other code.
 */
export function peerVerifier({ identity, platform }: PeerRule): VerifyPeer {
  const policy = createPolicy({ measurements: [{ identity }], platforms: [platform] });
  const parseCollateral = createCollateralParser();
  return async ({ key, ...evidence }, at) => {
    const question = { evidence: decodeEvidence(evidence), policy, at, handshakeKey: key };
    assertVerdict(await verifyEvidence(question, { parseCollateral }));
  };
}

/** Sessions with peers, those that they began and those that we did. */
export class PeerChannels {
  readonly #ownName: string;
  readonly #parts: PeerChannelParts;
  readonly #inbound = new SessionTable<Session>({ max: PEER_SESSIONS_MAX });
  readonly #outbound = new SessionTable<Session>({ max: PEER_SESSIONS_MAX });
  readonly #pending = new ClosingTable<PendingChannel>({ max: PENDING_PEER_HANDSHAKES_MAX });

  /** `ownName` is what peers call us: host and port, and whatever else both must agree on. */
  constructor(ownName: string, parts: PeerChannelParts) {
    this.#ownName = ownName;
    this.#parts = parts;
  }

  /** Begins a channel to a peer, in place of a handshake that waits for its answer. Throws AttestError. */
  begin(name: string): Uint8Array {
    const { staticKey, random } = this.#parts;
    const pending = beginPeerChannel({ responderId: name, staticKey, evidence: this.#evidence() }, { random });
    this.#pending.set(name, pending);
    return pending.request;
  }

  /** Reads a peer's answer; the channel's id. Throws AttestError, `unknown-handshake` when none waits for it. */
  async finish(name: string, answer: Uint8Array, now: number): Promise<Uint8Array> {
    const pending = this.#pending.take(name);
    if (pending === undefined) throw new AttestError("unknown-handshake", "No handshake with this peer has begun.");
    const { keys } = await pending.finish(answer, (evidence) => this.#parts.verifyPeer(evidence, now));
    this.#outbound.add(new Session(keys));
    return keys.channelId;
  }

  /** Answers a peer that begins a channel. Throws AttestError. */
  async answer(request: Uint8Array, now: number): Promise<Uint8Array> {
    const { staticKey, random, verifyPeer } = this.#parts;
    const { answer, keys } = await answerPeerChannel(
      { responderId: this.#ownName, staticKey, evidence: this.#evidence(), request },
      { random, verify: (evidence) => verifyPeer(evidence, now) },
    );
    this.#inbound.add(new Session(keys));
    return answer;
  }

  /** Opens a peer's message. Throws AttestError. */
  open(message: SealedMessage): Uint8Array {
    return this.#session(message.channelId).open(message);
  }

  /** Seals for a peer. Throws AttestError. */
  seal(channelId: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): SealedMessage {
    return this.#session(channelId).seal(plaintext, aad);
  }

  /** Ends a session, if it is there. */
  close(channelId: Uint8Array): void {
    this.#inbound.delete(channelId);
    this.#outbound.delete(channelId);
  }

  #session(channelId: Uint8Array): Session {
    return this.#inbound.find(channelId) ?? this.#outbound.get(channelId);
  }

  #evidence(): OwnEvidence {
    const { kind, bytes } = this.#parts.evidence();
    if (kind === "epid") throw new AttestError("evidence-unsupported", "Peers show no evidence of this kind.");
    return { kind, bytes };
  }
}
