// Outputs that an enclave makes while it forms a block (spec 02 §6.4): fees and what is minted. Their tx private keys are
// hashes of what the block is formed from, so that every node makes the same outputs, byte for byte. They hide an amount
// from nobody who knows those transactions: for minted outputs everybody, for fees the enclaves and the recipient.
import { type Amount, type Bytes, utf8 } from "@fogbow/core-bytes";
import {
  aggregate,
  appendStrict,
  bytesOf,
  type Digestible,
  PrivateKey,
  Transcript,
  tuple,
  uint64,
} from "@fogbow/core-crypto";
import {
  type BlockVersion,
  blockVersionFeatures,
  createTxOut,
  encodeMemo,
  FOG_HINT_BYTES,
  type TxOut,
  type TxOutOptions,
} from "@fogbow/core-transaction";
import { kernel } from "@fogbow/kernel";

/** What the outputs of one kind in one block have in common. */
export interface EnclaveOutputs<Transaction> {
  readonly label: "mc_fees_output_private_key" | "mc_minted_output_private_key";
  readonly parentId: Bytes<32>;
  /** The transactions that the outputs are for, in the order of the block. */
  readonly transactions: readonly Transaction[];
  readonly digestible: (transaction: Transaction) => Digestible;
  readonly blockVersion: BlockVersion;
}

/** One of them. */
export interface EnclaveOutput {
  readonly recipient: TxOutOptions["recipient"];
  readonly amount: Amount;
  /** 84 bytes; zeros, which are nobody's, unless given. */
  readonly fogHint?: Uint8Array | undefined;
  /** Tells outputs of one amount apart, which would have the same key. */
  readonly counter: number;
}

/** Makes the outputs of one kind. What it returns throws `token-not-allowed` for other tokens before block version 2. */
export function enclaveOutputMaker<Transaction>(
  outputs: EnclaveOutputs<Transaction>,
): (output: EnclaveOutput) => TxOut {
  const { label, parentId, blockVersion } = outputs;
  const common = new Transcript(label);
  appendStrict(common, "parent_block_id", bytesOf(parentId));
  appendTransactions(common, outputs);
  const memos = blockVersionFeatures(blockVersion).memos ? { memo: encodeMemo({ kind: "unused" }) } : {};
  return ({ recipient, amount, fogHint = new Uint8Array(FOG_HINT_BYTES), counter }) => {
    const txPrivateKey = outputPrivateKey(common.clone(), amount, counter);
    const { txOut, sharedSecret } = createTxOut({ blockVersion, recipient, amount, fogHint, txPrivateKey, ...memos });
    sharedSecret.wipe();
    txPrivateKey.wipe();
    return txOut;
  };
}

/**
 * The list of them, one after the other: as one tree of nodes, five thousand transactions would take gigabytes. An empty
 * list would be hashed otherwise, but there are no outputs for one.
 */
function appendTransactions<Transaction>(
  transcript: Transcript,
  { transactions, digestible }: EnclaveOutputs<Transaction>,
): void {
  transcript.append("transactions", utf8("seq"));
  transcript.appendU64("len", BigInt(transactions.length));
  for (const transaction of transactions) {
    appendStrict(transcript, "", digestible(transaction));
  }
}

function outputPrivateKey(transcript: Transcript, { value, tokenId }: Amount, counter: number): PrivateKey {
  const amount = aggregate("Amount", [
    ["value", uint64(value)],
    ["token_id", tuple("TokenId", [uint64(tokenId)])],
  ]);
  appendStrict(transcript, "amount", amount);
  appendStrict(transcript, "counter", uint64(BigInt(counter)));
  return new PrivateKey(kernel().scalars.reduce(transcript.challenge("digest32", 32)));
}
