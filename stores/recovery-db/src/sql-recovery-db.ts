// The recovery database over SQL. Each method is one transaction; without a connection it is tried again a few times, with a
// pause. What the operations do is in `operations/`.
import { setTimeout as pause } from "node:timers/promises";
import type { ETxOutRecord } from "@fogbow/core-transaction";
import { type Kysely, Migrator, type Transaction } from "kysely";
import type { Connection } from "./connect/connection.ts";
import { RecoveryDbError } from "./error.ts";
import { asRecoveryDbError } from "./failures.ts";
import { CONNECTION_RETRIES_MAX } from "./limits.ts";
import * as blocks from "./operations/blocks.ts";
import * as keys from "./operations/ingress-keys.ts";
import * as invocations from "./operations/invocations.ts";
import * as leases from "./operations/leases.ts";
import * as reports from "./operations/reports.ts";
import * as events from "./operations/user-events.ts";
import type {
  BlockRange,
  BlockRecords,
  IngestableRange,
  IngressKeyFilters,
  IngressKeyRecord,
  IngressKeyStatus,
  KexRngKey,
  LeaseClaim,
  RecoveryDb,
  ReportData,
  ScannedBlock,
  StoredReport,
  UserEvents,
} from "./recovery-db.ts";
import { MIGRATION_NAMES, migrationProvider } from "./schema/migrations.ts";
import type { Tables } from "./schema/tables.ts";

/** Pause before another try, in ms, give or take a half. */
const RETRY_MS = 20;

const KEY_BYTES = 32;

/** See {@link RecoveryDb}. Open one with `openRecoveryDb`. */
export class SqlRecoveryDb implements RecoveryDb {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async migrate(): Promise<void> {
    await this.#read(async (db) => {
      const { error, results } = await new Migrator({ db, provider: migrationProvider }).migrateToLatest();
      if (error === undefined) return;
      const failed = results?.find(({ status }) => status === "Error")?.migrationName ?? "before the first step";
      throw error instanceof Error ? error : new RecoveryDbError("database-failure", `Migration failed: ${failed}.`);
    });
  }

  async assertMigrated(): Promise<void> {
    const applied = await this.#read(async (db) => {
      const known = await new Migrator({ db, provider: migrationProvider }).getMigrations();
      return known.filter(({ executedAt }) => executedAt !== undefined).length;
    });
    if (applied !== MIGRATION_NAMES.length) {
      throw new RecoveryDbError("schema-outdated", "The recovery database is not migrated: run 'fogbow db migrate'.");
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async ingressKeyStatus(key: Uint8Array): Promise<IngressKeyStatus | undefined> {
    assertKey(key);
    return this.#read((db) => keys.keyStatus(db, key));
  }

  async newIngressKey(key: Uint8Array, proposedStart: bigint, lease?: LeaseClaim): Promise<bigint> {
    assertKey(key);
    return this.#write((db) => keys.newKey(db, key, { proposedStart, lease }));
  }

  async retireIngressKey(key: Uint8Array, retired: boolean): Promise<void> {
    assertKey(key);
    await this.#read((db) => keys.retireKey(db, key, retired));
  }

  async lastScannedBlockIndex(key: Uint8Array): Promise<bigint | undefined> {
    assertKey(key);
    return this.#read((db) => keys.lastScanned(db, key));
  }

  ingressKeyRecords(startBlockAtLeast: bigint, filters: IngressKeyFilters): Promise<readonly IngressKeyRecord[]> {
    return this.#read((db) => keys.keyRecords(db, startBlockAtLeast, filters));
  }

  async reportLostIngressKey(key: Uint8Array): Promise<void> {
    assertKey(key);
    await this.#write((db) => keys.reportLost(db, key));
  }

  async newIngestInvocation(
    previous: bigint | undefined,
    ingressKey: Uint8Array,
    rng: KexRngKey,
    startBlock: bigint,
  ): Promise<bigint> {
    assertKey(ingressKey);
    assertKey(rng.publicKey);
    return this.#write((db) => invocations.newInvocation(db, { previous, ingressKey, rng, startBlock }));
  }

  async decommissionIngestInvocation(id: bigint): Promise<void> {
    await this.#write(async (db) => {
      await events.holdEventOrder(db);
      await invocations.decommission(db, id);
    });
  }

  ingestableRanges(): Promise<readonly IngestableRange[]> {
    return this.#read(invocations.ranges);
  }

  updateLastActiveAt(id: bigint): Promise<void> {
    return this.#read((db) => invocations.touch(db, id));
  }

  expiredInvocations(before: Date): Promise<readonly bigint[]> {
    return this.#read((db) => invocations.inactiveSince(db, before));
  }

  addBlockData(
    invocation: bigint,
    block: ScannedBlock,
    timestamp: bigint,
    records: readonly ETxOutRecord[],
  ): Promise<{ readonly alreadyScanned: boolean }> {
    return this.#write((db) => blocks.addBlock(db, { invocation, block, timestamp, records }));
  }

  async txOutsByBlockAndKey(key: Uint8Array, block: bigint): Promise<readonly ETxOutRecord[] | undefined> {
    assertKey(key);
    return this.#read((db) => blocks.recordsOfBlock(db, key, block));
  }

  async txOutsByBlockRangeAndKey(key: Uint8Array, first: bigint, count: number): Promise<readonly BlockRecords[]> {
    assertKey(key);
    return this.#read((db) => blocks.recordsOfRange(db, key, { first, count }));
  }

  async egressKeyOfBlock(key: Uint8Array, block: bigint): Promise<Uint8Array | undefined> {
    assertKey(key);
    return this.#read((db) => blocks.egressKeyOf(db, key, block));
  }

  cumulativeTxoCountForBlock(block: bigint): Promise<bigint | undefined> {
    return this.#read((db) => blocks.cumulativeCount(db, block));
  }

  blockSignatureTimestampForBlock(block: bigint): Promise<bigint | undefined> {
    return this.#read((db) => blocks.timestampOf(db, block));
  }

  highestKnownBlockIndex(): Promise<bigint | undefined> {
    return this.#read(blocks.highestBlock);
  }

  async addMissedBlocks(range: BlockRange): Promise<readonly BlockRange[]> {
    return this.#write(async (db) => {
      await events.holdEventOrder(db);
      const highest = await blocks.highestBlock(db);
      if (range.startBlock >= range.endBlock || highest === undefined || range.endBlock > highest + 1n) {
        throw new RecoveryDbError("invalid-argument", "These are no blocks that were scanned.");
      }
      return events.addMissingBlocks(db, range);
    });
  }

  missedBlockRanges(): Promise<readonly BlockRange[]> {
    return this.#read(events.missedRanges);
  }

  searchUserEvents(from: bigint): Promise<UserEvents> {
    return this.#read((db) => events.eventsAfter(db, from));
  }

  skipUserEventIds(): Promise<bigint> {
    return this.#write(events.skipIds);
  }

  async setReport(key: Uint8Array, reportId: string, data: ReportData): Promise<IngressKeyStatus> {
    assertKey(key);
    return this.#write((db) => reports.publish(db, key, { reportId, data }));
  }

  allReports(): Promise<readonly StoredReport[]> {
    return this.#read(reports.published);
  }

  removeReport(reportId: string): Promise<void> {
    return this.#read((db) => reports.withdraw(db, reportId));
  }

  takeLease(lease: LeaseClaim): Promise<boolean> {
    return this.#read((db) => leases.take(db, lease));
  }

  releaseLease(lease: LeaseClaim): Promise<void> {
    return this.#read((db) => leases.release(db, lease));
  }

  flag(name: string): Promise<boolean> {
    return this.#read((db) => leases.readFlag(db, name));
  }

  setFlag(name: string, value: boolean): Promise<void> {
    return this.#read((db) => leases.writeFlag(db, name, value));
  }

  onBlock(listener: (block: bigint) => void): () => void {
    return this.#connection.listen((payload) => {
      if (/^\d{1,20}$/.test(payload)) listener(BigInt(payload));
    });
  }

  counts(): Promise<Readonly<Record<"ingressKeys" | "invocations" | "blocks" | "events" | "reports", bigint>>> {
    return this.#read(async (db) => ({
      ingressKeys: await countOf(db, "ingress_keys"),
      invocations: await countOf(db, "ingest_invocations"),
      blocks: await countOf(db, "ingested_blocks"),
      events: await countOf(db, "user_events"),
      reports: await countOf(db, "reports"),
    }));
  }

  /** One statement, or several that need not agree. */
  #read<Result>(body: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    return this.#attempt(() => body(this.#connection.db));
  }

  /** One transaction. It may run twice where the connection broke while it was committed: each operation bears that. */
  #write<Result>(body: (db: Transaction<Tables>) => Promise<Result>): Promise<Result> {
    return this.#attempt(() => this.#connection.db.transaction().execute(body));
  }

  async #attempt<Result>(body: () => Promise<Result>): Promise<Result> {
    for (let tries = 0; ; tries++) {
      try {
        return await body();
      } catch (cause) {
        const error = asRecoveryDbError(cause);
        const isRetryable = error instanceof RecoveryDbError && error.retryable;
        if (!isRetryable || tries >= CONNECTION_RETRIES_MAX) throw error;
        await pause(RETRY_MS * (0.5 + Math.random()));
      }
    }
  }
}

async function countOf(db: Kysely<Tables>, table: keyof Tables): Promise<bigint> {
  const { count } = await db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<bigint>().as("count"))
    .executeTakeFirstOrThrow();
  return BigInt(count);
}

function assertKey(key: Uint8Array): void {
  if (key.length !== KEY_BYTES) throw new RecoveryDbError("invalid-argument", "A public key has 32 bytes.");
}
