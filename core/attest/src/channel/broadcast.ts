// One request of a router to many stores: every store is sent the whole list of sealed messages and opens its own
// (spec 04 §3.1).
import { AttestError } from "../error.ts";
import { STORE_SESSIONS_MAX } from "./limits.ts";
import type { NonceMessage } from "./messages.ts";
import type { NonceSession } from "./nonce-session.ts";
import type { SessionTable } from "./session-table.ts";

/** The plaintext sealed for each session, in their order. Throws `too-many-messages` above 100 sessions, or as `seal`. */
export function sealBroadcast(
  sessions: readonly NonceSession[],
  plaintext: Uint8Array,
  aad?: Uint8Array,
): NonceMessage[] {
  assertBroadcastLength(sessions.length);
  return sessions.map((session) => session.seal(plaintext, aad));
}

/** A message of a broadcast that was for us. */
export interface OpenedBroadcast {
  /** Seal the answer with it. */
  readonly session: NonceSession;
  readonly plaintext: Uint8Array;
  readonly aad: Uint8Array;
}

/**
 * Opens the first message of a broadcast that belongs to one of our sessions and decrypts; the others are ignored. Throws
 * `too-many-messages`, `unknown-channel` when none is of a session of ours, or what the last one failed with.
 */
export function openBroadcast(
  messages: readonly NonceMessage[],
  sessions: SessionTable<NonceSession>,
): OpenedBroadcast {
  assertBroadcastLength(messages.length);
  let failure = new AttestError("unknown-channel", "No message of the broadcast is for a session of ours.");
  for (const message of messages) {
    const session = sessions.find(message.channelId);
    if (session === undefined) continue;
    try {
      return { session, plaintext: session.open(message), aad: message.aad };
    } catch (error) {
      if (!(error instanceof AttestError)) throw error;
      failure = error;
    }
  }
  throw failure;
}

function assertBroadcastLength(length: number): void {
  if (length > STORE_SESSIONS_MAX) {
    throw new AttestError("too-many-messages", `A broadcast has at most ${STORE_SESSIONS_MAX} messages.`);
  }
}
