// The ingest server between its operator, its peers, its enclave and the database (spec 03 §2.5–2.10).
import { equalBytes, toHex } from "@fogbow/core-bytes";
import { type AuthMessage, IngestControllerMode, type IngestSummary, type Message } from "@fogbow/core-wire";
import type { BlockRange, IngressKeyFilters, IngressKeyRecord, LeaseClaim } from "@fogbow/recovery-db";
import { IngestError } from "../error.ts";
import { BACKOFF_MS_MAX, EXPIRY_WINDOW_MAX } from "../limits.ts";
import type { IngestOptions } from "../options.ts";
import type { ControllerParts } from "../parts.ts";
import { confirmBackup, fetchKey } from "../peers/backups.ts";
import { peerAt, peersOf } from "../peers/peer-list.ts";
import type { KeptState } from "../state/state-file.ts";
import { activate } from "./activate.ts";
import { IngestState } from "./ingest-state.ts";
import { endSuperseded } from "./invocations.ts";
import { tryRestore } from "./restore.ts";
import { BlockScanner } from "./scan-block.ts";
import { Turns } from "./turns.ts";

const FAILURE_MS = 1_000;
const CHECKUP_POLL_MS = 1_000;
const LOOK_BACK_MS = 1_000;

/** An ingest server. */
export class IngestController {
  readonly #options: IngestOptions;
  readonly #parts: ControllerParts;
  readonly #stopping: AbortController;
  readonly #state: IngestState;
  /** Changes of keys, and activation. The worker needs none: it changes keys only while active, and nobody else does then. */
  readonly #turns = new Turns();
  /** When the database is asked next whether it has what was scanned. */
  #lookBackAt = 0;
  /** Blocks in a row that were not scanned. */
  #failures = 0;
  #running: Promise<void> | undefined;

  private constructor(options: IngestOptions, parts: ControllerParts, state: IngestState, stopping: AbortController) {
    this.#options = options;
    this.#parts = parts;
    this.#state = state;
    this.#stopping = stopping;
  }

  /**
   * A server with what it kept, or a new one; the enclave was given the key that was kept. Its state is on the disk when this
   * resolves. Rejects with `invalid-peers`, `storage-failure`.
   */
  static async begin(
    options: IngestOptions,
    parts: ControllerParts,
    kept: KeptState | undefined,
  ): Promise<IngestController> {
    const { enclave, log } = parts;
    const stopping = new AbortController();
    const key = await enclave.ingressKey();
    const summary = kept?.summary;
    const isOwnKey = equalBytes(summary?.ingressPubkey?.data ?? new Uint8Array(0), key.publicKey);
    const wasActive = summary?.mode === IngestControllerMode.Active;
    if (wasActive && !isOwnKey) log.error("the state file names another key than the enclave has: idle");
    const state = new IngestState(
      {
        key,
        rng: await enclave.rng(),
        next: summary?.nextBlockIndex ?? 0n,
        window: summary?.pubkeyExpiryWindow ?? options.expiryWindow,
        peers: peersOf(summary?.peers ?? options.peers, options.localNodeId),
        superseded: (summary?.ingestInvocationId ?? 0n) === 0n ? undefined : summary?.ingestInvocationId,
        isRestoring: wasActive && isOwnKey,
      },
      parts,
      () => stopping.signal.aborted,
    );
    enclave.onRestart(() => {
      state.isStale = true;
      parts.metrics.alert("enclave-restarted");
    });
    state.save();
    return new IngestController(options, parts, state, stopping);
  }

  /** Scans blocks from now on. Resolves when the server is closed; rejects when it cannot go on. */
  run(): Promise<void> {
    this.#running ??= Promise.all([this.#restore().then(() => this.#work()), this.#checkUp()]).then(
      () => undefined,
      (error: unknown) => {
        if (!this.#signal.aborted) throw error;
      },
    );
    return this.#running;
  }

  /** Scans no more, and writes no state any more. Resolves when what is in progress has ended. */
  async close(): Promise<void> {
    this.#stopping.abort(new IngestError("stopping", "The server stops."));
    await this.#running?.catch(() => undefined);
  }

  status(): IngestSummary {
    return this.#state.summary();
  }

  /** Rejects with `not-idle`, and as the enclave does. */
  newKeys(): Promise<IngestSummary> {
    return this.#turns.take(async () => {
      this.#assertIdle();
      await this.#parts.enclave.newKeys();
      return this.#keysChanged();
    });
  }

  /** Throws `not-idle`, `invalid-window`. */
  setExpiryWindow(blocks: bigint): IngestSummary {
    const state = this.#state;
    if (blocks > BigInt(EXPIRY_WINDOW_MAX)) {
      throw new IngestError("invalid-window", `A report promises at most ${EXPIRY_WINDOW_MAX} blocks.`);
    }
    if (blocks < state.window) this.#assertIdle();
    state.window = blocks;
    state.save();
    return state.summary();
  }

  /** Throws `invalid-peers`. */
  setPeers(uris: readonly string[]): IngestSummary {
    this.#state.peers = peersOf(uris, this.#options.localNodeId);
    this.#state.save();
    return this.#state.summary();
  }

  /** Rejects as `activate.ts` says. */
  activate(lease?: LeaseClaim): Promise<IngestSummary> {
    return this.#turns.take(async () => {
      if (!this.#state.isActive) await activate(this.#state, this.#options, this.#parts, lease);
      return this.#state.summary();
    });
  }

  /** Rejects as the database does. */
  async retire(isRetired: boolean): Promise<IngestSummary> {
    await this.#parts.db.retireIngressKey(this.#state.key.publicKey, isRetired);
    return this.#state.summary();
  }

  /** Rejects as the database does. */
  reportLostKey(key: Uint8Array): Promise<void> {
    return this.#parts.db.reportLostIngressKey(key);
  }

  missedBlockRanges(): Promise<readonly BlockRange[]> {
    return this.#parts.db.missedBlockRanges();
  }

  ingressKeyRecords(startAtLeast: bigint, filters: IngressKeyFilters): Promise<readonly IngressKeyRecord[]> {
    return this.#parts.db.ingressKeyRecords(startAtLeast, filters);
  }

  /** Takes over the key of another server. Rejects with `not-idle`, `invalid-peers`, and as `fetchKey` does. */
  syncKeysFrom(uri: string): Promise<IngestSummary> {
    return this.#turns.take(async () => {
      this.#assertIdle();
      await fetchKey(peerAt(uri), this.#parts);
      return this.#keysChanged();
    });
  }

  /** A peer begins a channel. Rejects as the enclave does. */
  peerAuth(request: AuthMessage): Promise<AuthMessage> {
    return this.#parts.enclave.peerAuth(request);
  }

  /** The key for a peer. Rejects as the enclave does. */
  privateKeyFor(channelId: Uint8Array): Promise<Message> {
    return this.#parts.enclave.privateKeyFor(channelId);
  }

  /** A peer's key. Rejects with `not-idle`, `busy`, and as the enclave does. */
  takePrivateKey(message: Message): Promise<IngestSummary> {
    return this.#turns.takeNow(async () => {
      this.#assertIdle();
      await this.#parts.enclave.takePrivateKey(message);
      return this.#keysChanged();
    });
  }

  get #signal(): AbortSignal {
    return this.#stopping.signal;
  }

  #assertIdle(): void {
    const { isActive, isRestoring } = this.#state;
    if (isActive || isRestoring) throw new IngestError("not-idle", "The server is not idle.");
  }

  /** Reads what the enclave has now. */
  async #keysChanged(): Promise<IngestSummary> {
    const state = this.#state;
    const { enclave, log } = this.#parts;
    const before = state.key.publicKey;
    state.key = await enclave.ingressKey();
    state.replaceRng(await enclave.rng());
    if (!equalBytes(before, state.key.publicKey)) {
      state.save();
      await enclave.refreshEvidence();
      log.info("another ingress key", { key: toHex(state.key.publicKey) });
    }
    state.save();
    return state.summary();
  }

  /** Goes on where the run before was, as soon as that is known to be right; a server that is activated meanwhile is. */
  async #restore(): Promise<void> {
    for (let tries = 1; this.#state.isRestoring; tries++) {
      const result = await this.#turns.take(async () => {
        if (!this.#state.isRestoring) return "idle";
        return tryRestore(this.#state, this.#options, this.#parts);
      });
      if (result !== "unreachable") return;
      await this.#sleep(Math.min(tries * FAILURE_MS, BACKOFF_MS_MAX));
    }
  }

  async #work(): Promise<void> {
    const scanner = new BlockScanner(this.#options, this.#parts, this.#state, this.#signal);
    while (!this.#signal.aborted) {
      try {
        await (this.#state.isActive ? this.#next(scanner) : this.#idle());
      } catch (error) {
        if (this.#signal.aborted) return;
        if (error instanceof IngestError && error.code === "storage-failure") throw error;
        this.#parts.log.error("the next block is not scanned; it is tried again", { error });
        await this.#sleep(FAILURE_MS);
      }
    }
  }

  async #idle(): Promise<void> {
    if (this.#state.isStale) {
      this.#state.isStale = false;
      this.#state.replaceRng(await this.#parts.enclave.rng());
    }
    await endSuperseded(this.#state, this.#parts);
    await this.#sleep(this.#options.pollMs);
  }

  async #next(scanner: BlockScanner): Promise<void> {
    const { blocks, clock, log, metrics } = this.#parts;
    const { pollMs, watcherTimeoutMs: timeoutMs } = this.#options;
    const index = this.#state.next;
    const block = blocks.blockData(index);
    if (block === undefined) {
      if (clock.now() >= this.#lookBackAt) {
        this.#lookBackAt = clock.now() + LOOK_BACK_MS;
        await scanner.lookBack();
      }
      return blocks.untilChanged(pollMs, this.#signal);
    }
    const isKnown = block.timestamp.code === "found" || block.timestamp.code === "out-of-bounds";
    const { timestamp, code } = isKnown
      ? block.timestamp
      : await blocks.pollTimestamp(index, { timeoutMs, signal: this.#signal });
    if (code !== "found" && code !== "out-of-bounds") {
      metrics.alert("timestamp-unknown");
      log.error("a block is scanned without its time", { block: index, code });
    }
    const result = await scanner.scan(block, timestamp);
    this.#failures = result === "failed" ? this.#failures + 1 : 0;
    if (result === "failed") await this.#sleep(Math.min(this.#failures * FAILURE_MS, BACKOFF_MS_MAX));
  }

  /** Sees to it that peers could take over. */
  async #checkUp(): Promise<void> {
    const { clock } = this.#parts;
    let due = clock.now() + this.#options.peerCheckupMs;
    while (!this.#signal.aborted) {
      await this.#sleep(CHECKUP_POLL_MS);
      if (!this.#state.isActive || clock.now() < due) continue;
      due = clock.now() + this.#options.peerCheckupMs;
      await this.#checkPeers();
    }
  }

  async #checkPeers(): Promise<void> {
    const { log, metrics } = this.#parts;
    const { key, peers } = this.#state;
    const rules = { ingressKey: key.publicKey, peers: peers.map(({ uri }) => uri), mayUpdate: true };
    for (const peer of peers) {
      if (peer.responderId === this.#options.localNodeId) continue;
      try {
        await confirmBackup(peer, rules, this.#parts);
      } catch (error) {
        const code = error instanceof IngestError ? error.code : undefined;
        if (code === "active-peer") metrics.alert("peer-active");
        log.error("a peer could not take over", { peer: peer.responderId, error });
        if (code === "unexpected-key") return;
      }
    }
  }

  async #sleep(milliseconds: number): Promise<void> {
    if (this.#signal.aborted) return;
    await this.#parts.clock.sleep(milliseconds, this.#signal);
  }
}
