// Known answers of decrypted Fog records: whose they are (spec 01 §9.3).
import { equalBytes, MOB, tokenValue } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import {
  createTxOut,
  createTxOutRecord,
  decodeTxOutRecord,
  encodeMemo,
  encodeTxOutRecord,
  FOG_HINT_BYTES,
  matchTxOutRecord,
  SubaddressTable,
} from "@fogbow/core-transaction";
import { decodeMessage, RistrettoPrivateSchema, readData } from "@fogbow/core-wire";
import { type Case, expectThat } from "./case.ts";
import { findOutput, linesToDraw, type PublishedOutput } from "./published-keys.ts";

const KEY = "recipient_view_private_key_hex_proto_bytes";
const RECORD = "tx_out_record_hex_proto_bytes";

/**
 * The account with this root view key owns the record's output, or does not in a negative case. A record of the
 * published files is also made again from its keys, byte for byte.
 */
export function checkTxOutRecord(one: Case): void {
  const encoded = one.hex(RECORD);
  const viewPrivateKey = readPrivateKey(one.hex(KEY));
  const record = decodeTxOutRecord(encoded);
  // The files hold no spend key: the table of subaddresses stays empty, any point serves as its account's.
  const subaddresses = new SubaddressTable({ viewPrivateKey, spendPublicKey: viewPrivateKey.publicKey() }, []);
  const owned = matchTxOutRecord(record, { viewPrivateKey, subaddresses }) !== undefined;
  expectThat(owned !== one.mustNotMatch, owned ? "the record matches the key" : "the record does not match the key");

  const published = owned ? findOutput(linesToDraw(one), viewPrivateKey, record.publicKey) : undefined;
  expectThat(
    published === undefined || equalBytes(remakeRecord(published), encoded),
    "the record differs from the one made again from its keys",
  );
}

/** The record of an output that the published files were made from: 10 picoMOB and an Unused memo in block 1. */
function remakeRecord({ recipient, txPrivateKey, position }: PublishedOutput): Uint8Array {
  const { txOut } = createTxOut({
    blockVersion: 2,
    recipient: recipient.address,
    amount: { value: tokenValue(10n), tokenId: MOB },
    memo: encodeMemo({ kind: "unused" }),
    fogHint: new Uint8Array(FOG_HINT_BYTES), // A record does not keep it.
    txPrivateKey,
  });
  const place = { globalIndex: 100n + BigInt(position), blockIndex: 1n, timestamp: 10n };
  return encodeTxOutRecord(createTxOutRecord(txOut, place));
}

/** The byte string of a private key in its own message. */
function readPrivateKey(encoded: Uint8Array): PrivateKey {
  const message = decodeMessage(RistrettoPrivateSchema, encoded, { bytesMax: encoded.length });
  return new PrivateKey(readData(message, 32, KEY));
}
