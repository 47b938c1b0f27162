// Recognises an account's outputs, in Fog's records and in whole blocks, and makes their key images.
import { type AccountKey, CHANGE_SUBADDRESS, DEFAULT_SUBADDRESS, subaddress, viewAccountKey } from "@fogbow/core-account";
import { CodedError } from "@fogbow/core-bytes";
import type { PrivateKey } from "@fogbow/core-crypto";
import {
  keyImage,
  matchTxOutRecord,
  type OwnedTxOut,
  onetimePrivateKey,
  openTxOut,
  openTxOutRecord,
  SubaddressTable,
  type TxOutReader,
} from "@fogbow/core-transaction";
import type { MissedBlock } from "./fog-servers.ts";
import type { OwnedOutput } from "./owned-output.ts";
import { PollProblem } from "./poll-problem.ts";

/** Where change went before there was a subaddress reserved for it. */
const HISTORIC_CHANGE_SUBADDRESS = 1n;

/** Reads with the keys of one account. */
export class OutputReader {
  readonly #account: AccountKey;
  readonly #reader: TxOutReader;
  readonly #viewPrivateKey: PrivateKey;

  constructor(account: AccountKey) {
    this.#account = account;
    const indexes = [DEFAULT_SUBADDRESS, HISTORIC_CHANGE_SUBADDRESS, CHANGE_SUBADDRESS];
    const subaddresses = new SubaddressTable(viewAccountKey(account), indexes);
    this.#reader = { viewPrivateKey: account.viewPrivateKey, subaddresses };
    this.#viewPrivateKey = subaddress(account, DEFAULT_SUBADDRESS).viewPrivateKey;
  }

  /** The view private key of the default subaddress, under which Fog keeps records. */
  get viewPrivateKey(): PrivateKey {
    return this.#viewPrivateKey;
  }

  /** The output of a sealed record. Throws {@link PollProblem} when it is not this account's, or cannot be spent by it. */
  fromRecord(payload: Uint8Array): OwnedOutput {
    try {
      const record = openTxOutRecord(payload, this.#viewPrivateKey);
      const matched = matchTxOutRecord(record, this.#reader);
      if (matched === undefined) throw new PollProblem("foreign-record", "A record of Fog is of no output of this account.");
      const { globalIndex, blockIndex, publicKey } = record;
      return this.#own(matched, { globalIndex, blockIndex, publicKey });
    } catch (cause) {
      if (cause instanceof PollProblem || !(cause instanceof CodedError)) throw cause;
      throw new PollProblem("damaged-record", "A record of Fog cannot be read.", { cause });
    }
  }

  /** This account's outputs in a block. Those it cannot spend are problems. */
  fromBlock({ index, globalTxoCount, outputs }: MissedBlock): { owned: OwnedOutput[]; problems: PollProblem[] } {
    const owned: OwnedOutput[] = [];
    const problems: PollProblem[] = [];
    for (const [i, txOut] of outputs.entries()) {
      const opened = openTxOut(txOut, this.#reader);
      if (opened === undefined) continue;
      const globalIndex = globalTxoCount - BigInt(outputs.length) + BigInt(i);
      try {
        owned.push(this.#own(opened, { globalIndex, blockIndex: index, publicKey: txOut.publicKey }));
      } catch (problem) {
        if (!(problem instanceof PollProblem)) throw problem;
        problems.push(problem);
      }
    }
    return { owned, problems };
  }

  #own(
    { amount, subaddressIndex, sharedSecret }: OwnedTxOut,
    place: Pick<OwnedOutput, "globalIndex" | "blockIndex" | "publicKey">,
  ): OwnedOutput {
    try {
      if (subaddressIndex === undefined) {
        throw new PollProblem("unknown-subaddress", "An output came to a subaddress that is not looked for.");
      }
      const key = onetimePrivateKey(sharedSecret, subaddress(this.#account, subaddressIndex).spendPrivateKey);
      const image = keyImage(key);
      key.wipe();
      const { value, tokenId } = amount;
      const status = { kind: "not-spent", asOf: place.blockIndex + 1n } as const;
      return { ...place, publicKey: place.publicKey.slice(), value, tokenId, subaddressIndex, keyImage: image, status };
    } finally {
      amount.blinding.wipe();
      sharedSecret.wipe();
    }
  }
}
