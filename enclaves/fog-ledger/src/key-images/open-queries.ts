// Questions about key images that were opened and await the answers of stores. The oldest gives way when there are too many.
import { ClosingTable, type OpenedRequest } from "@fogbow/core-attest";
import { wipeBytes } from "@fogbow/core-bytes";
import { LedgerEnclaveError } from "../error.ts";
import { OPEN_QUERIES_MAX } from "../limits.ts";

/** A question. */
export interface OpenQuery {
  /** 32 bytes each. */
  readonly keyImages: Uint8Array;
  readonly reply: OpenedRequest["reply"];
  close(): void;
}

/** Questions by numbers that the host knows them by. */
export class OpenQueries {
  readonly #queries = new ClosingTable<OpenQuery>({ max: OPEN_QUERIES_MAX });
  #last = 0n;

  /** Keeps a question; its number. Never gives a number twice. */
  add(keyImages: Uint8Array, reply: OpenedRequest["reply"]): bigint {
    this.#last += 1n;
    this.#queries.set(String(this.#last), { keyImages, reply, close: () => wipeBytes(keyImages) });
    return this.#last;
  }

  /** Throws {@link LedgerEnclaveError} `unknown-query`. */
  get(query: bigint): OpenQuery {
    return known(this.#queries.get(String(query)));
  }

  /** The question, which is forgotten: it is the caller's to close. Throws {@link LedgerEnclaveError} `unknown-query`. */
  take(query: bigint): OpenQuery {
    return known(this.#queries.take(String(query)));
  }

  /** Forgets a question, if it is there. */
  drop(query: bigint): void {
    this.#queries.delete(String(query));
  }
}

function known(query: OpenQuery | undefined): OpenQuery {
  if (query === undefined) throw new LedgerEnclaveError("unknown-query", "There is no such question.");
  return query;
}
