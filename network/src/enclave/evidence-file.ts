// Evidence from a file: the payload of a handshake, or one of the messages that it wraps.
import {
  AttestError,
  decodeAnswerPayload,
  decodeDcapEvidence,
  decodeEvidence,
  decodeSevSnpEvidence,
  type Evidence,
} from "@fogbow/core-attest";
import { CommandError } from "../error.ts";

/** The evidence in these bytes, whichever way it is wrapped. Throws `invalid-evidence`, `evidence-outdated`. */
export function readEvidence(bytes: Uint8Array): Evidence {
  const readers = [() => unwrap(bytes), () => decodeDcapEvidence(bytes), () => decodeSevSnpEvidence(bytes)];
  const reasons: string[] = [];
  for (const read of readers) {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof AttestError)) throw error;
      reasons.push(error.message);
    }
  }
  throw new CommandError(
    "invalid-evidence",
    `The file holds no evidence: neither a handshake's payload, nor external.DcapEvidence, nor ` +
      `fogbow.attest.SevSnpEvidence. ${reasons[1] ?? ""}`.trimEnd(),
  );
}

function unwrap(payload: Uint8Array): Evidence {
  const message = decodeAnswerPayload(payload);
  if (message.kind === "epid") {
    throw new CommandError(
      "evidence-outdated",
      "This is a report of Intel's former service, which attests nothing today.",
    );
  }
  return decodeEvidence(message);
}
