// SIGKILL to each role of Fog at each step of a payment's way; it is started again with the same arguments. A wallet that polls
// all the while never sees a balance that was not true at its block count, hears of errors by codes, and is right again every
// time; so is a wallet that begins with nothing, and one that begins with what another has saved.
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AccountBook, untilDone } from "./account-book.ts";
import { FogProcesses } from "./fog-processes.ts";
import { ROLES, type RoleName } from "./fog-roles.ts";

/** What a wallet may be told while a role is away: that it was not reached, and that nothing is published for an address. */
const CODES = ["connection-failed", "report-unavailable"];

/** A role is killed so many ms after a step has begun, at most. */
const DELAY_MS = 300;

const REPEATED = 5;

const seed = process.env.FOGBOW_SEED ?? "1";
let drawn = 0;

/** A number from 0 to n − 1 that the seed decides. */
function below(n: number): number {
  drawn += 1;
  return createHash("sha256").update(`${seed}/kill/${drawn}`).digest().readUInt32BE() % n;
}

let fog: FogProcesses;
let book: AccountBook;

beforeAll(async () => {
  fog = await FogProcesses.begin();
  book = new AccountBook(fog, await fog.ingressKey(0, 5n));
  await book.pay();
  await book.settled(fog.wallet(0), CODES);
}, 180_000);

afterAll(() => fog.end(), 60_000);

/** A step of a payment's way. */
interface Step {
  readonly name: string;
  /** What comes before it, with everything in order. */
  readonly before?: () => Promise<void>;
  /** What a role is killed in the middle of. It ends well all the same. */
  readonly during: () => Promise<unknown>;
}

const STEPS: readonly Step[] = [
  { name: "a block is appended", during: () => book.pay() },
  { name: "ingest scans it", before: () => book.pay(), during: () => book.scanned() },
  {
    name: "view loads it",
    before: async () => {
      await book.pay();
      await book.scanned();
    },
    during: () =>
      untilDone(() => fog.viewClient().query({ eventCursor: 0n, blockCountCursor: 0n, searchKeys: [] }), CODES),
  },
  { name: "a new wallet polls", during: () => book.settled(fog.wallet(0), CODES) },
  {
    name: "key images are looked up",
    during: async () => {
      const client = fog.ledgerClient();
      for (let i = 0; i < REPEATED; i++) await untilDone(() => client.checkKeyImages([]), CODES);
    },
  },
  {
    name: "a report is fetched",
    during: async () => {
      for (let i = 0; i < REPEATED; i++) await untilDone(() => fog.ingressKey(0, 5n), CODES);
    },
  },
];

/** Kills roles a moment after something has begun, starts them again, and waits for its end. */
async function killedDuring(names: readonly RoleName[], { before, during }: Step): Promise<void> {
  await before?.();
  const done = during();
  const killed = (async () => {
    await sleep(below(DELAY_MS));
    await fog.kill(...names);
    await fog.start(...names);
  })();
  // Both end before anything else begins, also when one of them fails.
  for (const result of await Promise.allSettled([done, killed])) if (result.status === "rejected") throw result.reason;
}

/** A wallet that polls all the while; its end rejects with whatever was impossible. */
function followed(): { readonly end: () => Promise<void> } {
  const wallet = fog.wallet(0);
  let isOver = false;
  const polling = (async () => {
    while (!isOver) {
      book.check(await wallet.poll(), CODES);
      await sleep(100);
    }
    await book.settled(wallet, CODES);
    // And whoever goes on from what it has saved, as after an end of its own, is where it was.
    const saved = wallet.save();
    await book.pay();
    await book.settled(fog.wallet(0, saved), CODES);
  })();
  polling.catch(() => undefined); // `end` tells of it.
  return {
    end: () => {
      isOver = true;
      return polling;
    },
  };
}

test.each(ROLES)(
  `%s is killed at each step (seed ${seed})`,
  async (name) => {
    const follower = followed();
    for (const step of STEPS) {
      await killedDuring([name], step);
      await book.settled(fog.wallet(0), CODES);
      expect({ step: step.name, ended: fog.ended }).toEqual({ step: step.name, ended: [] });
    }
    await follower.end();
  },
  180_000,
);

test("a machine without power: all roles are killed at once, and started at once", async () => {
  const follower = followed();
  for (const step of STEPS.slice(1, 3)) await killedDuring(ROLES, step);
  await follower.end();
  await book.settled(fog.wallet(0), CODES);
  expect(fog.ended).toEqual([]);
}, 180_000);
