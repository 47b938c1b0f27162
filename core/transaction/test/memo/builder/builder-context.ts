// The outputs that memo builders are asked about in tests.
import { type PublicAddress, publicAddress } from "@fogbow/core-account";
import { fromHex } from "@fogbow/core-bytes";
import { type PublicKey, publicKey } from "@fogbow/core-crypto";
import {
  type ChangeMemoContext,
  decodeMemo,
  type Memo,
  type MemoBuilder,
  type OutputMemoContext,
} from "../../../src/index.ts";
import { amount, bob } from "../../fixtures.ts";

/** The public key of every output here. */
export const OUTPUT_KEY: PublicKey = publicKey(
  fromHex("febd16fcd5c235b87565149b9a5e71dd05b2bedd19082567556d25b4101c7603"),
);

/** A payment, to Bob unless told otherwise. */
export const payment = (
  value: bigint,
  { token = 0n, recipient = publicAddress(bob()) }: { token?: bigint; recipient?: PublicAddress } = {},
): OutputMemoContext => ({ amount: amount(value, token), recipient, txOutPublicKey: OUTPUT_KEY });

/** A change output. */
export const change = (value: bigint, token = 0n): ChangeMemoContext => ({
  amount: amount(value, token),
  txOutPublicKey: OUTPUT_KEY,
});

/** What a builder says on a payment. */
export const onOutput = (builder: MemoBuilder, context: OutputMemoContext): Memo =>
  decodeMemo(builder.memoForOutput(context));

/** What a builder says on the change. */
export const onChange = (builder: MemoBuilder, context: ChangeMemoContext): Memo =>
  decodeMemo(builder.memoForChange(context));
