// A recovery database with a million records, of which a hundred are for one wallet and the others for nobody: search keys and
// payloads at random, as long as those of outputs are. View cannot tell them apart.
import { randomBytes } from "node:crypto";
import {
  type AccountKey,
  accountKeyFromRootEntropy,
  DEFAULT_SUBADDRESS,
  publicAddress,
  subaddress,
} from "@fogbow/core-account";
import { bytes, MOB, Secret, tokenId, tokenValue } from "@fogbow/core-bytes";
import { KEX_RNG_VERSION, KexRng, kexRngPublicKey, PrivateKey } from "@fogbow/core-crypto";
import {
  createTxOut,
  createTxOutRecord,
  decoyFogHint,
  type ETxOutRecord,
  encodeMemo,
  sealTxOutRecord,
} from "@fogbow/core-transaction";
import type { RecoveryDb } from "@fogbow/recovery-db";

/** Of each block. */
export const BLOCK_RECORDS = 500;
const PAYLOAD_BYTES = 237;

/** A wallet, and the search keys of its records and of some that are not there. */
export interface Recipient {
  readonly account: AccountKey;
  /** The first `hits` of them lead to a record. */
  searchKeys(count: number): readonly Uint8Array[];
}

/** Fills a database with so many records, a multiple of 500, of which the first `hits` are for the wallet that is returned. */
export async function fillRecords(db: RecoveryDb, count: number, hits: number): Promise<Recipient> {
  const account = accountKeyFromRootEntropy(new Secret(random(32)));
  const egressKey = PrivateKey.random(random).publicKey();
  const { viewPrivateKey } = subaddress(account, DEFAULT_SUBADDRESS);
  const rng = KexRng.fromKeyExchange(viewPrivateKey, kexRngPublicKey(egressKey, KEX_RNG_VERSION));
  const ingressKey = random(32);
  await db.newIngressKey(ingressKey, 0n);
  const kexRng = { publicKey: egressKey, version: KEX_RNG_VERSION };
  const invocation = await db.newIngestInvocation(undefined, ingressKey, kexRng, 0n);
  const searchKeys = rng.peekMany(hits);
  for (let first = 0; first < count; first += BLOCK_RECORDS) {
    const records = Array.from({ length: BLOCK_RECORDS }, (_, i) => {
      const searchKey = searchKeys[first + i];
      return searchKey === undefined ? nobodys() : recordFor(account, searchKey, BigInt(first + i));
    });
    const block = { index: BigInt(first / BLOCK_RECORDS), cumulativeTxoCount: BigInt(first + BLOCK_RECORDS) };
    await db.addBlockData(invocation, block, 1_700_000_000n, records);
  }
  return { account, searchKeys: (length) => rng.peekMany(length) };
}

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

function nobodys(): ETxOutRecord {
  const all = random(16 + PAYLOAD_BYTES);
  return { searchKey: bytes(all.subarray(0, 16), 16, "search key"), payload: all.subarray(16) };
}

/** The record of an output of 1 pMOB, as ingest seals it. */
function recordFor(account: AccountKey, searchKey: Uint8Array, globalIndex: bigint): ETxOutRecord {
  const recipient = publicAddress(account);
  const { txOut, sharedSecret } = createTxOut({
    blockVersion: 3,
    recipient,
    amount: { value: tokenValue(1n), tokenId: tokenId(MOB) },
    memo: encodeMemo({ kind: "unused" }),
    fogHint: decoyFogHint(random),
    random,
  });
  sharedSecret.wipe();
  const record = createTxOutRecord(txOut, { globalIndex, blockIndex: 0n, timestamp: 1_700_000_000n });
  return sealTxOutRecord(record, { searchKey, viewPublicKey: recipient.viewPublicKey }, random);
}
