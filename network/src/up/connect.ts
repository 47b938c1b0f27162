// From the folder of a running network to its clients.
import type { Random } from "@fogbow/core-bytes";
import { consensusBundle, parseNodeUri } from "@fogbow/node";
import { fogAt } from "../client/fog-access.ts";
import { FogWallets } from "../client/fog-wallets.ts";
import { NodeClient, ownNetworkPolicy } from "../client/node-client.ts";
import type { Home } from "./home.ts";

/** Clients of a running network, which verify every enclave themselves. */
export interface Connection {
  readonly wallets: FogWallets;
  readonly node: NodeClient;
  readonly close: () => void;
}

/** Makes clients; nothing is sent yet. Rejects with `network-down`. */
export async function connectTo(home: Home, { random }: { readonly random: Random }): Promise<Connection> {
  const { wallet, chainId } = home.running();
  const uri = parseNodeUri(`insecure-mc://${wallet}/`, "client", { file: "running.json", field: "wallet" });
  const node = new NodeClient({ uri, chainId, policy: await ownNetworkPolicy(consensusBundle) }, { random });
  const wallets = await FogWallets.make(fogAt(wallet, chainId), { random });
  return {
    wallets,
    node,
    close: () => {
      wallets.close();
      node.close();
    },
  };
}
