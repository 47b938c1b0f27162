// What a node is told: by flags, environment and file, and what is refused (spec 05 §4.2, §4.3).
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { toHex } from "@fogbow/core-bytes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shownConfig } from "../../src/config/node-config.ts";
import {
  formatMessageSigner,
  loadNodeConfig,
  NODE_SETTINGS,
  type NodeConfig,
  type SettingName,
  variableOf,
} from "../../src/index.ts";
import { keyAt, peerUri, publicHexAt, refused } from "./fixtures.ts";

let folder = "";
const flags: Record<string, string> = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fogbow-config."));
  const member = (i: number): object => ({ type: "Node", args: `n${i}.test:8080` });
  const network = {
    broadcast_peers: [peerUri(1), peerUri(2)],
    tx_source_urls: ["https://archive.test/"],
    quorum_set: { threshold: 2, members: [member(1), member(2)] },
  };
  writeFileSync(join(folder, "network.json"), JSON.stringify(network));
  writeFileSync(
    join(folder, "weak.json"),
    JSON.stringify({ ...network, quorum_set: { ...network.quorum_set, threshold: 1 } }),
  );
  writeFileSync(join(folder, "tokens.json"), JSON.stringify({ tokens: [{ token_id: 0, minimum_fee: 12_800 }] }));
  writeFileSync(join(folder, "key.pem"), formatMessageSigner(keyAt(0)));
  Object.assign(flags, {
    "chain-id": "local",
    "peer-responder-id": "n0.test:8080",
    "client-responder-id": "n0.test:3223",
    "msg-signer-key-file": join(folder, "key.pem"),
    network: join(folder, "network.json"),
    "ledger-path": join(folder, "ledger"),
    "sealed-block-signing-key": join(folder, "state", "block-key"),
    platform: "simulated",
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const load = (more: Record<string, string | string[]> = {}): Promise<NodeConfig> =>
  loadNodeConfig({ flags: { ...flags, ...more }, env: {} });

test("defaults are those of the specification", async () => {
  const config = await load();
  expect(config).toMatchObject({
    chainId: "local",
    isProduction: false,
    self: { responderId: "n0.test:8080" },
    clientResponderId: "n0.test:3223",
    peerListen: { host: "0.0.0.0", port: 8080, isSecure: false },
    clientListen: { host: "0.0.0.0", port: 3223, isSecure: false },
    adminListen: { host: "127.0.0.1", port: 9090 },
    statePath: join(folder, "state"),
    clientTokens: undefined,
    blockVersion: 3,
    clientTrackingCapacity: 10_000,
    retention: "archive",
    archiveDestinations: [],
    blockSigners: new Set(),
    leaderHash: "bound",
    timeBaseMs: 250,
    settleMs: 50,
    equalProofHeights: false,
    priorityBits: 64,
    feeNetwork: "development",
    enclave: { platform: "simulated", command: [] },
    logLevel: "info",
  });
  expect(toHex(config.self.publicKey)).toBe(publicHexAt(0));
  expect(config.tokens.minimumFees.entries()).toEqual([[0n, 400_000_000n]]);
});

test("flags come before the environment, the environment before the file, and empty text is nothing", async () => {
  const file = { path: join(folder, "node.toml"), text: 'chain_id = "local-3"\nlog_level = "warn"\nsettle_ms = 7\n' };
  const { "chain-id": _, ...others } = flags;
  const env = { MC_CHAIN_ID: "local-2", MC_LOG_LEVEL: "debug" };
  const first = await loadNodeConfig({ flags: { ...others, "log-level": "error" }, env, file });
  expect(first).toMatchObject({ chainId: "local-2", logLevel: "error", settleMs: 7 });
  const second = await loadNodeConfig({ flags: { ...others, "log-level": "" }, env: { MC_CHAIN_ID: "" }, file });
  expect(second).toMatchObject({ chainId: "local-3", logLevel: "warn" });
});

test("paths in a file start at the file's folder, others at the working folder", async () => {
  const text = [
    'chain_id = "local"',
    'peer_responder_id = "n0.test:8080"',
    'client_responder_id = "n0.test:3223"',
    'msg_signer_key_file = "key.pem"',
    'network = "network.json"',
    'tokens = "./tokens.json"',
    'ledger_path = "ledger"',
    'sealed_block_signing_key = "block-key"',
    'archive_destination = ["file:///srv/archive/"]',
    "equal_proof_heights = true",
    'platform = "simulated"',
  ].join("\n");
  const file = { path: join(folder, "node.toml"), text };
  const config = await loadNodeConfig({ flags: { "state-path": "somewhere" }, env: {}, file });
  expect(config).toMatchObject({
    ledgerPath: join(folder, "ledger"),
    statePath: resolve("somewhere"),
    archiveDestinations: ["file:///srv/archive/"],
    equalProofHeights: true,
  });
  expect(config.tokens.minimumFees.entries()).toEqual([[0n, 12_800n]]);
});

test("every setting has a variable and is read: nonsense for it is refused, or shows", () => {
  for (const name of Object.keys(NODE_SETTINGS) as SettingName[]) {
    expect(variableOf(name)).toMatch(/^MC_[A-Z_]+$/);
  }
  expect(variableOf("client-auth-token-secret")).toBe("MC_CLIENT_AUTH_TOKEN_SECRET");
});

test("what an operator is shown has no key and no secret", async () => {
  const secret = "5a".repeat(32);
  const shown = JSON.stringify(shownConfig(await load({ "client-auth-token-secret": secret })));
  expect(shown).toContain('"tokens_required":true');
  expect(shown).not.toContain(secret);
  expect(shown).not.toContain(toHex(keyAt(0).expose()));
});

describe("refused", () => {
  test.each([
    "chain-id",
    "peer-responder-id",
    "client-responder-id",
    "msg-signer-key-file",
    "network",
    "ledger-path",
    "sealed-block-signing-key",
    "platform",
  ])("without --%s", async (name) => {
    const { [name]: _, ...others } = flags;
    const act = (): Promise<NodeConfig> => loadNodeConfig({ flags: others, env: {} });
    expect(await refused(act)).toMatchObject({ code: "missing-field", file: "command line", field: `--${name}` });
  });

  test.each<[flag: string, value: string, code: string]>([
    ["peer-responder-id", "n0.test", "invalid-responder-id"],
    ["client-responder-id", "n0", "invalid-responder-id"],
    ["msg-signer-key", "AAAA", "invalid-message-key"],
    ["msg-signer-key-file", "/nowhere/key.pem", "file-not-found"],
    ["network", "/nowhere/network.toml", "file-not-found"],
    ["tokens", "/nowhere/tokens.json", "file-not-found"],
    ["peer-listen-uri", "insecure-mc://0.0.0.0/", "unknown-scheme"],
    ["client-listen-uri", "mc://0.0.0.0/", "invalid-uri"],
    ["admin-listen-uri", "localhost:9090", "invalid-uri"],
    ["client-auth-token-secret", "abcd", "out-of-range"],
    ["client-auth-token-max-lifetime", "0", "out-of-range"],
    ["client-auth-token-max-lifetime", "1.5", "out-of-range"],
    ["origin-block-id", "0", "out-of-range"],
    ["block-version", "9", "out-of-range"],
    ["client-tracking-capacity", "0", "out-of-range"],
    ["retention", "some", "out-of-range"],
    ["archive-destination", "https://archive.test/", "invalid-tx-source"],
    ["leader-hash", "keccak", "out-of-range"],
    ["time-base-ms", "0", "out-of-range"],
    ["settle-ms", "-1", "out-of-range"],
    ["equal-proof-heights", "perhaps", "out-of-range"],
    ["priority-bits", "5", "out-of-range"],
    ["fee-network", "mine", "out-of-range"],
    ["verifier-threads", "257", "out-of-range"],
    ["platform", "trustzone", "out-of-range"],
    ["platform", "tdx", "missing-field"],
    ["amd-product", "Rome", "out-of-range"],
    ["log-level", "loud", "out-of-range"],
  ])("with --%s %s", async (flag, value, code) => {
    expect(await refused(() => load({ [flag]: value }))).toMatchObject({ code });
  });

  test("an archive of a node that forgets", async () => {
    const more = { retention: "forget", "archive-destination": ["file:///srv/archive/"] };
    expect(await refused(() => load(more))).toMatchObject({
      code: "out-of-range",
      values: ["archive-destination", "retention forget"],
    });
  });

  test("a snapshot for a node that keeps all blocks", async () => {
    expect(await refused(() => load({ "snapshot-path": "snapshot" }))).toMatchObject({
      code: "out-of-range",
      values: ["snapshot-path", "retention archive"],
    });
  });

  test("a file with a field that nobody knows", async () => {
    const file = { path: "node.toml", text: 'chain-id = "local"' };
    expect(await refused(() => loadNodeConfig({ flags, env: {}, file }))).toMatchObject({
      code: "unknown-field",
      file: "node.toml",
      field: "chain-id",
    });
  });
});

describe("where real money is", () => {
  const production = { "chain-id": "acme", "fee-network": "test" };
  const loopback = {
    "peer-listen-uri": "insecure-mcp://127.0.0.1:8080/",
    "client-listen-uri": "insecure-mc://localhost:3223/",
    "admin-listen-uri": "insecure-mca://[::1]:9090/",
  };

  test.each(["main", "test2", "acme", "localhost", "testing"])("%s is such a chain", async (chainId) => {
    const more = { ...loopback, "chain-id": chainId, "fee-network": "main" };
    expect(await load(more)).toMatchObject({ isProduction: chainId !== "test2" });
  });

  test("clear text is for loopback only", async () => {
    expect(await load({ ...production, ...loopback })).toMatchObject({ isProduction: true });
    for (const use of ["peer", "client", "admin"] as const) {
      const scheme = { peer: "insecure-mcp", client: "insecure-mc", admin: "insecure-mca" }[use];
      for (const host of ["0.0.0.0", "10.0.0.1", "node.test", "[::]", "127.0.0.1.test"]) {
        const more = { ...production, ...loopback, [`${use}-listen-uri`]: `${scheme}://${host}:81/` };
        expect(await refused(() => load(more))).toMatchObject({
          code: "insecure-listener",
          field: `--${use}-listen-uri`,
          values: [`${scheme}://${host}:81/`, "acme"],
        });
      }
    }
  });

  test("TLS may listen anywhere, with its files", async () => {
    const more = { ...production, ...loopback, "client-listen-uri": "mc://0.0.0.0:443/?tls-chain=a.pem&tls-key=b.pem" };
    expect(await load(more)).toMatchObject({ clientListen: { isSecure: true, port: 443 } });
  });

  test("nobody gets the fees of a known key by omission", async () => {
    const { "fee-network": _, ...silent } = production;
    expect(await refused(() => load({ ...silent, ...loopback }))).toMatchObject({
      code: "missing-field",
      field: "--fee-network",
    });
    expect(await load({ ...loopback, "chain-id": "main" })).toMatchObject({ feeNetwork: "main" });
    expect(await load({ ...loopback, "chain-id": "test" })).toMatchObject({ feeNetwork: "test" });
  });

  test("a quorum set below a majority is refused, elsewhere it is not", async () => {
    const network = join(folder, "weak.json");
    expect(await load({ network })).toMatchObject({ network: { quorumSet: { threshold: 1 } } });
    expect(await refused(() => load({ ...production, ...loopback, network }))).toMatchObject({
      code: "weak-quorum-set",
      file: network,
      values: ["1 of 2", "acme"],
    });
  });
});
