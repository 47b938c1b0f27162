// A slot with the model beside it: both are given the same events, and must come to the same state (spec 05 §6.8).
import {
  type Message,
  type MessageReceipt,
  Slot,
  type SlotEffects,
  type SlotOptions,
  type SlotParts,
  type StoredSlot,
  type Topic,
  type Value,
} from "@fogbow/core-scp";
import { type ModelDump, ModelSlot } from "./model-slot.ts";

/** The states that differ, as text, after which event. */
export interface SlotDifference {
  readonly event: "propose" | "receive" | "tick";
  readonly slot: string;
  readonly model: string;
}

/** A real slot that tells when the model would have done something else. */
export class ComparedSlot extends Slot {
  readonly #model: ModelSlot;
  readonly #differs: (difference: SlotDifference) => void;

  /** As a slot is made; `differs` hears of every difference. */
  constructor(
    options: SlotOptions,
    parts: SlotParts,
    stored: StoredSlot | undefined,
    differs: (difference: SlotDifference) => void,
  ) {
    super(options, parts, stored);
    this.#model = new ModelSlot(options, parts, stored as ModelDump | undefined);
    this.#differs = differs;
  }

  override propose(values: readonly Value[], now: number): SlotEffects {
    const wasOpen = this.acceptsProposals;
    const effects = super.propose(values, now);
    if (wasOpen) this.#compare("propose", effects, this.#model.propose(values, now));
    return effects;
  }

  override receive(message: Message, now: number): MessageReceipt {
    const receipt = super.receive(message, now);
    if (receipt.verdict === "stored") this.#compare("receive", receipt, this.#model.receive(message, now));
    return receipt;
  }

  override tick(now: number): SlotEffects {
    const effects = super.tick(now);
    this.#compare("tick", effects, this.#model.tick(now));
    return effects;
  }

  #compare(event: SlotDifference["event"], { send, timers }: SlotEffects, modelSent: Topic | undefined): void {
    const { adopted: _, ...state } = this.store();
    const { nominationAt, ballotAt } = timers;
    const slot = JSON.stringify({ ...state, nominationAt, ballotAt, send: send?.topic });
    // In the order of the slot's fields, so that equal states are equal text.
    const model = JSON.stringify({ ...state, ...this.#model.dump(), send: modelSent });
    if (slot !== model) this.#differs({ event, slot, model });
  }
}
