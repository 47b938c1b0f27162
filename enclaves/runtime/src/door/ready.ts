// What an enclave says about itself: when it is ready, and its evidence.
import type { EvidenceMessage } from "@fogbow/core-attest";
import { concatBytes, fromHex, toHex, utf8 } from "@fogbow/core-bytes";
import { RuntimeError } from "../error.ts";
import type { PlatformFacts } from "../host/enclave-host.ts";
import { decodeJson } from "./frames.ts";

/** The facts of a run. */
export interface Ready {
  /** 32 bytes, as the inside measured what it runs. */
  readonly measurement: Uint8Array;
  readonly platform: PlatformFacts;
  readonly evidence: EvidenceMessage | undefined;
}

/** As JSON. */
export function encodeReady({ measurement, platform, evidence }: Ready): Uint8Array {
  const hex = evidence && toHex(encodeEvidenceMessage(evidence));
  return utf8(JSON.stringify({ measurement: toHex(measurement), platform, evidence: hex }));
}

/** From JSON. Throws {@link RuntimeError} `malformed-frame`. */
export function parseReady(body: Uint8Array): Ready {
  const { measurement, platform, evidence } = decodeJson(body);
  if (typeof measurement !== "string" || typeof platform !== "object" || platform === null) throw malformed();
  if (evidence !== undefined && typeof evidence !== "string") throw malformed();
  try {
    return {
      measurement: fromHex(measurement),
      platform: platform as PlatformFacts, // Shown to operators; nothing depends on it.
      evidence: evidence === undefined ? undefined : decodeEvidenceMessage(fromHex(evidence)),
    };
  } catch {
    throw malformed();
  }
}

const EVIDENCE_KINDS: readonly EvidenceMessage["kind"][] = ["dcap", "sev-snp"];

/** Evidence in a body: its kind as one byte, then the message. */
export function encodeEvidenceMessage({ kind, bytes }: EvidenceMessage): Uint8Array {
  const number = EVIDENCE_KINDS.indexOf(kind);
  if (number < 0) throw new RuntimeError("evidence-unavailable", `Nothing makes ${kind} evidence any more.`);
  return concatBytes(Uint8Array.of(number), bytes);
}

/** Evidence from a body. Throws {@link RuntimeError} `malformed-frame`. */
export function decodeEvidenceMessage(body: Uint8Array): EvidenceMessage {
  const kind = EVIDENCE_KINDS[body[0] ?? EVIDENCE_KINDS.length];
  if (kind === undefined) throw malformed();
  return { kind, bytes: body.slice(1) };
}

function malformed(): RuntimeError {
  return new RuntimeError("malformed-frame", "What the enclave said about itself is malformed.");
}
