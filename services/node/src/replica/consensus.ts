// The slots of a replica, one after the other (spec 05 §2.6): messages and values go in; what the node says is journaled,
// signed and sent; a decision becomes a block, and the next slot opens. Only the worker calls this, one call at a time.
import type { Block, BlockData, BlockMetadata } from "@fogbow/core-block";
import { equalBytes } from "@fogbow/core-bytes";
import type { Ed25519PrivateKey } from "@fogbow/core-crypto";
import {
  ballotsOf,
  type ConsensusMessage,
  encodeConsensusMessage,
  type MakeSlot,
  type Message,
  type NodeKey,
  nodeKey,
  nominationOf,
  ScpError,
  ScpNode,
  type Sign,
  type Slot,
  type SlotEffects,
  signMessage,
  type Timers,
  TOPIC_RANK,
  type Topic,
  type Value,
  valuesOf,
} from "@fogbow/core-scp";
import { type Ledger, LedgerError, type SealedBlock } from "@fogbow/ledger-db";
import { NodeError } from "../error.ts";
import { encodeVoteRecord, type VoteRecord } from "../journal/vote-record.ts";
import { FAR_MESSAGE_BYTES_MAX, KEPT_SLOTS_MAX } from "../limits.ts";
import type { ReplicaOptions, ReplicaTiming } from "../options.ts";
import type { Clock, Journal, ReplicaLog, ReplicaMetrics } from "../parts.ts";
import type { Broadcast } from "./broadcast.ts";
import type { Combiner } from "./combiner.ts";
import { DepartingTxs } from "./departing-txs.ts";
import { type EnclaveDoor, refusalOf } from "./enclave-door.ts";
import type { ExternalizedTxs } from "./externalized-txs.ts";
import { ForkWatch } from "./fork-watch.ts";
import { type FormedWithRecords, formBlockInit, formedBlock, missingTxs } from "./form-next-block.ts";
import type { Received } from "./inbox.ts";
import { hashOf, type KnownTxs } from "./known-txs.ts";
import { ParkedMessages } from "./parked-messages.ts";
import type { TxFetcher } from "./peers/tx-fetcher.ts";
import type { Arrival, PendingValues } from "./pending-values.ts";
import type { RestoredVotes } from "./restored-votes.ts";
import { isTxHash, type ValueChecks } from "./value-checks.ts";

/** What consensus works with. */
export interface ConsensusParts {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly door: EnclaveDoor;
  readonly known: KnownTxs;
  readonly checks: ValueChecks;
  readonly combiner: Combiner;
  readonly pending: PendingValues;
  readonly externalized: ExternalizedTxs;
  readonly fetcher: TxFetcher;
  /** Whether a transaction is here and being checked. */
  readonly isChecking: (hash: Uint8Array) => boolean;
  readonly broadcast: Broadcast;
  /** The peers that can be asked for transactions. */
  readonly peers: readonly NodeKey[];
  readonly signer: Ed25519PrivateKey | Sign;
  readonly metadataOf: (block: Block) => BlockMetadata;
  /** How long a slot that begins now waits. */
  readonly bases: () => Pick<ReplicaTiming, "baseRoundMs" | "baseBallotMs">;
  /** Has `tick` called at that time; replaces what was asked for before. */
  readonly wakeAt: (at: number | undefined) => void;
  /** A block is in the ledger. */
  readonly onBlock: (data: BlockData) => void;
  readonly log: ReplicaLog;
  readonly metrics: ReplicaMetrics | undefined;
  readonly makeSlot: MakeSlot | undefined;
}

/** A value with where it came from. */
export interface NewValue {
  readonly value: Value;
  readonly arrival: Arrival;
}

/** Milliseconds after which the enclave is asked again when it did not answer. */
const ENCLAVE_RETRY_MS = 200;

/** The slots of one node. */
export class Consensus {
  readonly #options: ReplicaOptions;
  readonly #parts: ConsensusParts;
  readonly #scp: ScpNode;
  readonly #restored: RestoredVotes;
  readonly #forks: ForkWatch;
  readonly #departing = new DepartingTxs();
  readonly #parked = new ParkedMessages();
  /** Early messages by what `ScpNode` keeps of them. */
  readonly #early = new WeakMap<Message, Received>();
  /** What this node has sent about each slot that is kept. */
  readonly #sent = new Map<bigint, Uint8Array>();
  /** The latest messages of others about the open slot and the one before. */
  #heard = new Map<NodeKey, Received>();
  #heardBefore = new Map<NodeKey, Received>();
  /** Messages of others before any slot was open. */
  readonly #beforeFirst = new Map<NodeKey, Received>();
  #latest: Uint8Array | undefined;
  #silentThrough: bigint;
  #previousBlockId: Block["id"] | undefined;
  #isSuspended = true;
  /** When the first thing happened in the open slot. */
  #startedAt: number | undefined;
  #hasProposed = false;
  #timers: Timers | undefined;
  #retryAt: number | undefined;
  /** What the event in progress has led to. */
  #send: Message | undefined;
  #decided: readonly Value[] | undefined;
  /** The decision that is sent once its block is stored. */
  #sendWhenStored: Uint8Array | undefined;

  constructor(
    options: ReplicaOptions,
    timing: Pick<ReplicaTiming, "baseRoundMs" | "baseBallotMs" | "settleMs">,
    restored: RestoredVotes,
    parts: ConsensusParts,
  ) {
    this.#options = options;
    this.#parts = parts;
    this.#restored = restored;
    this.#silentThrough = restored.silentThrough;
    this.#forks = new ForkWatch(options.quorumSet);
    const { baseRoundMs, baseBallotMs, settleMs } = timing;
    const { self, quorumSet } = options;
    const votes = [...restored.bySlot].sort(([a], [b]) => (a < b ? -1 : 1));
    const blockCount = parts.ledger.numBlocks();
    const isDecision = ({ topic }: Message): boolean => topic.kind === "externalize";
    for (const [slot, { payload, consensus }] of votes) {
      if (slot >= blockCount && isDecision(consensus.message)) continue; // Its block is not stored yet.
      this.#sent.set(slot, payload);
      this.#latest = payload;
    }
    const messages = votes.map(([, { consensus }]) => consensus.message);
    const closed = messages.filter((message) => message.slotIndex < blockCount && isDecision(message));
    this.#scp = new ScpNode(
      { self, quorumSet, baseRoundMs, baseBallotMs, settleMs, eagerBump: true, makeSlot: parts.makeSlot },
      closed,
    );
  }

  /** The slot being decided; undefined while there is none. */
  get slot(): Slot | undefined {
    return this.#scp.slot;
  }

  /** When the first thing happened in the open slot; undefined before it did. */
  get startedAt(): number | undefined {
    return this.#startedAt;
  }

  /** Messages that wait for transactions. */
  get parked(): number {
    return this.#parked.size;
  }

  /** Whether the node says nothing in the next slot. */
  get isSilent(): boolean {
    return this.#parts.ledger.numBlocks() <= this.#silentThrough;
  }

  /** The latest message of this node, for peers that ask. */
  get latest(): Uint8Array | undefined {
    return this.#latest;
  }

  /** The latest message of a node about a slot: this one's own unless another one is named. */
  messageAbout(slot: bigint, sender?: NodeKey): Uint8Array | undefined {
    if (sender === undefined) return this.#sent.get(slot);
    const heard = [this.#heard, this.#heardBefore].map((each) => each.get(sender));
    return heard.find((each) => each?.message.slotIndex === slot)?.payload;
  }

  /** What this node has said last about a slot, as far as it knows. */
  ownTopic(slot: bigint): Topic | undefined {
    const open = this.slot?.slotIndex === slot ? this.slot.lastSent() : undefined;
    return open?.topic ?? this.#restored.bySlot.get(slot)?.consensus.message.topic;
  }

  /** The latest message of another node about the open slot or the one before. */
  heardOf(sender: NodeKey): Message | undefined {
    return (this.#heard.get(sender) ?? this.#heardBefore.get(sender))?.message;
  }

  /** The node has found that it may have voted in this slot and not know it. */
  keepSilentIn(slot: bigint): void {
    if (slot + 1n > this.#silentThrough) this.#silentThrough = slot + 1n;
  }

  /**
   * Others have decided the slots below. What this node would say about them helps nobody, and might contradict what it said
   * before somebody put an old backup in its place: peers do not remember that of slots so old.
   */
  keepSilentBelow(slot: bigint): void {
    if (slot - 1n > this.#silentThrough) this.#silentThrough = slot - 1n;
  }

  /** Takes part, from the slot after the ledger's last block on. */
  async resume(): Promise<void> {
    this.#isSuspended = false;
    this.#open();
    const before = [...this.#beforeFirst.values()];
    this.#beforeFirst.clear();
    for (const received of before.sort(compareReceived)) this.#hear(received);
    await this.#settle();
  }

  /** Takes no part until it is resumed: the ledger grows by other means. */
  suspend(): void {
    this.#isSuspended = true;
    this.#parts.wakeAt(undefined);
  }

  /** Hears messages, together: what one of them would have made the node say may be superseded by the next. */
  async messages(batch: readonly Received[]): Promise<void> {
    for (const received of [...batch].sort(compareReceived)) this.#hear(received);
    await this.#settle();
  }

  /** Values are new and wait for a slot. */
  async values(arrivals: readonly NewValue[]): Promise<void> {
    const { pending, checks, fetcher } = this.#parts;
    for (const { value, arrival } of arrivals) {
      if (checks.validity(value) === "valid") pending.add(value, arrival);
      if (isTxHash(value)) fetcher.drop(hashOf(value));
    }
    if (this.#parked.size > 0) this.#replay();
    this.#propose();
    await this.#settle();
  }

  /** Transactions that somebody waited for are known now, or found to be malformed. */
  async transactions(): Promise<void> {
    this.#replay();
    if (this.#hasStarted()) this.#tick();
    await this.#settle();
  }

  /** A timer that was asked for is due. */
  async tick(): Promise<void> {
    if (this.#hasStarted()) this.#tick();
    await this.#settle();
  }

  /** A block was appended that this node did not form. */
  appended(data: BlockData): void {
    this.#afterAppend(data);
  }

  /** Overwrites transactions that have been kept long enough. */
  forgetDue(): void {
    const { clock, ledger, known, door, log } = this.#parts;
    const due = this.#departing.due({ blockCount: ledger.numBlocks(), at: clock.now() });
    if (due.length === 0) return;
    for (const value of due) known.delete(value);
    door.forgetTxs(due.map(hashOf)).catch((error: unknown) => log.warn("the enclave did not forget", { error }));
  }

  /** Says again what was said last about the open slot: peers that have decided it answer with what they decided. */
  sayAgain(): void {
    const { slot } = this.#scp;
    const payload = slot && this.#sent.get(slot.slotIndex);
    if (slot !== undefined && payload !== undefined) this.#parts.broadcast.sendOwn(slot.slotIndex, payload);
  }

  #open(): void {
    const { ledger, checks, combiner, fetcher, clock } = this.#parts;
    const last = ledger.lastBlock();
    if (last === undefined) throw new NodeError("invalid-options", "The ledger has no origin block.");
    const slotIndex = last.index + 1n;
    if (this.slot !== undefined && this.slot.slotIndex >= slotIndex) return;
    checks.nextSlot();
    combiner.nextSlot();
    fetcher.clear();
    this.#parked.takeAll();
    this.#heardBefore = this.#heard;
    this.#heard = new Map();
    this.#previousBlockId = last.id;
    this.#startedAt = undefined;
    this.#hasProposed = false;
    this.#timers = undefined;
    this.#send = undefined;
    this.#decided = undefined; // If there was one, its block came from others.
    this.#sendWhenStored = undefined;
    const isBound = this.#options.chain.leaderHash === "bound";
    const restored = this.#restored.bySlot.get(slotIndex);
    // Votes after another block: whatever the disk has been through, the node may have voted after this one too.
    if (restored !== undefined && !equalBytes(restored.consensus.previousBlockId, last.id))
      this.keepSilentIn(slotIndex);
    const stored = this.isSilent ? undefined : restored;
    const early = this.#scp.open({
      slotIndex,
      leaderHash: isBound ? { kind: "bound", previousBlockId: last.id } : { kind: "compat" },
      validity: checks.validity,
      combine: combiner.combine,
      stored: stored?.state,
    });
    if (stored !== undefined) this.#goOn(stored, clock.now());
    const received = early.map((message) => this.#early.get(message)).filter((each) => each !== undefined);
    for (const each of received.sort(compareReceived)) this.#hear(each);
    this.#propose();
  }

  /** Goes on with a slot that was open before a restart, and says again what was said last. */
  #goOn({ payload }: VoteRecord, now: number): void {
    const { slot } = this.#scp;
    if (slot === undefined) return;
    this.#begin(slot, now);
    this.#take(slot.tick(now));
    if (slot.decision === undefined) {
      this.#parts.broadcast.sendOwn(slot.slotIndex, payload);
    } else {
      this.#decided = valuesOf(slot.decision);
      this.#sendWhenStored = payload;
    }
  }

  /** Something is going on in the slot from now on. */
  #begin(slot: Slot, now: number): void {
    if (this.#startedAt === undefined) slot.retime(this.#parts.bases());
    this.#startedAt ??= now;
  }

  #hasStarted(): boolean {
    return !this.#isSuspended && this.#startedAt !== undefined;
  }

  #tick(): void {
    const { slot } = this.#scp;
    if (slot !== undefined) this.#take(slot.tick(this.#parts.clock.now()));
  }

  /**
   * Proposes what waits, once a slot: nodes that hear of more and more values start their first ballots with different ones,
   * which costs a timeout. What comes later waits for the next slot.
   */
  #propose(): void {
    const { slot } = this.#scp;
    if (this.#isSuspended || slot === undefined || this.isSilent || this.#hasProposed || !slot.acceptsProposals) return;
    const values = this.#parts.pending.first();
    if (values.length === 0) return;
    const now = this.#parts.clock.now();
    this.#hasProposed = true;
    this.#begin(slot, now);
    this.#take(slot.propose(values, now));
  }

  #hear(received: Received): void {
    const { message, sender, payload } = received;
    const { clock, metrics, broadcast } = this.#parts;
    if (this.slot === undefined) {
      this.#beforeFirst.set(sender, received);
      return;
    }
    if (!this.#isOfChain(received)) return;
    const isOpen = message.slotIndex === this.slot.slotIndex;
    if (isOpen && (this.#isSuspended || (this.isSilent && !this.#isDecisionOfAnother(received)))) return;
    if (message.slotIndex > this.slot.slotIndex + BigInt(KEPT_SLOTS_MAX) && payload.length > FAR_MESSAGE_BYTES_MAX) {
      metrics?.count("messages_dropped"); // Nobody has a reason to say so much about a slot so far ahead.
      return;
    }
    if (isOpen && this.#startedAt === undefined) this.slot.retime(this.#parts.bases());
    const { verdict, effects, answer } = this.#scp.receive(message, clock.now());
    switch (verdict) {
      case "stored":
        this.#startedAt ??= clock.now();
        this.#heard.set(sender, received);
        if (effects !== undefined) this.#take(effects);
        broadcast.passOn(received);
        return;
      case "unknown-value":
        this.#park(received);
        return;
      case "kept-for-later":
        this.#early.set(message, received);
        return;
      case "closed":
        if (answer !== undefined) this.#answer(sender, message.slotIndex);
        return;
      case "own-key-reused":
        throw new NodeError("own-key-reused", "A message has this node's key that this node has not sent.");
      case "not-higher":
      case "own-message":
        return;
      default:
        metrics?.count("messages_dropped");
    }
  }

  /** A slot that the node must be silent in is decided by others, who have decided it. */
  #isDecisionOfAnother({ message, sender }: Received): boolean {
    return message.topic.kind === "externalize" && sender !== nodeKey(this.#options.self);
  }

  /** Whether the message is about the chain that the ledger has; one about blocks to come may be. */
  #isOfChain(received: Received): boolean {
    const { consensus, message, sender } = received;
    const { ledger, metrics } = this.#parts;
    const parent = message.slotIndex - 1n;
    if (parent < 0n || parent >= ledger.numBlocks()) return true;
    const isOpen = message.slotIndex === this.slot?.slotIndex;
    const id = isOpen ? this.#previousBlockId : ledger.block(parent)?.id;
    if (id === undefined) return true;
    if (equalBytes(id, consensus.previousBlockId)) {
      this.#forks.agree(sender);
      return true;
    }
    metrics?.count("fork_suspects");
    this.#forks.differ(received, id);
    return false;
  }

  /** Tells a peer that is late what was decided. */
  #answer(sender: NodeKey, slot: bigint): void {
    const payload = this.#sent.get(slot);
    if (payload !== undefined) this.#parts.broadcast.sendTo(sender, slot, payload);
  }

  #park(received: Received): void {
    const { known, fetcher, checks, metrics, isChecking } = this.#parts;
    this.#parked.add(received);
    metrics?.count("messages_parked");
    for (const value of valuesIn(received.message)) {
      if (isTxHash(value) && known.get(value) === undefined && checks.validity(value) === "unknown") {
        const hash = hashOf(value);
        fetcher.want(hash, [received.deliverer, received.sender], isChecking(hash));
      }
    }
  }

  /** Hears again what waited. */
  #replay(): void {
    if (this.#isSuspended) return;
    for (const received of this.#parked.takeAll()) this.#hear(received);
  }

  #take({ send, externalized, timers }: SlotEffects): void {
    if (send !== undefined) this.#send = send;
    if (externalized !== undefined) this.#decided = externalized;
    this.#timers = timers;
  }

  /** Does what the event has led to, which can lead to more. */
  async #settle(): Promise<void> {
    this.#retryAt = undefined;
    if (this.#isSuspended) return;
    do {
      await this.#combine();
      await this.#say();
    } while (await this.#storeDecision());
    this.#parts.fetcher.flush();
    this.#parts.wakeAt(this.#nextWake());
  }

  #nextWake(): number | undefined {
    const { nominationAt, ballotAt, settleAt } = this.#timers ?? {};
    const times = [nominationAt, ballotAt, settleAt, this.#retryAt].filter((at) => at !== undefined);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** Asks the enclave how values combine, until the slot asks for nothing new. */
  async #combine(): Promise<void> {
    const { combiner, log } = this.#parts;
    while (combiner.hasQuestions) {
      try {
        this.#wantFromAll(await combiner.ask());
      } catch (error) {
        log.warn("the enclave did not combine", { error });
        this.#retryLater();
        return;
      }
      this.#tick();
      this.#replay();
    }
  }

  #wantFromAll(values: readonly Value[]): void {
    for (const value of values) this.#parts.fetcher.want(hashOf(value), this.#parts.peers);
  }

  #retryLater(): void {
    this.#retryAt = this.#parts.clock.now() + ENCLAVE_RETRY_MS;
  }

  /** Signs, journals and sends what the slot has to say. Nothing leaves that a restart would not know of. */
  async #say(): Promise<void> {
    const { slot } = this.#scp;
    const message = this.#send;
    this.#send = undefined;
    if (message === undefined || slot === undefined || this.#previousBlockId === undefined || this.isSilent) return;
    const { signer, journal, broadcast, clock, metrics } = this.#parts;
    const payload = this.#encode(signMessage(message, this.#previousBlockId, signer));
    if (payload === undefined) return;
    const record = encodeVoteRecord(payload, slot.store());
    const started = clock.now();
    await journal.write(message.slotIndex, record).catch((cause: unknown) => {
      throw new NodeError("storage-failure", "A vote cannot be journaled.", { cause });
    });
    metrics?.observe("journal_ms", clock.now() - started);
    if (message.topic.kind === "externalize" && this.#decided !== undefined) {
      this.#sendWhenStored = payload;
      return;
    }
    this.#sent.set(message.slotIndex, payload);
    this.#latest = payload;
    broadcast.sendOwn(message.slotIndex, payload);
  }

  /**
   * A message as bytes; undefined for one that would be too long, which is left unsaid: what a node says grows, so it is free
   * to say only what comes later. Limits on votes see to it that this is for quorum sets and minting of extreme size.
   */
  #encode(message: ConsensusMessage): Uint8Array | undefined {
    try {
      return encodeConsensusMessage(message);
    } catch (error) {
      if (!(error instanceof ScpError && error.code === "message-too-large")) throw error;
      this.#parts.log.error("a message is too long to be sent", { slot: message.message.slotIndex });
      this.#parts.metrics?.count("messages_dropped");
      return undefined;
    }
  }

  /** Makes the decision a block and opens the next slot. False when there is nothing to store, or not yet. */
  async #storeDecision(): Promise<boolean> {
    const values = this.#decided;
    if (values === undefined) return false;
    const answer = await this.#form(values);
    if (answer === undefined) return false;
    const { formed, sealed } = answer;
    const { broadcast, clock, metrics } = this.#parts;
    const data: BlockData = { ...formed, metadata: this.#parts.metadataOf(formed.block) };
    this.#append(data, sealed);
    const { index } = data.block;
    if (this.#startedAt !== undefined) metrics?.observe("slot_ms", clock.now() - this.#startedAt);
    if (this.#sendWhenStored !== undefined) {
      this.#sent.set(index, this.#sendWhenStored);
      this.#latest = this.#sendWhenStored;
      broadcast.sendOwn(index, this.#sendWhenStored);
    }
    this.#noteExternalized(values, index);
    this.#afterAppend(data);
    this.#open();
    return true;
  }

  /** The block of a decision; undefined while the enclave lacks a transaction of it or does not answer. */
  async #form(values: readonly Value[]): Promise<FormedWithRecords | undefined> {
    const { known, ledger, door, clock, log, metrics } = this.#parts;
    const missing = missingTxs(values, known);
    if (missing.length > 0) {
      this.#wantFromAll(missing);
      return undefined;
    }
    const started = clock.now();
    try {
      const formed = formedBlock(await door.formBlock(formBlockInit(values, known, ledger)), clock.unixSeconds());
      metrics?.observe("form_block_ms", clock.now() - started);
      return formed;
    } catch (error) {
      const reason = refusalOf(error);
      if (reason !== undefined && reason !== "unknown-tx") {
        throw new NodeError("enclave-failure", `The enclave refuses to form a block: ${reason}.`, { cause: error });
      }
      log.warn("the enclave did not form a block", { error });
      if (reason === undefined) {
        this.#retryLater();
      } else {
        const txs = values.filter(isTxHash);
        for (const tx of txs) known.delete(tx);
        this.#wantFromAll(txs);
      }
      return undefined;
    }
  }

  #append(data: BlockData, sealed: SealedBlock | undefined): void {
    const { ledger, clock, metrics } = this.#parts;
    const started = clock.now();
    try {
      ledger.append(data, sealed);
    } catch (cause) {
      const isRule = cause instanceof LedgerError && !STORAGE_CODES.includes(cause.code);
      if (isRule)
        throw new NodeError("invariant-violated", "The ledger refuses a block that was agreed on.", { cause });
      throw new NodeError("storage-failure", "A block cannot be stored.", { cause });
    }
    metrics?.observe("append_ms", clock.now() - started);
    metrics?.count("blocks_appended");
  }

  #noteExternalized(values: readonly Value[], index: bigint): void {
    const { pending, externalized, clock, metrics } = this.#parts;
    for (const value of values) {
      const at = pending.delete(value)?.at;
      if (at !== undefined) metrics?.observe("externalize_ms", clock.now() - at);
      if (isTxHash(value)) externalized.add(value, index);
    }
    metrics?.count("transactions_externalized", values.filter(isTxHash).length);
  }

  /** What a new block changes for what waits and for what is kept. */
  #afterAppend(data: BlockData): void {
    const { known, ledger, pending, checks, journal, clock, log, onBlock } = this.#parts;
    const blockCount = ledger.numBlocks();
    const useless = [...known.spending(data.contents.keyImages), ...known.expired(blockCount)];
    this.#departing.add(useless, { blockCount, at: clock.now() });
    for (const value of pending.values()) if (checks.validity(value) !== "valid") pending.delete(value);
    this.forgetDue();
    const oldest = blockCount - BigInt(KEPT_SLOTS_MAX);
    for (const slot of this.#sent.keys()) if (slot < oldest) this.#sent.delete(slot);
    journal.forget(oldest).catch((error: unknown) => log.warn("old votes are not removed", { error }));
    onBlock(data);
  }
}

/** What keeps a ledger from storing a block that is in order. */
const STORAGE_CODES: readonly string[] = ["storage-failure", "ledger-closed", "ledger-read-only", "writer-replaced"];

/** Later statements first, so that those before need not be looked at; then senders, so that the order is everybody's. */
function compareReceived(a: Received, b: Received): number {
  const order = TOPIC_RANK[b.message.topic.kind] - TOPIC_RANK[a.message.topic.kind];
  return order !== 0 ? order : a.sender < b.sender ? -1 : a.sender > b.sender ? 1 : 0;
}

function valuesIn({ topic }: Message): Set<Value> {
  const { x = [], y = [] } = nominationOf(topic) ?? {};
  return new Set([...x, ...y, ...ballotsOf(topic).flatMap((ballot) => valuesOf(ballot.x))]);
}
