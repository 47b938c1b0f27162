// Scenarios 65 to 68 of spec 05 §6.7, and archives that lie in every way, on a clock that jumps.
import { type BlockData, type BlockSignature, parseArchiveBlock } from "@fogbow/core-block";
import { toHex } from "@fogbow/core-bytes";
import { createLedger, LedgerError, MemoryLedger } from "@fogbow/ledger-db";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { forged, forgedWith, ledgerOf, makeChain } from "../../../../stores/archive/test/chain.ts";
import { newFolder } from "../../../../stores/archive/test/places.ts";
import { catchUp, type FollowParts, fetchOrigin, followToTip } from "../../src/index.ts";
import { anyOf, archiveOf, honestPeer, partsOf, peersOf, RecordingLog, silentPeer } from "./network.ts";
import type { VirtualClock } from "./virtual-clock.ts";

const LENGTH = 160;
const never = new AbortController().signal;
let chain: readonly BlockData[];
let foreign: readonly BlockData[];
beforeAll(() => {
  chain = makeChain(LENGTH);
  foreign = makeChain(LENGTH, { name: 1 });
});

const options = { quorumSet: anyOf(3, 4), limit: 100 };
const fourPeers = () => peersOf(...Array.from({ length: 4 }, () => honestPeer(chain)));

type Parts = FollowParts & { readonly clock: VirtualClock; readonly log: RecordingLog };
const follow = (parts: Parts, more: Partial<typeof options> = {}, signal = never) =>
  parts.clock.run(followToTip({ ...options, ...more }, parts, signal));

/** What a ledger holds must be a part of the chain, from its beginning. */
function expectPrefix({ ledger }: Parts, length: number): void {
  expect(ledger.numBlocks()).toBe(BigInt(length));
  for (let i = 0; i < length; i++) expect(ledger.block(BigInt(i))).toEqual(chain[i]?.block);
  expect(ledger.root()).toEqual(ledgerOf(chain.slice(0, length)).root());
}

describe("65: a node that is behind", () => {
  test.each([1, 2, 100])("by %i blocks has them after one attempt", async (behind) => {
    const parts = partsOf(chain, LENGTH - behind, { peers: fourPeers(), sources: [archiveOf("a", chain)] });
    const work = catchUp(options, parts as never, never);
    expect(await parts.clock.run(work)).toEqual({ kind: "appended", blocks: behind });
    expectPrefix(parts, LENGTH);
  });

  test("by more than the limit has as many after one attempt, and all after following", async () => {
    const parts = partsOf(chain, 1, { peers: fourPeers(), sources: [archiveOf("a", chain)] });
    expect(await parts.clock.run(catchUp(options, parts as never, never))).toEqual({ kind: "appended", blocks: 100 });
    expectPrefix(parts, 101);
    expect(await follow(parts, { limit: 7 })).toEqual({ kind: "appended", blocks: LENGTH - 101 });
    expectPrefix(parts, LENGTH);
    expect(await follow(parts)).toEqual({ kind: "appended", blocks: 0 });
  });

  test("asks again where a peer gives fewer headers than it was asked for", async () => {
    const peers = peersOf(...Array.from({ length: 4 }, () => honestPeer(chain, 60)));
    const parts = partsOf(chain, 1, { peers, sources: [archiveOf("a", chain)] });
    expect(await follow(parts)).toEqual({ kind: "appended", blocks: LENGTH - 1 });
  });

  test("fetches no more than fifty blocks at a time", async () => {
    let [open, most] = [0, 0];
    const source = archiveOf("a", chain, async (data) => {
      open++;
      most = Math.max(most, open);
      for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
      open--;
      return data;
    });
    const parts = partsOf(chain, 1, { peers: fourPeers(), sources: [source] });
    await follow(parts);
    expectPrefix(parts, LENGTH);
    expect(most).toBe(50);
  });

  test("works in the same way each time: the same requests in the same order", async () => {
    const run = async (): Promise<unknown> => {
      const sources = [archiveOf("a", chain, (data, i) => (i % 3n === 0n ? undefined : data)), archiveOf("b", chain)];
      const parts = partsOf(chain, 1, { peers: fourPeers(), sources });
      await follow(parts);
      return [sources.map(({ asked }) => asked), parts.log.events, parts.clock.now()];
    };
    expect(await run()).toEqual(await run());
  });
});

describe("66: an archive of a valid but foreign chain", () => {
  test("gives nothing that is appended, and another archive is used", async () => {
    const alone = partsOf(chain, 1, { peers: fourPeers(), sources: [archiveOf("foreign", foreign)] });
    const before = alone.clock.now();
    expect(await follow(alone)).toEqual({ kind: "appended", blocks: 0 });
    expect(alone.clock.now() - before).toBeGreaterThanOrEqual(30_000);
    expectPrefix(alone, 1);
    const parts = partsOf(chain, 2, {
      peers: fourPeers(),
      sources: [archiveOf("foreign", foreign), archiveOf("a", chain)],
    });
    await follow(parts);
    expectPrefix(parts, LENGTH);
    expect(parts.log.events).toContainEqual({
      level: "warn",
      event: "archive refused",
      fields: { source: "foreign", block: 7n, reason: "it has another block" },
    });
  });

  test("is refused as the place to begin at", async () => {
    const log = new RecordingLog();
    const other = makeChain(1).map((data) => forged({ ...data, block: { ...data.block, index: 1n } }, 5));
    const sources = [archiveOf("other", other), archiveOf("broken", [], () => Promise.reject(new Error("gone")))];
    const id = (chain[0] as BlockData).block.id;
    await expect(fetchOrigin(id, { sources, log }, never)).rejects.toMatchObject({ code: "wrong-origin" });
    const right = await fetchOrigin(id, { sources: [...sources, archiveOf("a", chain)], log }, never);
    expect(right).toEqual(chain[0]);
    new MemoryLedger().append(right);
  });
});

describe("67: evidence of a fork", () => {
  test("ends following and names both blocks and who has them", async () => {
    const peers = peersOf(...Array.from({ length: 4 }, () => honestPeer(foreign)));
    const parts = partsOf(chain, 5, { peers, sources: [archiveOf("foreign", foreign)] });
    const result = await follow(parts);
    expect(result).toMatchObject({ kind: "fork", height: 4n });
    const evidence: unknown = result.kind === "fork" && JSON.parse(result.evidence);
    expect(evidence).toMatchObject({
      branches: [
        { id: toHex((chain[4] as BlockData).block.id), nodes: [] },
        { id: toHex((foreign[5] as BlockData).block.id) },
      ],
    });
    expectPrefix(parts, 5);
  });

  test("a minority with another chain changes nothing", async () => {
    const peers = peersOf(honestPeer(chain), honestPeer(foreign), honestPeer(chain), honestPeer(chain));
    const parts = partsOf(chain, 5, { peers, sources: [archiveOf("a", chain)] });
    expect(await follow(parts)).toEqual({ kind: "appended", blocks: LENGTH - 5 });
  });
});

describe("68: a gap in the middle of an archive", () => {
  const withGap = (name: string, gap: bigint) => archiveOf(name, chain, (data, i) => (i === gap ? undefined : data));

  test("ends the attempt before the gap, and never appends what comes after it", async () => {
    const parts = partsOf(chain, 1, { peers: fourPeers(), sources: [withGap("a", 40n)] });
    expect(await follow(parts)).toEqual({ kind: "appended", blocks: 39 });
    expectPrefix(parts, 40);
  });

  test("is filled from another archive that has a gap elsewhere", async () => {
    const parts = partsOf(chain, 1, { peers: fourPeers(), sources: [withGap("a", 40n), withGap("b", 41n)] });
    expect(await follow(parts)).toEqual({ kind: "appended", blocks: LENGTH - 1 });
    expectPrefix(parts, LENGTH);
  });

  test("that closes while it is waited for costs seconds", async () => {
    let asked = 0;
    const late = archiveOf("a", chain, (data, i) => (i === 40n && ++asked < 4 ? undefined : data));
    const parts = partsOf(chain, 1, { peers: fourPeers(), sources: [late] });
    const before = parts.clock.now();
    expect(await follow(parts)).toEqual({ kind: "appended", blocks: LENGTH - 1 });
    expect(parts.clock.now() - before).toBeLessThan(10_000); // After 1, 2 and 3 s.
  });
});

describe("an archive that lies", () => {
  const badly = (name: string, how: (data: BlockData) => BlockData | undefined | Promise<BlockData | undefined>) =>
    archiveOf(name, chain, (data) => data && how(data));
  const lies: readonly (readonly [string, () => ReturnType<typeof badly>])[] = [
    ["with another block, all in it consistent", () => badly("liar", (data) => forged(data, 77))],
    ["with the block before", () => archiveOf("liar", chain, (_, i) => chain[Number(i) - 1])],
    [
      "with other contents under the right header",
      () => badly("liar", (data) => ({ ...data, contents: forged(data, 77).contents })),
    ],
    [
      "with outputs left out",
      () => badly("liar", (data) => ({ ...data, contents: { ...data.contents, outputs: [] } })),
    ],
    [
      "with a header that claims the id",
      () =>
        badly("liar", (data) => ({
          ...data,
          block: { ...data.block, version: 9 },
          contents: forged(data, 7).contents,
        })),
    ],
    ["by being cut off", () => badly("liar", () => parseArchiveBlock(new Uint8Array([10, 200]), 0n))],
    ["by failing", () => badly("liar", () => Promise.reject(new Error("500")))],
    ["by having nothing", () => badly("liar", () => undefined)],
    ["by never answering", () => badly("liar", () => new Promise(() => undefined))],
  ];
  test.each(lies)("%s, is passed over", async (_, liar) => {
    const parts = partsOf(chain, 1, { peers: fourPeers(), sources: [liar(), archiveOf("a", chain)] });
    expect(await follow(parts)).toEqual({ kind: "appended", blocks: LENGTH - 1 });
    expectPrefix(parts, LENGTH);
  });

  test.each(lies)("%s, and is the only one, ends in nothing", async (_, liar) => {
    const parts = partsOf(chain, 150, { peers: fourPeers(), sources: [liar()] });
    expect(await follow(parts)).toEqual({ kind: "appended", blocks: 0 });
    expectPrefix(parts, 150);
    expect(parts.clock.timers).toBe(0);
  });

  test("about a header's fields alone does no harm: the header is the one that was agreed on", async () => {
    const liar = badly("liar", (data) => ({ ...data, block: { ...data.block, version: 9 } }));
    const parts = partsOf(chain, 150, { peers: fourPeers(), sources: [liar] });
    await follow(parts);
    expectPrefix(parts, LENGTH);
  });

  test("that is old has what it has, and the rest comes from another", async () => {
    const old = archiveOf("old", chain.slice(0, 90));
    const parts = partsOf(chain, 1, { peers: fourPeers(), sources: [old, archiveOf("a", chain)] });
    expect(await follow(parts)).toEqual({ kind: "appended", blocks: LENGTH - 1 });
  });
});

describe("peers", () => {
  const source = () => [archiveOf("a", chain)];

  test("that are silent hold nobody up for long", async () => {
    const parts = partsOf(chain, LENGTH - 1, {
      peers: peersOf(honestPeer(chain), silentPeer, honestPeer(chain), honestPeer(chain)),
      sources: source(),
    });
    const before = parts.clock.now();
    const work = catchUp(options, parts as never, never);
    expect(await parts.clock.run(work)).toEqual({ kind: "appended", blocks: 1 });
    expect(parts.clock.now() - before).toBeLessThan(2_000);
    expect(parts.clock.timers).toBe(0);
  });

  test("that are silent, and too many, end in nothing after half a minute", async () => {
    const peers = peersOf(honestPeer(chain), silentPeer, silentPeer, honestPeer(chain));
    const parts = partsOf(chain, LENGTH - 1, { peers, sources: source() });
    const before = parts.clock.now();
    expect(await follow(parts)).toEqual({ kind: "appended", blocks: 0 });
    expect(parts.clock.now() - before).toBe(30_000);
  });

  test("that fail are asked again, five times", async () => {
    let asked = 0;
    const flaky = {
      getBlocks: vi.fn(async (...args: Parameters<ReturnType<typeof honestPeer>["getBlocks"]>) => {
        if (++asked < 5) throw new Error("UNAVAILABLE");
        return honestPeer(chain).getBlocks(...args);
      }),
    };
    const dead = { getBlocks: vi.fn(async () => Promise.reject(new Error("UNAVAILABLE"))) };
    const peers = peersOf(honestPeer(chain), flaky, honestPeer(chain), dead);
    const parts = partsOf(chain, LENGTH - 1, { peers, sources: source() });
    expect(await parts.clock.run(catchUp(options, parts as never, never))).toEqual({ kind: "appended", blocks: 1 });
    expect(flaky.getBlocks).toHaveBeenCalledTimes(5);
    expect(dead.getBlocks).toHaveBeenCalledTimes(5);
  });

  test("of whom nobody answers, or nobody is known, are an error", async () => {
    for (const peers of [new Map(), peersOf(silentPeer, silentPeer, silentPeer, silentPeer)]) {
      const parts = partsOf(chain, 5, { peers, sources: source() });
      await expect(follow(parts)).rejects.toMatchObject({ code: "no-peer-answered" });
    }
  });

  test("that agree on a block which breaks the rules get it refused", async () => {
    const bad = forged(chain[5] as BlockData, 9);
    const contents = { ...bad.contents, outputs: bad.contents.outputs.toReversed() };
    const { block } = forgedWith(chain[5] as BlockData, contents);
    const wrong = [...chain.slice(0, 5), { ...bad, block, contents }];
    const peers = peersOf(...Array.from({ length: 4 }, () => honestPeer(wrong)));
    const parts = partsOf(chain, 5, { peers, sources: [archiveOf("a", wrong)] });
    await expect(follow(parts)).rejects.toMatchObject({ code: "unsafe-block", blockIndex: 5n });
    expectPrefix(parts, 5);
  });
});

describe("what is stored beside a block", () => {
  const known = (): Uint8Array => (chain[9] as BlockData).signature?.signer as Uint8Array;
  const isKnownSigner = (signer: Uint8Array): boolean => toHex(signer) === toHex(known());
  const stored = async (sources: readonly ReturnType<typeof archiveOf>[], more: Partial<FollowParts> = {}) => {
    const parts = partsOf(chain, 150, { peers: fourPeers(), sources, ...more });
    await follow(parts);
    expectPrefix(parts, LENGTH);
    return parts.ledger.blockSignature(155n);
  };

  test("is a signature only if it is by a validator that is known", async () => {
    expect(await stored([archiveOf("a", chain)])).toBeUndefined();
    expect(await stored([archiveOf("a", chain)], { isKnownSigner: () => false })).toBeUndefined();
    expect(await stored([archiveOf("a", chain)], { isKnownSigner })).toEqual(chain[155]?.signature);
  });

  test("is no signature that does not verify, whatever the archive says", async () => {
    const borrowed = archiveOf(
      "a",
      chain,
      (data) => data && { ...data, signature: chain[1]?.signature as BlockSignature },
    );
    expect(await stored([borrowed], { isKnownSigner })).toBeUndefined();
  });

  test("is the node's own metadata", async () => {
    const own = chain[1]?.metadata as NonNullable<BlockData["metadata"]>;
    const parts = partsOf(chain, 150, { peers: fourPeers(), sources: [archiveOf("a", chain)], metadataOf: () => own });
    await follow(parts);
    expect(parts.ledger.blockMetadata(155n)).toEqual(own);
  });

  test("is the archive's metadata for who has none of its own, if it is signed and about that block", async () => {
    const { metadataOf: _, ...without } = partsOf(chain, 150, { peers: fourPeers(), sources: [] });
    const lacking = archiveOf("lacking", chain, (data) => data && { ...data, metadata: undefined });
    const borrowed = archiveOf("borrowed", chain, (data) => data && { ...data, metadata: chain[1]?.metadata });
    const parts = { ...without, sources: [lacking, borrowed, archiveOf("a", chain)] };
    await follow(parts);
    expectPrefix(parts, LENGTH);
    expect(parts.ledger.blockMetadata(155n)).toEqual(chain[155]?.metadata);
    expect(parts.log.events.some(({ fields }) => fields.reason === "it lacks signed metadata")).toBe(true);
  });
});

describe("who can append blocks together", () => {
  const follower = (peers = fourPeers(), archived = chain) => {
    const parts = partsOf(chain, 1, { peers, sources: [archiveOf("a", archived)] });
    const ledger = createLedger(newFolder());
    ledger.append(chain[0] as BlockData);
    const groups: bigint[] = [];
    const together = (appends: () => void): void => {
      const before = ledger.numBlocks();
      ledger.appendTogether(appends);
      groups.push(ledger.numBlocks() - before);
    };
    return { ...parts, ledger, append: (data: BlockData) => ledger.append(data), together, groups };
  };

  test("does so 64 at a time", async () => {
    const parts = follower();
    expect(await follow(parts)).toEqual({ kind: "appended", blocks: LENGTH - 1 });
    expectPrefix(parts, LENGTH);
    expect(parts.groups).toEqual([64n, 36n, 59n]); // Of a stretch of 100, then the rest.
    await parts.ledger.close();
  });

  test("keeps those before one that is refused", async () => {
    const bad = forged(chain[70] as BlockData, 9);
    const contents = { ...bad.contents, outputs: bad.contents.outputs.toReversed() };
    const wrong = [...chain.slice(0, 70), { ...bad, ...forgedWith(chain[70] as BlockData, contents) }];
    const peers = peersOf(...Array.from({ length: 4 }, () => honestPeer(wrong)));
    const parts = follower(peers, wrong);
    await expect(follow(parts)).rejects.toMatchObject({ code: "unsafe-block", blockIndex: 70n });
    expectPrefix(parts, 70);
    await parts.ledger.close();
  });
});

describe("an end in the middle", () => {
  test("when somebody says so keeps what was appended, and going on gives the same ledger", async () => {
    const stop = new AbortController();
    const parts = partsOf(chain, 1, { peers: fourPeers(), sources: [archiveOf("a", chain)] });
    const append = (data: BlockData): void => {
      parts.ledger.append(data);
      if (data.block.index === 60n) stop.abort(new Error("stop"));
    };
    await expect(parts.clock.run(followToTip(options, { ...parts, append }, stop.signal))).rejects.toThrow("stop");
    expectPrefix(parts, 61);
    expect(parts.clock.timers).toBe(0);
    expect(await follow(parts)).toEqual({ kind: "appended", blocks: LENGTH - 61 });
    expectPrefix(parts, LENGTH);
  });

  test("when the disk is full is the ledger's error", async () => {
    const parts = partsOf(chain, 1, { peers: fourPeers(), sources: [archiveOf("a", chain)] });
    const append = (data: BlockData): void => {
      if (data.block.index === 60n) throw new LedgerError("storage-failure", "The disk is full.");
      parts.ledger.append(data);
    };
    const work = followToTip(options, { ...parts, append }, never);
    await expect(parts.clock.run(work)).rejects.toMatchObject({ code: "storage-failure" });
    expectPrefix(parts, 60);
  });

  test("for want of an archive, or of an origin block, is an error", async () => {
    const parts = partsOf(chain, 1, { peers: fourPeers(), sources: [] });
    await expect(follow(parts)).rejects.toMatchObject({ code: "no-source" });
    const empty = partsOf(chain, 0, { peers: fourPeers(), sources: [archiveOf("a", chain)] });
    await expect(follow(empty)).rejects.toMatchObject({ code: "wrong-origin" });
  });
});
