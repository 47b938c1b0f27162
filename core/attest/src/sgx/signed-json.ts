// Intel's signed JSON: an object with the signed object and the signature over its exact text (spec 04 §6.4, T8).
import { fromHex, utf8 } from "@fogbow/core-bytes";
import { AttestError } from "../error.ts";
import { JsonFields } from "../evidence/json-fields.ts";
import { tryRawMembers } from "../evidence/raw-members.ts";

/** The most characters of a signed JSON text: Intel's have about 8 000. */
const SIGNED_JSON_LENGTH_MAX = 262_144;

/** A signed object. */
export interface SignedJson {
  /** Reads what was signed. */
  readonly fields: JsonFields;
  /** The exact bytes that were signed. */
  readonly signedBytes: Uint8Array;
  /** 64 bytes r ‖ s. */
  readonly signature: Uint8Array;
}

/**
 * Takes `{"<member>":{…},"signature":"<128 hex>"}` apart. The signed bytes are cut out of the text and never written
 * anew. Throws `collateral-malformed` for any other form.
 */
function parseSignedJson(text: string, member: "tcbInfo" | "enclaveIdentity"): SignedJson {
  if (text.length > SIGNED_JSON_LENGTH_MAX) {
    throw malformed(`A signed ${member} has at most ${SIGNED_JSON_LENGTH_MAX} characters.`);
  }
  const members = tryRawMembers(text);
  const raw = members?.get(member);
  const signature = /^"([0-9a-fA-F]{128})"$/.exec(members?.get("signature") ?? "")?.[1];
  if (members?.size !== 2 || raw === undefined || signature === undefined) {
    throw malformed(`The text is not {"${member}":{…},"signature":"…"} with a signature of 64 bytes in hexadecimal.`);
  }
  return {
    fields: new JsonFields(JSON.parse(raw), "collateral-malformed", member),
    signedBytes: encode(raw),
    signature: fromHex(signature),
  };
}

/** What Intel's signed documents say about themselves. */
export interface SignedDocument {
  readonly signed: SignedJson;
  /** What it is about: `SGX` or `TDX` for TCB info, `QE` or `TD_QE` for quoting enclaves. */
  readonly id: string;
  readonly version: number;
  /** In milliseconds since 1970; valid until before `nextUpdate`. */
  readonly issueDate: number;
  readonly nextUpdate: number;
  /** Which of Intel's evaluations of advisories it follows. */
  readonly evaluationDataNumber: number;
}

/** Takes a document apart as {@link parseSignedJson} does and reads what all of them have. Throws `collateral-malformed`. */
export function parseSignedDocument(text: string, member: "tcbInfo" | "enclaveIdentity"): SignedDocument {
  const signed = parseSignedJson(text, member);
  const { fields } = signed;
  return {
    signed,
    id: fields.text("id"),
    version: fields.integer("version", 0xffff),
    issueDate: fields.instant("issueDate"),
    nextUpdate: fields.instant("nextUpdate"),
    evaluationDataNumber: fields.integer("tcbEvaluationDataNumber", 0xffff_ffff),
  };
}

function encode(text: string): Uint8Array {
  try {
    return utf8(text);
  } catch (cause) {
    throw new AttestError("collateral-malformed", "A signed JSON text holds what UTF-8 cannot.", { cause });
  }
}

function malformed(message: string): AttestError {
  return new AttestError("collateral-malformed", message);
}
