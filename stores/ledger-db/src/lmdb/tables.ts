// The tables of the ledger in LMDB, by the names of spec 02 §8.7. Integers that are keys are 8 bytes, most significant
// first, so that their order is numeric; values are protobuf unless a comment says otherwise.
import { utf8 } from "@fogbow/core-bytes";
import type { RootDatabase } from "lmdb";
import type { EntryCounts } from "../ledger.ts";
import { KeyIndex } from "./key-index.ts";
import { Table } from "./table.ts";

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
  /** Block index → KeyImageList. */
  keyImagesByBlock: "ledger_db:key_images_by_block",
  /** Block index → TxOutsByBlockValue. */
  txOutsByBlock: "ledger_db:tx_outs_by_block",
  /** Output index → block index, 8 bytes, most significant first. */
  blocksByTxOut: "ledger_db:block_number_by_tx_out_index",
  /** `num_tx_outs` → count, 8 bytes, most significant first. */
  txOutCounts: "tx_out_store:counts",
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
  /** Name of an index → its cursors, of 32 bytes each, see `key-index.ts`. */
  cursors: "ledger_db:index_cursors",
  /** `version` → MetadataVersion; `writer` → the claim of `writer-claim.ts`. */
  about: "ledger_db_metadata",
} as const;

/** The names of the indexes, whose keys of 32 bytes come in no order. Each is a table too, kept as `key-index.ts` says. */
const INDEX_NAMES = {
  /** Key image → block index, 8 bytes, **least** significant first. */
  keyImages: "ledger_db:key_images",
  /** TxOut hash → output index, 8 bytes, most significant first. */
  txOutsByHash: "tx_out_store:tx_out_index_by_hash",
  /** Public key → output index, 8 bytes, most significant first. */
  txOutsByPublicKey: "tx_out_store:tx_out_index_by_public_key",
} as const;

/** Every table and index of a ledger. */
export type Tables = Readonly<Record<keyof typeof NAMES, Table> & Record<keyof typeof INDEX_NAMES, KeyIndex>>;

/** How many tables LMDB makes room for; more than are in use. */
export const TABLES_MAX = 32;

/** Opens the table that says which form the ledger has, and no other. */
export function openAbout(environment: RootDatabase<Uint8Array, Uint8Array>): Pick<Tables, "about"> {
  return { about: new Table(environment.openDB({ name: NAMES.about, ...ENCODING })) };
}

/** Opens every table; makes those that are missing unless the ledger is only read. */
export function openTables(environment: RootDatabase<Uint8Array, Uint8Array>): Tables {
  const open = (name: string): Table => new Table(environment.openDB({ name, ...ENCODING }));
  const tables = each(NAMES, open);
  const indexes = each(INDEX_NAMES, (name) => new KeyIndex(open(name), { table: tables.cursors, key: utf8(name) }));
  return { ...tables, ...indexes };
}

/** How many entries each table has. Throws `corrupt-ledger` when they cannot be told. */
export function entryCounts(tables: Tables): EntryCounts {
  return {
    blocks: tables.blocks.count(),
    signatures: tables.signatures.count(),
    metadata: tables.metadata.count(),
    keyImages: tables.keyImages.count(),
    keyImagesByBlock: tables.keyImagesByBlock.count(),
    txOuts: tables.txOuts.count(),
    txOutsByBlock: tables.txOutsByBlock.count(),
    txOutsByHash: tables.txOutsByHash.count(),
    txOutsByPublicKey: tables.txOutsByPublicKey.count(),
    blocksByTxOut: tables.blocksByTxOut.count(),
    treeNodes: tables.treeNodes.count(),
    activeMintConfigs: tables.activeMintConfigs.count(),
    mintConfigNonces: tables.mintConfigNonces.count(),
    mintConfigTxsByBlock: tables.mintConfigTxsByBlock.count(),
    mintNonces: tables.mintNonces.count(),
    mintTxsByBlock: tables.mintTxsByBlock.count(),
  };
}

/** Keys and values are the bytes they are. */
export const ENCODING = { encoding: "binary", keyEncoding: "binary" } as const;

function each<Name extends string, Opened>(names: Readonly<Record<Name, string>>, open: (name: string) => Opened) {
  const opened = Object.entries<string>(names).map(([key, name]) => [key, open(name)]);
  return Object.fromEntries(opened) as Record<Name, Opened>; // Same keys.
}
