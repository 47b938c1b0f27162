// Known answers of decrypted Fog records: whose they are (spec 01 §9.3).
import { equalBytes } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import {
  type BlockVersion,
  createTxOut,
  createTxOutRecord,
  decodeTxOutRecord,
  encodeTxOutRecord,
  FOG_HINT_BYTES,
  type MatchedTxOut,
  matchTxOutRecord,
  SubaddressTable,
  type TxOutRecord,
} from "@fogbow/core-transaction";
import { decodeMessage, RistrettoPrivateSchema, readData } from "@fogbow/core-wire";
import { type Case, expectThat } from "./case.ts";
import { findOutput, linesToDraw, type PublishedOutput } from "./published-keys.ts";

const KEY = "recipient_view_private_key_hex_proto_bytes";
const RECORD = "tx_out_record_hex_proto_bytes";

/**
 * The account with this root view key owns the record's output, or does not in a negative case. A record whose keys
 * come from the generator of the published files is also made again from them and from what it says, byte for byte.
 */
export function checkTxOutRecord(one: Case): void {
  const encoded = one.hex(RECORD);
  const viewPrivateKey = readPrivateKey(one.hex(KEY));
  const record = decodeTxOutRecord(encoded);
  // The files hold no spend key: the table of subaddresses stays empty, any point serves as its account's.
  const subaddresses = new SubaddressTable({ viewPrivateKey, spendPublicKey: viewPrivateKey.publicKey() }, []);
  const owned = matchTxOutRecord(record, { viewPrivateKey, subaddresses });
  const matches = owned !== undefined;
  expectThat(matches !== one.mustNotMatch, `the record ${matches ? "matches" : "does not match"} the key`);

  const published = matches ? findOutput(linesToDraw(one), viewPrivateKey, record.publicKey) : undefined;
  if (matches && published !== undefined) {
    const remade = remakeRecord(published, record, owned);
    expectThat(equalBytes(remade, encoded), "the record differs from the one made again from its keys");
  }
}

/** The record of the same amount and memo in the same place, made by the sender from the keys behind the output. */
function remakeRecord(
  { recipient, txPrivateKey }: PublishedOutput,
  record: TxOutRecord,
  { amount, memo }: MatchedTxOut,
): Uint8Array {
  const { txOut } = createTxOut({
    blockVersion: blockVersionOf(record),
    recipient: recipient.address,
    amount,
    ...(record.encryptedMemo !== undefined && { memo }),
    fogHint: new Uint8Array(FOG_HINT_BYTES), // A record does not keep it.
    txPrivateKey,
  });
  return encodeTxOutRecord(createTxOutRecord(txOut, record));
}

/** The first block version whose outputs look like this. */
function blockVersionOf({ maskedAmount, encryptedMemo }: TxOutRecord): BlockVersion {
  if (maskedAmount.version === 2) {
    return 3;
  }
  if (maskedAmount.maskedTokenId.length > 0) {
    return 2;
  }
  return encryptedMemo === undefined ? 0 : 1;
}

/** The byte string of a private key in its own message. */
function readPrivateKey(encoded: Uint8Array): PrivateKey {
  const message = decodeMessage(RistrettoPrivateSchema, encoded, { bytesMax: encoded.length });
  return new PrivateKey(readData(message, 32, KEY));
}
