// Intel's identity of a quoting enclave, version 2: which enclave may vouch for attestation keys (spec 04 §6.4).
import { parseSignedDocument, type SignedDocument } from "./signed-json.ts";
import { parseSvnLevels, type SvnLevel } from "./tcb-info.ts";

/** An identity of a quoting enclave, taken apart and not yet verified. */
export interface QeIdentity extends SignedDocument {
  /** 4 bytes in the order of memory, like the mask. */
  readonly miscSelect: Uint8Array;
  readonly miscSelectMask: Uint8Array;
  /** 16 bytes in the order of memory, like the mask. */
  readonly attributes: Uint8Array;
  readonly attributesMask: Uint8Array;
  /** 32 bytes. */
  readonly mrSigner: Uint8Array;
  readonly productId: number;
  /** Best first. */
  readonly levels: readonly SvnLevel[];
}

/** Reads a signed identity of a quoting enclave. Throws `collateral-malformed`. */
export function parseQeIdentity(text: string): QeIdentity {
  const document = parseSignedDocument(text, "enclaveIdentity");
  const { fields } = document.signed;
  return {
    ...document,
    miscSelect: fields.hex("miscselect", 4),
    miscSelectMask: fields.hex("miscselectMask", 4),
    attributes: fields.hex("attributes", 16),
    attributesMask: fields.hex("attributesMask", 16),
    mrSigner: fields.hex("mrsigner", 32),
    productId: fields.integer("isvprodid", 0xffff),
    levels: parseSvnLevels(fields),
  };
}
