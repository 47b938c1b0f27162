// A wallet that knows its balance through Fog alone: no ledger of its own, and nothing that a server learns (spec 03 §8).
import type { PublicAddress } from "@fogbow/core-account";
import type { Random, Secret } from "@fogbow/core-bytes";
import { type CompressedPoint, CryptoError, type PrivateKey } from "@fogbow/core-crypto";
import { openTxOutRecord } from "@fogbow/core-transaction";
import { SdkError } from "../error.ts";
import type { LedgerService } from "../ledger/ledger-service.ts";
import { SYNC_DISTANCE_MAX } from "../limits.ts";
import type { ViewService } from "../view/fog-view-client.ts";
import type { RngEvent, ViewAnswer } from "../view/view-answer.ts";
import { type AccountState, decodeState, emptyState, encodeState } from "./account-state.ts";
import { allOutputs, balanceOf, type FogBalance, spendableOutputs } from "./balance.ts";
import { decoyRecord } from "./decoy-record.ts";
import { addressesOf, fogViewPrivateKeyOf, isOwner, type WalletKeys } from "./fog-view-keys.ts";
import { followRng, rngName } from "./followed-rng.ts";
import { checkKeyImages } from "./key-image-check.ts";
import { scanMissedBlocks } from "./missed-blocks.ts";
import { OutputReader, type OwnedOutput } from "./owned-output.ts";
import { from, unionOf } from "./range-set.ts";
import { search } from "./search.ts";

/** Whose wallet it is. */
export interface FogAccountOptions {
  /** Its owner's keys, or those of somebody who only looks: then spends are unknown until key images are told. */
  readonly account: WalletKeys;
  /** Subaddresses to watch besides the default one, 1, and those reserved for change and gift codes. */
  readonly subaddressIndices?: readonly bigint[];
  /** The block count when the wallet was made, if that is certain: blocks before it are not scanned. */
  readonly birthday?: bigint;
  /** What {@link FogAccount.save} gave; a wallet without it finds everything anew. */
  readonly saved?: Secret;
}

/** What a wallet works with. */
export interface FogAccountParts {
  readonly view: ViewService;
  readonly ledger: LedgerService;
  readonly random: Random;
}

/** What a poll came to. */
export interface PollResult {
  readonly balance: FogBalance;
  /** What went wrong on the way. The balance is true at its block count all the same. */
  readonly errors: readonly unknown[];
}

/** How long a transaction may wait to be in a block, unless stated. */
const TOMBSTONE_OFFSET = 50n;

/** A wallet's knowledge of itself, brought up to date by {@link FogAccount.poll}. */
export class FogAccount {
  readonly #options: FogAccountOptions;
  readonly #parts: FogAccountParts;
  readonly #reader: OutputReader;
  readonly #viewPrivateKey: PrivateKey;
  readonly #address: PublicAddress;
  readonly #state: AccountState;
  #polling: Promise<unknown> = Promise.resolve();
  #decoy: Uint8Array | undefined;

  /** Throws SdkError `state-damaged` for a saved state that is not this wallet's. */
  constructor(options: FogAccountOptions, parts: FogAccountParts) {
    const { account, subaddressIndices = [], saved } = options;
    this.#options = options;
    this.#parts = parts;
    this.#reader = OutputReader.of(account, subaddressIndices);
    const viewPrivateKey = fogViewPrivateKeyOf(account);
    this.#viewPrivateKey = viewPrivateKey;
    this.#address = addressesOf(account).default;
    this.#state =
      saved === undefined ? emptyState() : decodeState(saved, this.#address, { reader: this.#reader, viewPrivateKey });
  }

  /** The balance as of the last poll. */
  get balance(): FogBalance {
    return balanceOf(this.#state);
  }

  /** Outputs that are not known to be spent at all, oldest first. */
  get spendable(): readonly OwnedOutput[] {
    return spendableOutputs(this.#state);
  }

  /** Every output that was found, spent or not, oldest first. */
  get outputs(): readonly OwnedOutput[] {
    return allOutputs(this.#state);
  }

  /** Outputs of which nobody has told the key image, so that spending them goes unseen: none but in a view-only wallet. */
  get unnamed(): readonly OwnedOutput[] {
    return this.outputs.filter(({ status }) => status.kind === "unknown");
  }

  /** Takes key images that the account's owner has made, by the outputs' indexes in the ledger. The next poll checks them. */
  learnKeyImages(keyImages: ReadonlyMap<bigint, CompressedPoint>): void {
    const { outputs } = this.#state;
    for (const output of this.unnamed) {
      const keyImage = keyImages.get(output.globalIndex);
      const status = { kind: "not-spent", below: output.blockIndex + 1n } as const;
      if (keyImage !== undefined) outputs.set(output.globalIndex, { ...output, keyImage, status });
    }
  }

  /** How many outputs the ledger has at least, to draw ring members from. */
  get txoCount(): bigint {
    return this.#state.txoCount;
  }

  /** The highest block version that was seen. */
  get blockVersion(): number {
    return this.#state.blockVersion;
  }

  /** A tombstone block for a transaction made now. Throws SdkError `ledger-not-ready` before a ledger has said its height. */
  tombstoneBlock(offset: bigint = TOMBSTONE_OFFSET): bigint {
    const { ledgerBlockCount } = this.#state;
    if (ledgerBlockCount === 0n) {
      throw new SdkError("ledger-not-ready", "Fog Ledger has not said how many blocks there are. Poll again.");
    }
    return ledgerBlockCount + offset;
  }

  /** Everything to go on from, at any time: nothing is lost when it is saved in the middle of a poll. */
  save(): Secret {
    return encodeState(this.#state, this.#address, !isOwner(this.#options.account));
  }

  /**
   * Asks Fog what is new. What can fail is in the result's errors; only the signal's reason is thrown. Polls queue. The
   * requests that a poll makes depend on how much was found only in the number of their rounds.
   */
  poll(signal?: AbortSignal): Promise<PollResult> {
    const polled = this.#polling.then(() => this.#poll(signal));
    this.#polling = polled.catch(() => undefined); // Whoever asked is told; those behind go on.
    return polled;
  }

  async #poll(signal: AbortSignal | undefined): Promise<PollResult> {
    signal?.throwIfAborted();
    const errors: unknown[] = [];
    const fail = (error: unknown): void => {
      errors.push(error);
    };
    const add = (output: OwnedOutput): void => this.#add(output);
    let expected = spendableOutputs(this.#state).length;
    const asks = (keysEach: number): void => {
      expected += keysEach;
    };
    const viewBlockCount = await this.#findEverything(asks, fail, signal);
    const { ledger, random } = this.#parts;
    await scanMissedBlocks(this.#state, { ledger, reader: this.#reader, add, fail, signal });
    await checkKeyImages(this.#state, { ledger, random, expected, fail, signal });
    this.#checkSync(viewBlockCount, fail);
    return { balance: this.balance, errors };
  }

  /** Rounds A and B. The block count that Fog View says, if it says one. */
  async #findEverything(
    asks: (keysEach: number) => void,
    fail: (error: unknown) => void,
    signal: AbortSignal | undefined,
  ): Promise<bigint | undefined> {
    const state = this.#state;
    const { view } = this.#parts;
    let answer: ViewAnswer;
    try {
      const { eventCursor, blockCountCursor } = state;
      answer = await view.query({ eventCursor, blockCountCursor, searchKeys: [] }, signal);
    } catch (error) {
      signal?.throwIfAborted();
      fail(error);
      return undefined;
    }
    this.#takeEvents(answer, fail); // Also when no block has come: events do not come twice.
    const { blockCount } = answer;
    const followed = [...state.rngs.values()].filter(({ rng, stopped }) => rng !== undefined && !stopped);
    this.#decoy ??= decoyRecord(this.#address, this.#parts.random);
    if (followed.length === 0) {
      if (blockCount > state.blockCountCursor) state.blockCountCursor = blockCount;
      return blockCount;
    }
    if (blockCount <= state.blockCountCursor && followed.every(({ searched }) => searched)) return blockCount;
    const searchedCount = await search(state, {
      view,
      subaddressViewPrivateKey: this.#viewPrivateKey,
      take: (record) => this.#add(this.#reader.ofRecord(record)),
      pretend: () => this.#pretend(),
      asks,
      fail,
      signal,
    });
    if (searchedCount !== undefined) {
      // No further than the first answer: of sequences and missed blocks that came since, nothing is known yet.
      const complete = searchedCount < blockCount ? searchedCount : blockCount;
      if (complete > state.blockCountCursor) state.blockCountCursor = complete;
    }
    return blockCount;
  }

  /** Opens the decoy, and lets it go. */
  #pretend(): void {
    if (this.#decoy !== undefined) this.#reader.ofRecord(openTxOutRecord(this.#decoy, this.#viewPrivateKey));
  }

  /** Takes the events of an answer, and with them its cursor. */
  #takeEvents(answer: ViewAnswer, fail: (error: unknown) => void): void {
    const state = this.#state;
    for (const event of answer.rngs) this.#takeRng(event, fail);
    for (const { ingestInvocationId, lastIngestedBlock } of answer.decommissions) {
      state.decommissions.set(ingestInvocationId, lastIngestedBlock);
    }
    const { birthday = 0n } = this.#options;
    state.missedRanges = unionOf([...state.missedRanges, ...from(answer.missedRanges, birthday)]);
    if (answer.nextEventCursor > state.eventCursor) state.eventCursor = answer.nextEventCursor;
  }

  #takeRng(event: RngEvent, fail: (error: unknown) => void): void {
    const { rngs } = this.#state;
    const known = rngs.get(rngName(event));
    if (known !== undefined) {
      if (known.ingestInvocationId < event.ingestInvocationId) {
        known.ingestInvocationId = event.ingestInvocationId; // The key lives on in another invocation.
        known.stopped = false;
      }
      return;
    }
    try {
      const followed = followRng(event, this.#viewPrivateKey);
      rngs.set(rngName(event), followed);
      if (followed.rng === undefined) {
        fail(
          new SdkError("client-outdated", "Fog uses search keys of a kind that this wallet does not know. Update it."),
        );
      }
    } catch (cause) {
      if (!(cause instanceof CryptoError)) throw cause;
      fail(new SdkError("invalid-response", "Fog View names an egress key that is none.", { cause }));
    }
  }

  /** Takes an output, once: blocks that Fog missed may hold what it found, too. */
  #add(output: OwnedOutput): void {
    const { outputs } = this.#state;
    if (!outputs.has(output.globalIndex)) outputs.set(output.globalIndex, output);
  }

  #checkSync(viewBlockCount: bigint | undefined, fail: (error: unknown) => void): void {
    const { ledgerBlockCount } = this.#state;
    if (viewBlockCount === undefined || ledgerBlockCount === 0n) return;
    const distance =
      viewBlockCount > ledgerBlockCount ? viewBlockCount - ledgerBlockCount : ledgerBlockCount - viewBlockCount;
    if (distance <= SYNC_DISTANCE_MAX) return;
    const message = `Fog View knows ${viewBlockCount} blocks and Fog Ledger ${ledgerBlockCount}: send nothing until they agree.`;
    fail(new SdkError("fog-out-of-sync", message));
  }
}
