// Queries that were opened and wait for the answers of shards. They stay in the enclave: the host knows them by numbers.
import type { OpenedRequest } from "@fogbow/core-attest";
import { wipeBytes } from "@fogbow/core-bytes";
import { decodeMessage, QueryRequestSchema, WireError } from "@fogbow/core-wire";
import { ViewError } from "./error.ts";
import { OPEN_QUERIES_MAX, QUERY_BYTES_MAX, SEARCH_KEYS_MAX } from "./limits.ts";

/** A query of a client. */
export interface OpenQuery extends OpenedRequest {
  /** The search keys, of any length: views of the plaintext. */
  readonly keys: readonly Uint8Array[];
}

/** Queries by number; the oldest makes room. */
export class OpenQueries {
  readonly #queries = new Map<bigint, OpenQuery>();
  #last = 0n;

  /** Keeps a query, and its plaintext, which is overwritten when it is not needed. Throws {@link ViewError} `malformed-query`, `too-many-keys`. */
  add(request: OpenedRequest): bigint {
    const keys = searchKeys(request.plaintext);
    this.#last += 1n;
    this.#queries.set(this.#last, { ...request, keys });
    const [oldest] = this.#queries.keys();
    if (this.#queries.size > OPEN_QUERIES_MAX && oldest !== undefined) this.drop(oldest);
    return this.#last;
  }

  /** The query of a number. Throws {@link ViewError} `unknown-query`. */
  get(number: bigint): OpenQuery {
    const query = this.#queries.get(number);
    if (query === undefined) throw new ViewError("unknown-query", "There is no such query, or it was answered.");
    return query;
  }

  /** Forgets a query, if it is there. */
  drop(number: bigint): void {
    const query = this.#queries.get(number);
    this.#queries.delete(number);
    if (query !== undefined) wipeBytes(query.plaintext);
  }
}

/** The search keys of a query, as views of it. Throws {@link ViewError} `malformed-query`, `too-many-keys`. */
export function searchKeys(plaintext: Uint8Array): readonly Uint8Array[] {
  if (plaintext.length > QUERY_BYTES_MAX) {
    throw new ViewError("too-many-keys", `A query has at most ${QUERY_BYTES_MAX} bytes.`);
  }
  const keys = decoded(plaintext);
  if (keys.length > SEARCH_KEYS_MAX) {
    throw new ViewError("too-many-keys", `A query has at most ${SEARCH_KEYS_MAX} search keys.`);
  }
  return keys;
}

function decoded(plaintext: Uint8Array): readonly Uint8Array[] {
  try {
    return decodeMessage(QueryRequestSchema, plaintext, { bytesMax: QUERY_BYTES_MAX }).getTxos;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new ViewError("malformed-query", "What was sealed is no query."); // The cause stays in here.
  }
}
