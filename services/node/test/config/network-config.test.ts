// network.toml and network.json: what is read, and every reason to refuse one (spec 05 §4.1).
import { toHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import { parseNetworkConfig } from "../../src/index.ts";
import { keyAt, peerUri, publicHexAt, refused } from "./fixtures.ts";

const node = (i: number): object => ({ type: "Node", args: `n${i}.test:8080` });
const good = {
  broadcast_peers: [peerUri(1), peerUri(2)],
  known_peers: [peerUri(3)],
  tx_source_urls: ["https://archive.test/n1.test"],
  quorum_set: {
    threshold: 2,
    members: [node(1), node(2), { type: "InnerSet", args: { threshold: 1, members: [node(3)] } }],
  },
};
const owner = { responderId: "n0.test:8080", publicKey: keyAt(0).publicKey() };
const parse = (config: object, file = "network.json"): ReturnType<typeof parseNetworkConfig> =>
  parseNetworkConfig(JSON.stringify(config), file, owner);

describe("a file is read", () => {
  test("in JSON, names becoming keys", () => {
    const { broadcastPeers, knownPeers, txSourceUrls, quorumSet } = parse(good);
    expect(broadcastPeers.map((peer) => peer.node.responderId)).toEqual(["n1.test:8080", "n2.test:8080"]);
    expect(broadcastPeers[0]).toMatchObject({ broadcast: true, relayIncoming: false });
    expect(knownPeers.map((peer) => toHex(peer.node.publicKey))).toEqual([publicHexAt(3)]);
    expect(txSourceUrls).toEqual(["https://archive.test/n1.test/"]);
    expect(quorumSet.threshold).toBe(2);
    expect(quorumSet.members[0]).toEqual({ kind: "node", node: broadcastPeers[0]?.node });
    expect(quorumSet.members[2]).toEqual({
      kind: "inner-set",
      set: { threshold: 1, members: [{ kind: "node", node: knownPeers[0]?.node }] },
    });
  });

  test("in TOML, to the same", () => {
    const toml = `
      broadcast_peers = ["${peerUri(1)}", "${peerUri(2)}"] # Those that are called.
      known_peers     = ["${peerUri(3)}"]
      tx_source_urls  = ["https://archive.test/n1.test/"]
      quorum_set      = { threshold = 2, members = [ { type = "Node", args = "n1.test:8080" }, { type = "Node", args = "n2.test:8080" },
                          { type = "InnerSet", args = { threshold = 1, members = [ { type = "Node", args = "n3.test:8080" } ] } } ] }`;
    const { quorumSet, txSourceUrls } = parseNetworkConfig(toml, "network.toml", owner);
    expect({ quorumSet, txSourceUrls }).toEqual({
      quorumSet: parse(good).quorumSet,
      txSourceUrls: parse(good).txSourceUrls,
    });
  });

  test("with keys in hex, and what a peer is told", () => {
    const uri = `${peerUri(1, publicHexAt(1))}&broadcast-consensus-msgs=0&consensus-relay-incoming-txs=1`;
    const [peer] = parse({ ...good, broadcast_peers: [uri, peerUri(2)] }).broadcastPeers;
    expect(peer).toMatchObject({ broadcast: false, relayIncoming: true });
    expect(toHex(peer?.node.publicKey ?? new Uint8Array())).toBe(publicHexAt(1));
  });

  test("as a network of one node, which lists nobody", () => {
    const alone = { quorum_set: { threshold: 0, members: [] } };
    expect(parse(alone)).toMatchObject({ broadcastPeers: [], txSourceUrls: [], quorumSet: { threshold: 0 } });
  });
});

const quorumOf = (threshold: unknown, members: readonly unknown[]): object => ({
  ...good,
  quorum_set: { threshold, members },
});
const nested = (depth: number): object =>
  depth === 0 ? node(1) : { type: "InnerSet", args: { threshold: 1, members: [nested(depth - 1)] } };

describe("a file is refused", () => {
  test.each<[what: string, config: object, code: string, field: string, values: string[]]>([
    [
      "its own responder id among those called",
      { ...good, broadcast_peers: [peerUri(1), peerUri(2).replace("n2", "n0")] },
      "self-among-peers",
      "broadcast_peers[1]",
      ["n0.test:8080", "n0.test:8080"],
    ],
    [
      "its own responder id among those known",
      { ...good, known_peers: [peerUri(3).replace("n3", "n0")] },
      "self-among-peers",
      "known_peers[0]",
      ["n0.test:8080", "n0.test:8080"],
    ],
    [
      "its own key among peers",
      { ...good, known_peers: [peerUri(3, publicHexAt(0))] },
      "self-among-peers",
      "known_peers[0]",
      ["n3.test:8080", "n0.test:8080"],
    ],
    [
      "one responder id twice",
      { ...good, known_peers: [peerUri(3), peerUri(1)] },
      "duplicate-responder-id",
      "known_peers[1]",
      ["n1.test:8080", "n1.test:8080"],
    ],
    [
      "two keys for one responder id",
      { ...good, known_peers: [peerUri(3), peerUri(1, publicHexAt(4))] },
      "key-mismatch",
      "known_peers[1]",
      [publicHexAt(4), publicHexAt(1)],
    ],
    [
      "one key for two responder ids",
      { ...good, known_peers: [peerUri(3, publicHexAt(1))] },
      "duplicate-message-key",
      "known_peers[0]",
      ["n3.test:8080", "n1.test:8080"],
    ],
    [
      "a quorum set that names who is no peer",
      quorumOf(1, [node(1), { type: "InnerSet", args: { threshold: 1, members: [node(9)] } }]),
      "unknown-responder-id",
      "quorum_set.members[1].args.members[0].args",
      ["n9.test:8080", "n1.test:8080, n2.test:8080, n3.test:8080"],
    ],
    [
      "peers and no archive",
      { ...good, tx_source_urls: [] },
      "missing-tx-source",
      "tx_source_urls",
      ["2 peers", "0 archives"],
    ],
    [
      "an archive that cannot be fetched",
      { ...good, tx_source_urls: ["ftp://archive.test/"] },
      "invalid-tx-source",
      "tx_source_urls[0]",
      ["ftp:", "https, http, file or s3"],
    ],
    [
      "no threshold of 0 beside peers",
      quorumOf(0, []),
      "invalid-quorum-set",
      "quorum_set",
      ["threshold 0", "0 members"],
    ],
    [
      "a threshold of 0 beside members",
      quorumOf(0, [node(1)]),
      "invalid-quorum-set",
      "quorum_set",
      ["threshold 0", "1 members"],
    ],
    [
      "a threshold above its members",
      quorumOf(3, [node(1), node(2)]),
      "invalid-quorum-set",
      "quorum_set",
      ["threshold 3", "2 members"],
    ],
    [
      "a member twice",
      quorumOf(2, [node(1), node(1)]),
      "invalid-quorum-set",
      "quorum_set",
      ["threshold 2", "2 members"],
    ],
    ["five levels", quorumOf(1, [nested(4)]), "invalid-quorum-set", "quorum_set", ["threshold 1", "1 members"]],
    [
      "a threshold below zero",
      quorumOf(-1, [node(1)]),
      "out-of-range",
      "quorum_set.threshold",
      ["-1", "0 to 18446744073709551615"],
    ],
    [
      "a threshold of 33 bits",
      quorumOf(2 ** 32, [node(1)]),
      "out-of-range",
      "quorum_set.threshold",
      ["4294967296", "4294967295"],
    ],
    [
      "a threshold in words",
      quorumOf("two", [node(1)]),
      "wrong-type",
      "quorum_set.threshold",
      ["string", "an integer"],
    ],
    [
      "a member that is neither",
      quorumOf(1, [{ type: "Group", args: "n1.test:8080" }]),
      "out-of-range",
      "quorum_set.members[0].type",
      ["Group", "Node or InnerSet"],
    ],
    [
      "a responder id without a port",
      quorumOf(1, [{ type: "Node", args: "n1.test" }]),
      "invalid-responder-id",
      "quorum_set.members[0].args",
      ["n1.test", "host:port"],
    ],
    [
      "a peer without a key",
      { ...good, known_peers: ["mcp://n3.test/"] },
      "missing-message-key",
      "known_peers[0]",
      ["n3.test:8443"],
    ],
    [
      "a peer with half a key",
      { ...good, known_peers: [peerUri(3, "00ff")] },
      "invalid-message-key",
      "known_peers[0]",
      ["00ff", "an Ed25519 public key"],
    ],
    [
      "a client's URI for a peer",
      { ...good, known_peers: ["mc://n3.test/"] },
      "unknown-scheme",
      "known_peers[0]",
      ["mc", "mcp or insecure-mcp"],
    ],
    [
      "a switch that is neither on nor off",
      { ...good, known_peers: [`${peerUri(3)}&broadcast-consensus-msgs=yes`] },
      "invalid-uri",
      "known_peers[0]",
      ["yes", "0 or 1"],
    ],
  ])("with %s", async (_, config, code, field, values) => {
    expect(await refused(() => parse(config))).toEqual({ code, file: "network.json", field, values });
  });

  test.each([
    ["no quorum set", { ...good, quorum_set: undefined }, "missing-field", "quorum_set"],
    ["a field that nobody knows", { ...good, broadcast_peer: [] }, "unknown-field", "broadcast_peer"],
    ["peers that are no list", { ...good, known_peers: peerUri(3) }, "wrong-type", "known_peers"],
    ["a peer that is no text", { ...good, known_peers: [3] }, "wrong-type", "known_peers[0]"],
    ["a quorum set that is a list", { ...good, quorum_set: [] }, "wrong-type", "quorum_set"],
    ["a list instead of a table", [], "wrong-type", ""],
  ])("with %s", async (_, config, code, field) => {
    expect(await refused(() => parse(config))).toMatchObject({ code, field });
  });

  test.each([
    ["network.yaml", "{}", "unknown-extension"],
    ["network", "{}", "unknown-extension"],
    ["folder.toml/network", "{}", "unknown-extension"],
    ["network.json", "{", "malformed-file"],
    ["network.toml", 'quorum_set = "secret', "malformed-file"],
  ])("as %s with %j", async (file, text, code) => {
    expect(await refused(() => parseNetworkConfig(text, file))).toMatchObject({ code, file });
    if (file.endsWith(".toml")) expect(() => parseNetworkConfig(text, file)).not.toThrow(/secret/);
  });

  test("with more peers than anyone knows", async () => {
    const config = { ...good, known_peers: Array(1_001).fill(peerUri(3)) };
    expect(await refused(() => parse(config))).toMatchObject({ code: "out-of-range", values: ["1001", "1000"] });
  });
});
