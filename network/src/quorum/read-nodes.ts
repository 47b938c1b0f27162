// Configurations to compare: a network's folder, nodes' files, or the network files of operators who show nobody their keys.
import { statSync } from "node:fs";
import { basename } from "node:path";
import type { NodeId } from "@fogbow/core-block";
import { equalBytes } from "@fogbow/core-bytes";
import { nodesOf } from "@fogbow/core-scp";
import { loadNodeConfig, type NetworkConfig, parseNetworkConfig, readConfigText } from "@fogbow/node";
import { CommandError } from "../error.ts";
import { nodeFilesIn } from "../network/network-folder.ts";
import type { ConfiguredNode } from "./examine-quorums.ts";

/** What is known when a file does not say whose it is. */
const NOBODY = "this node";

/**
 * Reads each argument: a folder of nodes, the file of a node, or a network file, whose owner is named before it as in
 * `host:port=network.toml`. Rejects with ConfigError and `invalid-argument`.
 */
export async function readNodes(paths: readonly string[]): Promise<ConfiguredNode[]> {
  const named = paths.flatMap((argument): readonly Named[] => {
    const [, responderId, path = argument] = /^([^=/\\]+:[0-9]+)=(.+)$/.exec(argument) ?? [];
    return isFolder(path) ? nodeFilesIn(path).map((file) => ({ path: file })) : [{ path, responderId }];
  });
  const read = await Promise.all(named.map(readOne));
  const listed = read.flatMap(({ network }) => peersOf(network));
  return read.map(({ owner, network, ...rest }) => ({
    ...rest,
    node: owner instanceof Object ? owner : whose(owner, listed, named.length),
    quorumSet: network.quorumSet,
  }));
}

interface Named {
  readonly path: string;
  readonly responderId?: string | undefined;
}

interface Read {
  /** A node, or what somebody calls it. */
  readonly owner: NodeId | string | undefined;
  readonly network: NetworkConfig;
  readonly file: string;
  readonly retention: string | undefined;
}

async function readOne({ path, responderId }: Named): Promise<Read> {
  const text = await readConfigText(path, { file: "command line", field: path });
  if (isNodeFile(path, text)) {
    const { self, network, retention } = await loadNodeConfig({ flags: {}, env: {}, file: { path, text } });
    return { owner: self, network, file: path, retention };
  }
  const network = parseNetworkConfig(text, path, responderId === undefined ? undefined : { responderId });
  return { owner: responderId, network, file: path, retention: undefined };
}

/** A node's own file says where its network file is; a network file has a quorum set. */
function isNodeFile(path: string, text: string): boolean {
  return (
    !/^\s*\[?\s*"?quorum_set\b/m.test(text) && !/"quorum_set"\s*:/.test(text) && /\.(toml|json)$/.test(basename(path))
  );
}

/** The node that others call by this name. */
function whose(responderId: string | undefined, listed: readonly NodeId[], files: number): NodeId {
  if (responderId === undefined) {
    if (files === 1) return { responderId: NOBODY, publicKey: new Uint8Array(32) as NodeId["publicKey"] }; // 32 zeros.
    throw new CommandError(
      "invalid-argument",
      "Network files do not say whose they are: write host:port=FILE for each, or give nodes' files or a folder.",
    );
  }
  const found = listed.filter((node) => node.responderId === responderId);
  const [first] = found;
  if (first === undefined) {
    throw new CommandError("invalid-argument", `No other file lists ${responderId}, so its key is not known.`);
  }
  const other = found.find((node) => !equalBytes(node.publicKey, first.publicKey));
  if (other !== undefined) {
    throw new CommandError("invalid-argument", `Two files give ${responderId} different keys.`);
  }
  return first;
}

function peersOf({ broadcastPeers, knownPeers, quorumSet }: NetworkConfig): NodeId[] {
  return [...broadcastPeers, ...knownPeers].map(({ node }) => node).concat(nodesOf(quorumSet));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
