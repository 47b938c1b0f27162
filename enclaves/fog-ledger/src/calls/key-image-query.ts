// The entry points by which a router answers whether key images are spent: opened, sealed for the stores, and collated.
import { decodeSealedMessage, encodeSealedMessage } from "@fogbow/core-attest";
import { concatBytes, wipeBytes } from "@fogbow/core-bytes";
import { BLOCK_VERSION_MAX } from "@fogbow/core-transaction";
import {
  CheckKeyImagesRequestSchema,
  CheckKeyImagesResponseSchema,
  CollateKeyImagesRequestSchema,
  decodeMessage,
  encodeMessage,
  KeyImageQueryNamedSchema,
  KeyImageQueryOpenedSchema,
  KeyImageStoreAnswerSchema,
  KeyImageStoreQueriesSchema,
  KeyImageStoreQuerySchema,
  readPresent,
} from "@fogbow/core-wire";
import { kernel } from "@fogbow/kernel";
import { LedgerEnclaveError } from "../error.ts";
import { DOOR, KEY_IMAGES_MAX } from "../limits.ts";
import { mergeStoreStates } from "../merge-store-states.ts";
import type { Call } from "../state.ts";

const KEY_IMAGE_BYTES = 32;

/**
 * `open-key-images`: opens a client's question and keeps it. Throws LedgerEnclaveError `malformed-request` or `too-many-items`,
 * AttestError.
 */
export const openKeyImages: Call = (input, { clients, queries }) => {
  const { plaintext, reply } = clients.open(decodeSealedMessage(input));
  try {
    return encodeMessage(KeyImageQueryOpenedSchema, { query: queries.add(readKeyImages(plaintext), reply) });
  } finally {
    wipeBytes(plaintext);
  }
};

/** `seal-key-images`: a question, anew for each store. Throws LedgerEnclaveError `unknown-query`, AttestError. */
export const sealKeyImages: Call = (input, { queries, stores }) => {
  const { query } = decodeMessage(KeyImageQueryNamedSchema, input, DOOR);
  const plaintext = encodeMessage(KeyImageStoreQuerySchema, { query, keyImages: queries.get(query).keyImages });
  try {
    return encodeMessage(KeyImageStoreQueriesSchema, { queries: stores.seal(plaintext) });
  } finally {
    wipeBytes(plaintext);
  }
};

/**
 * `collate-key-images`: the answer to the client, from those of all stores. The question is over. Throws LedgerEnclaveError
 * `unknown-query` or `foreign-answer`, AttestError.
 */
export const collateKeyImages: Call = (input, { queries, stores }) => {
  const { query, answers } = decodeMessage(CollateKeyImagesRequestSchema, input, DOOR);
  const opened = queries.take(query);
  try {
    const told = stores.open(answers).map((plaintext) => decodeMessage(KeyImageStoreAnswerSchema, plaintext, DOOR));
    if (told.some((each) => each.query !== query || each.records.length !== recordBytes(opened.keyImages))) {
      throw new LedgerEnclaveError("foreign-answer", "A store has answered another question.");
    }
    const merged = mergeStoreStates(told.map(({ state }) => readPresent(state, "state")));
    const results = kernel().fogLedger.keyImageResults(
      opened.keyImages,
      concatBytes(...told.map((each) => each.records)),
    );
    const facts = encodeMessage(CheckKeyImagesResponseSchema, {
      numBlocks: merged.rangeEnd,
      globalTxoCount: merged.globalTxoCount,
      latestBlockVersion: merged.latestBlockVersion,
      maxBlockVersion: Math.max(merged.latestBlockVersion, merged.maxBlockVersion, BLOCK_VERSION_MAX),
    });
    return encodeSealedMessage(opened.reply(concatBytes(results, facts)));
  } finally {
    opened.close();
  }
};

/** `drop-key-images`: forgets a question that is given up. */
export const dropKeyImages: Call = (input, { queries }) => {
  queries.drop(decodeMessage(KeyImageQueryNamedSchema, input, DOOR).query);
  return new Uint8Array(0);
};

const recordBytes = (keyImages: Uint8Array): number => (keyImages.length / KEY_IMAGE_BYTES) * 56;

/** The key images of a request one after another. Each answer is one decision for all of them. */
function readKeyImages(plaintext: Uint8Array): Uint8Array {
  const queries = decodeRequest(plaintext);
  if (queries.length > KEY_IMAGES_MAX) {
    throw new LedgerEnclaveError("too-many-items", `At most ${KEY_IMAGES_MAX} key images are asked for at one time.`);
  }
  const keyImages = queries.map(({ keyImage }) => keyImage?.data ?? new Uint8Array(0));
  if (keyImages.some(({ length }) => length !== KEY_IMAGE_BYTES)) {
    throw new LedgerEnclaveError("malformed-request", "A key image has 32 bytes.");
  }
  return concatBytes(...keyImages);
}

function decodeRequest(
  plaintext: Uint8Array,
): ReturnType<typeof decodeMessage<typeof CheckKeyImagesRequestSchema>>["queries"] {
  try {
    return decodeMessage(CheckKeyImagesRequestSchema, plaintext, DOOR).queries;
  } catch {
    throw new LedgerEnclaveError("malformed-request", "The request cannot be read."); // What it holds is the client's secret.
  }
}
