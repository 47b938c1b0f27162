// What can be told of a stored ledger that forgets: a whole one is found whole, and whatever is changed in its tables is found.
import { cpSync } from "node:fs";
import {
  type Block,
  type BlockData,
  type Checkpoint,
  LedgerSummary,
  type NewBlock,
  SortedKeyImages,
} from "@fogbow/core-block";
import { be64, concatBytes, utf8 } from "@fogbow/core-bytes";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  createForgetLedger,
  type ForgetLedger,
  type MemoryLedger,
  openForgetLedger,
  type VerifyForgetReport,
  verifyForgetLedger,
} from "../../../stores/ledger-db/src/index.ts";
import { contents, next } from "../../../stores/ledger-db/test/chain.ts";
import { newDirectory } from "../../../stores/ledger-db/test/directories.ts";
import { configureMinting, foundLedger, mint } from "../../../stores/ledger-db/test/economy.ts";
import { type Raw, withRaw } from "../../../stores/ledger-db/test/raw-tables.ts";
import { bareEnclave, startNode, TestNode } from "./test-node.ts";

const INDEXES = {
  keyImages: "ledger_db:key_images",
  publicKeys: "tx_out_store:tx_out_index_by_public_key",
};
const BLOCKS = 7;

const flip = (bytes: Uint8Array, at = bytes.length - 1): Uint8Array =>
  bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
const keysOf = (table: Raw): Uint8Array[] => [...table.getKeys()].map((key) => Uint8Array.from(key as Uint8Array));
const change = (table: Raw, key: Uint8Array, how: (value: Uint8Array) => Uint8Array): void => {
  table.putSync(key, how(Uint8Array.from(table.get(key) as Uint8Array)));
};
const swap = (table: Raw, a: Uint8Array, b: Uint8Array): void => {
  const [first, second] = [a, b].map((key) => Uint8Array.from(table.get(key) as Uint8Array)) as [
    Uint8Array,
    Uint8Array,
  ];
  table.putSync(a, second);
  table.putSync(b, first);
};

/** A ledger of payments, configurations and minting. */
async function makeLedger(): Promise<{ readonly directory: string; readonly checkpoint: Checkpoint }> {
  const directory = newDirectory();
  const plain = foundLedger(6) as MemoryLedger;
  const archiving = await TestNode.init(bareEnclave({ name: "archive" }).ask, { name: "archive" });
  const node = await startNode({ name: "forgetful", forgets: true });
  const ledger = createForgetLedger(directory);
  const summary = LedgerSummary.empty();
  const take = async (data: BlockData): Promise<void> => {
    const absorbed = await node.absorb(data);
    ledger.append({ ...data, contents: absorbed.contents }, absorbed.sealed);
    summary.append(data);
  };
  await take(plain.blockData(0n) as BlockData);
  for (const values of [{ mintConfigTxs: [configureMinting(1)] }, { mintTxs: [mint(1, 500n, 11)] }]) {
    const formed = await archiving.form(plain, await archiving.combine(plain, values), []);
    await take(appendBlock(plain, formed));
  }
  for (let i = 3; i < BLOCKS; i++) {
    const data = next(plain.lastBlock() as Block, plain.root(), contents(i), 4);
    plain.append(data);
    await take(data);
  }
  await ledger.close();
  const keyImages = Array.from({ length: BLOCKS }, (_, i) => plain.blockContents(BigInt(i))?.keyImages ?? []).flat();
  return { directory, checkpoint: summary.checkpoint(SortedKeyImages.of(keyImages)) };
}

let original: string;
let checkpoint: Checkpoint;
let directory: string;
beforeAll(async () => {
  ({ directory: original, checkpoint } = await makeLedger());
}, 60_000);
beforeEach(() => {
  directory = newDirectory();
  cpSync(original, directory, { recursive: true });
});

/** Verifies the ledger with its enclave, or without. */
async function verify(withEnclave: boolean, about?: Checkpoint): Promise<VerifyForgetReport> {
  const ledger: ForgetLedger = openForgetLedger(directory, { readOnly: true });
  try {
    const sealedLedger = ledger.sealedLedger() as Uint8Array;
    const node = withEnclave ? await startNode({ name: "forgetful", forgets: true, sealedLedger }) : undefined;
    return await verifyForgetLedger(ledger, {
      ...(node && { verifyRecords: (records) => node.verifyRecords(records) }),
      ...(about && { checkpoint: about }),
    });
  } finally {
    await ledger.close();
  }
}

describe("a ledger that forgets", () => {
  test("verifies as it is, with its enclave and without, and against a checkpoint", async () => {
    const report = { blocks: BigInt(BLOCKS), firstHeader: 0n, keyImages: 8n, signatures: 6n, metadata: 6n };
    expect(await verify(false)).toMatchObject({ ...report, recordsVerified: false });
    expect(await verify(true, checkpoint)).toMatchObject({ ...report, recordsVerified: true });
    await expect(verify(false, { ...checkpoint, blockId: checkpoint.merkleRoot })).rejects.toMatchObject({
      code: "corrupt-ledger",
      blockIndex: checkpoint.height,
    });
    const earlier = { ...checkpoint, height: 2n };
    await expect(verify(false, earlier)).rejects.toMatchObject({ code: "corrupt-ledger", blockIndex: 2n });
  });

  const corrupt = (blockIndex: bigint) => ({ code: "corrupt-ledger", blockIndex });
  const LAST = BigInt(BLOCKS - 1);
  test.each<[what: string, harm: (table: (name: string) => Raw) => void, expected: object]>([
    ["a header is another", (t) => change(t("ledger_db:blocks"), be64(3n), flip), { code: "corrupt-ledger" }],
    ["a header is missing", (t) => t("ledger_db:blocks").removeSync(be64(3n)), { code: "corrupt-ledger" }],
    ["two headers change places", (t) => swap(t("ledger_db:blocks"), be64(3n), be64(4n)), corrupt(3n)],
    ["a signature is of another block", (t) => swap(t("ledger_db:block_signatures"), be64(4n), be64(5n)), corrupt(4n)],
    ["metadata is of another block", (t) => swap(t("ledger_db:block_metadata"), be64(4n), be64(5n)), corrupt(4n)],
    [
      "a signature is of no block",
      (t) => t("ledger_db:block_signatures").putSync(be64(99n), new Uint8Array(9)),
      corrupt(LAST),
    ],
    [
      "the number of outputs is another",
      (t) => t("tx_out_store:counts").putSync(utf8("num_tx_outs"), be64(9n)),
      corrupt(LAST),
    ],
    [
      "there is what no forgetting ledger has",
      (t) => t("ledger_db:key_images_by_block").putSync(be64(1n), be64(1n)),
      corrupt(LAST),
    ],
    ["an output is missing", (t) => t("tx_out_store:tx_out_by_index").removeSync(be64(2n)), corrupt(LAST)],
  ])("does not verify when %s", async (_, harm, expected) => {
    await withRaw(directory, harm);
    await expect(verify(false)).rejects.toMatchObject(expected);
  });

  test.each<[what: string, harm: (table: (name: string) => Raw) => void, reason: string]>([
    ["an output is altered", (t) => change(t("tx_out_store:tx_out_by_index"), be64(2n), flip), "invalid-record"],
    ["two outputs change places", (t) => swap(t("tx_out_store:tx_out_by_index"), be64(2n), be64(3n)), "invalid-record"],
    [
      "a node of the tree is altered",
      (t) => change(t("tx_out_store:merkle_hash_by_range"), nodeKey(0n, 3n), flip),
      "invalid-record",
    ],
    [
      "a node has the place of another",
      (t) => swap(t("tx_out_store:merkle_hash_by_range"), nodeKey(0n, 3n), nodeKey(4n, 7n)),
      "invalid-record",
    ],
    [
      "the edge of the tree is altered",
      (t) => change(t("tx_out_store:merkle_hash_by_range"), edgeOf(t), flip),
      "invalid-record",
    ],
    [
      "a key image is altered",
      (t) => change(t(INDEXES.keyImages), keyAt(t(INDEXES.keyImages), 1), flip),
      "invalid-record",
    ],
    [
      "two key images change places",
      (t) => swap(t(INDEXES.keyImages), keyAt(t(INDEXES.keyImages), 0), keyAt(t(INDEXES.keyImages), 1)),
      "other-records",
    ],
    ["a key image is missing", (t) => t(INDEXES.keyImages).removeSync(keyAt(t(INDEXES.keyImages), 2)), "other-records"],
    ["a public key has another tag", (t) => rename(t(INDEXES.publicKeys)), "other-records"],
    [
      "a nonce of minting is missing",
      (t) => clear(t("mint_tx_store:block_index_by_mint_tx_nonce_and_token_id")),
      "other-records",
    ],
    [
      "a nonce of configuring is missing",
      (t) => clear(t("mint_config_store:block_index_by_mint_config_tx_nonce_and_token_id")),
      "other-records",
    ],
    ["who may mint is missing", (t) => clear(t("mint_config_store:active_mint_configs_by_token_id")), "other-records"],
  ])("verifies without its enclave, and not with it, when %s", async (_, harm, reason) => {
    await withRaw(directory, harm);
    await expect(verify(false)).resolves.toMatchObject({ recordsVerified: false });
    await expect(verify(true)).rejects.toMatchObject({ code: reason });
  });

  test("does not begin for an enclave that keeps another ledger", async () => {
    const ledger = openForgetLedger(directory, { readOnly: true });
    const node = await startNode({ name: "other", forgets: true });
    const verified = verifyForgetLedger(ledger, { verifyRecords: (records) => node.verifyRecords(records) });
    await expect(verified).rejects.toMatchObject({ code: "invalid-record" });
    await expect(node.verifyRecords({ ends: true })).rejects.toMatchObject({ code: "other-records" });
    await ledger.close();
  });
});

const nodeKey = (from: bigint, to: bigint): Uint8Array => concatBytes(be64(from), be64(to));
const keyAt = (table: Raw, at: number): Uint8Array => keysOf(table)[at] as Uint8Array;
/** The root, which has room for more. */
const edgeOf = (table: (name: string) => Raw): Uint8Array =>
  keysOf(table("tx_out_store:merkle_hash_by_range"))
    .filter((key) => key.subarray(0, 8).every((byte) => byte === 0))
    .at(-1) as Uint8Array;
const rename = (table: Raw): void => {
  const key = keyAt(table, 1);
  table.putSync(flip(key), Uint8Array.from(table.get(key) as Uint8Array));
  table.removeSync(key);
};
const clear = (table: Raw): void => {
  for (const key of keysOf(table)) table.removeSync(key);
};

/** Appends a block that an enclave formed to a ledger of tests. */
function appendBlock(ledger: MemoryLedger, formed: NewBlock): BlockData {
  const { block, contents: made } = formed;
  const data = { ...next(ledger.lastBlock() as Block, block.rootElement, made, 4), block, contents: made };
  ledger.append(data);
  return data;
}
