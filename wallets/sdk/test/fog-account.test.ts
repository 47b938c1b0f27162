import { MOB } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FogAccount, type PollResult, SdkError, type ViewAnswer } from "../src/index.ts";
import { ACCOUNT, coin, randomFrom, STRANGER, World } from "./world.ts";

const wallet = (world: World, options: Partial<ConstructorParameters<typeof FogAccount>[0]> = {}): FogAccount =>
  new FogAccount({ account: ACCOUNT, ...options }, { view: world, ledger: world, random: randomFrom("wallet") });

const sum = ({ balance }: PollResult): bigint => balance.sums.get(MOB) ?? 0n;
const codes = ({ errors }: PollResult): unknown[] => errors.map((error) => (error as SdkError).code);

/** A world with one sequence from its first block. */
function newWorld(): World {
  const world = new World();
  world.rotate();
  return world;
}

describe("a poll", () => {
  test("finds what was received, and tells it with its block count", async () => {
    const world = newWorld();
    world.add([coin(0), coin(0, STRANGER)]);
    world.add([coin(1)]);
    const account = wallet(world);
    const polled = await account.poll();
    expect(codes(polled)).toEqual([]);
    expect(polled.balance).toEqual({ blockCount: 2n, sums: new Map([[MOB, 3n]]) });
    expect(account.spendable.map(({ globalIndex, blockIndex }) => [globalIndex, blockIndex])).toEqual([
      [0n, 0n],
      [2n, 1n],
    ]);
    world.add([], [coin(0).keyImage]);
    expect(sum(await account.poll())).toBe(2n);
    expect(account.balance.blockCount).toBe(3n);
    expect(account.spendable).toHaveLength(1);
  });

  test("of an account that nobody paid, on a Fog that ingested nothing, knows 0 as of the block count", async () => {
    const world = new World();
    world.add([]);
    const polled = await wallet(world).poll();
    expect(polled.balance).toEqual({ blockCount: 1n, sums: new Map() });
    expect(world.questions).toHaveLength(1);
    expect(world.checks).toEqual([16]);
  });

  test.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [5, 2],
    [6, 3],
    [13, 3],
    [14, 4],
  ])("that finds %i outputs takes %i rounds: one and none look alike", async (outputs, rounds) => {
    const world = newWorld();
    world.add(Array.from({ length: outputs }, (_, i) => coin(i)));
    await wallet(world).poll();
    const asked = world.questions.map(({ searchKeys }) => searchKeys.length);
    expect(asked).toEqual([0, 2, 4, 8, 16].slice(0, rounds + 1));
  });

  test("asks for as much of a sequence that has missed as of one that has not", async () => {
    const world = newWorld();
    world.add([coin(0)]);
    world.rotate();
    world.add([1, 2, 3, 4, 5, 6].map((n) => coin(n)));
    await wallet(world).poll();
    expect(world.questions.map(({ searchKeys }) => searchKeys.length)).toEqual([0, 4, 8, 16]);
  });

  test("never sends more than 500 search keys, however many sequences there are", async () => {
    const world = new World();
    for (let i = 0; i < 520; i++) world.rotate({ startBlock: 0n });
    world.add([coin(0)]);
    const polled = await wallet(world).poll();
    expect(sum(polled)).toBe(1n);
    const asked = world.questions.map(({ searchKeys }) => searchKeys.length);
    expect(asked).toEqual([0, 500, 20, 500, 20]);
  });

  test("keeps no echo of the cursor that wants no events (trap 6)", async () => {
    const world = newWorld();
    world.add([coin(0)]);
    const account = wallet(world);
    await account.poll();
    world.rotate();
    world.add([coin(1)]);
    expect(sum(await account.poll())).toBe(3n);
  });
});

describe("events", () => {
  test("are taken although no block has come, and do not come twice (trap 1)", async () => {
    const world = newWorld();
    world.add([]);
    world.add([coin(0)], [], { missed: true });
    const account = wallet(world);
    world.alter = (answer) => ({ ...answer, missedRanges: [] }); // The first answer does not know of it yet.
    await account.poll();
    world.alter = (answer) => answer;
    world.declareMissed({ start: 1n, end: 2n });
    const polled = await account.poll();
    expect(polled.balance).toEqual({ blockCount: 2n, sums: new Map([[MOB, 1n]]) });
  });

  test("are asked for again when their answer did not come", async () => {
    const world = newWorld();
    world.add([coin(0)]);
    const account = wallet(world);
    world.alter = () => {
      throw new SdkError("connection-failed", "cut");
    };
    expect(codes(await account.poll())).toEqual(["connection-failed"]);
    world.alter = (answer) => answer;
    expect(sum(await account.poll())).toBe(1n);
  });

  test("about everybody's sequences are followed with the key of the default subaddress (trap 20)", async () => {
    const world = newWorld();
    world.add([coin(3, ACCOUNT, 1n)]);
    expect(sum(await wallet(world).poll())).toBe(8n);
  });

  test("of an unknown version say that the wallet is outdated, and it knows nothing from there on", async () => {
    const world = newWorld();
    world.add([coin(0)]);
    world.rotate({ version: 1 });
    world.add([coin(1)]);
    const polled = await wallet(world).poll();
    expect(codes(polled)).toEqual(["client-outdated"]);
    expect(polled.balance).toEqual({ blockCount: 1n, sums: new Map([[MOB, 1n]]) });
  });

  test("that come twice, as after a decommission told twice, change nothing (trap 24)", async () => {
    const world = newWorld();
    world.add([coin(0)]);
    world.rotate();
    world.add([coin(1)]);
    world.alter = ({ rngs, decommissions, ...answer }) => ({
      ...answer,
      rngs: [...rngs, ...rngs],
      decommissions: [...decommissions, ...decommissions],
    });
    const polled = await wallet(world).poll();
    expect([sum(polled), codes(polled)]).toEqual([3n, []]);
  });
});

describe("a sequence", () => {
  const keysAsked = (world: World): number => world.questions.at(-1)?.searchKeys.length ?? 0;

  test("that is said to have ended before its only block is there is asked for until it is (trap 8)", async () => {
    const world = newWorld();
    world.add([coin(0)]);
    world.add([coin(1)]);
    world.rotate();
    // Ingest replaced it within a block that is not stored yet, so that it has no last block.
    const ended = { ingestInvocationId: 2n, lastIngestedBlock: 0n };
    world.alter = (answer) => ({ ...answer, decommissions: [...answer.decommissions, ended] });
    const account = wallet(world);
    expect(sum(await account.poll())).toBe(3n);
    world.add([coin(2)]);
    expect(sum(await account.poll())).toBe(7n);
  });

  test("is asked for until its invocation has ended and it missed after that (trap 8)", async () => {
    const world = newWorld();
    world.add([coin(0)]);
    const account = wallet(world);
    await account.poll();
    expect(keysAsked(world)).toBe(2);
    world.rotate();
    world.add([]);
    await account.poll(); // The notice arrives, and it misses: but the block after its last is not there for sure.
    expect(keysAsked(world)).toBe(4);
    world.add([]);
    await account.poll();
    world.add([]);
    await account.poll();
    expect(keysAsked(world)).toBe(2);
  });

  test("goes on in a saved state where it was", async () => {
    const world = newWorld();
    world.add([coin(0), coin(1)]);
    const first = wallet(world);
    await first.poll();
    world.add([coin(2)], [coin(0).keyImage]);
    const second = wallet(world, { saved: first.save() });
    expect(second.balance).toEqual(first.balance);
    expect(second.spendable).toEqual(first.spendable);
    expect(sum(await second.poll())).toBe(6n);
    expect(world.questions.at(-1)?.searchKeys).toHaveLength(2);
    expect(second.txoCount).toBe(3n);
    expect(second.blockVersion).toBe(3);
    const third = wallet(world, { saved: second.save() });
    expect(third.balance).toEqual(second.balance);
  });
});

test("a saved state of another wallet, and a damaged one, are refused", async () => {
  const world = newWorld();
  world.add([coin(0)]);
  const account = wallet(world);
  await account.poll();
  expect(() => wallet(world, { account: STRANGER, saved: account.save() })).toThrow(
    expect.objectContaining({ code: "state-damaged" }),
  );
  const damaged = account.save();
  damaged.expose().fill(0xff, 40, 60);
  expect(() => wallet(world, { saved: damaged })).toThrow(expect.objectContaining({ code: "state-damaged" }));
});

describe("results that are no answers", () => {
  test.each([
    ["internal-error", "server-error"],
    ["bad-search-key", "server-error"],
    ["rate-limited", "rate-limited"],
  ] as const)("%s ends the search and leaves the cursor; nothing is lost", async (reason, code) => {
    const world = newWorld();
    world.add([coin(0)]);
    const account = wallet(world);
    await account.poll();
    world.add([coin(1)]);
    const before = world.questions.length;
    world.alter = (answer) => ({ ...answer, results: answer.results.map(() => ({ kind: "failed", reason })) });
    const polled = await account.poll();
    expect(codes(polled)).toEqual([code]);
    expect(polled.balance).toEqual({ blockCount: 1n, sums: new Map([[MOB, 1n]]) });
    expect(world.questions.length - before).toBe(2); // It does not loop.
    world.alter = (answer) => answer;
    expect(sum(await account.poll())).toBe(3n);
  });

  test("a record that does not open is told, and the ones after it are found", async () => {
    const world = newWorld();
    world.add([coin(0), coin(1), coin(2)]);
    let spoilt = false;
    world.alter = (answer) => {
      if (spoilt || answer.results.length === 0) return answer;
      spoilt = true;
      const results = answer.results.map((result, i) =>
        i === 1 && result.kind === "found" ? { ...result, payload: result.payload.map((byte) => byte ^ 1) } : result,
      );
      return { ...answer, results };
    };
    const polled = await wallet(world).poll();
    expect([sum(polled), codes(polled).length]).toEqual([5n, 1]);
  });

  test("a later record without the one before it is told", async () => {
    const world = newWorld();
    world.add([coin(0), coin(1)]);
    world.alter = (answer): ViewAnswer => ({
      ...answer,
      results: answer.results.map((result, i) => (i === 0 ? { kind: "not-found" } : result)),
    });
    expect(codes(await wallet(world).poll())).toEqual(["invalid-response"]);
  });

  test("a search that is cut keeps what it found, and how far each sequence was followed", async () => {
    const world = newWorld();
    world.add([0, 1, 2].map((n) => coin(n)));
    const account = wallet(world);
    world.alter = (answer, { searchKeys }) => {
      if (searchKeys.length === 4) throw new SdkError("connection-failed", "cut");
      return answer;
    };
    const polled = await account.poll();
    expect(polled.balance).toEqual({ blockCount: 0n, sums: new Map() });
    expect(account.spendable).toHaveLength(2);
    world.alter = (answer) => answer;
    expect(sum(await wallet(world, { saved: account.save() }).poll())).toBe(7n);
  });

  test("a server that has always more is given up on", async () => {
    const world = newWorld();
    world.add([coin(0)]);
    const account = wallet(world);
    world.alter = (answer) => ({
      ...answer,
      results: answer.results.map(() => ({ kind: "found", payload: new Uint8Array(60) })),
    });
    const polled = await account.poll();
    expect(codes(polled).at(-1)).toBe("search-unfinished");
    expect(polled.balance.blockCount).toBe(0n);
  });
});

describe("blocks that Fog missed", () => {
  test("keep the balance before them until they are scanned (trap 4)", async () => {
    const world = newWorld();
    world.add([coin(0)]);
    world.add([coin(1)], [], { missed: true });
    world.add([coin(2)]);
    const account = wallet(world);
    world.serveBlock = () => false;
    const polled = await account.poll();
    expect(polled.balance).toEqual({ blockCount: 1n, sums: new Map([[MOB, 1n]]) });
    expect(codes(polled)).toEqual(["missed-blocks-left"]);
    world.serveBlock = () => true;
    const later = await wallet(world, { saved: account.save() }).poll();
    expect(later.balance).toEqual({ blockCount: 3n, sums: new Map([[MOB, 7n]]) });
    expect(later.errors).toEqual([]);
  });

  test("that come in part stay outstanding in part", async () => {
    const world = newWorld();
    for (let i = 0; i < 4; i++) world.add([coin(i)], [], { missed: true });
    const account = wallet(world);
    world.serveBlock = (index) => index !== 2n;
    expect((await account.poll()).balance).toEqual({ blockCount: 2n, sums: new Map([[MOB, 3n]]) });
    world.serveBlock = () => true;
    expect(sum(await account.poll())).toBe(15n);
    expect(world.blockRequests.at(-1)).toEqual([{ start: 2n, end: 3n }]);
  });

  test("and beyond the chain's end: what exists is scanned, the rest waits, and the height stays", async () => {
    const world = newWorld();
    world.add([coin(0)]);
    world.add([coin(1)], [], { missed: true });
    world.declareMissed({ start: 1n, end: 12n });
    const account = wallet(world);
    world.alter = (answer) => ({ ...answer, blockCount: 12n }); // Fog View goes on at once.
    const polled = await account.poll();
    expect(polled.errors).toEqual([]);
    expect(polled.balance).toEqual({ blockCount: 2n, sums: new Map([[MOB, 3n]]) });
    world.add([coin(2)], [], { missed: true });
    expect((await account.poll()).balance).toEqual({ blockCount: 3n, sums: new Map([[MOB, 7n]]) });
  });

  test("may hold what Fog found, too: it counts once", async () => {
    const world = newWorld();
    world.add([coin(0), coin(1)]);
    world.declareMissed({ start: 0n, end: 1n });
    expect(sum(await wallet(world).poll())).toBe(3n);
  });

  test("before the wallet's birthday are left out, and a range across it is scanned from there (trap 27)", async () => {
    const world = newWorld();
    for (let i = 0; i < 4; i++) world.add([coin(i)], [], { missed: true });
    const polled = await wallet(world, { birthday: 2n }).poll();
    expect(world.blockRequests).toEqual([[{ start: 2n, end: 4n }]]);
    expect(polled.balance).toEqual({ blockCount: 4n, sums: new Map([[MOB, 12n]]) });
  });
});

describe("checks of key images", () => {
  test("come in classes: none, one and thirteen new outputs look alike, and so do all that the same rounds find", async () => {
    for (const [outputs, sizes] of [
      [0, [16]],
      [1, [16]],
      [13, [16]],
      [14, [32]],
      [16, [32]],
      [17, [32]],
      [29, [32]],
      [30, [64]],
      [33, [64]],
      [65, [64, 64]],
    ] as const) {
      const world = newWorld();
      world.add(Array.from({ length: outputs }, (_, i) => coin(i)));
      await wallet(world).poll();
      expect(world.checks).toEqual(sizes);
    }
  });

  test("are as many for a poll that finds one output as for one that finds none, at the end of a class too", async () => {
    for (const had of [0, 13, 14, 15, 16, 17, 31, 32]) {
      const [none, one] = [newWorld(), newWorld()];
      const sizes = await Promise.all(
        [none, one].map(async (world) => {
          world.add(Array.from({ length: had }, (_, i) => coin(i)));
          const account = wallet(world);
          await account.poll();
          world.checks.length = 0;
          world.add(world === one ? [coin(had)] : []);
          await account.poll();
          return world.checks;
        }),
      );
      expect(sizes[0], `${had} outputs before`).toEqual(sizes[1]);
    }
  });

  test("that fail leave outputs as they were: an error is never a spend (trap 22)", async () => {
    const world = newWorld();
    world.add([coin(0)]);
    world.alterStatus = () => "unknown";
    const account = wallet(world);
    const polled = await account.poll();
    expect(codes(polled)).toEqual(["key-image-unknown"]);
    expect(account.spendable).toHaveLength(1);
  });

  test("at no block at all give no tombstone block (trap 23)", async () => {
    const world = newWorld();
    world.add([coin(0)]);
    world.ledgerLag = () => 1;
    const account = wallet(world);
    await account.poll();
    expect(() => account.tombstoneBlock()).toThrow(expect.objectContaining({ code: "ledger-not-ready" }));
    world.ledgerLag = () => 0;
    await account.poll();
    expect(account.tombstoneBlock()).toBe(51n);
  });
});

describe("between the answer of Fog View and the next request", () => {
  /** How often each function of the kernel is called in that time, when a poll finds so many new outputs. */
  async function workOf(found: number): Promise<ReadonlyMap<string, number>> {
    const world = newWorld();
    world.add([coin(0)]);
    const account = wallet(world);
    await account.poll();
    world.add(Array.from({ length: found }, (_, i) => coin(1 + i)));
    world.add([coin(0, STRANGER)]);
    const calls = new Map<string, number>();
    let counts = false;
    const restore = countCalls((name) => {
      if (counts) calls.set(name, (calls.get(name) ?? 0) + 1);
    });
    const { query, checkKeyImages } = world;
    world.query = async (...args) => {
      counts = false; // The server's work is not the wallet's.
      const answer = await query.apply(world, args);
      counts = true;
      return answer;
    };
    world.checkKeyImages = (...args) => {
      counts = false;
      return checkKeyImages.apply(world, args);
    };
    try {
      await account.poll();
    } finally {
      restore();
    }
    expect(account.spendable).toHaveLength(1 + found);
    return calls;
  }

  test("a wallet does the same whether it found none or one, or as many as the same rounds find", async () => {
    const [none, two] = [await workOf(0), await workOf(2)];
    expect([...none.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(50);
    expect(await workOf(1)).toEqual(none);
    for (const found of [3, 4, 5]) expect(await workOf(found), `${found} found`).toEqual(two);
    expect(two).not.toEqual(none);
  });
});

/** Tells of every call of the shared kernel, until the function that it returns is called. */
function countCalls(tell: (name: string) => void): () => void {
  const undo: (() => void)[] = [];
  for (const [part, methods] of Object.entries(kernel()) as [string, Record<string, unknown>][]) {
    for (const [name, method] of Object.entries(methods)) {
      if (typeof method !== "function") continue;
      methods[name] = (...args: unknown[]) => {
        tell(`${part}.${name}`);
        return Reflect.apply(method, methods, args);
      };
      undo.push(() => {
        methods[name] = method;
      });
    }
  }
  return () => {
    for (const each of undo) each();
  };
}

test("what Fog View finds is told to carry no hint: a ring takes the ledger's copy (trap 9)", async () => {
  const world = newWorld();
  world.add([coin(0)]);
  const account = wallet(world);
  await account.poll();
  expect(account.spendable[0]?.txOut.encryptedFogHint).toEqual(new Uint8Array(84));
  expect(account.spendable[0]?.txOut.publicKey).toEqual(coin(0).txOut.publicKey);
});

test("Fog View and Fog Ledger that are more than ten blocks apart are told", async () => {
  const world = newWorld();
  for (let i = 0; i < 20; i++) world.add([]);
  world.ledgerLag = () => 11;
  expect(codes(await wallet(world).poll())).toEqual(["fog-out-of-sync"]);
  world.ledgerLag = () => 10;
  expect(codes(await wallet(world).poll())).toEqual([]);
});

test("a poll that is aborted throws the reason, and the next one finds everything", async () => {
  const world = newWorld();
  world.add([coin(0)]);
  const account = wallet(world);
  const stop = new AbortController();
  world.alter = () => {
    stop.abort(new Error("enough"));
    throw new Error("cut");
  };
  await expect(account.poll(stop.signal)).rejects.toThrow("enough");
  world.alter = (answer) => answer;
  expect(sum(await account.poll())).toBe(1n);
});

/** What may happen between two polls, or in the middle of one. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("block" as const), coins: fc.nat(3), spends: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("missed" as const), coins: fc.nat(2), spends: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.constant({ kind: "rotate" as const }) },
);
const step = fc.record({
  before: fc.array(happening, { maxLength: 4 }),
  during: fc.array(happening, { maxLength: 2 }),
  lags: fc.array(fc.nat(4), { minLength: 1, maxLength: 8 }),
  fails: fc.boolean(),
  restores: fc.boolean(),
  withholds: fc.boolean(),
});

test("whatever the heights, and whatever fails: the balance is true at the block count that it is told for", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const world = newWorld();
      let account = wallet(world);
      let coins = 0;
      const spendable: number[] = [];
      const happen = (what: (typeof steps)[number]["before"][number]): void => {
        if (what.kind === "rotate") {
          world.rotate();
          return;
        }
        const spent = spendable.splice(0, what.spends).map((n) => coin(n).keyImage);
        const received = Array.from({ length: what.coins }, () => coins++);
        world.add(
          received.map((n) => coin(n)),
          spent,
          { missed: what.kind === "missed" },
        );
        spendable.push(...received);
      };
      for (const { before, during, lags, fails, restores, withholds } of steps) {
        before.forEach(happen);
        let request = 0;
        world.viewLag = () => lags[request++ % lags.length] ?? 0;
        world.ledgerLag = () => lags[request++ % lags.length] ?? 0;
        world.serveBlock = (index) => !withholds || index % 2n === 0n;
        let asked = 0;
        world.alter = (answer) => {
          asked += 1;
          if (asked === 1) during.forEach(happen);
          if (fails && asked === 3) throw new SdkError("connection-failed", "cut");
          return answer;
        };
        const polled = await account.poll();
        expect(sum(polled)).toBe(world.balance(polled.balance.blockCount));
        if (restores) account = wallet(world, { saved: account.save() });
      }
      world.viewLag = () => 0;
      world.ledgerLag = () => 0;
      world.serveBlock = () => true;
      world.alter = (answer) => answer;
      const polled = await account.poll();
      expect(polled.balance.blockCount).toBe(world.height);
      expect(sum(polled)).toBe(world.balance(world.height));
      expect(polled.errors).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
