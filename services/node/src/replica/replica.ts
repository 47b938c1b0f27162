// One validator: everything of it that is neither process, file nor socket. One worker owns the state of consensus; what
// comes from clients, peers and timers becomes an event, and events are handled one by one, each to its end (spec 05 §2.1).
import {
  type Block,
  type BlockData,
  type BlockMetadata,
  blockToWire,
  contentsFromWire,
  contentsToWire,
  metadataSigningDigest,
  signMetadata,
} from "@fogbow/core-block";
import { bytes, CodedError, equalBytes } from "@fogbow/core-bytes";
import { compareTopics, type NodeKey, nodeKey, nodesOf, txHashValue } from "@fogbow/core-scp";
import { readPresent, type TxContext } from "@fogbow/core-wire";
import { LedgerError, REMEMBERED_BLOCKS_MAX, type SealedBlock } from "@fogbow/ledger-db";
import { NodeError } from "../error.ts";
import { CATCH_UP_BLOCKS_MAX, CATCH_UP_FAR_BLOCKS_MAX, MESSAGE_BATCH_MAX, PROPOSED_VALUES_MAX } from "../limits.ts";
import { DEFAULT_TIMING, type ReplicaOptions, type ReplicaTiming } from "../options.ts";
import type { CatchUpParts, CatchUpResult, ReplicaParts, Timer } from "../parts.ts";
import { clientHandlers } from "../rpc/client-handlers.ts";
import type { ClientHandlers, PeerHandlers } from "../rpc/handlers.ts";
import { peerHandlers } from "../rpc/peer-handlers.ts";
import type { PeerRpc } from "../rpc/peer-rpc.ts";
import type { NodeState, NodeStatus } from "../status.ts";
import { Broadcast } from "./broadcast.ts";
import { CatchingUp } from "./catching-up.ts";
import { Changes } from "./changes.ts";
import { Combiner } from "./combiner.ts";
import { Consensus, type NewValue } from "./consensus.ts";
import { EnclaveDoor } from "./enclave-door.ts";
import { EventQueue, type TakeNext } from "./event-queue.ts";
import { ExternalizedTxs } from "./externalized-txs.ts";
import { Inbox, type InboxRefusal, type Received } from "./inbox.ts";
import { KnownTxs, knownTx } from "./known-txs.ts";
import { MessageReader } from "./message-reader.ts";
import { NetworkState } from "./network-state.ts";
import { PeerLink } from "./peers/peer-link.ts";
import { TxFetcher } from "./peers/tx-fetcher.ts";
import { PendingValues } from "./pending-values.ts";
import { RelayRule } from "./relay-rule.ts";
import { restoreVotes } from "./restored-votes.ts";
import { baseOf, measured, RoundTrips } from "./round-trips.ts";
import { Sessions } from "./sessions.ts";
import { statusOf } from "./status-of.ts";
import { Streams } from "./streams.ts";
import { TxChecker } from "./tx-checker.ts";
import { ValueChecks } from "./value-checks.ts";
import { waitForAll } from "./wait-for-all.ts";

/** What the worker handles. */
type Event =
  | { readonly kind: "begin"; readonly forgotten: bigint | undefined }
  | { readonly kind: "message"; readonly received: Received }
  | { readonly kind: "value"; readonly value: NewValue }
  | { readonly kind: "transactions" }
  | { readonly kind: "tick" }
  | { readonly kind: "second" }
  | { readonly kind: "caught-up"; readonly result: CatchUpResult | undefined };

/** Milliseconds that peers have to say what this node has said before. */
const RECALL_MS = 1_000;

/** Milliseconds between looks at what time alone changes. */
const SECOND_MS = 1_000;

/** Milliseconds after which a peer that was heard at first hand may have stopped. */
const DIRECT_MS = 10_000;

/** A validator. */
export class Replica {
  /** What clients may ask. */
  readonly client: ClientHandlers;
  /** What peers may ask. */
  readonly peer: PeerHandlers;
  readonly #options: ReplicaOptions;
  readonly #timing: ReplicaTiming;
  readonly #parts: ReplicaParts;
  readonly #door: EnclaveDoor;
  readonly #links: readonly PeerLink[];
  readonly #linkByKey: ReadonlyMap<NodeKey, PeerLink>;
  readonly #known = new KnownTxs();
  readonly #pending = new PendingValues();
  readonly #externalized: ExternalizedTxs;
  readonly #roundTrips = new RoundTrips();
  readonly #changes = new Changes();
  readonly #network: NetworkState;
  readonly #inbox: Inbox;
  readonly #checks: ValueChecks;
  readonly #checker: TxChecker;
  readonly #fetcher: TxFetcher;
  readonly #queue: EventQueue<Event>;
  readonly #catchingUp: CatchingUp;
  readonly #stopping = new AbortController();
  readonly #listeners: ((data: BlockData) => void)[] = [];
  #consensus: Consensus | undefined;
  #hasBegun = false;
  #halted: NodeError | undefined;
  #isStopped = false;
  #wake: { readonly at: number; readonly timer: Timer } | undefined;
  #second: Timer | undefined;
  /** Fetched blocks of the transaction in progress. */
  #group: BlockData[] | undefined;
  readonly #queued = new Set<"tick" | "transactions" | "second">();

  /** Throws `invalid-options`. */
  constructor(options: ReplicaOptions, parts: ReplicaParts) {
    assertOptions(options, parts);
    this.#options = options;
    this.#parts = parts;
    this.#timing = { ...DEFAULT_TIMING, ...options.timing };
    this.#externalized = new ExternalizedTxs(options.retention === "forget" ? REMEMBERED_BLOCKS_MAX : undefined);
    const { clock, ledger, metrics, log, random } = parts;
    const door = new EnclaveDoor(parts.enclave);
    this.#door = door;
    const linkParts = {
      door,
      clock,
      random,
      metrics,
      onMessage: (payload: Uint8Array, from: PeerLink) => void this.#hear(payload, from),
    };
    this.#links = options.peers.map((peer) => {
      const rpc = parts.peer(peer.responderId);
      const timed =
        this.#timing.roundTripsMin === 0 ? rpc : measured(rpc, clock, (ms) => this.#roundTrips.add(peer, ms));
      return new PeerLink(options.self, peer, timed, linkParts);
    });
    this.#linkByKey = new Map(this.#links.map((link) => [link.key, link]));
    const { chain, self, quorumSet } = options;
    const nodes = [self, ...options.peers, ...(options.knownNodes ?? []), ...nodesOf(quorumSet)];
    this.#network = new NetworkState(quorumSet);
    this.#inbox = new Inbox({ nodes, reader: parts.messageReader ?? new MessageReader(parts.signer?.verify), clock });
    this.#checks = new ValueChecks({ chain, ledger, known: this.#known });
    this.#checker = new TxChecker({ door, ledger, known: this.#known, clock, metrics });
    this.#fetcher = new TxFetcher({
      clock,
      links: this.#linkByKey,
      hedgeMs: this.#timing.hedgeMs,
      onFetched: (context) => void this.#takeFetched(context),
    });
    this.#queue = new EventQueue((event, take) => this.#handle(event, take), { onFault: (error) => this.#halt(error) });
    this.#catchingUp = new CatchingUp(this.#timing, {
      clock,
      network: this.#network,
      blockCount: () => ledger.numBlocks(),
      askForDecision: () => this.#askForDecision(),
      suspend: () => this.#consensus?.suspend(),
      attempt: () => void this.#attempt(),
      resume: () => void this.#begin(),
    });
    const relays = new RelayRule(self, this.#links);
    const byName = new Map(this.#links.map((link) => [link.config.responderId, link]));
    const served = {
      options,
      timing: this.#timing,
      clock,
      ledger,
      door,
      known: this.#known,
      checker: this.#checker,
      checks: this.#checks,
      pending: this.#pending,
      externalized: this.#externalized,
      sessions: new Sessions(options.sessionsTracked),
      streams: new Streams(),
      changes: this.#changes,
      log,
      metrics,
      isServing: () => this.#isServing(),
      peerNamed: (responderId: string) => byName.get(responderId),
      hearsDirectly: () => this.#hearsDirectly(),
      hear: (payload: Uint8Array, deliverer: PeerLink) => this.#hear(payload, deliverer),
      latest: () => this.#consensus?.latest,
      messageAbout: (slot: bigint, sender: NodeKey | undefined) => this.#messageAbout(slot, sender),
      propose: (value: string, arrival: NewValue["arrival"]) =>
        this.#queue.offer({ kind: "value", value: { value, arrival } }),
      relay: (tx: TxContext, origin: ReplicaOptions["self"], by: string) => relays.relay(tx, origin, by),
    };
    this.client = clientHandlers(served);
    this.peer = peerHandlers(served);
  }

  /**
   * Reads the vote journal, asks peers what was said before, and takes part. Resolves when the journal is read: the node
   * hears its peers from then on. Rejects with what the journal rejects with.
   */
  async start(): Promise<void> {
    const { journal, clock, ledger, messageKey, signer, log, metrics, makeSlot } = this.#parts;
    const restored = restoreVotes(await journal.read());
    if (restored.silentThrough >= ledger.numBlocks()) {
      log.warn("votes cannot be read; the node keeps silent", { through: restored.silentThrough });
    }
    this.#consensus = new Consensus(this.#options, this.#timing, restored, {
      clock,
      ledger,
      journal,
      door: this.#door,
      known: this.#known,
      checks: this.#checks,
      combiner: new Combiner({ door: this.#door, ledger, known: this.#known }),
      pending: this.#pending,
      externalized: this.#externalized,
      fetcher: this.#fetcher,
      isChecking: (hash) => this.#checker.isChecking(hash),
      broadcast: new Broadcast(this.#links, metrics),
      peers: this.#links.map(({ key }) => key),
      signer: signer === undefined ? messageKey : signer.sign,
      metadataOf: (block) => this.#metadataOf(block),
      bases: () => this.#bases(),
      wakeAt: (at) => this.#wakeAt(at),
      onBlock: (data) => this.#onBlock(data),
      log,
      metrics,
      makeSlot,
    });
    this.#everySecond();
    void this.#begin();
  }

  /** Ends what is in progress, and takes no part any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#end();
  }

  /** How the node is doing. */
  status(): NodeStatus {
    const halted = this.#halted && { code: this.#halted.code, message: this.#halted.message };
    return statusOf({
      now: this.#parts.clock.now(),
      state: this.#state(),
      halted,
      blockCount: this.#parts.ledger.numBlocks(),
      quorumSet: this.#options.quorumSet,
      silentAfterMs: SILENT_AFTER * this.#timing.silenceMs,
      consensus: this.#consensus,
      network: this.#network,
      links: this.#links,
      pending: this.#pending.size,
      unchecked: this.#checker.waiting,
    });
  }

  /** Tells of every block that is in the ledger from now on; returns what stops telling. Listeners must not throw. */
  onBlock(listener: (data: BlockData) => void): () => void {
    this.#listeners.push(listener);
    return () => {
      const index = this.#listeners.indexOf(listener);
      if (index >= 0) this.#listeners.splice(index, 1);
    };
  }

  #state(): NodeState {
    if (this.#halted !== undefined) return "halted";
    if (this.#isStopped) return "stopped";
    const { standing } = this.#catchingUp;
    if (standing === "behind") return "behind";
    if (!this.#hasBegun) return "starting";
    return this.#consensus?.isSilent ? "silent" : standing;
  }

  #isServing(): boolean {
    return ["in-sync", "maybe-behind", "silent"].includes(this.#state());
  }

  async #handle(event: Event, take: TakeNext<Event>): Promise<void> {
    const consensus = this.#consensus;
    if (consensus === undefined) return;
    switch (event.kind) {
      case "begin":
        if (event.forgotten !== undefined) this.#keepSilent(consensus, event.forgotten);
        consensus.keepSilentBelow(this.#network.blockCount());
        this.#hasBegun = true;
        // It may have fallen behind again while it asked.
        if (this.#catchingUp.standing !== "behind") await consensus.resume();
        break;
      case "message":
        await this.#handleMessages(consensus, event.received, take);
        break;
      case "value":
        await consensus.values(takeMore(event, take));
        this.#changes.announce(); // Whoever watches a transaction hears that it waits.
        break;
      case "transactions":
        this.#queued.delete(event.kind);
        await consensus.transactions();
        break;
      case "tick":
        this.#queued.delete(event.kind);
        await consensus.tick();
        break;
      case "second":
        this.#queued.delete(event.kind);
        for (const link of this.#links) link.keepAlive(this.#timing);
        consensus.forgetDue();
        break;
      case "caught-up":
        if (event.result?.kind === "fork") throw new NodeError("fork", event.result.evidence);
        this.#catchingUp.attempted(event.result?.blocks ?? 0);
        return;
      default:
        event satisfies never;
    }
    if (this.#hasBegun) this.#catchingUp.advance();
  }

  async #handleMessages(consensus: Consensus, first: Received, take: TakeNext<Event>): Promise<void> {
    const batch = [first];
    while (batch.length < MESSAGE_BATCH_MAX) {
      const next = take(({ kind }) => kind === "message");
      if (next?.kind !== "message") break;
      batch.push(next.received);
    }
    for (const { message } of batch) this.#network.hear(message);
    await consensus.messages(batch);
  }

  #hear(payload: Uint8Array, deliverer: PeerLink): InboxRefusal | "heard" {
    const { metrics, log } = this.#parts;
    deliverer.heard();
    const received = this.#inbox.read(payload, deliverer.key);
    if (typeof received === "string") {
      metrics?.count("messages_dropped");
      log.debug("a message is not heard", { reason: received, from: deliverer.config.responderId });
      return received;
    }
    metrics?.count("messages_received");
    if (received.sender === deliverer.key) deliverer.spoke();
    return this.#queue.offer({ kind: "message", received }) ? "heard" : "too-often";
  }

  /** Takes part from here on, once peers had the chance to say what this node has forgotten. */
  async #begin(): Promise<void> {
    const { clock, ledger } = this.#parts;
    const slot = ledger.numBlocks();
    let forgotten: bigint | undefined;
    const recall = async (link: PeerLink, about: bigint): Promise<void> => {
      const payload = await link.askSlot(about, this.#options.self.publicKey);
      if (payload !== undefined && this.#saysMore(payload, link, about)) forgotten = about;
    };
    const recalls = this.#links.map((link) => recall(link, slot));
    await waitForAll([...recalls, ...this.#links.map((link) => link.askLatest())], clock.now() + RECALL_MS, clock);
    // Whoever put an old backup in its place took away votes of the slot that the others are in, too.
    const open = this.#network.blockCount();
    if (open > slot) {
      const more = this.#links.map((link) => recall(link, open));
      await waitForAll(more, clock.now() + RECALL_MS, clock);
    }
    this.#queue.add({ kind: "begin", forgotten });
  }

  /** Whether a message of this node says more than this node remembers to have said. */
  #saysMore(payload: Uint8Array, link: PeerLink, slot: bigint): boolean {
    const read = this.#inbox.read(payload, link.key);
    if (typeof read === "string" || read.sender !== nodeKey(this.#options.self)) return false;
    if (read.message.slotIndex !== slot) return false;
    const remembered = this.#consensus?.ownTopic(slot);
    return remembered === undefined || compareTopics(read.message.topic, remembered) > 0;
  }

  #keepSilent(consensus: Consensus, slot: bigint): void {
    this.#parts.log.warn("peers know votes that the journal does not; the node keeps silent", { slot });
    consensus.keepSilentIn(slot);
  }

  #messageAbout(slot: bigint, sender: NodeKey | undefined): Uint8Array | undefined {
    return this.#consensus?.messageAbout(slot, sender === nodeKey(this.#options.self) ? undefined : sender);
  }

  #hearsDirectly(): string[] {
    const since = this.#parts.clock.now() - DIRECT_MS;
    const direct = this.#links.filter(({ spokeAt }) => (spokeAt ?? Number.NEGATIVE_INFINITY) >= since);
    return direct.map(({ config }) => config.responderId).sort();
  }

  /** A transaction that a message mentioned has come. */
  async #takeFetched(context: TxContext): Promise<void> {
    const { ledger, metrics, log } = this.#parts;
    const value = txHashValue(context.txHash);
    const asOf = ledger.numBlocks();
    this.#fetcher.drop(context.txHash);
    metrics?.count("transactions_fetched");
    try {
      const result = context.isWellFormed
        ? Number(!this.#known.add(knownTx(context)))
        : await this.#checker.check(context, "peers");
      // Another slot may have begun, in which it may be in order.
      if (result !== 0 && asOf === ledger.numBlocks()) this.#checks.reject(value);
    } catch (error) {
      log.debug("a fetched transaction is not checked", { error });
    }
    this.#addOnce("transactions");
  }

  /** Asks for what was decided about the slot that is open here, and shows peers that it still is. */
  #askForDecision(): void {
    const slot = this.#parts.ledger.numBlocks();
    for (const link of this.#links) {
      void link.askSlot(slot).then((payload) => {
        if (payload !== undefined) this.#hear(payload, link);
      });
    }
    this.#consensus?.sayAgain();
  }

  async #attempt(): Promise<void> {
    const { ledger, clock, random, log, blockSources, catchUp, signer, isKnownSigner } = this.#parts;
    const peers = new Map<string, PeerRpc>(this.#links.map(({ config, rpc }) => [config.responderId, rpc]));
    const parts = {
      ledger,
      peers,
      sources: blockSources,
      append: (data: BlockData) => this.#appendFetched(data),
      ...(this.#options.retention === "forget" && { absorb: (data: BlockData) => this.#absorbFetched(data) }),
      ...this.#together(),
      ...(isKnownSigner && { isKnownSigner }),
      ...(signer && { verify: signer.verify }),
      metadataOf: (block: Block) => this.#metadataOf(block),
      clock,
      random,
      log,
    };
    const behind = this.#network.blockCount() - ledger.numBlocks();
    const limit = behind > BigInt(CATCH_UP_BLOCKS_MAX) ? CATCH_UP_FAR_BLOCKS_MAX : CATCH_UP_BLOCKS_MAX;
    const options = { quorumSet: this.#options.quorumSet, limit };
    let result: CatchUpResult | undefined;
    try {
      result = await catchUp(options, parts, this.#stopping.signal);
    } catch (error) {
      log.warn("catching up failed", { error });
    }
    this.#queue.add({ kind: "caught-up", result });
  }

  /** The ledger and whoever follows it get of the block what the enclave lets them see. */
  async #absorbFetched({ block, contents, ...rest }: BlockData): Promise<void> {
    const request = { block: blockToWire(block), contents: contentsToWire(contents) };
    const absorbed = await this.#door.absorbBlock(request);
    const seen = contentsFromWire(readPresent(absorbed.contents, "contents"));
    this.#appendFetched({ block, contents: seen, ...rest }, absorbed.sealed);
  }

  /** Appends as one transaction, where the ledger has them: nobody is told of a block that may not be stored after all. */
  #together(): Pick<CatchUpParts, "together"> {
    const { appendTogether } = this.#parts;
    if (appendTogether === undefined) return {};
    return {
      together: (appends) => {
        const group: BlockData[] = [];
        this.#group = group;
        try {
          this.#store(() => appendTogether(appends));
        } finally {
          this.#group = undefined;
        }
        for (const data of group) this.#tellFetched(data);
      },
    };
  }

  #appendFetched(data: BlockData, sealed?: SealedBlock): void {
    this.#store(() => this.#parts.ledger.append(data, sealed));
    if (this.#group === undefined) this.#tellFetched(data);
    else this.#group.push(data);
  }

  #store(append: () => void): void {
    try {
      append();
    } catch (error) {
      if (error instanceof LedgerError && error.code === "storage-failure") this.#halt(error);
      throw error;
    }
  }

  #tellFetched(data: BlockData): void {
    this.#parts.metrics?.count("blocks_synced");
    this.#consensus?.appended(data);
  }

  #metadataOf(block: Block): BlockMetadata {
    const { quorumSet, self } = this.#options;
    const { evidence, messageKey, signer } = this.#parts;
    const contents = { blockId: block.id, quorumSet, evidence: evidence?.(), responderId: self.responderId };
    if (signer === undefined) return signMetadata(contents, messageKey);
    const signature = bytes(signer.sign(metadataSigningDigest(contents)), 64, "A signature");
    return { contents, nodeKey: self.publicKey, signature };
  }

  #onBlock(data: BlockData): void {
    this.#catchingUp.decided();
    for (const listener of [...this.#listeners]) listener(data);
    this.#changes.announce();
  }

  #wakeAt(at: number | undefined): void {
    if (this.#wake?.at === at) return;
    this.#wake?.timer.cancel();
    this.#wake = undefined;
    if (at === undefined || this.#hasEnded()) return;
    const timer = this.#parts.clock.setTimer(at, () => {
      this.#wake = undefined;
      this.#addOnce("tick");
    });
    this.#wake = { at, timer };
  }

  /** How long slots wait: as configured, or longer where answers take longer. */
  #bases(): Pick<ReplicaTiming, "baseRoundMs" | "baseBallotMs"> {
    const { baseRoundMs, baseBallotMs, roundTripsMin } = this.#timing;
    const roundTripMs = roundTripsMin === 0 ? undefined : this.#roundTrips.ofSlice(this.#options.quorumSet);
    return {
      baseRoundMs: baseOf(baseRoundMs, roundTripMs, roundTripsMin),
      baseBallotMs: baseOf(baseBallotMs, roundTripMs, roundTripsMin),
    };
  }

  #everySecond(): void {
    const { clock } = this.#parts;
    this.#second = clock.setTimer(clock.now() + SECOND_MS, () => {
      this.#addOnce("second");
      if (!this.#hasEnded()) this.#everySecond();
    });
  }

  /** Adds an event unless one of its kind waits. */
  #addOnce(kind: "tick" | "transactions" | "second"): void {
    if (this.#queued.has(kind)) return;
    this.#queued.add(kind);
    this.#queue.add({ kind });
  }

  #hasEnded(): boolean {
    return this.#isStopped || this.#halted !== undefined;
  }

  /** Something is wrong that must not go on. */
  #halt(error: unknown): void {
    if (this.#halted !== undefined) return;
    this.#halted = error instanceof NodeError ? error : haltOf(error);
    this.#parts.log.error("the node halts", { code: this.#halted.code, error });
    void this.#end();
  }

  async #end(): Promise<void> {
    this.#stopping.abort();
    this.#wake?.timer.cancel();
    this.#second?.cancel();
    this.#fetcher.clear();
    for (const { outbox } of this.#links) outbox.close();
    this.#changes.close();
    await this.#queue.close();
  }
}

/** How many times the time of silence after which a peer is asked make it silent for its operator. */
const SILENT_AFTER = 3;

function haltOf(error: unknown): NodeError {
  if (error instanceof LedgerError && error.code === "storage-failure") {
    return new NodeError("storage-failure", "A block cannot be stored.", { cause: error });
  }
  const reason = error instanceof CodedError ? `${error.code}: ${error.message}` : "an assertion does not hold.";
  return new NodeError("invariant-violated", `The node contradicts itself: ${reason}`, { cause: error });
}

function takeMore(first: Extract<Event, { kind: "value" }>, take: TakeNext<Event>): NewValue[] {
  const values = [first.value];
  while (values.length < PROPOSED_VALUES_MAX) {
    const next = take(({ kind }) => kind === "value");
    if (next?.kind !== "value") break;
    values.push(next.value);
  }
  return values;
}

function assertOptions({ self, peers }: ReplicaOptions, { messageKey }: ReplicaParts): void {
  const refuse = (message: string): never => {
    throw new NodeError("invalid-options", message);
  };
  if (!equalBytes(messageKey.publicKey(), self.publicKey)) refuse("The message key is not that of the node.");
  const names = new Set([self.responderId, ...peers.map(({ responderId }) => responderId)]);
  const keys = new Set([nodeKey(self), ...peers.map(nodeKey)]);
  if (names.size <= peers.length || keys.size <= peers.length) refuse("Two nodes have one name or one key.");
}
