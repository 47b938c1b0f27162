// A store's entry points: channels of routers, records, and queries.
import {
  AttestError,
  answerChannel,
  decodeAuthMessage,
  encodeAuthMessage,
  encodeNonceMessage,
  NonceSession,
  type OpenedBroadcast,
  openBroadcast,
} from "@fogbow/core-attest";
import { wipeBytes } from "@fogbow/core-bytes";
import {
  AddRecordsRequestSchema,
  AddRecordsResponseSchema,
  decodeMessage,
  encodeMessage,
  type NonceMessage,
  QueryResponseSchema,
  readPresent,
  StoreQuerySchema,
} from "@fogbow/core-wire";
import type { ViewRecords } from "@fogbow/kernel";
import { ViewError } from "../error.ts";
import { DOOR } from "../limits.ts";
import { searchKeys } from "../open-queries.ts";
import type { Call, ViewState } from "../state.ts";

const KEY_BYTES = 16;
const PAYLOAD_BYTES_MAX = 239;

/** `router-auth`: answers a router's handshake. Throws AttestError. */
export const routerAuth: Call = (input, { responderId, staticKey, evidence, random, routers }) => {
  const request = decodeAuthMessage(input);
  const { answer, keys } = answerChannel({ responderId, staticKey, evidence: evidence(), request }, { random });
  routers.add(new NonceSession(keys));
  return encodeAuthMessage(answer);
};

/** `add-records`: adds all records, or none. Throws {@link ViewError} for the first that cannot be added. */
export const addRecords: Call = (input, state) => {
  const records = recordsOf(state);
  const added = decodeMessage(AddRecordsRequestSchema, input, DOOR).records.map(({ searchKey, payload }) => ({
    searchKey: readPresent(searchKey, "search_key"),
    payload: readPresent(payload, "payload"),
  }));
  for (const { searchKey, payload } of added) {
    if (searchKey.length !== KEY_BYTES) throw new ViewError("key-wrong-size", "A search key is 16 bytes.");
    if (searchKey.every((byte) => byte === 0)) throw new ViewError("key-rejected", "A search key is not all zero.");
    if (payload.length > PAYLOAD_BYTES_MAX) throw new ViewError("value-too-large", "A payload is at most 239 bytes.");
  }
  if (records.size + added.length > records.capacity) {
    const full = `The map holds ${records.size} records and was made for ${records.capacity}.`;
    throw new ViewError("map-overflow", full);
  }
  records.add(added);
  return encodeMessage(AddRecordsResponseSchema, { records: records.size, capacity: records.capacity });
};

/** `answer-query`: looks a query up. Throws {@link ViewError} `not-authenticated`, `malformed-query`, `too-many-keys`. */
export const answerQuery: Call = (input, state) => {
  const records = recordsOf(state);
  const { queries, untrusted } = decodeMessage(StoreQuerySchema, input, DOOR);
  const says = readPresent(untrusted, "untrusted");
  const { session, plaintext, aad } = openOne(queries, state);
  const results = records.results(searchKeys(plaintext));
  const open = encodeMessage(QueryResponseSchema, { ...says, txOutSearchResults: [], fixedTxOutSearchResults: [] });
  const answer = new Uint8Array(open.length + results.length);
  answer.set(open);
  answer.set(results, open.length);
  const sealed = encodeNonceMessage(session.seal(answer, aad));
  for (const secret of [plaintext, results, answer]) wipeBytes(secret);
  return sealed;
};

/** The first message that is for a session of ours. What comes after it failed for another reason. */
function openOne(queries: readonly NonceMessage[], { routers }: ViewState): OpenedBroadcast {
  try {
    return openBroadcast(queries, routers);
  } catch (error) {
    if (!(error instanceof AttestError) || error.code === "too-many-messages") throw error;
    throw new ViewError("not-authenticated", "No message is for a session of this store.");
  }
}

function recordsOf({ records }: ViewState): ViewRecords {
  if (records === undefined) throw new ViewError("not-a-store", "A router has no records.");
  return records;
}
