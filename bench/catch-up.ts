// How fast a node that is behind gets to the tip: headers from four peers, contents from a folder of archives, every check
// of spec 05 §3.2, and each block on the disk before the next.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { ArchiveBlockSource, archiveFilesAt, nativeEd25519Verify, readFileIfAny } from "@fogbow/archive";
import {
  archivePath,
  type BlockData,
  blockToWire,
  encodeArchiveBlock,
  encodeArchiveBlocks,
  mergedArchivePath,
  mergedSizesCompletedBy,
  type QuorumSet,
} from "@fogbow/core-block";
import { bytes } from "@fogbow/core-bytes";
import { BlocksResponseSchema } from "@fogbow/core-wire";
import { createLedger, MemoryLedger } from "@fogbow/ledger-db";
import { type Clock, followToTip, type HeaderPeer, type ReplicaLog } from "@fogbow/node";
import { paymentBlock } from "./catch-up-chain.ts";
import { timeNodeCatchUp } from "./catch-up-node.ts";
import { count, type Figure, rounded } from "./measure.ts";

/** More with `FOGBOW_BENCH_BLOCKS=25000 npm run bench -- catch-up`. */
const BLOCKS = Number(process.env.FOGBOW_BENCH_BLOCKS ?? "10000");

/** Blocks a second over a way of so many blocks, from merged files in a folder and over HTTP, and from single files. */
export async function benchCatchUp(report: (figure: Figure) => void, only?: string): Promise<void> {
  const blocks = BLOCKS;
  const folder = mkdtempSync(join(tmpdir(), "fogbow-bench-catch-up."));
  let server: Server | undefined;
  try {
    const chain = makeChain(blocks);
    const merged = join(folder, "archive");
    publish(chain, merged);
    server = await serveFolder(merged);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`; // It listens on a port.
    const ways = [
      ["catch-up", merged, true],
      ["catch-up-http", url, true],
      ["catch-up-single-files", merged, false],
    ] as const;
    for (const [name, address, isMerged] of ways) {
      if (only !== undefined && name !== only) continue;
      const seconds = await timeCatchUp(chain, { address, isMerged, directory: join(folder, name) });
      report(count(name, "blocks/s", rounded(blocks / seconds)));
    }
    if (only === undefined || only === "catch-up-node") {
      const source = new ArchiveBlockSource(archiveFilesAt(merged, 30_000));
      const seconds = await timeNodeCatchUp(chain, { source, directory: join(folder, "node"), clock, log });
      report(count("catch-up-node", "blocks/s", rounded(blocks / seconds)));
    }
  } finally {
    server?.close();
    server?.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
}

const clock: Clock = {
  now: () => performance.now(),
  unixSeconds: () => BigInt(Math.floor(Date.now() / 1_000)),
  unixMilliseconds: () => BigInt(Date.now()),
  setTimer: (at, run) => {
    const timer = setTimeout(run, Math.max(0, at - performance.now()));
    return { cancel: () => clearTimeout(timer) };
  },
};

const log: ReplicaLog = { error: console.error, warn: console.error, info: () => undefined, debug: () => undefined };

function makeChain(blocks: number): BlockData[] {
  const ledger = new MemoryLedger();
  return Array.from({ length: blocks + 1 }, () => {
    const data = paymentBlock(ledger);
    ledger.append(data);
    return data;
  });
}

/** The files that a publisher leaves, without waiting for the disk at each. */
function publish(chain: readonly BlockData[], folder: string): void {
  const write = (path: string, content: Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const data of chain) {
    const { index } = data.block;
    write(archivePath(index), encodeArchiveBlock(data));
    for (const size of mergedSizesCompletedBy(index)) {
      const first = index + 1n - size;
      write(mergedArchivePath(size, first), encodeArchiveBlocks(chain.slice(Number(first), Number(index) + 1)));
    }
  }
}

/** An archive as a web server has it. */
async function serveFolder(folder: string): Promise<Server> {
  const server = createServer(async ({ url = "" }, response) => {
    const content = await readFileIfAny(join(folder, url), Number.MAX_SAFE_INTEGER);
    if (content === undefined) response.writeHead(404).end();
    else response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

interface Way {
  readonly address: string;
  readonly isMerged: boolean;
  readonly directory: string;
}

/** Seconds from an origin block to the tip. */
async function timeCatchUp(chain: readonly BlockData[], { address, isMerged, directory }: Way): Promise<number> {
  const [origin] = chain;
  if (origin === undefined) throw new Error("There is no chain.");
  const ledger = createLedger(directory);
  ledger.append(origin);
  const files = archiveFilesAt(address, 30_000);
  const source = new ArchiveBlockSource(files, isMerged ? {} : { cachedBlocksMax: 0 });
  const peers = new Map(quorumSet.members.map((_, i) => [nameOf(i), peerOf(chain)]));
  const before = performance.now();
  const result = await followToTip(
    { quorumSet, limit: 10_000 },
    {
      ledger,
      peers,
      sources: [source],
      append: (data) => ledger.append(data),
      together: (appends) => ledger.appendTogether(appends),
      verify: nativeEd25519Verify,
      clock,
      log,
    },
    new AbortController().signal,
  );
  const seconds = (performance.now() - before) / 1_000;
  const isThere = ledger.numBlocks() === BigInt(chain.length);
  await ledger.close();
  if (result.kind !== "appended" || !isThere) throw new Error("It did not get to the tip.");
  return seconds;
}

const nameOf = (i: number): string => `node${i}.example:8443`;

/** Three of four others. */
const quorumSet: QuorumSet = {
  threshold: 3,
  members: Array.from({ length: 4 }, (_, i) => ({
    kind: "node" as const,
    node: { responderId: nameOf(i), publicKey: bytes(new Uint8Array(32).fill(i + 1), 32, "key") },
  })),
};

/** A peer in this process: its headers pass through the wire's types, not over a wire. */
const peerOf = (chain: readonly BlockData[]): HeaderPeer => ({
  getBlocks: async ({ offset, limit }) => {
    const page = chain.slice(Number(offset), Number(offset) + limit);
    return create(BlocksResponseSchema, { blocks: page.map(({ block }) => blockToWire(block)) });
  },
});
