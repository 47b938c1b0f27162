// `fogbow network generate`: what it makes can be read by everything that reads such files, and nothing is overwritten.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  accountKeyFromIdentity,
  decodePublicAddress,
  parseKeyFile,
  publicAddress,
  viewAccountKey,
} from "@fogbow/core-account";
import { parseArchiveBlock } from "@fogbow/core-block";
import { toHex } from "@fogbow/core-bytes";
import { openTxOut, SubaddressTable } from "@fogbow/core-transaction";
import { loadNodeConfig, type NodeConfig } from "@fogbow/node";
import { describe, expect, test } from "vitest";
import { topology } from "../src/network/topologies.ts";
import { facts, newDirectory, refusal, run } from "./run-command.ts";

const SEED = "07".repeat(32);
const SMALL = ["--accounts", "2", "--outputs", "3", "--mob", "2.5", "--seed", SEED];
const generate = (folder: string, ...more: string[]): string[] => ["network", "generate", "--out", folder, ...more];

const loadNode = (folder: string, i: number): Promise<NodeConfig> => {
  const path = join(folder, `node${i}`, "node.toml");
  return loadNodeConfig({ flags: {}, env: {}, file: { path, text: readFileSync(path, "utf8") } });
};

/** All files of a folder with what they hold. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    paths.map((path) => [path.slice(folder.length), readFileSync(path, "latin1").replaceAll(folder, "DIR")]),
  );
}

describe("dense5", () => {
  test("five nodes can be configured, know each other's keys and find each other's archives", async () => {
    const folder = join(newDirectory(), "net");
    const made = await facts(generate(folder, "--topology", "dense5", ...SMALL));
    expect(made).toMatchObject({ topology: "dense5", chainId: "local", accounts: 2, outputs: 6, mob: "2.5" });
    const nodes = await Promise.all([0, 1, 2, 3, 4].map((i) => loadNode(folder, i)));
    const keys = new Map(nodes.map(({ self }) => [self.responderId, toHex(self.publicKey)]));
    for (const [i, node] of nodes.entries()) {
      expect(node.self.responderId).toBe(`127.0.0.1:${3300 + i}`);
      expect([node.clientListen.port, node.peerListen.port, node.adminListen.port]).toEqual([
        3200 + i,
        3300 + i,
        3400 + i,
      ]);
      expect(node.network.broadcastPeers).toHaveLength(4);
      for (const { node: peer } of node.network.broadcastPeers) {
        expect(toHex(peer.publicKey)).toBe(keys.get(peer.responderId));
      }
      expect(node.network.quorumSet.threshold).toBe(3);
      expect(node.retention).toBe("archive");
      expect(node.network.txSourceUrls).toEqual(
        nodes.filter((each) => each !== node).flatMap(({ archiveDestinations }) => archiveDestinations),
      );
    }
    expect(await run(["quorum", "check", folder])).toMatchObject({ code: 0, error: "" });
  });

  test("the accounts open the outputs of the first block, whose id the nodes expect", async () => {
    const folder = join(newDirectory(), "net");
    const { originBlockId } = await facts(generate(folder, "--topology", "dense5", ...SMALL));
    const origin = parseArchiveBlock(readFileSync(join(folder, "origin-block.pb")), 0n);
    expect(toHex(origin.block.id)).toBe(originBlockId);
    expect(toHex((await loadNode(folder, 3)).origin.id ?? new Uint8Array())).toBe(originBlockId);
    for (const i of [0, 1]) {
      const key = accountKeyFromIdentity(
        parseKeyFile(readFileSync(join(folder, "keys", `account_keys_${i}.json`), "utf8")),
      );
      const address = decodePublicAddress(readFileSync(join(folder, "keys", `account_keys_${i}.pub`)));
      expect(address).toEqual(publicAddress(key));
      const reader = {
        viewPrivateKey: key.viewPrivateKey,
        subaddresses: new SubaddressTable(viewAccountKey(key), [0n]),
      };
      const own = origin.contents.outputs.flatMap((output) => openTxOut(output, reader)?.amount.value ?? []);
      expect(own).toEqual([2_500_000_000_000n, 2_500_000_000_000n, 2_500_000_000_000n]);
    }
  });

  test("one seed makes the same network again, another seed another", async () => {
    const [a, b, c] = [join(newDirectory(), "a"), join(newDirectory(), "a"), join(newDirectory(), "a")];
    await facts(generate(a, "--topology", "dense5", ...SMALL));
    await facts(generate(b, "--topology", "dense5", ...SMALL));
    await facts(generate(c, "--topology", "dense5", ...SMALL.slice(0, -1), "08".repeat(32)));
    expect(contents(b)).toEqual(contents(a));
    const [first, other] = [contents(a), contents(c)];
    for (const name of ["/origin-block.pb", "/keys/account_keys_0.json", "/node1/msg-signer-key.pem"]) {
      expect(other[name]).not.toBe(first[name]);
    }
  });

  test("secrets are for their owner only, and README.txt says what is there", async () => {
    const folder = join(newDirectory(), "net");
    const { code, out } = await run(generate(folder, "--topology", "dense5", ...SMALL));
    expect({ code, last: out.trimEnd().split("\n").at(-1) }).toEqual({
      code: 0,
      last: `next          fogbow network run ${folder}`,
    });
    for (const name of ["keys/account_keys_1.json", "node4/msg-signer-key.pem"]) {
      expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    }
    const readme = readFileSync(join(folder, "README.txt"), "utf8");
    for (const name of [...readdirSync(folder), "insecure-mc://127.0.0.1:3204/"]) {
      if (!/^node[1-4]$|^README/.test(name)) expect(readme).toContain(name);
    }
  });
});

test.each([
  ["ring5", 5, 1, [2, 2, 2, 2, 2]],
  ["ring5b", 5, 1, [1, 1, 1, 1, 1]],
  ["orgs3x3", 9, 2, [8, 8, 8, 8, 8, 8, 8, 8, 8]],
  ["a-b-c", 3, 2, [1, 2, 1]],
  ["dense3", 3, 1, [2, 2, 2]],
  ["dense7", 7, 4, [6, 6, 6, 6, 6, 6, 6]],
  ["dense1", 1, 0, [0]],
] as const)("%s has %i nodes", async (name, count, threshold, links) => {
  const folder = join(newDirectory(), "net");
  await facts(generate(folder, "--topology", name, ...SMALL));
  const nodes = await Promise.all(links.map((_, i) => loadNode(folder, i)));
  expect(nodes).toHaveLength(count);
  expect(nodes.map(({ network }) => network.quorumSet.threshold)).toEqual(links.map(() => threshold));
  const spokenTo = nodes.map(({ network }) => network.broadcastPeers.filter(({ broadcast }) => broadcast).length);
  expect(spokenTo).toEqual(links);
  expect(await run(["quorum", "check", folder])).toMatchObject({ code: 0 });
});

test("--nodes and --port-offset change number and ports", async () => {
  const folder = join(newDirectory(), "net");
  await facts(generate(folder, "--topology", "dense5", "--nodes", "4", "--port-offset", "1000", ...SMALL));
  expect(readdirSync(folder).filter((name) => name.startsWith("node"))).toHaveLength(4);
  expect(await loadNode(folder, 3)).toMatchObject({
    clientListen: { port: 4203 },
    self: { responderId: "127.0.0.1:4303" },
  });
});

test("with --retention forget one node keeps the blocks, and all fetch from it", async () => {
  const folder = join(newDirectory(), "net");
  const made = await facts(generate(folder, "--topology", "dense5", "--retention", "forget", ...SMALL));
  expect(made.nodes.map(({ retention }: { retention: string }) => retention)).toEqual([
    "archive",
    ...Array(4).fill("forget"),
  ]);
  const { warnings } = await facts(["quorum", "check", folder]);
  expect(warnings).toEqual([]);
  const [first, second] = [await loadNode(folder, 0), await loadNode(folder, 1)];
  expect(first.archiveDestinations).toHaveLength(1);
  expect(second.archiveDestinations).toEqual([]);
  expect(second.network.txSourceUrls).toEqual(first.archiveDestinations);
});

describe("refused", () => {
  test("a folder with something in it, which stays as it was; an empty one is used", async () => {
    const folder = newDirectory();
    expect(await facts(generate(folder, "--topology", "dense1", ...SMALL))).toMatchObject({ folder });
    const before = contents(folder);
    await refusal(generate(folder, "--topology", "dense1", ...SMALL), "folder-not-empty");
    expect(contents(folder)).toEqual(before);
    const file = join(newDirectory(), "file");
    writeFileSync(file, "mine");
    await refusal(generate(file, "--topology", "dense1", ...SMALL), "folder-not-empty");
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  test.each([
    [["--topology", "star5"]],
    [["--topology", "dense0"]],
    [["--topology", "dense101"]],
    [["--topology", "ring2"]],
    [["--topology", "orgs20x20"]],
    [["--topology", "orgs3x3", "--nodes", "4"]],
    [["--topology", "dense5", "--nodes", "none"]],
    [["--topology", "dense5", "--retention", "some"]],
    [["--topology", "dense5", "--chain-id", "main"]],
    [["--topology", "dense5", "--host", "a b"]],
    [["--topology", "dense5", "--port-offset", "70000"]],
    [["--topology", "dense5", "--accounts", "0"]],
    [["--topology", "dense5", "--accounts", "10000", "--outputs", "11"]],
    [["--topology", "dense5", "--seed", "abc"]],
  ])("%j, and nothing is made", async (more) => {
    const folder = join(newDirectory(), "net");
    await refusal(generate(folder, ...more), "invalid-argument");
    expect(existsSync(folder)).toBe(false);
  });

  test("what a run that was killed left behind is cleared away", async () => {
    const parent = newDirectory();
    mkdirSync(join(parent, ".net.part", "keys"), { recursive: true });
    await facts(generate(join(parent, "net"), "--topology", "dense1", ...SMALL));
    expect(readdirSync(parent)).toEqual(["net"]);
  });
});

test("a topology of many organisations is none of one node each", () => {
  expect(topology("orgs3x1").map(({ quorumSet }) => quorumSet)).toEqual([
    { threshold: 2, members: [1, 2] },
    { threshold: 2, members: [0, 2] },
    { threshold: 2, members: [0, 1] },
  ]);
});

describe("with TLS", () => {
  test("every listener has a certificate of the network's own authority, which everybody who calls trusts", async () => {
    const folder = join(newDirectory(), "net");
    const made = await facts(generate(folder, "--topology", "dense3", "--tls", ...SMALL));
    expect(made).toMatchObject({ nodes: [{ client: "mc://127.0.0.1:3200/" }, {}, {}] });
    const authority = join(folder, "ca.pem");
    const ca = new X509Certificate(readFileSync(authority));
    expect([ca.ca, ca.verify(ca.publicKey)]).toEqual([true, true]);
    for (const i of [0, 1, 2]) {
      const node = await loadNode(folder, i);
      for (const uri of [node.clientListen, node.peerListen, node.adminListen]) {
        expect([uri.isSecure, uri.param("ca-bundle")]).toEqual([true, authority]);
        const certificate = new X509Certificate(readFileSync(uri.param("tls-chain") ?? ""));
        expect(certificate.checkIssued(ca) && certificate.verify(ca.publicKey)).toBe(true);
        expect([certificate.checkIP("127.0.0.1"), certificate.checkIP("127.0.0.2"), certificate.ca]).toEqual([
          "127.0.0.1",
          undefined,
          false,
        ]);
        const key = createPrivateKey(readFileSync(uri.param("tls-key") ?? ""));
        expect(certificate.checkPrivateKey(key)).toBe(true);
        expect(statSync(uri.param("tls-key") ?? "").mode & 0o077).toBe(0);
      }
      for (const { uri } of node.network.broadcastPeers)
        expect([uri.isSecure, uri.param("ca-bundle")]).toEqual([true, authority]);
    }
    const readme = readFileSync(join(folder, "README.txt"), "utf8");
    for (const name of ["ca.pem", "tls-key.pem", "mcp://127.0.0.1:3301/"]) expect(readme).toContain(name);
    expect(readme).not.toContain("insecure-");
    expect(await run(["quorum", "check", folder])).toMatchObject({ code: 0, error: "" });
  });

  test("a host is named as what it is", async () => {
    const folder = join(newDirectory(), "net");
    await facts(generate(folder, "--topology", "dense3", "--tls", "--host", "node.test", ...SMALL));
    const certificate = new X509Certificate(readFileSync(join(folder, "node1", "tls-chain.pem")));
    expect([certificate.checkHost("node.test"), certificate.checkHost("other.test")]).toEqual(["node.test", undefined]);
  });
});
