// The ledger of a node that forgets: opened before its enclave, which goes on from what the ledger holds sealed, and begun after
// it, since only the enclave can make of a first block, or of a snapshot, what may be stored.
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { blockToWire, contentsFromWire, contentsToWire } from "@fogbow/core-block";
import {
  AbsorbBlockRequestSchema,
  decodeMessage,
  encodeMessage,
  FormBlockResponseSchema,
  LoadedRecordsSchema,
  readPresent,
} from "@fogbow/core-wire";
import { createForgetLedger, type ForgetLedger, loadSnapshot, openForgetLedger } from "@fogbow/ledger-db";
import type { NodeConfig } from "../config/node-config.ts";
import type { ConsensusEnclave } from "../parts.ts";
import { assertOrigin, findOrigin, LEDGER_FILE, type OriginParts } from "./node-ledger.ts";

/** What of a node's configuration decides about its ledger. */
export type ForgettingConfig = Pick<NodeConfig, "ledgerPath" | "origin" | "snapshotPath"> & {
  readonly network: Pick<NodeConfig["network"], "quorumSet">;
};

const ANSWER = { bytesMax: 16_777_216 };

/** One node's forgetting ledger. */
export class ForgettingStore {
  readonly #config: ForgettingConfig;
  #ledger: ForgetLedger | undefined;

  /** Opens the ledger if there is one, as its only writer. Throws LedgerError. */
  constructor(config: ForgettingConfig) {
    this.#config = config;
    if (existsSync(join(config.ledgerPath, LEDGER_FILE))) this.#ledger = openForgetLedger(config.ledgerPath);
  }

  /** What the enclave is initialised with, now. */
  sealedLedger(): Uint8Array {
    return this.#ledger?.sealedLedger() ?? new Uint8Array();
  }

  /**
   * The ledger, which has blocks: it had them, or begins with the configured snapshot, or with the origin block. Rejects with
   * ConfigError `origin-mismatch` or `missing-field`, LedgerError, BlockError, SyncError, and as the enclave does.
   */
  async begin(enclave: ConsensusEnclave, parts: OriginParts, signal: AbortSignal): Promise<ForgetLedger> {
    const { ledgerPath, origin, snapshotPath } = this.#config;
    const opened = this.#ledger;
    if (opened !== undefined && opened.numBlocks() > 0n) {
      const first = opened.block(0n);
      if (first !== undefined) assertOrigin(first.id, origin.id, ledgerPath);
      return opened;
    }
    if (snapshotPath !== undefined && opened === undefined) return this.#beginWith(snapshotPath, enclave);
    const data = await findOrigin(origin, parts, signal);
    const request = { block: blockToWire(data.block), contents: contentsToWire(data.contents) };
    const answer = await enclave.call("absorb-block", encodeMessage(AbsorbBlockRequestSchema, request));
    const { contents, sealed } = decodeMessage(FormBlockResponseSchema, answer, ANSWER);
    const ledger = opened ?? createForgetLedger(ledgerPath);
    this.#ledger = ledger;
    ledger.append({ ...data, contents: contentsFromWire(readPresent(contents, "contents")) }, sealed);
    return ledger;
  }

  async #beginWith(snapshotPath: string, enclave: ConsensusEnclave): Promise<ForgetLedger> {
    const { ledgerPath, network } = this.#config;
    await loadSnapshot(ledgerPath, {
      open: () => createReadStream(snapshotPath),
      quorumSet: network.quorumSet,
      load: async (record) => decodeMessage(LoadedRecordsSchema, await enclave.call("load-snapshot", record), ANSWER),
    });
    const ledger = openForgetLedger(ledgerPath);
    this.#ledger = ledger;
    return ledger;
  }

  /** Lets go of the ledger. Closing again does nothing. */
  async close(): Promise<void> {
    await this.#ledger?.close();
  }
}
