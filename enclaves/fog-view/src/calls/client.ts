// A router's entry points for clients: channels, and queries from their arrival to their answer.
import { decodeAuthMessage, decodeSealedMessage, encodeAuthMessage, encodeSealedMessage } from "@fogbow/core-attest";
import { wipeBytes } from "@fogbow/core-bytes";
import {
  CollateRequestSchema,
  DropQueryRequestSchema,
  decodeMessage,
  encodeMessage,
  MultiViewStoreQueryRequestSchema,
  OpenedQuerySchema,
  QueryResponseSchema,
  readPresent,
  SealQueryRequestSchema,
  type ShardAnswer,
  WireError,
} from "@fogbow/core-wire";
import { collatePublic, type ShardSays } from "../collate.ts";
import { ViewError } from "../error.ts";
import { COLLATED_SHARDS_MAX, DOOR } from "../limits.ts";
import type { Call, ViewState } from "../state.ts";

/** `client-auth`: answers a handshake. */
export const clientAuth: Call = (input, { clients }) => encodeAuthMessage(clients.auth(decodeAuthMessage(input)));

/** `client-close`: ends the session with this channel id, 64 bytes, if it is there. */
export const clientClose: Call = (input, { clients }) => {
  clients.closeSession(input);
  return new Uint8Array();
};

/** `open-query`: opens a query and keeps it. Throws AttestError, and {@link ViewError} `malformed-query`, `too-many-keys`. */
export const openQuery: Call = (input, { clients, queries }) => {
  const message = decodeSealedMessage(input);
  const request = clients.open(message);
  const { channelId } = message;
  return encodeMessage(OpenedQuerySchema, {
    query: queries.add({ ...request, aad: request.aad.slice() }),
    aad: request.aad,
    channelId,
  });
};

/** `seal-query`: the query, sealed once more for every store that there is a session with. */
export const sealQuery: Call = (input, { queries, stores }) => {
  const { query } = decodeMessage(SealQueryRequestSchema, input, DOOR);
  const { plaintext, aad } = queries.get(query);
  return encodeMessage(MultiViewStoreQueryRequestSchema, { queries: stores.seal(plaintext, aad) });
};

/** `drop-query`: forgets a query that nobody answers. */
export const dropQuery: Call = (input, { queries }) => {
  queries.drop(decodeMessage(DropQueryRequestSchema, input, DOOR).query);
  return new Uint8Array();
};

/** Bytes of the payload of what is not found where no shard says another. */
const PAYLOAD_BYTES = 237;

/**
 * `collate`: makes the client's answer of those of the shards. Throws AttestError, and {@link ViewError} `unknown-query`,
 * `malformed-answer`; the query is kept then.
 */
export const collate: Call = (input, state) => {
  const { query: number, shards } = decodeMessage(CollateRequestSchema, input, DOOR);
  if (shards.length > COLLATED_SHARDS_MAX) throw malformed();
  const query = state.queries.get(number);
  const resultBytes = state.view.resultBytes(query.keys);
  const opened = shards.map((shard) => openAnswer(shard, resultBytes, state));
  const results = state.view.collate(
    query.keys,
    opened.map((each) => each.results),
    PAYLOAD_BYTES,
  );
  const open = encodeMessage(QueryResponseSchema, collatePublic(opened));
  const answer = new Uint8Array(open.length + results.length);
  answer.set(open);
  answer.set(results, open.length); // Fields of a message may come in any order.
  const sealed = encodeSealedMessage(query.reply(answer, query.aad));
  for (const secret of [answer, results, ...opened.map((each) => each.results)]) wipeBytes(secret);
  state.queries.drop(number);
  return sealed;
};

interface OpenedAnswer extends ShardSays {
  readonly results: Uint8Array;
}

/** A store ends its answer with the results, whose size the keys decide; before them is nothing but what its host said. */
function openAnswer(shard: ShardAnswer, resultBytes: number, { stores }: ViewState): OpenedAnswer {
  const plaintext = stores.open(readPresent(shard.answer, "answer"));
  const split = plaintext.length - resultBytes;
  if (split < 0) throw malformed();
  try {
    const says = decodeMessage(QueryResponseSchema, plaintext.subarray(0, split), DOOR);
    return { range: readPresent(shard.blockRange, "block_range"), says, results: plaintext.subarray(split) };
  } catch (error) {
    if (error instanceof WireError) throw malformed();
    throw error;
  }
}

function malformed(): ViewError {
  return new ViewError("malformed-answer", "What a store sealed is no answer to the query.");
}
