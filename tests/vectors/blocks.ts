// Known answers of blocks: contents, ids and what their signatures are over (spec 02 §8).

import {
  type BlockContents,
  blockSigningDigest,
  contentsHash,
  decodeBlock,
  encodeBlock,
  NO_MINTING,
  withId,
} from "@fogbow/core-block";
import { bytes, equalBytes } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import { decodeTxOut, txOutHash } from "@fogbow/core-transaction";
import { type Case, expectEqual, expectThat } from "./case.ts";

/** Outputs and key images give the stated contents hash; with a header, the stated id, bytes and signing digest. */
export function checkBlock(one: Case): void {
  const outputs = one.hexList("outputs_proto_hex").map(decodeTxOut);
  one.hexList("tx_out_hashes").forEach((hash, i) => {
    const output = outputs[i];
    expectThat(output !== undefined && equalBytes(txOutHash(output), hash), `tx_out_hashes ${i} differs`);
  });
  const contents: BlockContents = { outputs, keyImages: one.hexList("key_images").map(compressedPoint), ...NO_MINTING };
  expectEqual("contents_hash", contentsHash(contents), one.hex("contents_hash"));
  if (!one.has("id")) {
    return;
  }

  const root = one.part("root_element");
  const block = withId({
    version: Number(one.integer("version")),
    parentId: bytes(one.hex("parent_id"), 32, "parent_id"),
    index: one.integer("index"),
    cumulativeTxoCount: one.integer("cumulative_txo_count"),
    rootElement: {
      range: { from: root.integer("from"), to: root.integer("to") },
      hash: bytes(root.hex("hash"), 32, "root_element.hash"),
    },
    contentsHash: contentsHash(contents),
  });
  expectEqual("id", block.id, one.hex("id"));
  expectEqual("block_signature_digest", blockSigningDigest(block), one.hex("block_signature_digest"));
  const stated = one.hex("block_proto_hex");
  expectEqual("block_proto_hex, decoded", encodeBlock(decodeBlock(stated)), encodeBlock(block));
}
