// A wallet that holds no ledger: it knows its balance through Fog, and pays with rings and proofs from Fog.
import { type AccountKey, accountKeyFromMnemonic, type PublicAddress, publicAddress } from "@fogbow/core-account";
import { MOB, type Random, Secret, type TokenId, tokenValue, U64_MAX } from "@fogbow/core-bytes";
import { selectInputs } from "@fogbow/core-transaction";
import { FogAccount, type FogAccountOptions, type PollResult } from "../account/fog-account.ts";
import type { OwnedOutput } from "../account/owned-output.ts";
import type { Network } from "../connect/network.ts";
import type { ConsensusService, NodeInfo } from "../consensus/consensus-service.ts";
import { SdkError } from "../error.ts";
import type { LedgerService, LookupService, OutputService } from "../ledger/ledger-service.ts";
import { CONSOLIDATIONS_MAX, LEDGER_POLLS_MAX } from "../limits.ts";
import type { ReportService } from "../report/report-resolver.ts";
import { MemoryStore, type WalletStore } from "../store/wallet-store.ts";
import type { ViewService } from "../view/fog-view-client.ts";
import { type BuildParts, type BuiltPayment, buildPayment } from "./build-payment.ts";
import type { PaymentDraft, PayRequest } from "./draft.ts";
import { type EventOptions, eventsOf, type WalletEvent } from "./events.ts";
import { type HistoryEntry, historyOf } from "./history.ts";
import { maxSendable } from "./max-sendable.ts";
import { Payment } from "./payment.ts";
import { type PaymentCode, type RequestOptions, requestCode } from "./payment-code.ts";
import { buildSwap, chooseForOffer, makeOffer, type Offer, type ReadOffer, type SwapTerms } from "./swap.ts";
import { decodeWalletState, encodeWalletState, type KeptPayment } from "./wallet-state.ts";

/** What a wallet works with. */
export interface WalletParts {
  readonly view: ViewService;
  readonly ledger: LedgerService & OutputService & LookupService;
  readonly consensus: ConsensusService;
  readonly reports: ReportService;
  readonly random: Random;
  /** Resolves after so many milliseconds; before that, when the signal aborts. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** What a wallet has of one token, in its smallest unit. */
export interface WalletBalance {
  /** True after `asOf` blocks. */
  readonly value: bigint;
  /** Of `value`, what payments that are not decided yet spend, and what is offered; their change comes back. */
  readonly pending: bigint;
  readonly token: TokenId;
  /** A count of blocks. */
  readonly asOf: bigint;
  /** Whether the last poll could do everything: then nothing of these blocks is missing that could have been known. */
  readonly complete: boolean;
}

/** What a payment would take. */
export interface Quote {
  /** Of one transaction. */
  readonly fee: bigint;
  /** The most that could be paid now. */
  readonly maxSendable: bigint;
}

/** Whose wallet it is: that of somebody who can spend. */
export type OwnerOptions = FogAccountOptions & { readonly account: AccountKey };

/** From which words a wallet comes. */
export interface PhraseOptions {
  readonly net: Network;
  readonly phrase: string;
  /** Of the wallets of one phrase, which; 0 unless told otherwise. */
  readonly accountIndex?: number;
}

/** Whose wallet, where, and what it keeps: an account, or words. */
export type OpenOptions = { readonly store: WalletStore } & (
  | { readonly net: Pick<Network, "walletParts">; readonly account: AccountKey }
  | PhraseOptions
);

/** Where a new wallet is, and where it keeps what it knows; in memory unless told otherwise. */
export interface CreateOptions {
  readonly net: Network;
  readonly store?: WalletStore;
}

/** A wallet that nobody had before. */
export interface NewWallet {
  readonly wallet: Wallet;
  /** Its 24 words, which no store has: show them to the owner once, who finds everything again by them. */
  readonly phrase: string;
}

/** Between two polls while the wallet waits for its own outputs, in ms. */
const POLL_MS = 100;

/** A wallet. */
export class Wallet {
  readonly #account: AccountKey;
  readonly #parts: WalletParts;
  readonly #fog: FogAccount;
  /** By their index in the ledger: what payments spend that are not decided, or not seen in a poll yet. */
  readonly #reserved = new Map<bigint, OwnedOutput>();
  readonly #decoys: Map<bigint, readonly bigint[]>;
  /** What is offered, by its index in the ledger, and until which block. */
  readonly #offered = new Map<bigint, bigint>();
  /** Payments that are not decided; none yet for one that is only being written down. */
  readonly #kept = new Map<KeptPayment, Payment | undefined>();
  #store: WalletStore | undefined;
  #lastPoll: PollResult | undefined;
  /** Its published address. */
  readonly address: PublicAddress;

  /**
   * New, or with what `save` gave: then the payments that were not decided go on. Throws SdkError `state-damaged` for a saved
   * state that is not this wallet's.
   */
  constructor({ saved, ...options }: OwnerOptions, parts: WalletParts) {
    const state = saved === undefined ? undefined : decodeWalletState(saved);
    this.#account = options.account;
    this.#parts = parts;
    this.#fog = new FogAccount({ ...options, ...(state && { saved: state.account }) }, parts);
    this.#decoys = new Map(state?.decoys);
    this.address = publicAddress(options.account);
    const outputs = new Map(this.#fog.outputs.map((output) => [output.globalIndex, output]));
    for (const kept of state?.payments((index) => outputs.get(index)) ?? []) {
      for (const output of kept.draft.spent) this.#reserved.set(output.globalIndex, output);
      this.#begin(kept);
    }
  }

  /**
   * A wallet that keeps what it knows in a store: with what is there it goes on, and without anything that can be used it begins
   * anew, which costs a search. Before a payment is proposed it is written down. Rejects with what the store rejects with.
   */
  static async open(options: OpenOptions): Promise<Wallet> {
    const { net, store } = options;
    const account = "account" in options ? options.account : accountOf(options);
    const wallet = Wallet.#of(account, await store.read(), net.walletParts());
    wallet.#store = store;
    return wallet;
  }

  /** A wallet of words that nobody had before. Rejects with what the store rejects with. */
  static async create({ net, store = new MemoryStore() }: CreateOptions): Promise<NewWallet> {
    const phrase = net.newPhrase();
    return { wallet: await Wallet.open({ net, phrase, store }), phrase };
  }

  static #of(account: AccountKey, state: Uint8Array | undefined, parts: WalletParts): Wallet {
    if (state === undefined) return new Wallet({ account }, parts);
    const saved = new Secret(state);
    try {
      return new Wallet({ account, saved }, parts);
    } catch (error) {
      if (error instanceof SdkError && error.code === "state-damaged") return new Wallet({ account }, parts);
      throw error;
    } finally {
      saved.wipe();
    }
  }

  /** A wallet of an account, on a network; nothing is sent yet. Throws as the constructor does. */
  static fromAccountKey({ net, ...options }: OwnerOptions & { readonly net: Network }): Wallet {
    return new Wallet(options, net.walletParts());
  }

  /** The same from the words of `net.newPhrase()`, or of a wallet that there was. Throws AccountError for words that are none. */
  static fromPhrase(options: PhraseOptions): Wallet {
    return Wallet.fromAccountKey({ net: options.net, account: accountOf(options) });
  }

  /** Everything to go on from, payments that are not decided included: a secret, see {@link FogAccount.save}. */
  save(): Secret {
    const account = this.#fog.save();
    try {
      return encodeWalletState({ account, decoys: this.#decoys, payments: [...this.#kept.keys()] });
    } finally {
      account.wipe();
    }
  }

  /** Payments that are not decided, those of a saved state among them. */
  get payments(): readonly Payment[] {
    return [...this.#kept.values()].filter((payment) => payment !== undefined);
  }

  /** Asks Fog what is new, and writes it down; see {@link FogAccount.poll}. */
  async poll(signal?: AbortSignal): Promise<PollResult> {
    this.#lastPoll = await this.#fog.poll(signal);
    const unspent = new Set(this.#fog.spendable.map(({ globalIndex }) => globalIndex));
    for (const [index, tombstoneBlock] of this.#offered) {
      if (unspent.has(index) && this.#fog.balance.blockCount < tombstoneBlock) continue;
      this.#offered.delete(index);
      this.#reserved.delete(index);
    }
    for (const index of this.#reserved.keys()) if (!unspent.has(index)) this.#reserved.delete(index);
    await this.#write();
    return this.#lastPoll;
  }

  /** What the wallet has, as of the last poll. */
  balance(tokenId: TokenId = MOB): WalletBalance {
    const { blockCount, sums } = this.#fog.balance;
    const pending = [...this.#reserved.values()]
      .filter(({ amount, blockIndex }) => amount.tokenId === tokenId && blockIndex < blockCount)
      .reduce((sum, { amount }) => sum + amount.value, 0n);
    const complete = this.#lastPoll?.errors.length === 0;
    return { value: sums.get(tokenId) ?? 0n, pending, token: tokenId, asOf: blockCount, complete };
  }

  /** A code and a link by which others pay this wallet. Throws SdkError `amount-invalid`, `code-invalid`. */
  request(options: RequestOptions = {}): PaymentCode {
    return requestCode(this.address, options, this.#parts.random);
  }

  /** What was received and sent, oldest first; see {@link historyOf}. Contacts are whom the wallet knows by address. */
  history(contacts: readonly PublicAddress[] = []): HistoryEntry[] {
    const { blockCount } = this.#fog.balance;
    return historyOf({ account: this.#account, outputs: this.#fog.outputs, blockCount, contacts });
  }

  /** What happens to the wallet, as it comes, until the signal aborts; see {@link eventsOf}. */
  events(options: EventOptions): AsyncGenerator<WalletEvent, void, void> {
    return eventsOf(this, this.#parts.wait, options);
  }

  /** What paying costs now, and how much can be paid. Throws SdkError, and the signal's reason. */
  async quote(tokenId: TokenId = MOB, signal?: AbortSignal): Promise<Quote> {
    const fee = feeOf(await this.#parts.consensus.info(signal), tokenId);
    return { fee, maxSendable: this.#maxSendable(tokenId, fee) };
  }

  /**
   * Builds a payment and begins to make it; it goes on by itself, and `status()` of what is returned tells how. Outputs in too
   * many pieces are merged first, which takes a block each time. Throws SdkError `amount-invalid`, `insufficient-funds`, `not-synced`,
   * the codes of the recipient's report, of Fog and of the node, and the signal's reason: then no money has moved.
   */
  async pay(request: PayRequest, signal?: AbortSignal): Promise<Payment> {
    const { amount, tokenId = MOB } = request;
    if (amount < 1n || amount > U64_MAX) {
      throw new SdkError("amount-invalid", "A payment is of at least 1 and below 2^64 of the token's smallest unit.");
    }
    for (let merged = 0; merged <= CONSOLIDATIONS_MAX; merged++) {
      const node = await this.#parts.consensus.info(signal);
      const fee = feeOf(node, tokenId);
      if (!this.#suffices(amount, tokenId, fee)) await this.poll(signal); // Money may have come since the last one.
      await this.#untilLedgerHasAll(tokenId, signal);
      const draft = this.#choose(request, { tokenId, fee });
      const payment = await this.#make(draft, node, signal);
      if (draft.kind === "payment") return payment;
      await this.#merged(payment, signal);
    }
    throw new SdkError("insufficient-funds", "The wallet's outputs are in too many pieces to be paid with.");
  }

  /**
   * Offers some of a token for some of another, to be sent to whoever may take it. What is offered is one output's, which pays for
   * nothing else until the offer has expired or is taken back. Throws SdkError `amount-invalid`, `insufficient-funds` when no single
   * output holds it, and as `pay` does.
   */
  async offer({ give, want }: SwapTerms, signal?: AbortSignal): Promise<Offer> {
    if (give.value < 1n || want.value < 1n || give.tokenId === want.tokenId) {
      throw new SdkError("amount-invalid", "A swap is of some of one token for some of another.");
    }
    const node = await this.#parts.consensus.info(signal);
    await this.#untilLedgerHasAll(give.tokenId, signal);
    const [output] = this.#free(give.tokenId)
      .filter(({ amount }) => amount.value >= give.value)
      .sort((a, b) => Number(a.amount.value - b.amount.value));
    if (output === undefined) {
      throw new SdkError(
        "insufficient-funds",
        "No output of the wallet holds what is offered: pay it to yourself first.",
      );
    }
    return this.#holding([output], async () => {
      const offer = await this.#inOneTree(signal, () =>
        makeOffer({ give, want }, output, { node, txoCount: this.#fog.txoCount, signal }, this.#buildParts()),
      );
      this.#offered.set(output.globalIndex, offer.tombstoneBlock);
      await this.#write(); // Its decoys.
      return offer;
    });
  }

  /** Takes an offer back, by paying what it offers to the wallet itself. Throws as `pay` does. */
  async takeBack({ output }: Offer, signal?: AbortSignal): Promise<Payment> {
    const { tokenId, value } = output.amount;
    const node = await this.#parts.consensus.info(signal);
    const fee = feeOf(node, tokenId);
    if (value <= fee) throw new SdkError("insufficient-funds", "The offered output is worth less than the fee.");
    this.#offered.delete(output.globalIndex);
    const amount = { value: tokenValue(value - fee), tokenId };
    const common = { fee: { value: tokenValue(fee), tokenId }, paymentRequestId: undefined };
    return this.#make({ ...common, kind: "consolidation", to: this.address, amount, spent: [output] }, node, signal);
  }

  /**
   * Takes an offer: in one transaction the wallet gets what is given, and pays what is wanted and a fee in MOB. Throws SdkError
   * `offer-invalid`, `insufficient-funds`, and as `pay` does; `status()` tells `failed` when somebody was faster (`input-spent`).
   */
  async take(offer: ReadOffer, signal?: AbortSignal): Promise<Payment> {
    const node = await this.#parts.consensus.info(signal);
    const fee = feeOf(node, MOB);
    await this.#untilLedgerHasAll(offer.want.tokenId, signal);
    await this.#untilLedgerHasAll(MOB, signal);
    const spent = chooseForOffer(offer, fee, { free: (token) => this.#free(token), decoys: this.#decoys });
    const common = { fee: { value: tokenValue(fee), tokenId: MOB }, paymentRequestId: undefined };
    const draft: PaymentDraft = { ...common, kind: "swap", to: this.address, amount: offer.give, spent };
    return this.#make(draft, node, signal, () =>
      buildSwap(draft, offer, { node, txoCount: this.#fog.txoCount, signal }, this.#buildParts()),
    );
  }

  /** Which outputs pay, or which are merged first. `#make` takes them in the same turn, so that no other payment does. */
  #choose(request: PayRequest, { tokenId, fee }: { readonly tokenId: TokenId; readonly fee: bigint }): PaymentDraft {
    const utxos = this.#free(tokenId).map((output) => ({ value: output.amount.value, output }));
    const selection = selectInputs({ amount: request.amount, fee, utxos });
    const common = { fee: { value: tokenValue(fee), tokenId } };
    let draft: PaymentDraft;
    switch (selection.kind) {
      case "insufficient-funds":
        throw this.#insufficient(tokenId, fee);
      case "selected": {
        const { to, amount, paymentRequestId } = request;
        const spent = selection.inputs.map(({ output }) => output);
        draft = {
          ...common,
          kind: "payment",
          to,
          amount: { value: tokenValue(amount), tokenId },
          spent,
          paymentRequestId,
        };
        break;
      }
      case "consolidation-needed": {
        const spent = selection.merge.map(({ output }) => output);
        const sum = spent.reduce((total, { amount }) => total + amount.value, 0n) - fee;
        const amount = { value: tokenValue(sum), tokenId };
        draft = { ...common, kind: "consolidation", to: this.address, amount, spent, paymentRequestId: undefined };
      }
    }
    return draft;
  }

  #buildParts(): BuildParts {
    const { ledger, reports, random } = this.#parts;
    return { account: this.#account, ledger, reports, random, decoys: this.#decoys };
  }

  /** Makes a payment. */
  async #make(
    draft: PaymentDraft,
    node: NodeInfo,
    signal: AbortSignal | undefined,
    build = (): Promise<BuiltPayment> =>
      buildPayment(draft, { node, txoCount: this.#fog.txoCount, ...(signal && { signal }) }, this.#buildParts()),
  ): Promise<Payment> {
    return this.#holding(draft.spent, async () => {
      const built = await this.#inOneTree(signal, build);
      const kept = { draft, built };
      this.#kept.set(kept, undefined);
      try {
        await this.#write(); // Before anybody hears of it.
      } catch (error) {
        this.#kept.delete(kept);
        throw error;
      }
      return this.#begin(kept);
    });
  }

  /** Nothing else takes these outputs from here on; only if it fails they are let go of. */
  async #holding<Result>(outputs: readonly OwnedOutput[], use: () => Promise<Result>): Promise<Result> {
    for (const output of outputs) this.#reserved.set(output.globalIndex, output);
    try {
      return await use();
    } catch (error) {
      this.#release(outputs);
      throw error;
    }
  }

  /** Makes a payment, and keeps it until it is decided. */
  #begin(kept: KeptPayment): Payment {
    const { consensus, ledger, wait } = this.#parts;
    const payment = new Payment(kept.draft, kept.built, {
      consensus,
      ledger,
      wait,
      onEnd: ({ kind }) => {
        this.#kept.delete(kept);
        void this.#write().catch(() => undefined); // What is written of it still is true: it is only found out again.
        if (kind === "failed") this.#release(kept.draft.spent);
      },
    });
    this.#kept.set(kept, payment);
    return payment;
  }

  async #write(): Promise<void> {
    if (this.#store === undefined) return;
    const state = this.save();
    try {
      await this.#store.write(state.expose());
    } finally {
      state.wipe();
    }
  }

  #release(outputs: readonly OwnedOutput[]): void {
    for (const { globalIndex } of outputs) this.#reserved.delete(globalIndex);
  }

  /**
   * Fog Ledger's servers need not be equally far: one may count outputs that the next does not have yet, or has in another tree. The
   * same outputs are asked for again until it does.
   */
  async #inOneTree<Result>(signal: AbortSignal | undefined, build: () => Promise<Result>): Promise<Result> {
    for (let polls = 0; ; polls++) {
      try {
        return await build();
      } catch (error) {
        const isBehind = error instanceof SdkError && ["output-missing", "proofs-differ"].includes(error.code);
        if (!isBehind || polls === LEDGER_POLLS_MAX) throw error;
        await this.#parts.wait(POLL_MS, signal);
      }
    }
  }

  /** Waits for a consolidation, and until the wallet has its output. */
  async #merged(payment: Payment, signal: AbortSignal | undefined): Promise<void> {
    const end = await payment.ended();
    if (end.kind === "failed") throw end.reason;
    while (this.#fog.balance.blockCount <= end.blockIndex) {
      await this.poll(signal);
      await this.#parts.wait(POLL_MS, signal);
    }
  }

  /** Fog View may have found an output that Fog Ledger does not have yet, which cannot be put into a ring. */
  async #untilLedgerHasAll(tokenId: TokenId, signal: AbortSignal | undefined): Promise<void> {
    const isAhead = (): boolean => this.#free(tokenId).some(({ globalIndex }) => globalIndex >= this.#fog.txoCount);
    for (let polls = 0; isAhead(); polls++) {
      if (polls === LEDGER_POLLS_MAX) {
        throw new SdkError("fog-out-of-sync", "Fog Ledger does not have the wallet's newest output. Try again later.");
      }
      await this.#parts.wait(POLL_MS, signal);
      await this.poll(signal);
    }
  }

  #free(tokenId: TokenId): OwnedOutput[] {
    return this.#fog.spendable.filter(
      ({ amount, globalIndex }) => amount.tokenId === tokenId && !this.#reserved.has(globalIndex),
    );
  }

  #suffices(amount: bigint, tokenId: TokenId, fee: bigint): boolean {
    return this.#maxSendable(tokenId, fee) >= amount;
  }

  #maxSendable(tokenId: TokenId, fee: bigint): bigint {
    return maxSendable(
      this.#free(tokenId).map(({ amount }) => amount.value),
      fee,
    );
  }

  #insufficient(tokenId: TokenId, fee: bigint): SdkError {
    const errors = this.#lastPoll?.errors ?? [];
    if (errors.length > 0) {
      const message = "The wallet does not know all that it owns: poll until there are no errors.";
      return new SdkError("not-synced", message, { cause: errors[0] });
    }
    const most = this.#maxSendable(tokenId, fee);
    return new SdkError("insufficient-funds", `The wallet can pay at most ${most} of the token's smallest unit now.`);
  }
}

const accountOf = ({ net, phrase, accountIndex = 0 }: PhraseOptions): AccountKey =>
  accountKeyFromMnemonic(phrase, accountIndex, net.fog);

function feeOf({ minimumFees }: NodeInfo, tokenId: TokenId): bigint {
  const fee = minimumFees.minimum(tokenId);
  if (fee === undefined) throw new SdkError("amount-invalid", `The network knows no token ${tokenId}.`);
  return fee;
}
