// Known transactions by name, and changed copies of them.
import { fromHex } from "@fogbow/core-bytes";
import { type BlockVersion, blockVersion, decodeTx, type InputRules, type Tx } from "../../src/index.ts";
import { KNOWN_TRANSACTIONS, type KnownTransaction } from "./known-transactions.ts";

/** A known transaction and the rules it was made by. */
export interface NamedTransaction {
  readonly known: KnownTransaction;
  readonly tx: Tx;
  readonly version: BlockVersion;
}

/** The known transaction with this name. */
export function knownTx(name: string): NamedTransaction {
  const known = KNOWN_TRANSACTIONS.find((each) => each.name === name);
  if (known === undefined) {
    throw new Error(`No known transaction is called ${name}.`);
  }
  return { known, tx: decodeTx(fromHex(known.tx)), version: blockVersion(known.blockVersion) };
}

/** What to change of a transaction. */
export interface TxEdit {
  readonly prefix?: Partial<Tx["prefix"]>;
  readonly signature?: Partial<Tx["signature"]>;
  readonly feeMapDigest?: Uint8Array;
  readonly rules?: (rules: InputRules) => InputRules | undefined;
}

/** A changed copy. */
export function editTx(tx: Tx, { prefix, signature, feeMapDigest, rules }: TxEdit): Tx {
  const inputs = tx.prefix.inputs.map((input) =>
    input.inputRules && rules ? { ...input, inputRules: rules(input.inputRules) } : input,
  );
  return {
    prefix: { ...tx.prefix, inputs, ...prefix },
    signature: { ...tx.signature, ...signature },
    feeMapDigest: feeMapDigest ?? tx.feeMapDigest,
  };
}
