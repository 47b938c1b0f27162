// Following a network, and watching it, from the command line: nodes are servers that only know headers, archives are folders.
import { writeFileSync } from "node:fs";
import { createServer, type Http2Server } from "node:http2";
import { join } from "node:path";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { folderFiles } from "@fogbow/archive";
import { archivePath, type BlockData, blockToWire, encodeArchiveBlock } from "@fogbow/core-block";
import { toHex } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { BlockchainAPI } from "@fogbow/core-wire";
import { openLedger, WatcherDb } from "@fogbow/ledger-db";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { makeChain } from "../../stores/archive/test/chain.ts";
import { main } from "../src/main.ts";
import type { Signal } from "../src/surroundings.ts";
import { facts, newDirectory, refusal, stop } from "./run-command.ts";

let chain: readonly BlockData[];
let foreign: readonly BlockData[];
beforeAll(() => {
  chain = makeChain(40);
  foreign = makeChain(40, { name: 1, differsFrom: 10 });
});

const servers: Http2Server[] = [];
const sessions = new Set<{ destroy: () => void }>();
afterAll(async () => {
  for (const session of sessions) session.destroy();
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
});

/** A node that has the blocks that `blocks` gives at the time. */
async function node(blocks: () => readonly BlockData[], chainIds: string[] = []): Promise<number> {
  const server = createServer(
    connectNodeAdapter({
      routes: (router) =>
        router.service(BlockchainAPI, {
          getBlocks: ({ offset, limit }, { requestHeader }) => {
            chainIds.push(requestHeader.get("chain-id") ?? "");
            const page = blocks().slice(Number(offset), Number(offset) + limit);
            return { blocks: page.map(({ block }) => blockToWire(block)) };
          },
        }),
    }),
  );
  server.on("session", (session) => sessions.add(session));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The node has no port.");
  return address.port;
}

async function archive(blocks: readonly BlockData[], folder = newDirectory()): Promise<string> {
  for (const data of blocks) {
    await folderFiles(folder).write(archivePath(data.block.index), [encodeArchiveBlock(data)], "archive");
  }
  return folder;
}

/** A network.toml of nodes at these ports, of which two must agree. */
function network(ports: readonly number[], archives: readonly string[]): string {
  const names = ports.map((port) => `127.0.0.1:${port}`);
  const uris = names.map(
    (name, i) =>
      `"insecure-mcp://${name}/?consensus-msg-key=${toHex(new Ed25519PrivateKey(new Uint8Array(32).fill(i + 1)).publicKey())}"`,
  );
  const members = names.map((name) => `{ type = "Node", args = "${name}" }`);
  const file = join(newDirectory(), "network.toml");
  writeFileSync(
    file,
    `broadcast_peers = [${uris.join(", ")}]
tx_source_urls = [${archives.map((folder) => `"file://${folder}/"`).join(", ")}]
quorum_set = { threshold = 2, members = [${members.join(", ")}] }
`,
  );
  return file;
}

const originId = (): string => toHex((chain[0] as BlockData).block.id);
const newPath = (): string => join(newDirectory(), "ledger");
const syncing = (config: string, ledger: string, ...more: string[]): string[] => [
  ...["ledger", "sync", "--config", config, "--ledger-path", ledger, "--chain-id", "local", ...more],
];

describe("fogbow ledger sync", () => {
  test("makes a ledger of what enough nodes agree on, and goes on where it was", async () => {
    const heard: string[] = [];
    let height = 25;
    const ports = [
      await node(() => chain.slice(0, height), heard),
      await node(() => chain.slice(0, height)),
      await node(() => foreign),
    ];
    const config = network(ports, [await archive(foreign), await archive(chain)]);
    const ledger = newPath();
    expect(await facts(syncing(config, ledger, "--once", "--origin-block-id", originId()))).toEqual({
      appended: "24",
      blocks: "25",
      tip: toHex((chain[24] as BlockData).block.id),
    });
    height = 40;
    expect(await facts(syncing(config, ledger, "--once"))).toMatchObject({ appended: "15", blocks: "40" });
    expect(await facts(["ledger", "verify", ledger])).toMatchObject({ valid: true, blocks: "40", signatures: "0" });
    expect(new Set(heard)).toEqual(new Set(["local"]));
  });

  test("stores signatures of keys that are named", async () => {
    const ports = [await node(() => chain), await node(() => chain)];
    const config = network(ports, [await archive(chain)]);
    const ledger = newPath();
    const signer = toHex((chain[1] as BlockData).signature?.signer ?? new Uint8Array());
    const origin = join(await archive(chain.slice(0, 1)), archivePath(0n));
    await facts(syncing(config, ledger, "--once", "--origin-block-path", origin, "--signer", signer));
    expect(await facts(["ledger", "verify", ledger])).toMatchObject({ blocks: "40", signatures: "39" });
  });

  test("stops at a fork, and says who has what", async () => {
    const ledger = newPath();
    const archives = [await archive(chain)];
    await facts(
      syncing(
        network([await node(() => chain), await node(() => chain)], archives),
        ledger,
        "--once",
        "--origin-block-id",
        originId(),
      ),
    );
    const longer = makeChain(45, { name: 1, differsFrom: 10 });
    const forked = network([await node(() => longer), await node(() => longer)], archives);
    const error = await stop(syncing(forked, ledger, "--once"), "fork");
    expect(error).toContain('"height":"39"');
    expect(await facts(["ledger", "info", ledger])).toMatchObject({ blocks: "40" });
  });

  test("follows on until a signal ends it", async () => {
    let height = 10;
    const ports = [await node(() => chain.slice(0, height)), await node(() => chain.slice(0, height))];
    const config = network(ports, [await archive(chain)]);
    const ledger = newPath();
    const { ended, send, output } = start(syncing(config, ledger, "--origin-block-id", originId(), "--json"));
    const blocks = async (): Promise<bigint> => {
      const reader = openLedger(ledger, { readOnly: true });
      const count = reader.numBlocks();
      await reader.close();
      return count;
    };
    await vi.waitFor(async () => expect(await blocks()).toBe(10n), 10_000);
    height = 13;
    await vi.waitFor(async () => expect(await blocks()).toBe(13n), 10_000);
    send("SIGTERM");
    expect(await ended).toBe(0);
    expect(JSON.parse(output())).toMatchObject({ appended: "12", blocks: "13" });
  });

  test("without nodes that answer, a right first block or what it must be told, is refused", async () => {
    const config = network([await node(() => chain), await node(() => chain)], [await archive(foreign.slice(0, 1))]);
    const wrong = start(syncing(config, newPath(), "--once", "--origin-block-id", "00".repeat(32)));
    expect(await wrong.ended).toBe(1);
    expect(wrong.errors()).toMatch(/archive refused[^\n]*\nfogbow: [^\n]* \(wrong-origin\)\n$/);
    await refusal(syncing(config, newPath(), "--once"), "invalid-argument");
    await refusal(["ledger", "sync", "--config", config], "invalid-argument");
    const silent = network([1, 2], [await archive(chain)]);
    await stop(syncing(silent, newPath(), "--once", "--origin-block-id", originId()), "no-peer-answered");
  });
});

describe("fogbow watcher run", () => {
  test("records what archives have until a signal ends it, and serves health and figures", async () => {
    const [one, other] = [await archive(chain), await archive(foreign)];
    const config = join(newDirectory(), "sources.toml");
    writeFileSync(config, `sources = [{ tx_source_url = "${one}" }, { tx_source_url = "${other}" }]\n`);
    const directory = join(newDirectory(), "watcher");
    const { ended, send, output, errors } = start([
      ...["watcher", "run", "--config", config, "--watcher-db", directory, "--chain-id", "local"],
      ...["--admin-listen-uri", "insecure-mca://127.0.0.1:0/", "--json"],
    ]);
    await vi.waitFor(() => expect(output()).not.toBe(""), 10_000);
    const { port, sources } = JSON.parse(output());
    expect(sources).toBe(2);
    const reader = WatcherDb.open(directory, { readOnly: true });
    await vi.waitFor(() => expect(reader.sources().map(({ next }) => next)).toEqual([40n, 40n]), 10_000);
    expect(reader.blockTimestamp(39n).code).toBe("found");
    expect(reader.conflicts()).toHaveLength(30);
    await reader.close();
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain("watcher_conflicts_total");
    expect(errors()).toContain("sources have different blocks");
    send("SIGINT");
    expect(await ended).toBe(0);
  });

  test("without sources, or somewhere to record, is refused", async () => {
    const config = join(newDirectory(), "sources.toml");
    writeFileSync(config, "sources = []\n");
    await refusal(["watcher", "run", "--config", config, "--watcher-db", newPath()], "invalid-config");
    await refusal(["watcher", "run", "--config", config], "invalid-argument");
  });
});

/** Runs a command that ends when it is told to. */
function start(args: readonly string[]) {
  const listeners = new Map<Signal, () => void>();
  let [out, error] = ["", ""];
  const ended = main(args, {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (error += text) },
    env: {},
    on: (signal, listener) => listeners.set(signal, listener),
    off: (signal) => listeners.delete(signal),
  });
  return { ended, output: () => out, errors: () => error, send: (signal: Signal) => listeners.get(signal)?.() };
}
