// The text files of a generated network.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { toHex } from "@fogbow/core-bytes";
import type { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { formatMessageKey } from "@fogbow/node";
import { accountFiles, KEYS_FOLDER } from "./network-folder.ts";
import type { NumberedSet, TopologyNode } from "./topologies.ts";

/** A node of a network that is made. */
export interface PlannedNode extends TopologyNode {
  readonly name: string;
  /** Its folder in the end, absolute. */
  readonly folder: string;
  readonly messageKey: Ed25519PrivateKey;
  readonly ports: { readonly client: number; readonly peer: number; readonly admin: number };
  readonly retention: "archive" | "forget";
}

/** A network that is made. */
export interface NetworkPlan {
  readonly topology: string;
  readonly chainId: string;
  readonly host: string;
  readonly nodes: readonly PlannedNode[];
  readonly accounts: number;
  readonly outputsPerAccount: number;
  readonly mobPerOutput: string;
  /** What clients know all nodes by; each node's own listener without. */
  readonly clientResponderId: string | undefined;
  /** The file of the authority that vouches for the nodes' listeners, absolute; without it they are in clear text. */
  readonly tlsAuthority: string | undefined;
}

/** A node's certificate and key, in its folder. */
export const TLS_FILES = { chain: "tls-chain.pem", key: "tls-key.pem" } as const;

/** Where a node's archive is published. */
const archiveUrlOf = ({ folder }: PlannedNode): string => pathToFileURL(`${folder}/archive/`).href;

/** `network.toml` of a node. */
export function networkText(plan: NetworkPlan, node: PlannedNode): string {
  const { nodes } = plan;
  const nodeAt = (i: number): PlannedNode => nodes[i] as PlannedNode; // Topologies name nodes that are there.
  const uris = node.peers.map(({ node: i, broadcast }) => peerUri(plan, nodeAt(i), broadcast));
  const connected = new Set(node.peers.map((peer) => peer.node));
  const known = membersOf(node.quorumSet).filter((i) => !connected.has(i));
  const archives = nodes.filter(({ retention }) => retention === "archive");
  const others = archives.filter((each) => each !== node);
  const sources = (others.length > 0 ? others : archives).map(archiveUrlOf);
  return [
    `# Whom ${node.name} calls, whom it listens to, and where it finds blocks that it missed.`,
    `broadcast_peers = ${list(uris)}`,
    ...(known.length === 0 ? [] : [`known_peers = ${list(known.map((i) => peerUri(plan, nodeAt(i), true)))}`]),
    `tx_source_urls = ${list(nodes.length === 1 ? [] : sources)}`,
    "# Those that must agree beside the node itself.",
    `quorum_set = ${quorumText(plan, node.quorumSet)}`,
    "",
  ].join("\n");
}

/** `node.toml` of a node. */
export function nodeText(plan: NetworkPlan, node: PlannedNode, originBlockId: Uint8Array): string {
  const { chainId, host } = plan;
  const { client, peer, admin } = node.ports;
  const fields: readonly (readonly [name: string, value: string | number])[] = [
    ["chain_id", chainId],
    ["peer_responder_id", `${host}:${peer}`],
    ["client_responder_id", plan.clientResponderId ?? `${host}:${client}`],
    ["msg_signer_key_file", "msg-signer-key.pem"],
    ["network", "network.toml"],
    ["tokens", "../tokens.json"],
    ["client_listen_uri", clientListenUri(plan, node)],
    ["peer_listen_uri", listenUri(plan, node, "mcp", peer)],
    ["admin_listen_uri", listenUri(plan, node, "mca", admin)],
    ["origin_block_path", "../origin-block.pb"],
    ["origin_block_id", toHex(originBlockId)],
    ["ledger_path", "ledger"],
    ["state_path", "state"],
    ["sealed_block_signing_key", "state/block-signing-key.sealed"],
    ["scp_debug_dump", "scp-debug"],
    ["block_version", 3],
    ["retention", node.retention],
    ["platform", "simulated"],
  ];
  return [
    `# ${node.name}: fogbow node run --config ${node.name}/node.toml`,
    ...fields.map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
    ...(node.retention === "archive" ? [`archive_destination = ${list([archiveUrlOf(node)])}`] : []),
    "",
  ].join("\n");
}

/** `tokens.json` of all nodes: MOB at its usual fee. */
export const TOKENS_TEXT: string = `${JSON.stringify({ tokens: [{ token_id: 0, minimum_fee: 400_000_000 }] }, undefined, 2)}\n`;

/** `README.txt`: what is there. */
export function readmeText(plan: NetworkPlan): string {
  const { topology, nodes, accounts, outputsPerAccount, mobPerOutput, chainId, tlsAuthority } = plan;
  const { secret, address } = accountFiles(0);
  const rows = nodes.map(({ name, ports, retention }) => {
    const uris = [
      serviceUri(plan, "mc", ports.client),
      serviceUri(plan, "mcp", ports.peer),
      serviceUri(plan, "mca", ports.admin),
    ];
    return `  ${name.padEnd(8)} ${uris.join("   ")}   ${retention}`;
  });
  return `A Fogbow network for one machine: ${topology}, ${nodes.length} nodes, chain "${chainId}".

  fogbow network run FOLDER          starts all nodes, one process each; Ctrl-C stops them
  fogbow node status FOLDER          who is ahead, and what each node is at
  fogbow quorum check FOLDER         whether the quorum sets are safe
  fogbow network pay FOLDER --from 0 --to 1 1.5   pays from one of the accounts to another

  node     for clients                    for peers                       for you                         keeps
${rows.join("\n")}

What is here:

  origin-block.pb     the first block: ${accounts} accounts with ${outputsPerAccount} outputs of ${mobPerOutput} MOB each
  ${KEYS_FOLDER}/${secret}   the words of account 0; ${address} is its address; and so on
  tokens.json         the tokens of the network and their fees, the same for all nodes
  node0/node.toml     what node 0 is told; every setting can also be a flag of fogbow node run
  node0/network.toml  whom it calls and listens to
  node0/msg-signer-key.pem   the key it signs its messages with: keep it to the node
${tlsAuthority === undefined ? "" : TLS_TEXT}  node0/ledger, node0/state, node0/archive   its blocks, its votes and sealed key, its archive: made when it runs

Everybody who reads this folder can spend its money and speak for its nodes. The enclaves run on the simulated platform,
which protects nobody: this is for trying things out. ${tlsAuthority === undefined ? CLEAR_TEXT : TLS_ADVICE}
The archives are named by absolute paths: make a new network rather than moving this one.
`;
}

const TLS_TEXT = `  ca.pem              the authority that vouches for the nodes' certificates; its key was not kept
  node0/tls-chain.pem, node0/tls-key.pem   what node 0 serves TLS with: keep the key to the node
`;

const CLEAR_TEXT = `Listeners are in clear text, for this machine only.
--tls makes a network with certificates; or give a listener the scheme mc, mcp or mca and the parameters tls-chain and tls-key.`;

const TLS_ADVICE = "Listeners speak TLS; whoever calls them trusts ca.pem.";

/** What a service is called by, without parameters. */
export function serviceUri({ host, tlsAuthority }: NetworkPlan, scheme: "mc" | "mcp" | "mca", port: number): string {
  return `${tlsAuthority === undefined ? "insecure-" : ""}${scheme}://${host}:${port}/`;
}

/** With the name that clients know the node by, where that is not where it listens. */
function clientListenUri(plan: NetworkPlan, node: PlannedNode): string {
  const uri = listenUri(plan, node, "mc", node.ports.client);
  if (plan.clientResponderId === undefined) return uri;
  return `${uri}${uri.includes("?") ? "&" : "?"}responder-id=${plan.clientResponderId}`;
}

/** Where a node listens, with its certificate, and with whom to trust for those who read its file to call it. */
function listenUri(plan: NetworkPlan, { folder }: PlannedNode, scheme: "mc" | "mcp" | "mca", port: number): string {
  const { tlsAuthority } = plan;
  if (tlsAuthority === undefined) return serviceUri(plan, scheme, port);
  const files = { "tls-chain": join(folder, TLS_FILES.chain), "tls-key": join(folder, TLS_FILES.key) };
  return `${serviceUri(plan, scheme, port)}?${new URLSearchParams({ ...files, "ca-bundle": tlsAuthority })}`;
}

function peerUri(plan: NetworkPlan, { ports, messageKey }: PlannedNode, broadcast: boolean): string {
  const { tlsAuthority } = plan;
  const params = [
    `consensus-msg-key=${formatMessageKey(messageKey.publicKey())}`,
    ...(broadcast ? [] : ["broadcast-consensus-msgs=0"]),
    ...(tlsAuthority === undefined ? [] : [`ca-bundle=${encodeURIComponent(tlsAuthority)}`]),
  ];
  return `${serviceUri(plan, "mcp", ports.peer)}?${params.join("&")}`;
}

function quorumText(plan: NetworkPlan, { threshold, members }: NumberedSet): string {
  const texts = members.map((member) => {
    if (typeof member !== "number") return `{ type = "InnerSet", args = ${quorumText(plan, member)} }`;
    const port = plan.nodes[member]?.ports.peer;
    return `{ type = "Node", args = "${plan.host}:${port}" }`;
  });
  return `{ threshold = ${threshold}, members = [${texts.length === 0 ? "" : ` ${texts.join(", ")} `}] }`;
}

function membersOf({ members }: NumberedSet): number[] {
  return members.flatMap((member) => (typeof member === "number" ? [member] : membersOf(member)));
}

const list = (items: readonly string[]): string =>
  items.length === 0 ? "[]" : `[\n${items.map((item) => `  ${JSON.stringify(item)},\n`).join("")}]`;
