// FogBlockAPI.GetBlocks: whole blocks, in the open (spec 03 §5.4).
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { encodeTxOut, txOutToWire } from "@fogbow/core-transaction";
import { type BlockDataSchema, type BlockRequest, type BlockResponse, BlockResponseSchema } from "@fogbow/core-wire";
import { type BlockProvider, TIMESTAMP_CODES } from "@fogbow/ledger-db";
import { BLOCKS_ANSWER_BYTES_MAX, BLOCKS_PER_ANSWER_MAX } from "../limits.ts";

/** The blocks of some ranges that exist, as many as fit: whoever gets fewer asks again. */
export function getBlocks(
  { ranges }: BlockRequest,
  blocks: Pick<BlockProvider, "numBlocks" | "latestBlock" | "blockData">,
): BlockResponse {
  const numBlocks = blocks.numBlocks();
  const answer: MessageInitShape<typeof BlockDataSchema>[] = [];
  let bytes = 0;
  const respond = (): BlockResponse =>
    create(BlockResponseSchema, {
      blocks: answer,
      numBlocks,
      globalTxoCount: blocks.latestBlock()?.cumulativeTxoCount ?? 0n,
    });
  for (const { startBlock, endBlock } of ranges) {
    const end = endBlock < numBlocks ? endBlock : numBlocks;
    for (let index = startBlock; index < end; index += 1n) {
      if (answer.length >= BLOCKS_PER_ANSWER_MAX) return respond();
      const block = blocks.blockData(index);
      if (block === undefined) continue;
      const { data, timestamp } = block;
      bytes += data.contents.outputs.reduce((sum, txOut) => sum + encodeTxOut(txOut).length, 0);
      if (answer.length > 0 && bytes > BLOCKS_ANSWER_BYTES_MAX) return respond();
      answer.push({
        index,
        globalTxoCount: data.block.cumulativeTxoCount,
        outputs: data.contents.outputs.map(txOutToWire),
        timestamp: timestamp.timestamp,
        timestampResultCode: TIMESTAMP_CODES[timestamp.code],
      });
    }
  }
  return respond();
}
