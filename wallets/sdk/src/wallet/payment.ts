// A payment on its way: proposed until somebody has it, and followed until it is in a block or never will be.
import { type Receipt, type Tx, txHash } from "@fogbow/core-transaction";
import type { ConsensusService } from "../consensus/consensus-service.ts";
import { SdkError } from "../error.ts";
import type { LookupService } from "../ledger/ledger-service.ts";
import type { BuiltPayment } from "./build-payment.ts";
import type { PaymentDraft } from "./draft.ts";

/** How a payment is doing. The last two are the end. */
export type PaymentStatus =
  | { readonly kind: "built" }
  /** A node has it, and has found it valid. */
  | { readonly kind: "submitted" }
  /** It is in this block, for good. */
  | { readonly kind: "final"; readonly blockIndex: bigint }
  /** It is in no block and never will be; no money has moved. */
  | { readonly kind: "failed"; readonly reason: SdkError };

/** What a payment is followed with. */
export interface PaymentParts {
  readonly consensus: ConsensusService;
  readonly ledger: LookupService;
  /** Resolves after so many milliseconds; before that, when the signal aborts. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Hears of the end, before anybody else does. */
  readonly onEnd: (status: PaymentStatus) => void;
}

/** Between two attempts to reach a node, in ms. */
const PAUSE_MS = 250;

/** A payment that was built, and is being made. */
export class Payment {
  readonly #draft: PaymentDraft;
  readonly #built: BuiltPayment;
  readonly #parts: PaymentParts;
  readonly #stop = new AbortController();
  readonly #statuses: PaymentStatus[] = [{ kind: "built" }];
  #heard: (() => void)[] = [];
  /** 32 bytes: what the network knows it by. */
  readonly txHash: Uint8Array;

  /** Begins to propose it. */
  constructor(draft: PaymentDraft, built: BuiltPayment, parts: PaymentParts) {
    this.#draft = draft;
    this.#built = built;
    this.#parts = parts;
    this.txHash = txHash(built.tx);
    void this.#make();
  }

  /** What is paid and what that costs, in the smallest units. */
  get amount(): PaymentDraft["amount"] {
    return this.#draft.amount;
  }

  get fee(): PaymentDraft["fee"] {
    return this.#draft.fee;
  }

  /** The signed transaction. */
  get tx(): Tx {
    return this.#built.tx;
  }

  /** What the recipient may be sent: which output to wait for, and the proof that the payer made it. */
  get receipt(): Receipt {
    return this.#built.receipt;
  }

  /** The block before which the payment is in one, or never. */
  get tombstoneBlock(): bigint {
    return this.#built.tx.prefix.tombstoneBlock;
  }

  /** Every status from the first on, as they come, up to the end. */
  async *status(): AsyncGenerator<PaymentStatus, void, void> {
    for (let i = 0; ; i++) {
      while (this.#statuses.length <= i) await new Promise<void>((resolve) => this.#heard.push(resolve));
      const status = this.#statuses[i] as PaymentStatus; // There are more than i.
      yield status;
      if (isEnd(status)) return;
    }
  }

  /** How it ended. */
  async ended(): Promise<Extract<PaymentStatus, { readonly kind: "final" | "failed" }>> {
    for await (const status of this.status()) if (isEnd(status)) return status;
    throw new Error("A payment ends.");
  }

  #tell(status: PaymentStatus): void {
    const last = this.#statuses.at(-1);
    if (last === undefined || isEnd(last) || last.kind === status.kind) return;
    if (isEnd(status)) {
      this.#stop.abort();
      this.#parts.onEnd(status);
    }
    this.#statuses.push(status);
    for (const resolve of this.#heard.splice(0)) resolve();
  }

  /** Proposes and follows at once: the answer to a proposal may be lost, and the payment in a block all the same. */
  async #make(): Promise<void> {
    await Promise.all([this.#propose(), this.#follow()]);
  }

  async #propose(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#parts.consensus.propose(this.#built.tx, signal);
        this.#tell({ kind: "submitted" });
        return;
      } catch (error) {
        if (signal.aborted) return;
        const reason = error instanceof SdkError ? error : unexpected(error);
        if (await this.#isDecided(reason)) return;
      }
      await this.#parts.wait(PAUSE_MS, signal).catch(() => undefined);
    }
  }

  /** Whether a refusal is the end, which is told then. */
  async #isDecided(reason: SdkError): Promise<boolean> {
    switch (reason.code) {
      case "connection-failed":
      case "rate-limited":
      case "server-error":
      case "invalid-response":
        return false; // Nobody knows: the same is proposed again.
      case "input-spent":
      case "tombstone-passed":
        return await this.#whetherInLedger(reason);
      default:
        this.#tell({ kind: "failed", reason });
        return true;
    }
  }

  /** An input is spent, perhaps by this very payment: whether its output is in the ledger tells. Only the enclave hears which. */
  async #whetherInLedger(reason: SdkError): Promise<boolean> {
    const { signal } = this.#stop;
    try {
      const node = await this.#parts.consensus.info(signal);
      const { places, blockCount } = await this.#parts.ledger.lookupOutputs([this.#built.txOut.publicKey], signal);
      const [place] = places;
      if (place !== undefined) this.#tell({ kind: "final", blockIndex: place.blockIndex });
      else if (blockCount < node.blockCount)
        return false; // Fog is behind the node, and may not have seen it yet.
      else this.#tell({ kind: "failed", reason });
      return true;
    } catch {
      return false; // It is asked again.
    }
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const outcome = await this.#parts.consensus.outcome(this.txHash, this.tombstoneBlock, signal);
        if (outcome.kind === "in-block") this.#tell({ kind: "final", blockIndex: outcome.blockIndex });
        else this.#tell({ kind: "failed", reason: expired() });
        return;
      } catch {
        await this.#parts.wait(PAUSE_MS, signal).catch(() => undefined);
      }
    }
  }
}

function isEnd(status: PaymentStatus): status is Extract<PaymentStatus, { readonly kind: "final" | "failed" }> {
  return status.kind === "final" || status.kind === "failed";
}

const expired = (): SdkError =>
  new SdkError("tombstone-passed", "The payment's tombstone block has come without it. No money has moved: pay again.");

const unexpected = (cause: unknown): SdkError =>
  new SdkError("tx-refused", "The payment could not be proposed.", { cause });
