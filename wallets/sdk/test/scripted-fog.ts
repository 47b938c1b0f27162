// A Fog whose heights are set by hand: a ledger, what ingest made of it, and how far view and ledger have got.
import { type AccountKey, DEFAULT_SUBADDRESS, publicAddress, subaddress } from "@fogbow/core-account";
import { equalBytes, MOB, toHex } from "@fogbow/core-bytes";
import { KexRng, kexRngPublicKey, PrivateKey } from "@fogbow/core-crypto";
import {
  createTxOut,
  createTxOutRecord,
  encodeMemo,
  keyImage,
  onetimePrivateKey,
  sealTxOutRecord,
  type TxOut,
} from "@fogbow/core-transaction";
import type {
  BlockRange,
  DecommissionedInvocation,
  FogServers,
  RngRecord,
  SearchResultCode,
  ViewQuestion,
} from "../src/index.ts";

const NO_EVENTS = 2n ** 63n - 1n;
const PAYLOAD_BYTES = 237;

type Event =
  | { readonly rng: RngRecord }
  | { readonly decommissioned: DecommissionedInvocation }
  | { readonly missed: BlockRange };

interface Coin {
  readonly value: bigint;
  readonly block: bigint;
  readonly keyImage: Uint8Array;
  spentAt: bigint | undefined;
}

interface Block {
  readonly outputs: readonly TxOut[];
  readonly globalTxoCount: bigint;
  readonly images: readonly Uint8Array[];
  /** Events that are told once view has this block. */
  readonly events: readonly Event[];
}

/** What a question looked like to who watches packets: how much was asked, of what kind. */
export interface Packet {
  readonly kind: "view" | "key-images" | "blocks";
  readonly size: number;
}

/** A Fog for one account. Blocks are added; then view and ledger are advanced to any height. */
export class ScriptedFog {
  readonly #account: AccountKey;
  readonly #random: (length: number) => Uint8Array;
  readonly #blocks: Block[] = [];
  readonly #events: Event[] = [];
  readonly #records = new Map<string, { readonly block: bigint; readonly payload: Uint8Array }>();
  readonly coins: Coin[] = [];
  readonly packets: Packet[] = [];
  #rng: { readonly rng: KexRng; readonly invocation: bigint; last: bigint } | undefined;
  #invocations = 0n;
  #loaded = 0n;
  #outputs = 0n;
  viewHeight = 0n;
  ledgerHeight = 0n;
  /** What view says of a key instead of the truth, if anything. */
  tamper: (searchKey: Uint8Array) => SearchResultCode | "silent" | undefined = () => undefined;
  /** Blocks that the ledger hands out; fewer are asked for again. */
  hasBlock: (index: bigint) => boolean = () => true;

  constructor(account: AccountKey, random: (length: number) => Uint8Array) {
    this.#account = account;
    this.#random = random;
    this.rotate();
  }

  get height(): bigint {
    return BigInt(this.#blocks.length);
  }

  /** A new egress key; the one before it has ended. */
  rotate(version = 0): void {
    const { viewPrivateKey } = subaddress(this.#account, DEFAULT_SUBADDRESS);
    const key = PrivateKey.random(this.#random).publicKey();
    if (this.#rng !== undefined) {
      const { invocation, last } = this.#rng;
      this.#events.push({ decommissioned: { ingestInvocationId: invocation, lastIngestedBlock: last } });
    }
    this.#invocations += 1n;
    const rng = KexRng.fromKeyExchange(viewPrivateKey, kexRngPublicKey(key, 0));
    this.#rng = { rng, invocation: this.#invocations, last: 0n };
    const record = { ingestInvocationId: this.#invocations, publicKey: key, version, startBlock: this.height };
    this.#events.push({ rng: record });
  }

  /** Appends a block. A missed one is in the ledger, and was never ingested. */
  addBlock({
    credits,
    spends,
    missed = false,
  }: {
    credits: readonly bigint[];
    spends: readonly Coin[];
    missed?: boolean;
  }): void {
    const block = this.height;
    const outputs = credits.map((value) => this.#credit(value, { block, missed }));
    for (const coin of spends) coin.spentAt = block;
    if (missed) this.#events.push({ missed: { startBlock: block, endBlock: block + 1n } });
    else if (this.#rng !== undefined) this.#rng.last = block;
    const events = this.#events.splice(0);
    this.#blocks.push({ outputs, globalTxoCount: this.#outputs, images: spends.map((coin) => coin.keyImage), events });
  }

  #credit(value: bigint, { block, missed }: { readonly block: bigint; readonly missed: boolean }): TxOut {
    const recipient = publicAddress(this.#account);
    const { txOut, sharedSecret } = createTxOut({
      blockVersion: 3,
      recipient,
      amount: { value, tokenId: MOB },
      memo: encodeMemo({ kind: "unused" }),
      fogHint: new Uint8Array(84),
      random: this.#random,
    });
    const { spendPrivateKey, viewPrivateKey } = subaddress(this.#account, DEFAULT_SUBADDRESS);
    this.coins.push({
      value,
      block,
      keyImage: keyImage(onetimePrivateKey(sharedSecret, spendPrivateKey)),
      spentAt: undefined,
    });
    if (!missed && this.#rng !== undefined) {
      const place = { globalIndex: this.#outputs, blockIndex: block, timestamp: 1n };
      const owner = { searchKey: this.#rng.rng.peek(), viewPublicKey: viewPrivateKey.publicKey() };
      const { payload } = sealTxOutRecord(createTxOutRecord(txOut, place), owner, this.#random);
      this.#records.set(toHex(owner.searchKey), { block, payload });
      this.#rng.rng.advance();
    }
    this.#outputs += 1n;
    return txOut;
  }

  /** What the account is worth after so many blocks. */
  balanceAt(count: bigint): bigint {
    return this.coins
      .filter(({ block, spentAt }) => block < count && (spentAt === undefined || spentAt >= count))
      .reduce((sum, { value }) => sum + value, 0n);
  }

  /** Everything is everywhere. */
  settle(): void {
    this.viewHeight = this.height;
    this.ledgerHeight = this.height;
  }

  readonly servers: FogServers = {
    queryView: async (question) => this.#view(question),
    checkKeyImages: async (images) => {
      this.packets.push({ kind: "key-images", size: images.length });
      const known = this.#blocks.slice(0, Number(this.ledgerHeight));
      return {
        numBlocks: this.ledgerHeight,
        globalTxoCount: this.#outputs,
        latestBlockVersion: 3,
        results: images.map((image) => {
          const spentAt = known.findIndex((block) => block.images.some((each) => equalBytes(each, image)));
          return spentAt === -1
            ? { keyImage: image, code: "not-spent" as const, spentAt: 1n }
            : { keyImage: image, code: "spent" as const, spentAt: BigInt(spentAt) };
        }),
      };
    },
    getBlocks: async (ranges) => {
      this.packets.push({ kind: "blocks", size: ranges.length });
      return this.#blocks.flatMap(({ outputs, globalTxoCount }, i) => {
        const index = BigInt(i);
        const isAsked = ranges.some(({ startBlock, endBlock }) => index >= startBlock && index < endBlock);
        const isThere = index < this.ledgerHeight && this.hasBlock(index);
        return isAsked && isThere ? [{ index, globalTxoCount, outputs }] : [];
      });
    },
  };

  #view({ searchKeys, startFromUserEventId }: ViewQuestion) {
    this.packets.push({ kind: "view", size: searchKeys.length });
    this.#loaded = this.viewHeight;
    const all = this.#blocks.slice(0, Number(this.#loaded)).flatMap(({ events }) => events);
    const asked = startFromUserEventId === NO_EVENTS ? [] : all.slice(Number(startFromUserEventId));
    return {
      highestProcessedBlockCount: this.viewHeight,
      nextStartFromUserEventId: startFromUserEventId === NO_EVENTS ? NO_EVENTS : BigInt(all.length),
      missedBlockRanges: asked.flatMap((event) => ("missed" in event ? [event.missed] : [])),
      rngs: asked.flatMap((event) => ("rng" in event ? [event.rng] : [])),
      decommissioned: asked.flatMap((event) => ("decommissioned" in event ? [event.decommissioned] : [])),
      results: searchKeys.flatMap((searchKey) => {
        const told = this.tamper(searchKey);
        if (told === "silent") return [];
        const record = this.#records.get(toHex(searchKey));
        const isThere = record !== undefined && record.block < this.viewHeight;
        const code = told ?? (isThere ? ("found" as const) : ("not-found" as const));
        return [{ searchKey, code, payload: isThere ? record.payload : new Uint8Array(PAYLOAD_BYTES) }];
      }),
    };
  }
}
