// Outputs and their records for tests.
import { publicAddress } from "@fogbow/core-account";
import {
  type BlockVersion,
  createTxOut,
  createTxOutRecord,
  encodeMemo,
  type TxOut,
  type TxOutPlace,
  type TxOutRecord,
} from "../../src/index.ts";
import { amount, privateKey, root0 } from "../fixtures.ts";

/** Where the computed record's output is. */
export const PLACE: TxOutPlace = { globalIndex: 7n, blockIndex: 3n, timestamp: 1_700_000_000n };

/** An output to root-0: the computed one of token 1 at block version 3, the same with token 0 before version 2. */
export const txOutAt = (blockVersion: BlockVersion): TxOut =>
  createTxOut({
    blockVersion,
    recipient: publicAddress(root0()),
    amount: amount(1_475_000_000_000n, blockVersion < 2 ? 0n : 1n),
    fogHint: new Uint8Array(84).fill(3),
    txPrivateKey: privateKey("05".repeat(32)),
    ...(blockVersion > 0 && { memo: encodeMemo({ kind: "unused" }) }),
  }).txOut;

/** The record of {@link txOutAt}. */
export const recordAt = (blockVersion: BlockVersion): TxOutRecord => createTxOutRecord(txOutAt(blockVersion), PLACE);
