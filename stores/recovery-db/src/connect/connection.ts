// What the two back ends have in common.
import type { Kysely } from "kysely";
import type { Tables } from "../schema/tables.ts";

/** The channel on which stored blocks are announced. */
export const BLOCK_CHANNEL = "fog_block";

/** A database, wherever it is. */
export interface Connection {
  readonly db: Kysely<Tables>;
  /** Calls back with what is announced on {@link BLOCK_CHANNEL}, until the result is called. */
  listen(listener: (payload: string) => void): () => void;
  close(): Promise<void>;
}
