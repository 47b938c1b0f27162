// What the maker of an offer decides before it is built (spec 02 §5.8).
import type { TokenValue } from "@fogbow/core-bytes";
import type { TxInput } from "./ring.ts";
import type { Payment, TxLifetime, TxPlan } from "./tx-plan.ts";

/** Everything an offer is built from, but for its randomness. */
export interface OfferPlan extends Pick<TxPlan, "own" | "memoBuilder" | "ingressKey" | "blockVersion"> {
  /** What is offered. The proofs tell where the ring is in the ledger; they are not part of the offer. */
  readonly input: TxInput;
  /** How much of the input, in the smallest unit of its token; all by default. The rest returns to the change address. */
  readonly offered?: TokenValue;
  /** What must be paid in any case, as by somebody who takes everything. An offer that asks for nothing is a gift. */
  readonly required: readonly Payment[];
  /** Lets others take a part of what is offered; all or nothing by default. */
  readonly partialFill?: PartialFill;
  /** Until when the offer can be filled: for ever by default, unless an address in it has Fog. */
  readonly lifetime: TxLifetime;
}

/** On which terms a part of an offer can be taken. */
export interface PartialFill {
  /** What must be paid for everything; for a part, the same fraction of each, rounded up. */
  readonly outputs: readonly Payment[];
  /** The least that can be taken, in the smallest unit of what is offered. */
  readonly minimum: TokenValue;
}
