// How long a server waits for others, none of whom has to be honest.
import {
  FIRST_BYTES_MS_MAX,
  HEADERS_MS_MAX,
  IDLE_MS_MAX,
  PAGE_MS_MAX,
  PING_MS_MAX,
  PORT_RETRY_MS_MAX,
} from "./limits.ts";

/** Milliseconds that a server waits for others. */
export interface Patience {
  /** For a connection to say what it speaks. */
  readonly firstBytesMs: number;
  /** For the headers of a request. */
  readonly headersMs: number;
  /** For a connection to ask for something. */
  readonly idleMs: number;
  /** For a connection of HTTP/2 with calls in progress to answer a ping. */
  readonly pingMs: number;
  /** For a page to be read. */
  readonly pageMs: number;
  /** For a port that somebody has. */
  readonly portRetryMs: number;
}

/** What a server waits for others unless told otherwise. */
export const PATIENCE: Patience = {
  firstBytesMs: FIRST_BYTES_MS_MAX,
  headersMs: HEADERS_MS_MAX,
  idleMs: IDLE_MS_MAX,
  pingMs: PING_MS_MAX,
  pageMs: PAGE_MS_MAX,
  portRetryMs: PORT_RETRY_MS_MAX,
};
