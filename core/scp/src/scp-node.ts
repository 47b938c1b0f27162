// A node's slots (spec 05 §1.6, hand-over): the one that is being decided, closed ones that still answer peers who are
// late, and the messages of those who are ahead.

import { checkMessage } from "./check-message.ts";
import { ScpError } from "./error.ts";
import type { LeaderHash } from "./leader.ts";
import { CLOSED_SLOTS_MAX, SENDERS_MAX, SLOTS_AHEAD_MAX } from "./limits.ts";
import type { Message } from "./message.ts";
import { compareTopics } from "./message-order.ts";
import { type NodeKey, nodeKey } from "./quorum/node-key.ts";
import { type MessageVerdict, Slot, type SlotEffects, type SlotOptions, type SlotParts } from "./slot/slot.ts";
import type { StoredSlot } from "./slot/stored-slot.ts";

/** Who the node is and how it takes part in every slot. */
export interface ScpNodeOptions extends Omit<SlotOptions, "slotIndex" | "leaderHash"> {
  /** Makes each slot; `new Slot` unless something wants to watch what happens in it. */
  readonly makeSlot?: MakeSlot | undefined;
}

/** Makes a slot, as the constructor of `Slot` does. */
export type MakeSlot = (options: SlotOptions, parts: SlotParts, stored: StoredSlot | undefined) => Slot;

/** A slot to be opened: the block after the one the ledger ends with. */
export interface NextSlot extends SlotParts {
  readonly slotIndex: bigint;
  readonly leaderHash: LeaderHash;
  /** From the vote journal, if the node stopped while it was in this slot. */
  readonly stored?: StoredSlot | undefined;
}

/** What became of a message. Only one about the open slot has effects. */
export interface NodeReceipt {
  readonly verdict:
    | MessageVerdict
    | "too-old" // About a slot whose decision is not kept any more.
    | "too-far-ahead" // About a slot more than 100 after the open one.
    | "kept-for-later" // About a later slot; `open` gives it back.
    | "closed"; // About a slot that was decided.
  readonly effects?: SlotEffects;
  /** The decision of a closed slot, for the sender alone: it has not decided yet. */
  readonly answer?: Message | undefined;
}

/** The slots of one node. At any time one of them is open. */
export class ScpNode {
  readonly #options: ScpNodeOptions;
  #open: Slot | undefined;
  /** The last message of each closed slot, the oldest first. */
  readonly #closed = new Map<bigint, Message>();
  /** For each slot ahead, the highest message of each sender. */
  readonly #ahead = new Map<bigint, Map<NodeKey, Message>>();

  /** A node that has decided the slots of `closed`, its own last messages in ascending order. */
  constructor(options: ScpNodeOptions, closed: readonly Message[] = []) {
    this.#options = options;
    for (const decision of closed) this.#remember(decision);
  }

  /** The slot being decided; undefined before the first is opened. */
  get slot(): Slot | undefined {
    return this.#open;
  }

  /**
   * Opens a slot and closes the one before, whether or not that one was decided here. Returns the messages that came early:
   * feed them to {@link receive}, after `slot.tick`. Throws `slot-not-next` unless slots ascend.
   */
  open({ slotIndex, leaderHash, validity, combine, stored }: NextSlot): Message[] {
    const last = this.#open;
    if (slotIndex < 1n || (last !== undefined && slotIndex <= last.slotIndex)) {
      throw new ScpError("slot-not-next", "Slots are opened in ascending order, from 1.");
    }
    const decision = last?.phase === "externalize" ? last.lastSent() : undefined;
    if (decision !== undefined) this.#remember(decision);
    const { makeSlot = (...made) => new Slot(...made), ...options } = this.#options;
    this.#open = makeSlot({ ...options, slotIndex, leaderHash }, { validity, combine }, stored);
    const early = [...(this.#ahead.get(slotIndex)?.values() ?? [])];
    for (const index of this.#ahead.keys()) if (index <= slotIndex) this.#ahead.delete(index);
    return early;
  }

  /** Hears a message whose signature was verified, about whichever slot. */
  receive(message: Message, now: number): NodeReceipt {
    const open = this.#open;
    const { slotIndex } = message;
    const next = open?.slotIndex ?? 0n;
    if (open !== undefined && slotIndex === next) {
      const { verdict, ...effects } = open.receive(message, now);
      return { verdict, effects };
    }
    const fault = checkMessage(message);
    if (fault !== undefined) return { verdict: fault };
    if (slotIndex > next) return this.#keep(message, next);
    const decision = this.#closed.get(slotIndex);
    if (decision === undefined) return { verdict: "too-old" };
    const isLate = message.topic.kind !== "externalize" && nodeKey(message.sender) !== nodeKey(this.#options.self);
    return { verdict: "closed", answer: isLate ? decision : undefined };
  }

  /** The latest own message of an open or closed slot, for peers that ask. */
  latest(slotIndex: bigint): Message | undefined {
    return this.#open?.slotIndex === slotIndex ? this.#open.lastSent() : this.#closed.get(slotIndex);
  }

  #remember(decision: Message): void {
    this.#closed.set(decision.slotIndex, decision);
    for (const index of this.#closed.keys()) {
      if (this.#closed.size <= CLOSED_SLOTS_MAX) break;
      this.#closed.delete(index);
    }
  }

  #keep(message: Message, open: bigint): NodeReceipt {
    const { slotIndex, sender } = message;
    if (slotIndex > open + BigInt(SLOTS_AHEAD_MAX)) return { verdict: "too-far-ahead" };
    const bySender = this.#ahead.get(slotIndex) ?? new Map<NodeKey, Message>();
    this.#ahead.set(slotIndex, bySender);
    const key = nodeKey(sender);
    const known = bySender.get(key);
    if (known === undefined && bySender.size >= SENDERS_MAX) return { verdict: "too-many-senders" };
    if (known !== undefined && compareTopics(message.topic, known.topic) <= 0) return { verdict: "not-higher" };
    bySender.set(key, message);
    return { verdict: "kept-for-later" };
  }
}
