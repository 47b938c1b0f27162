// The entry points of a key-image store.
import { decodeAuthMessage, encodeAuthMessage, encodeNonceMessage } from "@fogbow/core-attest";
import { AddKeyImagesRequestSchema, AnswerKeyImagesRequestSchema, decodeMessage, readPresent } from "@fogbow/core-wire";
import { DOOR } from "../limits.ts";
import { type Call, offered } from "../state.ts";

/** `store-auth`: answers a router that begins a channel. Throws LedgerEnclaveError `not-offered`, AttestError, WireError. */
export const storeAuth: Call = (input, { keyImages }) =>
  encodeAuthMessage(offered(keyImages).auth(decodeAuthMessage(input)));

/** `add-key-images`: takes those of a block. Throws LedgerEnclaveError `store-full`, KernelError, WireError. */
export const addKeyImages: Call = (input, { keyImages: store }) => {
  const { keyImages, blockIndex, timestamp } = decodeMessage(AddKeyImagesRequestSchema, input, DOOR);
  offered(store).add(keyImages, blockIndex, timestamp);
  return new Uint8Array(0);
};

/** `answer-key-images`: answers a router. Throws LedgerEnclaveError `malformed-request`, AttestError, WireError. */
export const answerKeyImages: Call = (input, { keyImages }) => {
  const { queries, state } = decodeMessage(AnswerKeyImagesRequestSchema, input, DOOR);
  return encodeNonceMessage(offered(keyImages).answer(queries, readPresent(state, "state")));
};
