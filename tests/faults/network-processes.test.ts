// Five nodes in processes of their own, as on a fresh clone: they start, take real payments, agree, and stop when told to.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equalBytes, toHex } from "@fogbow/core-bytes";
import { type LmdbLedger, openLedger } from "@fogbow/ledger-db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fogbow, freePortOffset, type Running, startFogbow } from "./run-fogbow.ts";

const NODES = 5;
const TIMEOUT_MS = 240_000; // What takes seconds takes minutes where many tests share two cores.
const root = mkdtempSync(join(tmpdir(), "fogbow-processes."));
const folder = join(root, "net");
const nodeFile = (i: number): string => join(folder, `node${i}`, "node.toml");

beforeAll(async () => {
  const offset = await freePortOffset(NODES);
  const small = ["--accounts", "6", "--outputs", "8"];
  const made = await fogbow(
    "network",
    "generate",
    "--topology",
    "dense5",
    "--out",
    folder,
    "--port-offset",
    offset,
    ...small,
  );
  expect(made).toMatchObject({ code: 0, error: "" });
}, TIMEOUT_MS);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Everything of all ledgers that must be the same: blocks, contents, the tree; signatures and metadata are a node's own. */
async function ledgersAgree(): Promise<bigint> {
  const ledgers = Array.from({ length: NODES }, (_, i) =>
    openLedger(join(folder, `node${i}`, "ledger"), { readOnly: true }),
  );
  const [first, ...others] = ledgers as [LmdbLedger, ...LmdbLedger[]]; // There are five.
  try {
    for (const other of others) {
      expect(other.numBlocks()).toBe(first.numBlocks());
      expect(toHex(other.root().hash)).toBe(toHex(first.root().hash));
      for (let index = 0n; index < first.numBlocks(); index++) {
        const [ours, theirs] = [first.block(index), other.block(index)];
        expect(ours !== undefined && theirs !== undefined && equalBytes(ours.id, theirs.id)).toBe(true);
        expect(other.blockContents(index)).toEqual(first.blockContents(index));
      }
    }
    return first.numBlocks();
  } finally {
    await Promise.all(ledgers.map((ledger) => ledger.close()));
  }
}

/** Waits until all nodes have so many blocks. */
async function untilBlocks(count: number): Promise<void> {
  for (;;) {
    const { out } = await fogbow("node", "status", folder, "--json");
    const { nodes }: { nodes: { blockCount?: string }[] } = JSON.parse(out);
    if (nodes.every(({ blockCount }) => Number(blockCount ?? 0) >= count)) return;
  }
}

describe("a generated network", () => {
  test(
    "runs, takes a payment at each node, agrees, and ends when it is told to",
    async () => {
      const network: Running = await startFogbow("network", "run", folder, "--json");
      try {
        const { nodes }: { nodes: { name: string }[] } = JSON.parse(network.firstLine);
        expect(nodes.map(({ name }) => name)).toEqual(["node0", "node1", "node2", "node3", "node4"]);
        for (let i = 0; i < NODES; i++) {
          const accounts = ["--from", `${i}`, "--to", `${i + 1}`];
          const { code, out, error } = await fogbow(
            "network",
            "pay",
            folder,
            "1.5",
            ...accounts,
            "--node",
            `${i}`,
            "--json",
          );
          expect({ code, error }).toEqual({ code: 0, error: "" });
          expect(JSON.parse(out)).toMatchObject({ mob: "1.5", block: `${i + 1}` });
          await untilBlocks(i + 2); // The next payment is built on another node's ledger.
        }
        const { out } = await fogbow("node", "status", folder);
        expect(out).toContain("All 5 that answer have 6 blocks.");
        expect(out.match(/In sync: has 6 blocks\./g)).toHaveLength(NODES);
      } finally {
        expect((await network.end("SIGTERM")).code).toBe(0);
      }
      expect(await ledgersAgree()).toBe(6n);
      expect(await fogbow("node", "status", folder)).toMatchObject({ code: 2 });
    },
    TIMEOUT_MS,
  );

  test(
    "goes on with its ledgers when it is started again",
    async () => {
      const network = await startFogbow("network", "run", folder, "--json");
      const paid = await fogbow("network", "pay", folder, "0.1", "--from", "5", "--to", "0", "--json");
      expect(paid).toMatchObject({ code: 0, error: "" });
      await untilBlocks(7);
      await network.end("SIGTERM");
      expect(await ledgersAgree()).toBe(7n);
    },
    TIMEOUT_MS,
  );
});

describe("a node", () => {
  test(
    "is gone within a second of SIGTERM, and writes nothing that cannot be opened again",
    async () => {
      const node = await startFogbow("node", "run", "--config", nodeFile(0), "--json");
      const { code, ms } = await node.end("SIGTERM");
      expect(code).toBe(0);
      expect(ms).toBeLessThan(1_000);
      const ledger = openLedger(join(folder, "node0", "ledger"), { readOnly: true });
      expect(ledger.numBlocks()).toBeGreaterThan(0n);
      await ledger.close();
    },
    TIMEOUT_MS,
  );

  test(
    "does not start beside another one on the same ledger, and says why",
    async () => {
      const node = await startFogbow("node", "run", "--config", nodeFile(0), "--json");
      const flags = ["client", "peer", "admin"].flatMap((use) => {
        const scheme = { client: "insecure-mc", peer: "insecure-mcp", admin: "insecure-mca" }[use];
        return [`--${use}-listen-uri`, `${scheme}://127.0.0.1:0/`];
      });
      const second = await fogbow("node", "run", "--config", nodeFile(0), ...flags);
      expect(second.code).toBe(5);
      expect(second.error).toMatch(/\(ledger-in-use\)\n$/);
      await node.end("SIGTERM");
    },
    TIMEOUT_MS,
  );
});
