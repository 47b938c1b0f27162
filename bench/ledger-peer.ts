// The ledger's peer: `lmdb` alone. It puts and gets the very keys and values that the ledger does and hashes, checks,
// encodes and decodes nothing. Its tables are those of the ledger, but each index is one plain table from key to value.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type BlockData, treeWidth } from "@fogbow/core-block";
import { be64, concatBytes, le64, utf8 } from "@fogbow/core-bytes";
import { txOutHash } from "@fogbow/core-transaction";
import { type Database, open, type RootDatabase } from "lmdb";

const BINARY = { encoding: "binary", keyEncoding: "binary" } as const;

/** Where a key is. */
export interface Place {
  readonly table: string;
  readonly key: Uint8Array;
}

/** A key with its value. */
export interface Entry extends Place {
  readonly value: Uint8Array;
}

/** An open file of tables. */
export class Peer {
  readonly #database: RootDatabase<Uint8Array, Uint8Array>;
  readonly #tables = new Map<string, Database<Uint8Array, Uint8Array>>();

  constructor(directory: string, { readOnly = false }: { readonly readOnly?: boolean } = {}) {
    // As the ledger opens its own: a transaction is on the disk when it returns.
    const options = { noSubdir: false, maxDbs: 32, overlappingSync: false, readOnly };
    this.#database = open({ path: directory, ...BINARY, ...options });
  }

  /** Puts all entries in one transaction, durable when this returns. */
  put(entries: readonly Entry[]): void {
    this.#database.transactionSync(() => {
      for (const { table, key, value } of entries) this.#table(table).putSync(key, value);
    });
    this.#database.resetReadTxn();
  }

  /** Gets one value. Throws when there is none. */
  get({ table, key }: Place): Uint8Array {
    const value = this.#table(table).get(key);
    if (value === undefined) throw new Error(`The peer lacks an entry of ${table}.`);
    return value;
  }

  /** How many entries a table has. */
  count(table: string): bigint {
    // The library's types leave the statistics open.
    const { entryCount } = this.#table(table).getStats() as { readonly entryCount: number };
    return BigInt(entryCount);
  }

  /** Copies everything into another directory. */
  async backup(directory: string): Promise<void> {
    mkdirSync(directory, { recursive: true });
    await this.#database.backup(directory, false);
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  #table(name: string): Database<Uint8Array, Uint8Array> {
    const found = this.#tables.get(name) ?? this.#database.openDB({ name, ...BINARY });
    this.#tables.set(name, found);
    return found;
  }
}

/** The file of a ledger or a peer. */
export const fileOf = (directory: string): string => join(directory, "data.mdb");

/** The indexes, by their keys. */
export const INDEXES = {
  keyImages: "ledger_db:key_images",
  publicKeys: "tx_out_store:tx_out_index_by_public_key",
  hashes: "tx_out_store:tx_out_index_by_hash",
} as const;

/** What an append adds to the indexes of a ledger that had so many outputs before it. */
export function indexEntriesOf({ block, contents }: BlockData, size: bigint): readonly Entry[] {
  return [
    ...contents.keyImages.map((key) => ({ table: INDEXES.keyImages, key, value: le64(block.index) })),
    ...contents.outputs.flatMap((txOut, i) => {
      const value = be64(size + BigInt(i));
      return [
        { table: INDEXES.publicKeys, key: txOut.publicKey, value },
        { table: INDEXES.hashes, key: txOutHash(txOut), value },
      ];
    }),
  ];
}

/** What an append puts besides: the places of a block in a ledger that had so many outputs before it. */
export function placesOf({ block, contents: { outputs } }: BlockData, size: bigint): readonly Place[] {
  const blockIndex = be64(block.index);
  const place = (table: string, key: Uint8Array): Place => ({ table, key });
  return [
    ...PER_BLOCK.map((table) => place(table, blockIndex)),
    place("ledger_db:counts", utf8("num_blocks")),
    place("tx_out_store:counts", utf8("num_tx_outs")),
    ...outputs.flatMap((_, i) => {
      const index = be64(size + BigInt(i));
      return [place("tx_out_store:tx_out_by_index", index), place("ledger_db:block_number_by_tx_out_index", index)];
    }),
    ...changedNodes(size, BigInt(outputs.length)),
  ];
}

const PER_BLOCK = [
  "ledger_db:blocks",
  "ledger_db:key_images_by_block",
  "ledger_db:tx_outs_by_block",
  "mint_config_store:validated_mint_config_txs_by_block",
  "mint_tx_store:set_txs_by_block",
];

/** Every node of the tree above the new outputs. */
function changedNodes(size: bigint, count: bigint): Place[] {
  const places: Place[] = [];
  const last = size + count - 1n;
  for (let width = 1n; width <= treeWidth(size + count); width *= 2n) {
    for (let position = size / width; position <= last / width; position++) places.push(node(position, width));
  }
  return places;
}

/** What a proof gets: the output's leaf and the stored sibling of every node above it. */
export function placesOfProof(index: bigint, size: bigint): readonly Place[] {
  const places = [node(index, 1n)];
  for (let width = 1n; width < treeWidth(size); width *= 2n) {
    const sibling = (index / width) ^ 1n;
    if (sibling * width < size) places.push(node(sibling, width));
  }
  return places;
}

/** What opening reads: the newest header and the root. */
export function placesOfOpening(blocks: bigint, size: bigint): readonly Place[] {
  return [
    { table: "ledger_db:counts", key: utf8("num_blocks") },
    { table: "ledger_db:blocks", key: be64(blocks - 1n) },
    { table: "tx_out_store:counts", key: utf8("num_tx_outs") },
    node(0n, treeWidth(size)),
  ];
}

/** The node at a position among those over `width` leaves each. */
const node = (position: bigint, width: bigint): Place => ({
  table: "tx_out_store:merkle_hash_by_range",
  key: concatBytes(be64(position * width), be64((position + 1n) * width - 1n)),
});
