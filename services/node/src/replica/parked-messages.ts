// Messages that wait for transactions (spec 05 §2.6): dropping them, as MobileCoin's node does, can stall a slot.
import type { NodeKey } from "@fogbow/core-scp";
import { PARKED_MAX, PARKED_PER_SENDER_MAX } from "../limits.ts";
import type { Received } from "./inbox.ts";

/** Parked messages of one slot, in the order in which they came. */
export class ParkedMessages {
  #messages: Received[] = [];
  readonly #bySender = new Map<NodeKey, number>();

  get size(): number {
    return this.#messages.length;
  }

  /** Parks a message. When there is no room the oldest of its sender leaves, or the oldest of all. */
  add(received: Received): void {
    const ofSender = this.#bySender.get(received.sender) ?? 0;
    if (ofSender >= PARKED_PER_SENDER_MAX)
      this.#drop(this.#messages.findIndex((each) => each.sender === received.sender));
    else if (this.size >= PARKED_MAX) this.#drop(0);
    this.#messages.push(received);
    this.#bySender.set(received.sender, (this.#bySender.get(received.sender) ?? 0) + 1);
  }

  /** Takes all of them out. */
  takeAll(): Received[] {
    const taken = this.#messages;
    this.#messages = [];
    this.#bySender.clear();
    return taken;
  }

  #drop(index: number): void {
    const [dropped] = this.#messages.splice(index, 1);
    if (dropped !== undefined) this.#bySender.set(dropped.sender, (this.#bySender.get(dropped.sender) ?? 1) - 1);
  }
}
