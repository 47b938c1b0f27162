// What `GetTxOuts` promises while the ledger grows (spec 03 §5.5, FIX): what is not found is in none of the blocks that are named.
import { create } from "@bufbuild/protobuf";
import { TxOutRequestSchema, TxOutResultCode } from "@fogbow/core-wire";
import { type BlockProvider, MemoryLedger } from "@fogbow/ledger-db";
import { expect, test } from "vitest";
import { appendNext } from "../../../stores/ledger-db/test/chain.ts";
import { getTxOuts } from "../src/router/get-tx-outs.ts";

test("an output of a block that is appended between the lookups and the count is found, or its block is not counted", () => {
  const ledger = new MemoryLedger();
  for (let i = 0; i < 3; i++) appendNext(ledger);
  const grown = new MemoryLedger();
  for (let i = 0; i < 4; i++) appendNext(grown);
  const late = grown.blockContents(3n)?.outputs[0]?.publicKey;
  if (late === undefined) throw new Error("Blocks have outputs.");
  /** A ledger to which a block comes at the first or at the second question of the service. */
  const answerWith = (questions: number) => {
    let left = questions;
    const now = () => {
      const which = left > 0 ? ledger : grown;
      left -= 1;
      return which;
    };
    const blocks: Pick<BlockProvider, "latestBlock" | "txOutInfoByPublicKey"> = {
      latestBlock: () => {
        const at = now();
        return at.block(at.numBlocks() - 1n);
      },
      txOutInfoByPublicKey: (key) => {
        const at = now();
        const txOutIndex = at.txOutIndexByPublicKey(key);
        if (txOutIndex === undefined) return undefined;
        const blockIndex = at.blockIndexOfTxOut(txOutIndex) ?? 0n;
        return { txOutIndex, blockIndex, timestamp: { timestamp: 1n, code: "found" } } as never;
      },
    };
    return getTxOuts(create(TxOutRequestSchema, { txOutPubkeys: [{ data: late }] }), blocks);
  };
  for (const questions of [0, 1, 2]) {
    const { results, numBlocks } = answerWith(questions);
    const isFound = results[0]?.resultCode === TxOutResultCode.Found;
    expect(isFound || numBlocks <= 3n, `after ${questions} questions`).toBe(true);
  }
  expect(answerWith(1)).toMatchObject({ numBlocks: 3n, results: [{ resultCode: TxOutResultCode.Found }] });
});
