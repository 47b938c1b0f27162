// A network that `network generate` made, as a client of it sees it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type AccountKey, accountKeyFromIdentity, parseKeyFile } from "@fogbow/core-account";
import type { Random } from "@fogbow/core-bytes";
import { consensusBundle, loadNodeConfig, type NodeConfig, readConfigText } from "@fogbow/node";
import { CommandError } from "../error.ts";
import { accountFiles, KEYS_FOLDER, nodeFilesIn } from "../network/network-folder.ts";
import { NodeClient, ownNetworkPolicy } from "./node-client.ts";

/** A network's folder, read. */
export interface GeneratedNetwork {
  readonly nodes: readonly NodeConfig[];
  /** The keys of an account that owns something. Throws `source-not-found`. */
  readonly account: (i: number) => AccountKey;
  /** A client of a node, that trusts the enclave of this program on the simulated platform. Throws `invalid-argument`. */
  readonly client: (node: number) => NodeClient;
}

/** Reads a network's folder. Rejects with `not-a-network`, and with ConfigError. */
export async function readGeneratedNetwork(
  folder: string,
  { random }: { readonly random: Random },
): Promise<GeneratedNetwork> {
  const place = { file: "command line", field: folder };
  const nodes = await Promise.all(
    nodeFilesIn(folder).map(async (path) =>
      loadNodeConfig({ flags: {}, env: {}, file: { path, text: await readConfigText(path, place) } }),
    ),
  );
  const policy = await ownNetworkPolicy(nodes[0]?.enclave.bundle ?? consensusBundle);
  return {
    nodes,
    account: (i) => {
      const path = join(folder, KEYS_FOLDER, accountFiles(i).secret);
      try {
        return accountKeyFromIdentity(parseKeyFile(readFileSync(path, "utf8")));
      } catch (cause) {
        throw new CommandError("source-not-found", `There are no keys of account ${i} in ${path}.`, { cause });
      }
    },
    client: (i) => {
      const config = nodes[i];
      if (config === undefined)
        throw new CommandError("invalid-argument", `The network has ${nodes.length} nodes, none is ${i}.`);
      const { clientListen: uri, chainId } = config;
      return new NodeClient({ uri, chainId, policy }, { random });
    },
  };
}
