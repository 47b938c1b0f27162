// Who is told what (spec 05 §2.6, §7.1). A message of one's own goes to every peer. One of others is passed on once, and only
// to peers that do not hear its sender themselves: passing everything on to all would cost n³ messages a slot.
import { toHex } from "@fogbow/core-bytes";
import type { NodeKey } from "@fogbow/core-scp";
import { GOSSIP_REMEMBERED_MAX } from "../limits.ts";
import type { ReplicaMetrics } from "../parts.ts";
import type { Received } from "./inbox.ts";
import { Lru } from "./lru.ts";
import type { PeerLink } from "./peers/peer-link.ts";

/** Sends messages to peers. */
export class Broadcast {
  readonly #links: readonly PeerLink[];
  readonly #metrics: ReplicaMetrics | undefined;
  readonly #passedOn = new Lru<string, true>(GOSSIP_REMEMBERED_MAX);

  constructor(links: readonly PeerLink[], metrics: ReplicaMetrics | undefined) {
    this.#links = links.filter(({ config }) => config.broadcast ?? true);
    this.#metrics = metrics;
  }

  /** To every peer. */
  sendOwn(slotIndex: bigint, payload: Uint8Array): void {
    for (const { outbox } of this.#links) outbox.send({ subject: `own ${slotIndex}`, payload });
  }

  /** To one peer, if messages are sent to it. */
  sendTo(key: NodeKey, slotIndex: bigint, payload: Uint8Array): void {
    this.#links.find((link) => link.key === key)?.outbox.send({ subject: `own ${slotIndex}`, payload });
  }

  /** Passes a message on that was found in order. */
  passOn({ consensus, message, sender, payload, deliverer }: Received): void {
    const id = toHex(consensus.signature); // One for each message: signatures are verified strictly.
    if (this.#passedOn.has(id)) return;
    this.#passedOn.set(id, true);
    for (const link of this.#links) {
      const { key } = link;
      if (key === sender || key === deliverer || link.hearsDirectly(message.sender.responderId)) continue;
      this.#metrics?.count("messages_gossiped");
      link.outbox.send({ subject: `${sender} ${message.slotIndex}`, payload });
      link.passesOn();
    }
  }
}
