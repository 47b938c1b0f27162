// A tour of the library: a payment from Alice to Bob from words to key image, with everything Fog does in between, and
// one that goes into a block of a ledger.
// Every stop computes the real thing and checks it against what the other side computes; a tour that lies throws.
import { generateKeyPairSync } from "node:crypto";
import {
  type AccountKey,
  accountKeyFromMnemonic,
  DEFAULT_SUBADDRESS,
  decodePrintable,
  encodePrintable,
  equalAddresses,
  FOG_AUTHORITY_CONTEXT,
  mnemonicFromEntropy,
  mobUri,
  type PublicAddress,
  publicAddress,
  shortAddressHash,
  subaddress,
  wipeAccountKey,
} from "@fogbow/core-account";
import { type Amount, equalBytes, formatMob, MOB, parseMob, type Random, Secret, toHex } from "@fogbow/core-bytes";
import { EgressKey, KexRng, KexRngCounters, PrivateKey, schnorrVerify } from "@fogbow/core-crypto";
import {
  BLOCK_VERSION_MAX,
  createOutput,
  createTxOutRecord,
  decodeMemo,
  encodeTxOut,
  keyImage,
  matchTxOutRecord,
  type OwnedTxOut,
  onetimePrivateKey,
  openFogHint,
  openTxOut,
  openTxOutRecord,
  padPayload,
  RecoverableHistoryMemoBuilder,
  sealTxOutRecord,
  senderCredential,
  type TxOut,
  trimPayload,
  verifySenderMemo,
} from "@fogbow/core-transaction";
import { hold, readerOf } from "./checks.ts";
import { type LedgerFacts, visitLedger } from "./tour-ledger.ts";

/** What the tour found, in the order of its stops. Bytes are in hex; amounts are in MOB. */
export interface TourFacts {
  readonly account: AccountFacts;
  readonly output: OutputFacts;
  readonly found: FoundFacts;
  readonly fog: FogFacts;
  /** The image of the output's one-time key: what the ledger would remember once the output is spent. */
  readonly keyImage: string;
  readonly ledger: LedgerFacts;
}

/** Bob's account and address. */
export interface AccountFacts {
  /** Fresh words, shown on a screen and thrown away: good for this tour only. */
  readonly words: string;
  /** The printable code of the address. */
  readonly code: string;
  /** The same as a link, for a QR code. */
  readonly uri: string;
  readonly shortHash: string;
  readonly fogReportUrl: string;
}

/** What the ledger would show of Alice's payment. */
export interface OutputFacts {
  readonly bytes: number;
  readonly targetKey: string;
  readonly publicKey: string;
  readonly commitment: string;
  readonly maskedValue: string;
  readonly encryptedMemo: string;
  readonly encryptedFogHint: string;
}

/** What Bob reads in it with his view key. */
export interface FoundFacts {
  readonly mob: string;
  readonly subaddressIndex: string;
  readonly memoKind: string;
  /** The short address hash of the sender; the memo's MAC proves it to Bob. */
  readonly senderHash: string;
  readonly paymentRequestId: string;
}

/** What Fog's rooms make of it. */
export interface FogFacts {
  /** The view public key that ingest finds in the hint. */
  readonly viewPublicKey: string;
  /** The name under which Fog keeps the record; Bob computes the same. */
  readonly searchKey: string;
  /** Bytes of the sealed record, and of the answer it is padded to. */
  readonly payloadBytes: number;
  readonly answerBytes: number;
  /** The amount that Bob reads in the opened record. */
  readonly mob: string;
}

const FOG_REPORT_URL = "fog://fog.example.com";
const PAYMENT_REQUEST_ID = 866n;
const WORDS_ENTROPY_BYTES = 32;
/** Where in a ledger the output is imagined to be. */
const PLACE = { globalIndex: 7n, blockIndex: 3n, timestamp: 1_700_000_000n } as const;

/** Takes the tour with this randomness, for a moment with a ledger in a temporary folder. Throws when anything does not hold. */
export async function tour(random: Random): Promise<TourFacts> {
  const fogAuthoritySpki = new Uint8Array(
    generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "der" }),
  );
  const words = mnemonicFromEntropy(new Secret(random(WORDS_ENTROPY_BYTES)));
  const bob = accountKeyFromMnemonic(words, 0, { fogReportUrl: FOG_REPORT_URL, fogAuthoritySpki });
  const alice = accountKeyFromMnemonic(mnemonicFromEntropy(new Secret(random(WORDS_ENTROPY_BYTES))), 0);
  const ingress = PrivateKey.random(random);
  try {
    const address = publicAddress(bob);
    const account = visitAccount(words, bob, address);
    const txOut = pay({ from: alice, to: address, ingress, random });
    const owned = find(txOut, bob, alice);
    const found = read(txOut, owned, bob, publicAddress(alice));
    const fog = visitFog({ txOut, bob, address, ingress, random });
    const image = toHex(imageOf(txOut, owned, bob));
    const ledger = await visitLedger({ alice, bob, ingress, random });
    return { account, output: look(txOut), found, fog, keyImage: image, ledger };
  } finally {
    wipeAccountKey(bob);
    wipeAccountKey(alice);
    ingress.wipe();
  }
}

const AMOUNT: Amount = { value: parseMob("1.5"), tokenId: MOB };

/** Prints Bob's address and reads the print again, as Alice's phone would. */
function visitAccount(words: string, bob: AccountKey, address: PublicAddress): AccountFacts {
  const printable = { kind: "public-address", publicAddress: address } as const;
  const code = encodePrintable(printable);
  const scanned = decodePrintable(code);
  hold(
    scanned.kind === "public-address" && equalAddresses(scanned.publicAddress, address),
    "the code holds the address",
  );
  hold(
    schnorrVerify(FOG_AUTHORITY_CONTEXT, address.viewPublicKey, bob.fogAuthoritySpki, address.fogAuthoritySig),
    "the address is signed for Bob's Fog authority",
  );
  const shortHash = toHex(shortAddressHash(address));
  return { words, code, uri: mobUri(printable), shortHash, fogReportUrl: address.fogReportUrl };
}

/** Alice makes an output for an address, with a memo that names her and a hint for the address's Fog. */
function pay(parts: {
  readonly from: AccountKey;
  readonly to: PublicAddress;
  readonly ingress: PrivateKey;
  readonly random: Random;
}): TxOut {
  const credential = senderCredential(parts.from);
  const created = createOutput({ kind: "payment", recipient: parts.to }, AMOUNT, {
    blockVersion: BLOCK_VERSION_MAX,
    memoBuilder: new RecoverableHistoryMemoBuilder({ credential, paymentRequestId: PAYMENT_REQUEST_ID }),
    ingressKey: () => ({ publicKey: parts.ingress.publicKey(), pubkeyExpiry: PLACE.blockIndex + 100n }),
    random: parts.random,
  });
  credential.spendPrivateKey.wipe();
  created.sharedSecret.wipe();
  return created.txOut;
}

/** What everyone sees: nothing that tells who paid whom, or how much. */
function look(txOut: TxOut): OutputFacts {
  return {
    bytes: encodeTxOut(txOut).length,
    targetKey: toHex(txOut.targetKey),
    publicKey: toHex(txOut.publicKey),
    commitment: toHex(txOut.maskedAmount.commitment),
    maskedValue: txOut.maskedAmount.maskedValue.toString(),
    encryptedMemo: toHex(txOut.encryptedMemo ?? new Uint8Array()),
    encryptedFogHint: toHex(txOut.encryptedFogHint),
  };
}

/** Bob finds the output with his view key; Alice, who made it, cannot find it with hers. */
function find(txOut: TxOut, bob: AccountKey, alice: AccountKey): OwnedTxOut {
  hold(openTxOut(txOut, readerOf(alice)) === undefined, "another view key finds nothing");
  const owned = openTxOut(txOut, readerOf(bob));
  hold(owned !== undefined, "the view key finds the output");
  hold(owned.amount.value === AMOUNT.value && owned.amount.tokenId === MOB, "the amount is the one that was sent");
  return owned;
}

/** Bob reads amount and memo, and checks that the memo is Alice's. */
function read(txOut: TxOut, owned: OwnedTxOut, bob: AccountKey, sender: PublicAddress): FoundFacts {
  const memo = decodeMemo(owned.memo);
  hold(memo.kind === "authenticated-sender-with-payment-request-id", "the memo names a sender and a payment request");
  const { viewPrivateKey, spendPrivateKey } = subaddress(bob, DEFAULT_SUBADDRESS);
  spendPrivateKey.wipe();
  const check = {
    payload: owned.memo,
    sender,
    subaddressViewPrivateKey: viewPrivateKey,
    txOutPublicKey: txOut.publicKey,
  };
  hold(verifySenderMemo(check), "only Alice can have written the memo");
  viewPrivateKey.wipe();
  hold(memo.paymentRequestId === PAYMENT_REQUEST_ID, "the memo answers the payment request");
  hold(owned.subaddressIndex === DEFAULT_SUBADDRESS, "the output came to the published address");
  return {
    mob: formatMob(owned.amount.value),
    subaddressIndex: owned.subaddressIndex.toString(),
    memoKind: memo.kind,
    senderHash: toHex(memo.senderHash),
    paymentRequestId: memo.paymentRequestId.toString(),
  };
}

/** Ingest opens the hint and stores a sealed record; View serves it; Bob asks for it and opens it. */
function visitFog(parts: {
  readonly txOut: TxOut;
  readonly bob: AccountKey;
  readonly address: PublicAddress;
  readonly ingress: PrivateKey;
  readonly random: Random;
}): FogFacts {
  const { txOut, bob, address, ingress, random } = parts;
  const viewPublicKey = openFogHint(ingress, txOut.encryptedFogHint, random);
  hold(equalBytes(viewPublicKey, address.viewPublicKey), "the hint names Bob");

  const egress = new EgressKey(PrivateKey.random(random), new KexRngCounters({ capacity: 1 }));
  const searchKey = egress.nextSearchKey(viewPublicKey);
  const sealed = sealTxOutRecord(createTxOutRecord(txOut, PLACE), { searchKey, viewPublicKey }, random);
  const answer = padPayload(sealed.payload);

  const { viewPrivateKey, spendPrivateKey } = subaddress(bob, DEFAULT_SUBADDRESS);
  spendPrivateKey.wipe();
  const searchKeys = KexRng.fromKeyExchange(viewPrivateKey, egress.publicKey);
  hold(equalBytes(searchKeys.peek(), searchKey), "Bob asks for the search key that ingest used");
  const opened = matchTxOutRecord(openTxOutRecord(trimPayload(answer), viewPrivateKey), readerOf(bob));
  hold(opened !== undefined && opened.amount.value === AMOUNT.value, "the record holds the payment");
  for (const used of [viewPrivateKey, searchKeys, egress, opened.sharedSecret]) used.wipe();
  return {
    viewPublicKey: toHex(viewPublicKey),
    searchKey: toHex(searchKey),
    payloadBytes: sealed.payload.length,
    answerBytes: answer.ciphertext.length,
    mob: formatMob(opened.amount.value),
  };
}

/** The key that spends the output is Bob's alone; its image is all the ledger will see of it. */
function imageOf(txOut: TxOut, owned: OwnedTxOut, bob: AccountKey): Uint8Array {
  const { viewPrivateKey, spendPrivateKey } = subaddress(bob, DEFAULT_SUBADDRESS);
  const onetimeKey = onetimePrivateKey(owned.sharedSecret, spendPrivateKey);
  try {
    hold(equalBytes(onetimeKey.publicKey(), txOut.targetKey), "Bob holds the key of the one-time address");
    return keyImage(onetimeKey);
  } finally {
    for (const used of [viewPrivateKey, spendPrivateKey, onetimeKey, owned.sharedSecret]) used.wipe();
  }
}
