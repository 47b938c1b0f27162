// From a block to rows (spec 03 §2.7).
import type { ETxOutRecord, TxOut } from "@fogbow/core-transaction";
import type { ProvidedBlock } from "@fogbow/ledger-db";
import type { IngressKeyStatus } from "@fogbow/recovery-db";
import type { IngestOptions } from "../options.ts";
import type { ControllerParts } from "../parts.ts";
import { untilDone } from "./backoff.ts";
import type { IngestState } from "./ingest-state.ts";
import { beginInvocation, isCode } from "./invocations.ts";
import { publishReport } from "./publish-report.ts";
import { rotateEgress } from "./rotate-egress.ts";

/** What became of a block. */
export type ScanResult =
  | "scanned" // It is stored, and the next one is due.
  | "again" // Nothing of it is stored; what is due may be another block now.
  | "failed" // Nothing of it is stored, and trying again at once would not help.
  | "idle"; // This server scans no more.

/** Scans blocks, one at a time. The state must be active, and nobody else may change what it says of keys and blocks. */
export class BlockScanner {
  readonly #options: IngestOptions;
  readonly #parts: ControllerParts;
  readonly #state: IngestState;
  readonly #signal: AbortSignal;

  constructor(options: IngestOptions, parts: ControllerParts, state: IngestState, signal: AbortSignal) {
    this.#options = options;
    this.#parts = parts;
    this.#state = state;
    this.#signal = signal;
  }

  /** Scans the block that is due. Rejects with the signal's reason, and with `storage-failure` of the state file. */
  async scan({ data }: ProvidedBlock, timestamp: bigint): Promise<ScanResult> {
    const { clock, metrics } = this.#parts;
    const state = this.#state;
    const { index, cumulativeTxoCount } = data.block;
    const started = clock.now();
    if (state.isStale) await this.#rotate();
    const status = await this.#publish();
    if (status === "again") return "again";
    if (status.lost) {
      metrics.alert("key-lost");
      return this.#stop("the key was declared lost: it is used no more");
    }
    if (status.retired && index > status.pubkeyExpiry)
      return this.#stop("the retired key has scanned what it promised");

    const records = await this.#ingest(index, cumulativeTxoCount, data.contents.outputs, timestamp);
    if (typeof records === "string") return records;
    const stored = await this.#store({ index, cumulativeTxoCount }, timestamp, records);
    if (stored === "again") return "again";
    if (stored === "raced") {
      metrics.alert("race-lost");
      return this.#stop("another server has scanned this block with this key");
    }
    state.next = index + 1n;
    state.save();
    metrics.processed(index);
    metrics.took("process_next_block", clock.now() - started);
    return "scanned";
  }

  /** Publishes the report before a block is scanned; tries until the database has answered. */
  #publish(): Promise<IngressKeyStatus | "again"> {
    const { log } = this.#parts;
    return untilDone(() => this.#tryPublish(), {
      ...this.#trying,
      onFailure: (error) => log.error("the report cannot be published; it is tried again", { error }),
    });
  }

  async #tryPublish(): Promise<IngressKeyStatus | "again"> {
    const { key, next, window, invocation } = this.#state;
    const status = await this.#parts.db.ingressKeyStatus(key.publicKey);
    if (status?.lost === true) return status;
    if (await this.#isForgotten(status)) return "again";
    return publishReport(
      { ingressKey: key.publicKey, reportId: this.#options.fogReportId, invocation, pubkeyExpiry: next + window },
      this.#parts,
    );
  }

  /** Looks whether the database still has what was scanned, for as long as there is no block to scan. */
  async lookBack(): Promise<void> {
    const { db, log } = this.#parts;
    try {
      const status = await db.ingressKeyStatus(this.#state.key.publicKey);
      if (status?.lost !== true) await this.#isForgotten(status);
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!isCode(error, "database-unavailable")) throw error;
      log.warn("the database does not answer", { error }); // It is asked again, and once there is a block, until it does.
    }
  }

  /** Whether the database lacks blocks that were scanned. They are due again then. */
  async #isForgotten(status: IngressKeyStatus | undefined): Promise<boolean> {
    const { db } = this.#parts;
    const { key, next } = this.#state;
    if (status === undefined) {
      await this.#scanAgainFrom(await db.newIngressKey(key.publicKey, 0n));
      return true;
    }
    const last = await db.lastScannedBlockIndex(key.publicKey);
    const due = last === undefined ? status.startBlock : last + 1n;
    if (due >= next) return false;
    await this.#scanAgainFrom(due);
    return true;
  }

  /**
   * The database was restored from an older copy. The invocation may be unknown there, or be another server's of the same
   * number: it is left alone, and the clean-up ends it.
   */
  async #scanAgainFrom(block: bigint): Promise<void> {
    const { log, metrics } = this.#parts;
    const state = this.#state;
    metrics.alert("database-restored");
    log.error("the database was restored from an older copy: blocks are scanned again with a new egress key", {
      from: block,
      through: state.next - 1n,
      invocation: state.invocation,
    });
    state.invocation = undefined;
    state.superseded = undefined;
    await this.#rotate();
    state.next = block;
    state.save();
  }

  async #ingest(
    blockIndex: bigint,
    cumulativeTxoCount: bigint,
    outputs: readonly TxOut[],
    timestamp: bigint,
  ): Promise<readonly ETxOutRecord[] | "again" | "failed"> {
    const { enclave, clock, metrics } = this.#parts;
    const state = this.#state;
    const { chunkOutputs } = this.#options;
    const first = cumulativeTxoCount - BigInt(outputs.length);
    const records: ETxOutRecord[] = [];
    try {
      for (let at = 0; at < outputs.length; at += chunkOutputs) {
        const chunk = outputs.slice(at, at + chunkOutputs);
        const started = clock.now();
        const ingested = await enclave.ingest({
          blockIndex,
          firstGlobalIndex: first + BigInt(at),
          outputs: chunk,
          timestamp,
          outputsToFollow: outputs.length - at - chunk.length,
        });
        metrics.took("ingest_txs", clock.now() - started);
        if (state.isStale) return await this.#failed(new Error("The enclave was started anew."));
        if (ingested.newRng !== undefined) state.replaceRng(ingested.newRng);
        if (state.invocation === undefined) await this.#begin(blockIndex);
        for (const record of ingested.records) records.push(record);
      }
      if (state.invocation === undefined) await this.#begin(blockIndex);
      return records;
    } catch (error) {
      this.#signal.throwIfAborted();
      if (isCode(error, "unknown-key")) return await this.#failed(error, "again");
      if (isStorage(error)) throw error;
      return this.#failed(error);
    }
  }

  /** Something was scanned, or may have been, that is not stored (I-1). */
  async #failed<Result extends "again" | "failed">(error: unknown, result?: Result): Promise<Result | "failed"> {
    const { log, metrics, db } = this.#parts;
    const state = this.#state;
    const isBad = reasonOf(error) === INVALID_BLOCK_DATA;
    metrics.alert(isBad ? "invalid-block-data" : "ingest-failed");
    log.error(
      isBad
        ? "CRITICAL: the enclave cannot read the outputs of this block, and this does not heal by itself"
        : "the enclave did not scan the block; it is tried again with a new egress key",
      { block: state.next, error, reason: reasonOf(error) },
    );
    await this.#rotate();
    if (state.superseded !== undefined) {
      const { superseded } = state;
      await db.decommissionIngestInvocation(superseded).then(
        () => {
          if (state.superseded === superseded) state.superseded = undefined;
        },
        () => undefined, // Done together with the next invocation's beginning.
      );
    }
    state.save();
    return result ?? "failed";
  }

  async #store(
    block: { readonly index: bigint; readonly cumulativeTxoCount: bigint },
    timestamp: bigint,
    records: readonly ETxOutRecord[],
  ): Promise<"stored" | "raced" | "again"> {
    const { db, clock, log, metrics } = this.#parts;
    const { invocation } = this.#state;
    if (invocation === undefined) return "again";
    const onFailure = (error: unknown): void => {
      if (isCode(error, "unknown-invocation")) throw error; // The database was restored meanwhile.
      log.error("a block cannot be stored; it is tried again", { block: block.index, error });
    };
    const started = clock.now();
    const store = async (): Promise<"stored" | "raced"> => {
      const { alreadyScanned } = await db.addBlockData(invocation, block, timestamp, records);
      return alreadyScanned ? "raced" : "stored";
    };
    try {
      const result = await untilDone(store, { ...this.#trying, onFailure });
      metrics.took("db_add_block_data", clock.now() - started);
      return result;
    } catch (error) {
      if (!isCode(error, "unknown-invocation")) throw error;
      await this.#rotate();
      this.#state.superseded = undefined;
      return "again";
    }
  }

  async #stop(why: string): Promise<"idle"> {
    const state = this.#state;
    await this.#rotate();
    state.isActive = false;
    state.save();
    this.#parts.log.warn(`idle from now on: ${why}`, { next: state.next });
    return "idle";
  }

  #begin(startBlock: bigint): Promise<void> {
    return beginInvocation(this.#state, startBlock, this.#parts, this.#signal);
  }

  #rotate(): Promise<void> {
    return rotateEgress(this.#state, this.#parts, this.#signal);
  }

  get #trying(): { readonly clock: ControllerParts["clock"]; readonly signal: AbortSignal } {
    return { clock: this.#parts.clock, signal: this.#signal };
  }
}

/** The enclave's word for outputs that it cannot read. */
const INVALID_BLOCK_DATA = "invalid-block-data";

function reasonOf(error: unknown): string | undefined {
  return error instanceof Error && "reason" in error && typeof error.reason === "string" ? error.reason : undefined;
}

const isStorage = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "storage-failure";
