// A ledger with a Fog of its own, as a wallet sees both: scripted, at whatever heights a test says.
import { type AccountKey, accountKeyFromRootEntropy, publicAddress, subaddress } from "@fogbow/core-account";
import { concatBytes, equalBytes, MOB, type Random, Secret, toHex, tokenValue, utf8 } from "@fogbow/core-bytes";
import { KexRng, PrivateKey } from "@fogbow/core-crypto";
import {
  createTxOut,
  createTxOutRecord,
  encodeMemo,
  keyImage,
  onetimePrivateKey,
  sealTxOutRecord,
  type TxOut,
} from "@fogbow/core-transaction";
import { kernel } from "@fogbow/kernel";
import type {
  BlockRange,
  DecommissionEvent,
  LedgerService,
  RngEvent,
  SearchResult,
  ViewAnswer,
  ViewQuestion,
  ViewService,
} from "../src/index.ts";
import { NO_EVENTS } from "../src/index.ts";

/** Reproducible bytes for a purpose. */
export function randomFrom(purpose: string): Random {
  let counter = 0;
  return (length) => {
    counter += 1;
    const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, i) =>
      kernel().hashes.sha512(utf8(`${purpose}/${counter}/${i}`)),
    );
    return concatBytes(...blocks).slice(0, length);
  };
}

/** The wallet of the tests, and somebody else's. */
export const ACCOUNT: AccountKey = accountKeyFromRootEntropy(new Secret(new Uint8Array(32).fill(7)));
export const STRANGER: AccountKey = accountKeyFromRootEntropy(new Secret(new Uint8Array(32).fill(8)));

/** An output that waits to be in a block. */
export interface Coin {
  readonly txOut: TxOut;
  readonly value: bigint;
  readonly keyImage: Uint8Array;
}

const made = new Map<string, Coin>();

/** The n-th output to an account; its value is a power of two, so that every sum tells what is in it. */
export function coin(n: number, account: AccountKey = ACCOUNT, index = 0n): Coin {
  const name = `${toHex(publicAddress(account).spendPublicKey)}/${index}/${n}`;
  const known = made.get(name);
  if (known !== undefined) return known;
  const value = 2n ** BigInt(n % 50);
  const { txOut, sharedSecret } = createTxOut({
    blockVersion: 3,
    recipient: publicAddress(account, index),
    amount: { value: tokenValue(value), tokenId: MOB },
    memo: encodeMemo({ kind: "unused" }),
    fogHint: new Uint8Array(84).fill(3),
    random: randomFrom(name),
  });
  const onetimeKey = onetimePrivateKey(sharedSecret, subaddress(account, index).spendPrivateKey);
  const fresh = { txOut, value, keyImage: keyImage(onetimeKey) };
  made.set(name, fresh);
  return fresh;
}

interface Block {
  readonly coins: readonly Coin[];
  readonly spent: readonly Uint8Array[];
}

interface Sequence {
  readonly event: RngEvent;
  readonly rng: KexRng;
}

type Event =
  | { readonly kind: "rng"; readonly event: RngEvent }
  | { readonly kind: "missed"; readonly event: BlockRange }
  | { readonly kind: "decommission"; readonly event: DecommissionEvent };

/** The world. Its services answer from what it holds at the moment they are asked. */
export class World implements ViewService, LedgerService {
  readonly random: Random = randomFrom("world");
  readonly #blocks: Block[] = [];
  readonly #events: Event[] = [];
  readonly #records = new Map<string, { readonly block: bigint; readonly payload: Uint8Array }>();
  #sequence: Sequence | undefined;
  #invocations = 0n;
  /** What was asked, in order. */
  readonly questions: ViewQuestion[] = [];
  readonly checks: number[] = [];
  readonly blockRequests: (readonly BlockRange[])[] = [];
  /** Blocks that Fog View and Fog Ledger hold back at the next request. */
  viewLag = (): number => 0;
  ledgerLag = (): number => 0;
  /** Changes an answer of Fog View, or throws instead. */
  alter: (answer: ViewAnswer, question: ViewQuestion) => ViewAnswer = (answer) => answer;
  alterStatus: (status: "spent" | "not-spent") => "spent" | "not-spent" | "unknown" = (status) => status;
  serveBlock: (index: bigint) => boolean = () => true;

  get height(): bigint {
    return BigInt(this.#blocks.length);
  }

  /** Begins a sequence; the one before it, if there is one, ends with the last block. */
  rotate({ version = 0, startBlock = this.height }: { version?: number; startBlock?: bigint } = {}): void {
    if (this.#sequence !== undefined) this.decommission();
    this.#invocations += 1n;
    const egress = PrivateKey.random(this.random).publicKey();
    const { viewPrivateKey } = subaddress(ACCOUNT, 0n);
    const rng = KexRng.fromKeyExchange(viewPrivateKey, { publicKey: egress, version: 0 });
    const event = { ingestInvocationId: this.#invocations, publicKey: egress, version, startBlock };
    this.#events.push({ kind: "rng", event });
    this.#sequence = { event, rng };
  }

  decommission(): void {
    const last = this.height === 0n ? 0n : this.height - 1n;
    this.#events.push({
      kind: "decommission",
      event: { ingestInvocationId: this.#invocations, lastIngestedBlock: last },
    });
    this.#sequence = undefined;
  }

  /** Adds a block; Fog ingests it, or misses it. */
  add(coins: readonly Coin[], spent: readonly Uint8Array[] = [], { missed = false } = {}): void {
    const index = this.height;
    const first = this.#txoCount(index);
    this.#blocks.push({ coins, spent });
    if (missed) {
      this.#events.push({ kind: "missed", event: { start: index, end: index + 1n } });
      return;
    }
    coins.forEach((each, i) => {
      this.#ingest(each, first + BigInt(i), index);
    });
  }

  /** Declares blocks missed, whether or not they were. */
  declareMissed(range: BlockRange): void {
    this.#events.push({ kind: "missed", event: range });
  }

  /** What the wallet owns at a block count, whatever Fog says. */
  balance(blockCount: bigint): bigint {
    const below = this.#blocks.slice(0, Number(blockCount));
    const spent = below.flatMap((block) => block.spent);
    const ours = below
      .flatMap((block) => block.coins)
      .filter(({ txOut }) => [...made].some(([name, each]) => each.txOut === txOut && name.startsWith(OURS)));
    return ours
      .filter((each) => !spent.some((image) => equalBytes(image, each.keyImage)))
      .reduce((sum, { value }) => sum + value, 0n);
  }

  async query(question: ViewQuestion): Promise<ViewAnswer> {
    this.questions.push(question);
    const { eventCursor, searchKeys } = question;
    const blockCount = this.#behind(this.viewLag());
    const wanted = eventCursor === NO_EVENTS ? [] : this.#events.slice(Number(eventCursor));
    const results = searchKeys.map((key): SearchResult => {
      const record = this.#records.get(toHex(key));
      return record !== undefined && record.block < blockCount
        ? { kind: "found", payload: record.payload }
        : { kind: "not-found" };
    });
    const answer: ViewAnswer = {
      blockCount,
      nextEventCursor: eventCursor === NO_EVENTS ? NO_EVENTS : BigInt(this.#events.length),
      missedRanges: wanted.flatMap((each) => (each.kind === "missed" ? [each.event] : [])),
      rngs: wanted.flatMap((each) => (each.kind === "rng" ? [each.event] : [])),
      decommissions: wanted.flatMap((each) => (each.kind === "decommission" ? [each.event] : [])),
      results,
    };
    return this.alter(answer, question);
  }

  async checkKeyImages(keyImages: readonly Uint8Array[]): ReturnType<LedgerService["checkKeyImages"]> {
    this.checks.push(keyImages.length);
    const blockCount = this.#behind(this.ledgerLag());
    const statuses = keyImages.map((image) => {
      const at = this.#blocks
        .slice(0, Number(blockCount))
        .findIndex(({ spent }) => spent.some((each) => equalBytes(each, image)));
      const kind = this.alterStatus(at === -1 ? "not-spent" : "spent");
      return kind === "spent" ? { kind, spentAt: BigInt(at), timestamp: 0n } : { kind };
    });
    const txoCount = this.#txoCount(blockCount);
    return { statuses, blockCount, txoCount, latestBlockVersion: 3, maxBlockVersion: 4 };
  }

  async getBlocks(ranges: readonly BlockRange[]): ReturnType<LedgerService["getBlocks"]> {
    this.blockRequests.push(ranges);
    const blockCount = this.#behind(this.ledgerLag());
    const blocks = this.#blocks.flatMap(({ coins }, i) => {
      const index = BigInt(i);
      const asked = ranges.some(({ start, end }) => index >= start && index < end);
      if (!asked || index >= blockCount || !this.serveBlock(index)) return [];
      return [
        { index, timestamp: 0n, firstGlobalIndex: this.#txoCount(index), txOuts: coins.map(({ txOut }) => txOut) },
      ];
    });
    return { blocks, blockCount, txoCount: this.#txoCount(blockCount) };
  }

  #ingest(each: Coin, globalIndex: bigint, blockIndex: bigint): void {
    const isOurs = [...made].some(([name, other]) => other === each && name.startsWith(OURS));
    if (!isOurs || this.#sequence === undefined) return;
    const { rng } = this.#sequence;
    const record = createTxOutRecord(each.txOut, { globalIndex, blockIndex, timestamp: 1_700_000_000n });
    const owner = { searchKey: rng.peek(), viewPublicKey: publicAddress(ACCOUNT).viewPublicKey };
    const { payload } = sealTxOutRecord(record, owner, this.random);
    this.#records.set(toHex(rng.peek()), { block: blockIndex, payload });
    rng.advance();
  }

  #behind(lag: number): bigint {
    return BigInt(Math.max(this.#blocks.length - lag, 0));
  }

  #txoCount(blockCount: bigint): bigint {
    return BigInt(this.#blocks.slice(0, Number(blockCount)).reduce((sum, { coins }) => sum + coins.length, 0));
  }
}

const OURS = toHex(publicAddress(ACCOUNT).spendPublicKey);
