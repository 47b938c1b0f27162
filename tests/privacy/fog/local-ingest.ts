// The host of an ingest enclave: blocks in, rows of the recovery database out.
import { type PublicKey, publicKey } from "@fogbow/core-crypto";
import { type TxOut, txOutToWire } from "@fogbow/core-transaction";
import {
  decodeMessage,
  encodeMessage,
  IngestInitRequestSchema,
  IngestKeysSchema,
  IngestRequestSchema,
  IngestResponseSchema,
  readPresent,
} from "@fogbow/core-wire";
import type { RecoveryDb } from "@fogbow/recovery-db";
import type { Door } from "./door.ts";

const ANY = { bytesMax: 67_108_864 };

/** A block, as ingest needs it. */
export interface IngestedBlock {
  readonly index: bigint;
  readonly outputs: readonly TxOut[];
  /** Outputs in the ledger with these. */
  readonly cumulativeTxoCount: bigint;
}

/** An ingest server. */
export class LocalIngest {
  /** To which senders encrypt hints. */
  readonly ingressKey: PublicKey;
  readonly #door: Door;
  readonly #db: RecoveryDb;
  readonly #invocation: bigint;

  private constructor(door: Door, db: RecoveryDb, ingressKey: PublicKey, invocation: bigint) {
    this.#door = door;
    this.#db = db;
    this.ingressKey = ingressKey;
    this.#invocation = invocation;
  }

  static async start(door: Door, db: RecoveryDb, capacity: number): Promise<LocalIngest> {
    const init = encodeMessage(IngestInitRequestSchema, { peerResponderId: "ingest.test:8443", capacity });
    const keys = decodeMessage(IngestKeysSchema, await door.ask("init", init), ANY);
    const key = publicKey(readPresent(keys.ingressPubkey, "ingress_pubkey").data);
    const { pubkey, version } = readPresent(keys.kexRngPubkey, "kex_rng_pubkey");
    await db.newIngressKey(key, 0n);
    const invocation = await db.newIngestInvocation(undefined, key, { publicKey: pubkey, version }, 0n);
    return new LocalIngest(door, db, key, invocation);
  }

  /** Takes a block in. */
  async ingest({ index, outputs, cumulativeTxoCount }: IngestedBlock): Promise<void> {
    const request = encodeMessage(
      IngestRequestSchema,
      {
        blockIndex: index,
        firstGlobalIndex: cumulativeTxoCount - BigInt(outputs.length),
        timestamp: 1_700_000_000n + index,
        outputs: outputs.map(txOutToWire),
      },
      ANY,
    );
    const answer = decodeMessage(IngestResponseSchema, await this.#door.ask("ingest-txs", request), ANY);
    const records = answer.records.map(({ searchKey, payload }) => ({
      searchKey: readPresent(searchKey, "search_key"),
      payload: readPresent(payload, "payload"),
    }));
    await this.#db.addBlockData(
      this.#invocation,
      { index, cumulativeTxoCount },
      1_700_000_000n + index,
      records as never,
    );
  }
}
