// What a node can be told (spec 05 §4.3), by the names of the flags: `--chain-id`, `MC_CHAIN_ID`, and `chain_id` in a file.

/** A setting as the help shows it. */
export interface NodeSetting {
  /** What kind of value it takes. */
  readonly argument: string;
  readonly description: string;
  readonly default?: string;
  /** Given several times, or separated by commas. */
  readonly isList?: boolean;
}

/** The name of a setting. */
export type SettingName =
  | "chain-id"
  | "peer-responder-id"
  | "client-responder-id"
  | "msg-signer-key"
  | "msg-signer-key-file"
  | "network"
  | "tokens"
  | "peer-listen-uri"
  | "client-listen-uri"
  | "admin-listen-uri"
  | "ledger-path"
  | "origin-block-path"
  | "origin-block-id"
  | "scp-debug-dump"
  | "sealed-block-signing-key"
  | "state-path"
  | "client-auth-token-secret"
  | "client-auth-token-max-lifetime"
  | "block-version"
  | "client-tracking-capacity"
  | "client-origins"
  | "retention"
  | "snapshot-path"
  | "archive-destination"
  | "block-signer"
  | "leader-hash"
  | "time-base-ms"
  | "settle-ms"
  | "equal-proof-heights"
  | "priority-bits"
  | "fee-network"
  | "verifier-threads"
  | "platform"
  | "enclave-bundle"
  | "enclave-address"
  | "enclave-command"
  | "amd-product"
  | "log-level";

/** All settings by name. */
export const NODE_SETTINGS: Readonly<Record<SettingName, NodeSetting>> = {
  "chain-id": {
    argument: "name",
    description: "the network; all but local…, test… and dev… are chains of real money",
  },
  "peer-responder-id": { argument: "host:port", description: "what peers know this node by" },
  "client-responder-id": { argument: "host:port", description: "what clients attest this node under" },
  "msg-signer-key": {
    argument: "base64",
    description: "Ed25519 key that messages are signed with, DER; everybody on this machine sees flags: prefer a file",
  },
  "msg-signer-key-file": { argument: "file", description: "the same key, PEM or base64" },
  network: { argument: "file", description: "network.toml or network.json: peers, quorum set, archives" },
  tokens: { argument: "file", description: "tokens.json; without it only token 0 at its usual fee" },
  "peer-listen-uri": {
    argument: "uri",
    description: "where peers connect",
    default: "insecure-mcp://0.0.0.0:8080/",
  },
  "client-listen-uri": {
    argument: "uri",
    description: "where clients connect",
    default: "insecure-mc://0.0.0.0:3223/",
  },
  "admin-listen-uri": {
    argument: "uri",
    description: "where the operator connects",
    default: "insecure-mca://127.0.0.1:9090/",
  },
  "ledger-path": { argument: "dir", description: "the ledger" },
  "origin-block-path": { argument: "file", description: "archive file of the origin block, for an empty ledger" },
  "origin-block-id": { argument: "hex", description: "the id that the origin block must have" },
  "scp-debug-dump": { argument: "dir", description: "where the state of a slot that takes too long is written" },
  "sealed-block-signing-key": {
    argument: "file",
    description: "the enclave's block signing key, sealed; made at the first start",
  },
  "state-path": {
    argument: "dir",
    description: "journal of votes, and what the enclave keeps; the folder of the sealed key unless given",
  },
  "client-auth-token-secret": { argument: "hex", description: "32 bytes; clients then need tokens made with it" },
  "client-auth-token-max-lifetime": { argument: "seconds", description: "how long tokens are good", default: "86400" },
  "block-version": { argument: "n", description: "the rules that blocks are built by", default: "3" },
  "client-tracking-capacity": {
    argument: "n",
    description: "client sessions whose invalid transactions are counted",
    default: "10000",
  },
  "client-origins": {
    argument: "origin",
    description: "web pages that may call, such as https://wallet.example; all of them where no real money is",
    isList: true,
  },
  retention: {
    argument: "kind",
    description: "archive: keep all blocks; forget: drop which block held what, write no archive",
    default: "archive",
  },
  "snapshot-path": {
    argument: "file",
    description:
      "a snapshot that a quorum has signed, to begin with instead of the origin block; only with retention forget",
  },
  "archive-destination": {
    argument: "url",
    description: "where blocks are published: file:///dir/ or s3://bucket/prefix?region=…",
    isList: true,
  },
  "block-signer": {
    argument: "key",
    description: "a validator's block signing key, 64 hex digits: signatures by it on fetched blocks are stored",
    isList: true,
  },
  "leader-hash": {
    argument: "kind",
    description: "bound: leaders depend on the block before; compat: as MobileCoin's; all nodes alike",
    default: "bound",
  },
  "time-base-ms": {
    argument: "ms",
    description: "base of timeouts of rounds and ballots; all nodes alike",
    default: "250",
  },
  "settle-ms": { argument: "ms", description: "how long a ballot waits for votes to settle", default: "50" },
  "equal-proof-heights": {
    argument: "bool",
    description: "refuse transactions whose proofs are of different trees; all nodes alike",
  },
  "priority-bits": {
    argument: "n",
    description: "how much the order of transactions tells of their fees: 1 to 4, or 64 for all; all nodes alike",
    default: "64",
  },
  "fee-network": {
    argument: "kind",
    description: "whose fees they are: main, test or development (a known key); needed where real money is",
  },
  "verifier-threads": {
    argument: "n",
    description:
      "threads that verify transactions beside the enclave's own; one less than there are cores unless given",
  },
  platform: {
    argument: "kind",
    description: "gramine-sgx, tdx, sev-snp; simulated and software-mode protect nobody, so they must be named",
  },
  "enclave-bundle": {
    argument: "dir",
    description: "the enclave; the one that was built with this program unless given",
  },
  "enclave-address": { argument: "socket", description: "unix:… or tcp:… at which the enclave's process connects" },
  "enclave-command": {
    argument: "word",
    description: "program and arguments that start that process; nothing when something else starts it",
    isList: true,
  },
  "amd-product": { argument: "name", description: "for sev-snp: Milan, Genoa or Turin", default: "Milan" },
  "log-level": { argument: "level", description: "silent, error, warn, info, debug or trace", default: "info" },
};
