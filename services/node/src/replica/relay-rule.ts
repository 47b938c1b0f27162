// To whom a transaction is passed on (spec 05 §2.4): to all peers at once when it is of a client of this node, which also
// hides who proposed it first; when a peer sent it, only if the operator wants that for its origin. Once, in any case.
import type { NodeId } from "@fogbow/core-block";
import { nodeKey } from "@fogbow/core-scp";
import type { TxContext } from "@fogbow/core-wire";
import { RELAYED_REMEMBERED_MAX } from "../limits.ts";
import { hashName } from "./known-txs.ts";
import { Lru } from "./lru.ts";
import type { PeerLink } from "./peers/peer-link.ts";

/** Passes transactions on. */
export class RelayRule {
  readonly #selfKey: string;
  readonly #links: readonly PeerLink[];
  readonly #relayed = new Lru<string, true>(RELAYED_REMEMBERED_MAX);

  constructor(self: NodeId, links: readonly PeerLink[]) {
    this.#selfKey = nodeKey(self);
    this.#links = links;
  }

  /** A well-formed transaction of a client of `origin`, which `relayedBy` passed on to this node. */
  relay({ txHash }: TxContext, origin: NodeId, relayedBy: string): void {
    const originKey = nodeKey(origin);
    const isWanted =
      originKey === this.#selfKey || this.#links.some((link) => link.key === originKey && link.config.relayIncomingTxs);
    const name = hashName(txHash);
    if (!isWanted || this.#relayed.has(name)) return;
    this.#relayed.set(name, true);
    for (const { key, config, relay } of this.#links) {
      if (key !== originKey && config.responderId !== relayedBy) relay.relay(txHash, origin);
    }
  }
}
