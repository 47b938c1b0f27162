// The padding of Fog View's answers: every payload is sent as 255 bytes, so that sizes tell nothing (spec 01 §9.1).
import { TransactionError } from "../error.ts";

/** Bytes of every ciphertext in a search result, found or not. */
export const SEARCH_RESULT_BYTES = 255;

/** The parts of a `FixedTxOutSearchResult` that hold a payload. */
export interface PaddedPayload {
  /** The payload, then zeros up to 255 bytes. */
  readonly ciphertext: Uint8Array;
  readonly payloadLength: number;
}

/** Pads a payload to 255 bytes. Throws `payload-too-long` when it is longer, or no byte string. */
export function padPayload(payload: Uint8Array): PaddedPayload {
  if (!(payload instanceof Uint8Array) || payload.length > SEARCH_RESULT_BYTES) {
    throw new TransactionError("payload-too-long", `A search result holds at most ${SEARCH_RESULT_BYTES} bytes.`);
  }
  const ciphertext = new Uint8Array(SEARCH_RESULT_BYTES);
  ciphertext.set(payload);
  return { ciphertext, payloadLength: payload.length };
}

/**
 * The payload without its padding. It must go before opening: the box's footer is at the end. Throws
 * `invalid-search-result` when the stated length exceeds the bytes there are.
 */
export function trimPayload({ ciphertext, payloadLength }: PaddedPayload): Uint8Array {
  const isLength = Number.isInteger(payloadLength) && payloadLength >= 0;
  if (!isLength || !(ciphertext instanceof Uint8Array) || payloadLength > ciphertext.length) {
    throw new TransactionError("invalid-search-result", "The payload length exceeds the ciphertext.");
  }
  return new Uint8Array(ciphertext.subarray(0, payloadLength)); // A copy, also of Node's Buffer.
}
