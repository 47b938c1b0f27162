// A network and its Fog in memory, as wallets see them: a real ledger, the validation that nodes make, hints that are opened. What
// a test makes go wrong, goes wrong between a wallet and these.
import {
  type AccountKey,
  accountKey,
  accountKeyFromMnemonic,
  DEFAULT_SUBADDRESS,
  mnemonicFromEntropy,
  publicAddress,
  subaddress,
} from "@fogbow/core-account";
import { createBlock, NO_MINTING, originBlockFromSeed, signMetadata } from "@fogbow/core-block";
import { MOB, Secret, type TokenId, toHex, tokenId, tokenValue } from "@fogbow/core-bytes";
import { compressedPoint, Ed25519PrivateKey, KexRng, PrivateKey } from "@fogbow/core-crypto";
import {
  BLOCK_VERSION_MAX,
  checkAgainstLedger,
  createOutput,
  createTxOutRecord,
  DEFAULT_MINIMUM_FEE,
  EmptyMemoBuilder,
  FeeMap,
  openFogHint,
  RING_SIZE,
  sealTxOutRecord,
  type Tx,
  type TxOut,
  txHash,
  validateTransaction,
} from "@fogbow/core-transaction";
import { MemoryLedger } from "@fogbow/ledger-db";
import {
  type ConsensusService,
  type LedgerService,
  type LookupService,
  NO_EVENTS,
  type OutputService,
  type ReportService,
  type RngEvent,
  SdkError,
  type SdkErrorCode,
  type TxOutcome,
  type ViewService,
} from "../src/index.ts";
import { randomFrom } from "./world.ts";

export const FEE: bigint = DEFAULT_MINIMUM_FEE;
const FOG = { fogReportUrl: "fog://fog.example.com", fogReportId: "", fogAuthoritySpki: new Uint8Array(32) };
/** Outputs of nobody's, which hide others, unless a test needs more. */
const STRANGERS = 96;
const EXPIRY_BLOCKS = 30n;

/** An account with Fog. */
export function newAccount(name: string): AccountKey {
  return accountKeyFromMnemonic(mnemonicFromEntropy(new Secret(randomFrom(`account ${name}`)(32))), 0, FOG);
}

/** A second token of the network. */
export const EUSD: TokenId = tokenId(1n);
const feesWith = (fee: bigint): FeeMap =>
  new FeeMap([
    [MOB, fee],
    [EUSD, 2_560n],
  ]);

/** The network. */
export class SmallNetwork {
  readonly #random = randomFrom("small network");
  readonly #ledger = new MemoryLedger();
  readonly #ingress = PrivateKey.random(this.#random);
  readonly #egress = PrivateKey.random(this.#random);
  readonly #nodeKey = Ed25519PrivateKey.random(this.#random);
  readonly #sequences = new Map<string, KexRng>();
  readonly #records = new Map<string, { readonly block: bigint; readonly payload: Uint8Array }>();
  readonly #blockOf = new Map<string, bigint>();
  #fees = feesWith(DEFAULT_MINIMUM_FEE);
  #changed: (() => void)[] = [];
  /** Every transaction that was proposed, by its hash. */
  readonly proposals: string[] = [];
  /** The indexes of every request for outputs. */
  readonly outputRequests: (readonly bigint[])[] = [];
  /** What goes wrong with a proposal: before the node has it, or after it has put it into a block. */
  beforeProposal: (tx: Tx) => void = () => undefined;
  afterProposal: (tx: Tx) => void = () => undefined;
  /** Whether a valid proposal comes into a block at once. */
  isForming = true;
  /** What the next requests for outputs come to. */
  outputFailures: SdkErrorCode[] = [];
  /** Blocks that Fog is behind, and Fog Ledger behind that. */
  fogLag = 0n;
  ledgerLag = 0n;

  constructor({ strangers = STRANGERS }: { readonly strangers?: number } = {}) {
    const stranger = accountKey({
      viewPrivateKey: PrivateKey.random(this.#random),
      spendPrivateKey: PrivateKey.random(this.#random),
    });
    const allocations = Array.from({ length: strangers }, () => ({
      recipient: publicAddress(stranger),
      value: tokenValue(1_000n),
    }));
    this.#ledger.append({
      ...originBlockFromSeed(this.#random(32), allocations),
      signature: undefined,
      metadata: undefined,
    });
  }

  get height(): bigint {
    return this.#ledger.numBlocks();
  }

  /** A block that pays so much to an account, in one output each; MOB unless told otherwise. */
  give(account: AccountKey, values: readonly bigint[], token: TokenId = MOB): void {
    const outputs = values.map(
      (value) =>
        createOutput(
          { kind: "payment", recipient: publicAddress(account) },
          { value: tokenValue(value), tokenId: token },
          {
            blockVersion: BLOCK_VERSION_MAX,
            memoBuilder: new EmptyMemoBuilder(),
            ingressKey: () => this.#ingressKey(),
            random: this.#random,
          },
        ).txOut,
    );
    this.#append(outputs, [PrivateKey.random(this.#random).publicKey()]);
  }

  /** A block of nobody's. */
  pass(): void {
    this.give(newAccount("nobody"), [1n]);
  }

  setFee(fee: bigint): void {
    this.#fees = feesWith(fee);
  }

  /** All services, as the wallet of an account has them. */
  partsFor(account: AccountKey): {
    readonly view: ViewService;
    readonly ledger: LedgerService & OutputService & LookupService;
    readonly consensus: ConsensusService;
    readonly reports: ReportService;
  } {
    const { viewPublicKey } = publicAddress(account);
    const name = toHex(viewPublicKey);
    if (!this.#sequences.has(name)) {
      this.#sequences.set(
        name,
        KexRng.fromKeyExchange(subaddress(account, DEFAULT_SUBADDRESS).viewPrivateKey, {
          publicKey: this.#egress.publicKey(),
          version: 0,
        }),
      );
    }
    return {
      view: this.#view(),
      ledger: this.#ledgerService(),
      consensus: this.#consensus(),
      reports: this.#reports(),
    };
  }

  #view(): ViewService {
    return {
      query: async ({ eventCursor, searchKeys }) => {
        const rngs: RngEvent[] =
          eventCursor === 0n
            ? [{ ingestInvocationId: 1n, publicKey: this.#egress.publicKey(), version: 0, startBlock: 0n }]
            : [];
        return {
          blockCount: this.#fogHeight,
          nextEventCursor: eventCursor === NO_EVENTS ? NO_EVENTS : 1n,
          missedRanges: [],
          rngs,
          decommissions: [],
          results: searchKeys.map((key) => {
            const record = this.#records.get(toHex(key));
            return record !== undefined && record.block < this.#fogHeight
              ? { kind: "found", payload: record.payload }
              : { kind: "not-found" };
          }),
        };
      },
    };
  }

  #ledgerService(): LedgerService & OutputService & LookupService {
    const ledger = this.#ledger;
    const height = () => ({ blockCount: this.#ledgerHeight, txoCount: this.#txoCount(this.#ledgerHeight) });
    return {
      checkKeyImages: async (keyImages) => ({
        ...height(),
        latestBlockVersion: BLOCK_VERSION_MAX,
        maxBlockVersion: BLOCK_VERSION_MAX,
        statuses: keyImages.map((image) => {
          const at = ledger.blockIndexOfKeyImage(compressedPoint(image));
          return at !== undefined && at < this.#ledgerHeight
            ? { kind: "spent", spentAt: at, timestamp: 0n }
            : { kind: "not-spent" };
        }),
      }),
      getBlocks: async () => ({ ...height(), blocks: [] }),
      getOutputs: async (indices) => {
        this.outputRequests.push(indices);
        const failure = this.outputFailures.shift();
        if (failure !== undefined) throw new SdkError(failure, "for a test");
        const proofs = ledger.membershipProofs(indices);
        const outputs = indices.map((index, i) => {
          const [txOut, proof] = [ledger.txOut(index), proofs[i]];
          if (txOut === undefined || proof === undefined) throw new SdkError("output-missing", "There is none.");
          return { index, txOut, proof };
        });
        return { ...height(), outputs, latestBlockVersion: BLOCK_VERSION_MAX, maxBlockVersion: BLOCK_VERSION_MAX };
      },
      lookupOutputs: async (publicKeys) => ({
        ...height(),
        places: publicKeys.map((key) => {
          const globalIndex = ledger.txOutIndexByPublicKey(compressedPoint(key));
          if (globalIndex === undefined) return undefined;
          const blockIndex = ledger.blockIndexOfTxOut(globalIndex);
          if (blockIndex === undefined || blockIndex >= this.#ledgerHeight) return undefined;
          return { globalIndex, blockIndex, timestamp: 0n };
        }),
      }),
    };
  }

  #consensus(): ConsensusService {
    return {
      info: async () => ({ blockCount: this.height, blockVersion: BLOCK_VERSION_MAX, minimumFees: this.#fees }),
      propose: async (tx) => {
        this.beforeProposal(tx);
        this.proposals.push(toHex(txHash(tx)));
        this.#accept(tx);
        this.afterProposal(tx);
      },
      outcome: (hash, tombstoneBlock, signal) => this.#outcome(toHex(hash), tombstoneBlock, signal),
    };
  }

  #reports(): ReportService {
    return {
      resolve: async (address, { tombstoneBlock }) => {
        if (address.fogReportUrl === "") throw new SdkError("no-fog", "There is none.");
        const { publicKey, pubkeyExpiry } = this.#ingressKey();
        return {
          ingressKey: publicKey,
          pubkeyExpiry,
          tombstoneBlock: tombstoneBlock < pubkeyExpiry ? tombstoneBlock : pubkeyExpiry,
        };
      },
    };
  }

  async #outcome(hash: string, tombstoneBlock: bigint, signal: AbortSignal | undefined): Promise<TxOutcome> {
    for (;;) {
      signal?.throwIfAborted();
      const blockIndex = this.#blockOf.get(hash);
      if (blockIndex !== undefined) return { kind: "in-block", blockIndex };
      if (this.height >= tombstoneBlock) return { kind: "expired" };
      await new Promise<void>((resolve) => {
        this.#changed.push(resolve);
        signal?.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  /** What a node does with a transaction. */
  #accept(tx: Tx): void {
    const ledger = this.#ledger;
    const highest = tx.prefix.inputs[0]?.proofs[0]?.highestIndex ?? 0n;
    const [proof] = ledger.membershipProofs([highest]);
    const verdict = validateTransaction(tx, {
      blockVersion: BLOCK_VERSION_MAX,
      currentIndex: this.height,
      minimumFees: this.#fees,
      rootProofs: Array.from({ length: tx.prefix.inputs.length * RING_SIZE }, () => proof as NonNullable<typeof proof>),
    });
    const code =
      verdict.code === "ok"
        ? checkAgainstLedger(tx, {
            ledger: {
              containsKeyImage: (image) => ledger.blockIndexOfKeyImage(image) !== undefined,
              containsTxOutPublicKey: (key) => ledger.txOutIndexByPublicKey(key) !== undefined,
            },
            blockCount: this.height,
            txOutCount: ledger.numTxOuts(),
          })
        : verdict.code;
    if (code === "contains-spent-key-image") throw new SdkError("input-spent", code);
    if (code === "fee-map-digest-mismatch") throw new SdkError("fee-outdated", code);
    if (code !== "ok") throw new SdkError("tx-refused", code);
    if (!this.isForming) return;
    this.#blockOf.set(toHex(txHash(tx)), this.height);
    this.#append(
      tx.prefix.outputs,
      tx.signature.ringSignatures.map(({ keyImage }) => keyImage),
    );
  }

  #append(outputs: readonly TxOut[], keyImages: readonly Uint8Array[]): void {
    const ledger = this.#ledger;
    const parent = ledger.lastBlock();
    if (parent === undefined) throw new Error("There is an origin block.");
    const contents = { keyImages: keyImages.map(compressedPoint), outputs, ...NO_MINTING };
    const block = createBlock(parent, { version: BLOCK_VERSION_MAX, rootElement: ledger.root(), contents });
    const first = ledger.numTxOuts();
    ledger.append({
      block,
      contents,
      signature: undefined,
      metadata: signMetadata(this.#said(block.id), this.#nodeKey),
    });
    outputs.forEach((txOut, i) => {
      this.#ingest(txOut, { globalIndex: first + BigInt(i), blockIndex: block.index, timestamp: 1_700_000_000n });
    });
    for (const resolve of this.#changed.splice(0)) resolve();
  }

  /** What Fog ingest does: the hint names the recipient, whose next search key the record gets. */
  #ingest(txOut: TxOut, place: Parameters<typeof createTxOutRecord>[1]): void {
    const viewPublicKey = openFogHint(this.#ingress, txOut.encryptedFogHint, this.#random);
    const sequence = this.#sequences.get(toHex(viewPublicKey));
    if (sequence === undefined) return;
    const owner = { searchKey: sequence.peek(), viewPublicKey };
    const { payload } = sealTxOutRecord(createTxOutRecord(txOut, place), owner, this.#random);
    this.#records.set(toHex(sequence.peek()), { block: place.blockIndex, payload });
    sequence.advance();
  }

  #said(blockId: Parameters<typeof signMetadata>[0]["blockId"]): Parameters<typeof signMetadata>[0] {
    return {
      blockId,
      quorumSet: { threshold: 0, members: [] },
      evidence: undefined,
      responderId: "node.example.com:8443",
    };
  }

  #ingressKey() {
    return { publicKey: this.#ingress.publicKey(), pubkeyExpiry: this.height + EXPIRY_BLOCKS };
  }

  #txoCount(blockCount: bigint): bigint {
    const { first, count } = this.#ledger.txOutsOfBlock(blockCount - 1n) ?? { first: 0n, count: 0n };
    return first + count;
  }

  get #ledgerHeight(): bigint {
    return this.#fogHeight - this.ledgerLag;
  }

  get #fogHeight(): bigint {
    return this.height > this.fogLag ? this.height - this.fogLag : 0n;
  }
}
