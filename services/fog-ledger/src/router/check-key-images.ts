// Whether key images are spent: opened in the enclave, asked of every shard, and collated in the enclave (spec 03 §5.3).
import { setTimeout as sleep } from "node:timers/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import { type Message, type NonceMessage, MultiKeyImageStoreResponseStatus as Status } from "@fogbow/core-wire";
import type { Log } from "@fogbow/server";
import type { LedgerDoor } from "../enclave/ledger-door.ts";
import { AUTH_ROUNDS_MAX, QUERY_TRIES_MAX } from "../limits.ts";
import { enclaveError } from "../rpc/enclave-error.ts";
import type { Shard, StoreDoor } from "./shards.ts";

/** What asking uses. */
export interface CheckKeyImagesParts {
  readonly door: Pick<LedgerDoor, "openKeyImages" | "sealKeyImages" | "collateKeyImages" | "dropKeyImages"> & StoreDoor;
  readonly shards: { all(): readonly Shard[] };
  readonly log: Log;
  /** How often the stores are asked before it is given up. */
  readonly tries?: number;
}

const RETRY_MS = 20;

/**
 * Answers a client. Every shard must have answered, else the client is told to try again: `UNAVAILABLE`. `PERMISSION_DENIED`
 * when the enclave does not open the request, `INVALID_ARGUMENT` for a request that is none.
 */
export async function checkKeyImages(
  request: Message,
  parts: CheckKeyImagesParts,
  signal?: AbortSignal,
): Promise<Message> {
  const { door } = parts;
  let query: bigint | undefined;
  try {
    query = await door.openKeyImages(request);
    const answers = await askAll(query, parts, signal);
    const answer = await door.collateKeyImages(query, answers);
    query = undefined; // It is over.
    return answer;
  } catch (error) {
    throw enclaveError(error);
  } finally {
    if (query !== undefined) await door.dropKeyImages(query).catch(() => undefined); // The enclave is gone, and it too.
  }
}

/** The answers of all shards. */
async function askAll(
  query: bigint,
  { door, shards, log, tries = QUERY_TRIES_MAX }: CheckKeyImagesParts,
  signal: AbortSignal | undefined,
): Promise<NonceMessage[]> {
  const answers: NonceMessage[] = [];
  let pending = shards.all();
  if (pending.length === 0) throw unavailable();
  let authRounds = pending.length + AUTH_ROUNDS_MAX;
  let triesLeft = tries;
  for (;;) {
    const before = new Map(pending.map((shard) => [shard, shard.attested()]));
    const queries = await door.sealKeyImages(query); // Sealed anew each time: what was sent has used its nonces.
    const told = await Promise.all(pending.map((shard) => ask(shard, queries, log, signal)));
    for (const { answer } of told) if (answer !== undefined) answers.push(answer);
    const isLost = told.filter(({ status }) => status === Status.AUTHENTICATION_ERROR);
    pending = told.filter(({ answer }) => answer === undefined).map(({ shard }) => shard);
    if (pending.length === 0) return answers;
    if (told.some(({ status }) => status === Status.NOT_READY)) throw unavailable();
    if (told.some(({ status }) => status === Status.INVALID_ARGUMENT)) {
      throw new ConnectError("A store cannot read the request.", Code.Internal);
    }
    if (isLost.length > 0) {
      authRounds -= 1;
      if (authRounds < 0) throw unavailable();
      await Promise.all(isLost.map(({ shard }) => attest(shard, before.get(shard) ?? 0, door, log)));
    } else {
      triesLeft -= 1;
      if (triesLeft <= 0) throw unavailable();
      await sleep(RETRY_MS);
    }
  }
}

interface Told {
  readonly shard: Shard;
  readonly answer: NonceMessage | undefined;
  readonly status: Status;
}

async function ask(
  shard: Shard,
  queries: readonly NonceMessage[],
  log: Log,
  signal: AbortSignal | undefined,
): Promise<Told> {
  try {
    const { status, queryResponse } = await shard.ask(queries, signal);
    return { shard, answer: status === Status.SUCCESS ? queryResponse : undefined, status };
  } catch (error) {
    log.warn("a store does not answer", { shard: shard.name, error });
    return { shard, answer: undefined, status: Status.UNKNOWN };
  }
}

async function attest(shard: Shard, before: number, door: StoreDoor, log: Log): Promise<void> {
  try {
    await shard.attest(door, before);
    log.info("a store was attested", { shard: shard.name });
  } catch (error) {
    log.warn("a store was not attested", { shard: shard.name, error }); // It is asked again, as often as rounds are left.
    await sleep(RETRY_MS);
  }
}

const unavailable = (): ConnectError =>
  new ConnectError("Not all key images can be looked up now; try again later.", Code.Unavailable);
