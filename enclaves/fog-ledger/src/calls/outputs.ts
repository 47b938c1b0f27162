// The entry points of a router's outputs. Between opening a request and sealing its answer, the indices and keys in it are
// bytes that nobody here reads.
import { decodeSealedMessage, encodeSealedMessage } from "@fogbow/core-attest";
import { decodeBlock, decodeBlockContents } from "@fogbow/core-block";
import { concatBytes, wipeBytes } from "@fogbow/core-bytes";
import {
  ApplyBlockRequestSchema,
  decodeMessage,
  GetOutputsRequestSchema,
  LookupOutputsRequestSchema,
  readSecretFixed64s,
} from "@fogbow/core-wire";
import { LedgerEnclaveError } from "../error.ts";
import { DOOR, OUTPUT_INDICES_MAX, OUTPUT_KEYS_MAX } from "../limits.ts";
import { type Call, offered } from "../state.ts";

/** `repeated fixed64 indices`. */
const INDICES_FIELD = 1;
const INDEX_BYTES = 8;
const KEY_BYTES = 32;

/** `apply-block`: how far the enclave is then. Throws LedgerEnclaveError `unexpected-block`, and what decoding throws. */
export const applyBlock: Call = (input, { ledger }) => {
  const { block, contents, timestamp } = decodeMessage(ApplyBlockRequestSchema, input, DOOR);
  return offered(ledger).apply(decodeBlock(block), decodeBlockContents(contents), timestamp);
};

/** `get-outputs`: outputs and proofs. Throws LedgerEnclaveError `malformed-request` or `too-many-items`, AttestError. */
export const getOutputs: Call = (input, state) =>
  answer(input, state, (plaintext) => offered(state.ledger).outputs(readIndices(plaintext)));

/** `look-up-outputs`: where outputs are, by public key. Throws as {@link getOutputs} does. */
export const lookUpOutputs: Call = (input, state) =>
  answer(input, state, (plaintext) => offered(state.ledger).places(readPublicKeys(plaintext)));

/** Opens a request, answers it and seals the answer. A request that is refused has counted for the channel. */
function answer(
  input: Uint8Array,
  { clients }: Parameters<Call>[1],
  answerTo: (plaintext: Uint8Array) => Uint8Array,
): Uint8Array {
  const { plaintext, reply } = clients.open(decodeSealedMessage(input));
  try {
    const plainAnswer = answerTo(plaintext);
    try {
      return encodeSealedMessage(reply(plainAnswer));
    } finally {
      wipeBytes(plainAnswer);
    }
  } finally {
    wipeBytes(plaintext);
  }
}

/** The indices of a `GetOutputsRequest`, 8 bytes each. */
function readIndices(plaintext: Uint8Array): Uint8Array {
  const indices = tryDecode(() => readSecretFixed64s(GetOutputsRequestSchema, plaintext, INDICES_FIELD, DOOR));
  if (indices === undefined) throw malformed();
  if (indices.length > OUTPUT_INDICES_MAX * INDEX_BYTES) {
    throw new LedgerEnclaveError("too-many-items", "Request size exceeds limit");
  }
  return indices;
}

function readPublicKeys(plaintext: Uint8Array): Uint8Array {
  const keys = tryDecode(() => decodeMessage(LookupOutputsRequestSchema, plaintext, DOOR).publicKeys);
  if (keys === undefined || keys.some(({ length }) => length !== KEY_BYTES)) throw malformed();
  if (keys.length > OUTPUT_KEYS_MAX) throw new LedgerEnclaveError("too-many-items", "Request size exceeds limit");
  return concatBytes(...keys);
}

function tryDecode<Decoded>(decode: () => Decoded): Decoded | undefined {
  try {
    return decode();
  } catch {
    return undefined; // What the request holds is the client's secret, and so is why it cannot be read.
  }
}

const malformed = (): LedgerEnclaveError => new LedgerEnclaveError("malformed-request", "The request cannot be read.");
