// What the recovery database can be asked and told (spec 03 §3.2). Only ingest and the overseer write.
import type { ETxOutRecord } from "@fogbow/core-transaction";

/** What is known of an ingress key. */
export interface IngressKeyStatus {
  /** No block before this one holds a hint for the key. */
  readonly startBlock: bigint;
  /** The largest expiry that was ever published: blocks before it may hold hints for the key. 0 before the first report. */
  readonly pubkeyExpiry: bigint;
  /** No more reports are published for it. */
  readonly retired: boolean;
  /** No enclave holds it any more. */
  readonly lost: boolean;
}

/** An ingress key with its status. */
export interface IngressKeyRecord {
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly status: IngressKeyStatus;
  /** The newest block that was scanned with it. */
  readonly lastScannedBlock?: bigint;
}

/** Which ingress keys to leave out. */
export interface IngressKeyFilters {
  readonly includeLost: boolean;
  readonly includeRetired: boolean;
  /** Only those that were used, and whose last published expiry is not scanned yet. */
  readonly onlyUnexpired: boolean;
}

/** The egress key of an invocation. */
export interface KexRngKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly version: number;
}

/** Which blocks an ingest invocation has, or will have. */
export interface IngestableRange {
  readonly id: bigint;
  readonly startBlock: bigint;
  readonly decommissioned: boolean;
  readonly lastIngestedBlock?: bigint;
}

/** Blocks from `startBlock` up to, and without, `endBlock`. */
export interface BlockRange {
  readonly startBlock: bigint;
  readonly endBlock: bigint;
}

/** Something every user is told, in the order of ids. */
export type UserEvent =
  | {
      readonly kind: "new-ingest-invocation";
      readonly id: bigint;
      readonly invocation: bigint;
      readonly rng: KexRngKey;
      readonly startBlock: bigint;
    }
  | {
      readonly kind: "decommission-ingest-invocation";
      readonly id: bigint;
      readonly invocation: bigint;
      /** 0 for none, too. */
      readonly lastIngestedBlock: bigint;
    }
  | { readonly kind: "missing-blocks"; readonly id: bigint; readonly range: BlockRange };

/** User events, and where to go on. */
export interface UserEvents {
  readonly events: readonly UserEvent[];
  readonly next: bigint;
}

/** A block, as far as the database keeps it. */
export interface ScannedBlock {
  readonly index: bigint;
  /** Outputs in the ledger with this block. */
  readonly cumulativeTxoCount: bigint;
}

/** The records of a block under one ingress key. */
export interface BlockRecords extends ScannedBlock {
  /** Seconds since the Unix epoch; 2⁶⁴ − 1 for unknown. */
  readonly timestamp: bigint;
  /** Of the invocation that made the records, 32 bytes: whoever scans the block again has another one. */
  readonly egressKey: Uint8Array;
  readonly records: readonly ETxOutRecord[];
}

/** What an ingest server publishes under a report id. */
export interface ReportData {
  /** None when it was published before there was an invocation. */
  readonly invocation?: bigint;
  /** Encoded attestation evidence, see spec 03 §3.1. */
  readonly evidence: Uint8Array;
  readonly pubkeyExpiry: bigint;
}

/** A report as the report service serves it. */
export interface StoredReport extends ReportData {
  readonly reportId: string;
  /** 32 bytes. */
  readonly ingressKey: Uint8Array;
}

/** Whose lease must hold while something is written. */
export interface LeaseClaim {
  readonly name: string;
  readonly holder: string;
}

/**
 * The database of Fog. 64-bit numbers are unsigned, also those that SQL keeps signed. Each method is one transaction, and
 * throws {@link RecoveryDbError}: with the code named at the method, or `database-unavailable` after a few tries, or
 * `database-failure`, `corrupt-row`, `invalid-argument`.
 */
export interface RecoveryDb {
  /** Creates or updates all tables. Running it again does nothing. */
  migrate(): Promise<void>;
  /** Throws `schema-outdated` unless the tables are those of this version. */
  assertMigrated(): Promise<void>;
  /** Ends every connection. Closing again does nothing. */
  close(): Promise<void>;

  ingressKeyStatus(key: Uint8Array): Promise<IngressKeyStatus | undefined>;
  /**
   * Takes a new ingress key on: from the proposed block, or from the one after the highest that any key has scanned. Returns
   * which. Throws `key-exists`, and `lease-lost` when a lease is named that its holder does not hold.
   */
  newIngressKey(key: Uint8Array, proposedStart: bigint, lease?: LeaseClaim): Promise<bigint>;
  /** Retires a key, or takes that back. An unknown key is no error. */
  retireIngressKey(key: Uint8Array, retired: boolean): Promise<void>;
  lastScannedBlockIndex(key: Uint8Array): Promise<bigint | undefined>;
  /** Keys that start at this block or later, in the order of their starts. */
  ingressKeyRecords(startBlockAtLeast: bigint, filters: IngressKeyFilters): Promise<readonly IngressKeyRecord[]>;
  /**
   * Declares that no enclave holds a key any more, and tells users which blocks they must scan themselves: what was promised
   * and not scanned, without what they were told before. Again it does nothing. Throws `unknown-key`.
   */
  reportLostIngressKey(key: Uint8Array): Promise<void>;

  /** Begins an invocation and decommissions the previous one. Throws `unknown-key`, `already-decommissioned`. */
  newIngestInvocation(
    previous: bigint | undefined,
    ingressKey: Uint8Array,
    rng: KexRngKey,
    startBlock: bigint,
  ): Promise<bigint>;
  /** Ends an invocation. Throws `unknown-invocation`, `already-decommissioned`. */
  decommissionIngestInvocation(id: bigint): Promise<void>;
  /** All invocations, by id. */
  ingestableRanges(): Promise<readonly IngestableRange[]>;
  updateLastActiveAt(id: bigint): Promise<void>;
  /** Invocations that were last active before a time and are not decommissioned. */
  expiredInvocations(before: Date): Promise<readonly bigint[]>;

  /** Stores what an invocation made of a block, unless its key scanned the block already. Throws `unknown-invocation`. */
  addBlockData(
    invocation: bigint,
    block: ScannedBlock,
    timestamp: bigint,
    records: readonly ETxOutRecord[],
  ): Promise<{ readonly alreadyScanned: boolean }>;
  txOutsByBlockAndKey(key: Uint8Array, block: bigint): Promise<readonly ETxOutRecord[] | undefined>;
  /** Consecutive blocks from `first` on, at most `count`; none when `first` is not scanned. */
  txOutsByBlockRangeAndKey(key: Uint8Array, first: bigint, count: number): Promise<readonly BlockRecords[]>;
  /** Under which egress key a block is stored; none where it is not. In a database that was restored it can be another one. */
  egressKeyOfBlock(key: Uint8Array, block: bigint): Promise<Uint8Array | undefined>;
  /** Throws `conflicting-counts`. */
  cumulativeTxoCountForBlock(block: bigint): Promise<bigint | undefined>;
  blockSignatureTimestampForBlock(block: bigint): Promise<bigint | undefined>;
  highestKnownBlockIndex(): Promise<bigint | undefined>;

  missedBlockRanges(): Promise<readonly BlockRange[]>;
  /**
   * Tells wallets to look through blocks themselves, which were scanned wrongly, without those that they were told of before.
   * The blocks that are new to them; they stay told. Throws `invalid-argument` for none, and for blocks that nobody has scanned.
   */
  addMissedBlocks(range: BlockRange): Promise<readonly BlockRange[]>;
  /** Every event after a cursor; 2⁶³ − 1 asks for none and is given back. */
  searchUserEvents(from: bigint): Promise<UserEvents>;
  /**
   * Moves the ids of user events and of invocations past all that a client can have seen before a restore. Returns the next
   * id of an event.
   */
  skipUserEventIds(): Promise<bigint>;

  /** Publishes a report unless its key is retired; the key's expiry never goes back. Throws `unknown-key`. */
  setReport(key: Uint8Array, reportId: string, data: ReportData): Promise<IngressKeyStatus>;
  /** All reports, the oldest first. */
  allReports(): Promise<readonly StoredReport[]>;
  removeReport(reportId: string): Promise<void>;

  /** Takes a lease for ten seconds by the database's clock, or renews one's own. False when somebody else holds it. */
  takeLease(lease: LeaseClaim): Promise<boolean>;
  /** Gives a lease back, if it is one's own. */
  releaseLease(lease: LeaseClaim): Promise<void>;
  /** Whether something was switched on. */
  flag(name: string): Promise<boolean>;
  setFlag(name: string, value: boolean): Promise<void>;

  /** Calls back with the index of each block that is stored, until the result is called. A hint: it may miss some. */
  onBlock(listener: (block: bigint) => void): () => void;
  /** How much there is. */
  counts(): Promise<Readonly<Record<"ingressKeys" | "invocations" | "blocks" | "events" | "reports", bigint>>>;
}
