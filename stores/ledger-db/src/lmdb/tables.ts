// The tables of the ledger in LMDB, by the names of spec 02 §8.7. Integers that are keys are 8 bytes, most significant
// first, so that their order is numeric; values are protobuf unless a comment says otherwise.
import type { Database, RootDatabase } from "lmdb";
import { LedgerError } from "../error.ts";

/** The names of the tables. */
const NAMES = {
  /** `num_blocks` → count, 8 bytes, most significant first. */
  counts: "ledger_db:counts",
  /** Block index → Block. */
  blocks: "ledger_db:blocks",
  /** Block index → BlockSignature; may be absent. */
  signatures: "ledger_db:block_signatures",
  /** Block index → BlockMetadata; may be absent below block version 3. */
  metadata: "ledger_db:block_metadata",
  /** Key image → block index, 8 bytes, **least** significant first. */
  keyImages: "ledger_db:key_images",
  /** Block index → KeyImageList. */
  keyImagesByBlock: "ledger_db:key_images_by_block",
  /** Block index → TxOutsByBlockValue. */
  txOutsByBlock: "ledger_db:tx_outs_by_block",
  /** Output index → block index, 8 bytes, most significant first. */
  blocksByTxOut: "ledger_db:block_number_by_tx_out_index",
  /** `num_tx_outs` → count, 8 bytes, most significant first. */
  txOutCounts: "tx_out_store:counts",
  /** TxOut hash → output index, 8 bytes, most significant first. */
  txOutsByHash: "tx_out_store:tx_out_index_by_hash",
  /** Public key → output index, 8 bytes, most significant first. */
  txOutsByPublicKey: "tx_out_store:tx_out_index_by_public_key",
  /** Output index → TxOut. */
  txOuts: "tx_out_store:tx_out_by_index",
  /** First leaf ‖ last leaf, 16 bytes → hash, 32 bytes. */
  treeNodes: "tx_out_store:merkle_hash_by_range",
  /** Token, 8 bytes → ActiveMintConfigs. */
  activeMintConfigs: "mint_config_store:active_mint_configs_by_token_id",
  /** Nonce ‖ token, 72 bytes → block index, 8 bytes, most significant first. */
  mintConfigNonces: "mint_config_store:block_index_by_mint_config_tx_nonce_and_token_id",
  /** Block index → ValidatedMintConfigTxList. */
  mintConfigTxsByBlock: "mint_config_store:validated_mint_config_txs_by_block",
  /** Nonce ‖ token, 72 bytes → block index, 8 bytes, most significant first. */
  mintNonces: "mint_tx_store:block_index_by_mint_tx_nonce_and_token_id",
  /** Block index → MintTxList. */
  mintTxsByBlock: "mint_tx_store:set_txs_by_block",
  /** `version` → MetadataVersion; `writer` → the claim of `writer-claim.ts`. */
  about: "ledger_db_metadata",
} as const;

/** Every table of a ledger. */
export type Tables = Readonly<Record<keyof typeof NAMES, Table>>;

/** How many tables LMDB makes room for; more than are in use. */
export const TABLES_MAX = 32;

/** Opens every table; makes those that are missing unless the ledger is only read. */
export function openTables(environment: RootDatabase<Uint8Array, Uint8Array>): Tables {
  const open = (name: string): Table => new Table(environment.openDB({ name, ...ENCODING }));
  return Object.fromEntries(Object.entries(NAMES).map(([table, name]) => [table, open(name)])) as Tables; // Same keys.
}

/** Keys and values are the bytes they are. */
export const ENCODING = { encoding: "binary", keyEncoding: "binary" } as const;

/** One table: bytes to bytes. */
export class Table {
  readonly #database: Database<Uint8Array, Uint8Array>;

  constructor(database: Database<Uint8Array, Uint8Array> | undefined) {
    if (database === undefined) {
      throw new LedgerError("ledger-not-found", "The ledger lacks a table: it was never finished.");
    }
    this.#database = database;
  }

  /** A copy of the value, undefined when there is none. */
  get(key: Uint8Array): Uint8Array | undefined {
    const value = this.#database.get(key);
    return value && new Uint8Array(value.buffer, value.byteOffset, value.length);
  }

  /** Sets a value. Only within a transaction of the environment. */
  put(key: Uint8Array, value: Uint8Array): void {
    this.#database.putSync(key, value);
  }

  /** Removes a value. Only within a transaction of the environment. */
  remove(key: Uint8Array): void {
    this.#database.removeSync(key);
  }

  /** How many entries there are. */
  count(): bigint {
    // The library's types leave the statistics open.
    const { entryCount } = this.#database.getStats() as { readonly entryCount: number };
    return BigInt(entryCount);
  }
}
