// How a router answers a query (spec 03 §4.8): its enclave opens it and seals it for every store, all shards are asked at once, and
// the enclave makes one answer of theirs.
import { Code, ConnectError } from "@connectrpc/connect";
import {
  type AuthMessage,
  type Message,
  type MultiViewStoreQueryResponse,
  type NonceMessage,
  MultiViewStoreQueryResponseStatus as Status,
} from "@fogbow/core-wire";
import type { Log } from "@fogbow/server";
import type { ViewDoor } from "../enclave/view-door.ts";
import { AUTHENTICATION_ROUNDS_MAX, SHARD_TRIES_MAX } from "../limits.ts";
import { told } from "../told.ts";
import type { Shard, Shards } from "./shards.ts";

/** What a router works with. */
export interface ViewRouterParts {
  readonly door: Pick<
    ViewDoor,
    "beginStore" | "clientAuth" | "collate" | "dropQuery" | "finishStore" | "openQuery" | "sealQuery"
  >;
  readonly shards: Shards;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A shard that has answered. */
interface Answered {
  readonly shard: Shard;
  readonly storeUri: string;
  readonly answer: NonceMessage;
}

/** One router. */
export class ViewRouter {
  readonly #parts: ViewRouterParts;
  /** Stores that are being attested, so that no two queries disturb each other's handshakes. */
  readonly #attesting = new Map<string, Promise<void>>();

  constructor(parts: ViewRouterParts) {
    this.#parts = parts;
  }

  /** Answers a client's handshake. Rejects with ConnectError. */
  auth(request: AuthMessage): Promise<AuthMessage> {
    return told(() => this.#parts.door.clientAuth(request), Code.PermissionDenied);
  }

  /** Answers a client's query. Rejects with ConnectError: `PERMISSION_DENIED` tells a client to attest again. */
  async query(message: Message): Promise<Message> {
    const { door } = this.#parts;
    const { query } = await told(() => door.openQuery(message), Code.PermissionDenied);
    try {
      const answered = await this.#askShards(query);
      return await told(
        () =>
          door.collate({
            query,
            shards: answered.map(({ shard, storeUri, answer }) => ({
              responderId: this.#parts.shards.store(storeUri).responderId,
              answer,
              blockRange: { startBlock: shard.range.start, endBlock: shard.range.end },
            })),
          }),
        Code.PermissionDenied,
      );
    } finally {
      await door.dropQuery(query).catch(() => undefined); // Answered, it is gone already; and the enclave may be, too.
    }
  }

  /** The answers of all shards that are ready. */
  async #askShards(query: bigint): Promise<readonly Answered[]> {
    const { door, shards } = this.#parts;
    const all = shards.all;
    const answered: Answered[] = [];
    let pending: readonly Shard[] = all;
    let tries = SHARD_TRIES_MAX;
    let rounds = all.length + AUTHENTICATION_ROUNDS_MAX;
    while (pending.length > 0) {
      const sealed = await told(() => door.sealQuery(query), Code.PermissionDenied);
      const responses = await Promise.all(pending.map((shard) => this.#ask(shard, sealed.queries)));
      const unknown = new Set<string>();
      const again: Shard[] = [];
      for (const { shard, response } of responses) {
        const { status, storeUri, queryResponse } = response;
        if (status === Status.SUCCESS && queryResponse !== undefined)
          answered.push({ shard, storeUri, answer: queryResponse });
        else if (status !== Status.NOT_READY) again.push(shard);
        if (status === Status.AUTHENTICATION_ERROR) unknown.add(storeUri);
      }
      pending = again;
      if (unknown.size > 0) {
        rounds -= 1;
        await Promise.all([...unknown].map((storeUri) => this.#attest(storeUri)));
      } else {
        tries -= 1;
      }
      if (pending.length > 0 && (tries === 0 || rounds === 0)) throw unavailable("A shard does not answer the query.");
    }
    assertCovered(answered, all);
    return answered;
  }

  async #ask(
    shard: Shard,
    queries: NonceMessage[],
  ): Promise<{ readonly shard: Shard; readonly response: MultiViewStoreQueryResponse }> {
    const response = await shard.client.multiViewStoreQuery({ queries }).catch((error: unknown) => {
      this.#parts.log.warn("a shard cannot be asked", { shard: shard.uri.hostAndPort, error });
      // What a store cannot read of a query is what the client has sent in the open beside it.
      if (error instanceof ConnectError && error.code === Code.InvalidArgument) {
        throw new ConnectError(error.rawMessage, Code.InvalidArgument);
      }
      throw failed("A shard cannot be asked", error);
    });
    const { startBlock, endBlock } = response.blockRange ?? {};
    if (startBlock !== shard.range.start || endBlock !== shard.range.end) {
      this.#parts.log.error("a shard is responsible for other blocks than it should be", {
        shard: shard.uri.hostAndPort,
        blocks: `${startBlock}-${endBlock}`,
      });
      throw internal("A shard is responsible for other blocks than it should be.");
    }
    return { shard, response };
  }

  /** Attests a store, unless that is being done. */
  #attest(storeUri: string): Promise<void> {
    const known = this.#attesting.get(storeUri);
    if (known !== undefined) return known;
    const attesting = this.#attestAnew(storeUri).finally(() => this.#attesting.delete(storeUri));
    this.#attesting.set(storeUri, attesting);
    return attesting;
  }

  async #attestAnew(storeUri: string): Promise<void> {
    const { door, shards, log, now } = this.#parts;
    try {
      const { responderId, client } = shards.store(storeUri);
      const answer = await client.auth(await door.beginStore(responderId));
      await door.finishStore(responderId, answer, BigInt(now()));
      log.info("a store was attested", { store: responderId });
    } catch (error) {
      log.warn("a store could not be attested", { store: storeUri, error });
      throw failed("A store could not be attested", error);
    }
  }
}

/**
 * Without the shard of the first blocks nothing is known to be complete: a client would be told that there are no blocks, which
 * looks like an empty ledger.
 */
function assertCovered(answered: readonly Answered[], all: readonly Shard[]): void {
  const first = all.reduce<bigint | undefined>(
    (least, { range }) => (least === undefined || range.start < least ? range.start : least),
    undefined,
  );
  if (!answered.some(({ shard }) => shard.range.start === first)) {
    throw unavailable("Not all blocks are loaded yet.");
  }
}

/** What a store says, or nobody says in its place, that may pass: it is missing, ends, starts, is slow, or lacks its database. */
const PASSING: ReadonlySet<Code> = new Set([Code.Unavailable, Code.DeadlineExceeded, Code.Aborted, Code.Canceled]);

/** What a client is told of a store that failed: to try again, unless the store itself is wrong. */
function failed(what: string, cause: unknown): ConnectError {
  if (!(cause instanceof ConnectError)) return internal(`${what}.`);
  if (PASSING.has(cause.code)) return unavailable(`${what} now; try again later.`);
  return cause.code === Code.ResourceExhausted
    ? new ConnectError(`${what}: it has too much to do.`, Code.ResourceExhausted)
    : internal(`${what}.`);
}

function unavailable(message: string): ConnectError {
  return new ConnectError(message, Code.Unavailable);
}

function internal(message: string): ConnectError {
  return new ConnectError(message, Code.Internal);
}
