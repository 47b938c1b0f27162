// Everything that a node is told, checked (spec 05 §4).
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import type { FeeNetwork, NodeId } from "@fogbow/core-block";
import { type Bytes, bytes, fromHex } from "@fogbow/core-bytes";
import type { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { BLOCK_VERSION_MAX, type BlockVersion, blockVersion } from "@fogbow/core-transaction";
import { assertListener, assertQuorumStrength, isProductionChain } from "./chain-rules.ts";
import { parseMessageSigner } from "./message-key.ts";
import { type NetworkConfig, parseNetworkConfig } from "./network-config.ts";
import { type NodeUri, parseNodeUri, parseResponderId, type UriUse } from "./node-uri.ts";
import { readConfigText } from "./read-config-file.ts";
import { type SettingSources, Settings } from "./settings.ts";
import { DEFAULT_TOKENS, parseTokensConfig, type TokensConfig } from "./tokens-config.ts";

/** A node's configuration. */
export interface NodeConfig {
  readonly chainId: string;
  /** Whether real money is at stake. */
  readonly isProduction: boolean;
  readonly self: NodeId;
  readonly clientResponderId: string;
  readonly messageKey: Ed25519PrivateKey;
  readonly network: NetworkConfig;
  readonly tokens: TokensConfig;
  readonly peerListen: NodeUri;
  readonly clientListen: NodeUri;
  readonly adminListen: NodeUri;
  readonly ledgerPath: string;
  readonly origin: { readonly path: string | undefined; readonly id: Bytes<32> | undefined };
  readonly scpDebugDump: string | undefined;
  readonly sealedBlockSigningKeyPath: string;
  readonly statePath: string;
  readonly clientTokens: { readonly sharedSecret: Uint8Array; readonly lifetimeSeconds: number } | undefined;
  readonly blockVersion: BlockVersion;
  readonly clientTrackingCapacity: number;
  /** Web pages that may call. */
  readonly clientOrigins: readonly string[];
  readonly retention: Retention;
  readonly archiveDestinations: readonly string[];
  /** What an empty ledger of a node that forgets begins with, instead of the origin block. */
  readonly snapshotPath: string | undefined;
  /** Keys in lower-case hex: signatures by others on fetched blocks are not stored. */
  readonly blockSigners: ReadonlySet<string>;
  readonly leaderHash: "bound" | "compat";
  readonly timeBaseMs: number;
  readonly settleMs: number;
  readonly equalProofHeights: boolean;
  readonly priorityBits: number;
  readonly feeNetwork: FeeNetwork;
  readonly verifierThreads: number;
  readonly enclave: EnclaveConfig;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** How much of the past a node keeps. */
export type Retention = "archive" | "forget";

/** The enclave and where it runs. */
export interface EnclaveConfig {
  readonly platform: (typeof PLATFORMS)[number];
  /** The folder of the bundle; absent for the one that was built with this program. */
  readonly bundle: string | undefined;
  /** Where its process connects; absent for one in a thread, which only platforms have that protect nobody. */
  readonly address: string | undefined;
  readonly command: readonly string[];
  /** The processor, for `sev-snp`. */
  readonly amdProduct: (typeof AMD_PRODUCTS)[number];
}

const PLATFORMS = ["simulated", "software-mode", "gramine-sgx", "tdx", "sev-snp"] as const;
const AMD_PRODUCTS = ["Milan", "Genoa", "Turin"] as const;
const LOG_LEVELS = ["silent", "error", "warn", "info", "debug", "trace"] as const;
const FEE_NETWORKS: readonly FeeNetwork[] = ["main", "test", "development"];
const PRIORITY_BITS = ["64", "1", "2", "3", "4"] as const;
const SECRET_BYTES = 32;
const MINUTE_MS = 60_000;
const YEAR_SECONDS = 31_536_000;
const CLIENTS = 1_000_000;
const THREADS = 256;

/** Reads a file of configuration as text. */
export type ReadConfigText = (
  path: string,
  field: { readonly file: string; readonly field: string },
) => Promise<string>;

/** Reads and checks everything that a node is told. Rejects with ConfigError. */
export async function loadNodeConfig(
  sources: SettingSources,
  { read = readConfigText }: { readonly read?: ReadConfigText } = {},
): Promise<NodeConfig> {
  const settings = new Settings(sources);
  const chainId = settings.required("chain-id");
  const messageKey = await loadSigner(settings, read);
  const self: NodeId = {
    responderId: parseResponderId(settings.required("peer-responder-id"), settings.place("peer-responder-id")),
    publicKey: bytes(messageKey.publicKey(), 32, "A message key"),
  };
  const networkPath = settings.requiredPath("network");
  const network = parseNetworkConfig(await read(networkPath, settings.place("network")), networkPath, self);
  assertQuorumStrength(network, chainId, { file: networkPath, field: "quorum_set" });
  const tokensPath = settings.path("tokens");
  const tokens =
    tokensPath === undefined
      ? DEFAULT_TOKENS
      : parseTokensConfig(await read(tokensPath, settings.place("tokens")), tokensPath);
  const sealedBlockSigningKeyPath = settings.requiredPath("sealed-block-signing-key");
  const integer = (name: Parameters<Settings["integer"]>[0], min: number, max: number): number =>
    settings.integer(name, { min, max }) ?? min;
  return {
    chainId,
    isProduction: isProductionChain(chainId),
    self,
    clientResponderId: parseResponderId(
      settings.required("client-responder-id"),
      settings.place("client-responder-id"),
    ),
    messageKey,
    network,
    tokens,
    peerListen: parseListener(settings, "peer", chainId),
    clientListen: parseListener(settings, "client", chainId),
    adminListen: parseListener(settings, "admin", chainId),
    ledgerPath: settings.requiredPath("ledger-path"),
    origin: { path: settings.path("origin-block-path"), id: parseHex32(settings, "origin-block-id") },
    scpDebugDump: settings.path("scp-debug-dump"),
    sealedBlockSigningKeyPath,
    statePath: settings.path("state-path") ?? dirname(sealedBlockSigningKeyPath),
    clientTokens: parseClientTokens(settings),
    blockVersion: blockVersion(integer("block-version", 0, BLOCK_VERSION_MAX)),
    clientTrackingCapacity: integer("client-tracking-capacity", 1, CLIENTS),
    clientOrigins: settings.list("client-origins"),
    ...parseRetention(settings),
    blockSigners: parseBlockSigners(settings),
    leaderHash: settings.choice("leader-hash", ["bound", "compat"]),
    timeBaseMs: integer("time-base-ms", 1, MINUTE_MS),
    settleMs: integer("settle-ms", 0, MINUTE_MS),
    equalProofHeights: settings.flag("equal-proof-heights"),
    priorityBits: Number(settings.choice("priority-bits", PRIORITY_BITS)),
    feeNetwork: parseFeeNetwork(settings, chainId),
    verifierThreads: settings.integer("verifier-threads", { min: 0, max: THREADS }) ?? defaultThreads(),
    enclave: parseEnclave(settings),
    logLevel: settings.choice("log-level", LOG_LEVELS),
  };
}

/** What of the configuration an operator may see over the network: no key, no secret, no password. */
export function shownConfig(config: NodeConfig): Readonly<Record<string, unknown>> {
  const { network, tokens } = config;
  return {
    chain_id: config.chainId,
    peer_responder_id: config.self.responderId,
    client_responder_id: config.clientResponderId,
    peers: [...network.broadcastPeers, ...network.knownPeers].map(({ node }) => node.responderId),
    threshold: network.quorumSet.threshold,
    members: network.quorumSet.members.length,
    tx_sources: network.txSourceUrls.length,
    minimum_fees: Object.fromEntries(tokens.tokens.map(({ tokenId, minimumFee }) => [`${tokenId}`, `${minimumFee}`])),
    block_version: config.blockVersion,
    retention: config.retention,
    leader_hash: config.leaderHash,
    time_base_ms: config.timeBaseMs,
    settle_ms: config.settleMs,
    platform: config.enclave.platform,
    verifier_threads: config.verifierThreads,
    tokens_required: config.clientTokens !== undefined,
  };
}

async function loadSigner(settings: Settings, read: ReadConfigText): Promise<Ed25519PrivateKey> {
  const direct = settings.text("msg-signer-key");
  if (direct !== undefined) return parseMessageSigner(direct, settings.place("msg-signer-key"));
  const path = settings.path("msg-signer-key-file");
  if (path === undefined) {
    throw settings.error("missing-field", "msg-signer-key-file", "A node needs a key to sign its messages with.");
  }
  return parseMessageSigner(await read(path, settings.place("msg-signer-key-file")), { file: path, field: "" });
}

function parseListener(settings: Settings, use: Exclude<UriUse, "watcher">, chainId: string): NodeUri {
  const name = `${use}-listen-uri` as const;
  const place = settings.place(name);
  const uri = parseNodeUri(settings.required(name), use, place);
  if (uri.isSecure && (uri.param("tls-chain") === undefined || uri.param("tls-key") === undefined)) {
    throw settings.error("invalid-uri", name, "A listener with TLS needs the parameters tls-chain and tls-key.");
  }
  assertListener(uri, chainId, place);
  return uri;
}

function parseHex32(settings: Settings, name: "origin-block-id" | "client-auth-token-secret"): Bytes<32> | undefined {
  const text = settings.text(name);
  if (text === undefined) return undefined;
  if (!/^[0-9a-fA-F]{64}$/.test(text)) {
    throw settings.error("out-of-range", name, "It has 64 hexadecimal digits.", [
      `${text.length} characters`,
      "64 digits",
    ]);
  }
  return bytes(fromHex(text), SECRET_BYTES, "32 bytes");
}

function parseClientTokens(settings: Settings): NodeConfig["clientTokens"] {
  const sharedSecret = parseHex32(settings, "client-auth-token-secret");
  const lifetimeSeconds = settings.integer("client-auth-token-max-lifetime", { min: 1, max: YEAR_SECONDS });
  return sharedSecret && lifetimeSeconds !== undefined ? { sharedSecret, lifetimeSeconds } : undefined;
}

function parseRetention(settings: Settings): Pick<NodeConfig, "retention" | "archiveDestinations" | "snapshotPath"> {
  const retention = settings.choice("retention", ["archive", "forget"]);
  const archiveDestinations = settings.list("archive-destination");
  for (const url of archiveDestinations) {
    const scheme = URL.canParse(url) ? new URL(url).protocol : "no URL";
    if (scheme !== "file:" && scheme !== "s3:") {
      const message = "Blocks are published to file:///dir/ or s3://bucket/prefix?region=….";
      throw settings.error("invalid-tx-source", "archive-destination", message, [scheme, "file or s3"]);
    }
  }
  if (retention === "forget" && archiveDestinations.length > 0) {
    const message = "A node that forgets writes no archive: drop the destinations, or keep the blocks.";
    throw settings.error("out-of-range", "archive-destination", message, ["archive-destination", "retention forget"]);
  }
  const snapshotPath = settings.path("snapshot-path");
  if (retention === "archive" && snapshotPath !== undefined) {
    const message = "A snapshot has no blocks: a node that keeps all of them begins with the origin block.";
    throw settings.error("out-of-range", "snapshot-path", message, ["snapshot-path", "retention archive"]);
  }
  return { retention, archiveDestinations, snapshotPath };
}

function parseBlockSigners(settings: Settings): ReadonlySet<string> {
  const keys = settings.list("block-signer");
  const wrong = keys.find((key) => !/^[0-9a-fA-F]{64}$/.test(key));
  if (wrong !== undefined) {
    const message = "A block signing key has 64 hexadecimal digits.";
    throw settings.error("out-of-range", "block-signer", message, [`${wrong.length} characters`, "64 digits"]);
  }
  return new Set(keys.map((key) => key.toLowerCase()));
}

/** Fees of real money must not go to a key that everybody knows because nobody said otherwise. */
function parseFeeNetwork(settings: Settings, chainId: string): FeeNetwork {
  if (settings.text("fee-network") !== undefined) return settings.choice("fee-network", FEE_NETWORKS);
  if (chainId === "main" || chainId === "test") return chainId;
  if (!isProductionChain(chainId)) return "development";
  throw settings.error("missing-field", "fee-network", `Say whose the fees of ${chainId} are.`, [chainId]);
}

function parseEnclave(settings: Settings): EnclaveConfig {
  const platform = settings.choice("platform", PLATFORMS);
  const address = settings.text("enclave-address");
  const isInThread = platform === "simulated" || platform === "software-mode";
  if (!isInThread && address === undefined) {
    throw settings.error("missing-field", "enclave-address", `On ${platform} the enclave is a process of its own.`);
  }
  const amdProduct = settings.choice("amd-product", AMD_PRODUCTS);
  const bundle = settings.path("enclave-bundle");
  return { platform, bundle, address, command: settings.list("enclave-command"), amdProduct };
}

/** The enclave's own thread verifies as well, so one core less than there are. */
function defaultThreads(): number {
  return Math.max(0, availableParallelism() - 1);
}
