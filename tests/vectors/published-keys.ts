// The private keys behind the published memo and record files, drawn again from their generator (spec 01 Appendix C):
// ChaCha with 12 rounds, key 32 × 02, zero nonce, 64-byte blocks used one after another.
import { type AccountKey, accountKey, equalAddresses, type PublicAddress, publicAddress } from "@fogbow/core-account";
import { equalBytes, type Random } from "@fogbow/core-bytes";
import { PrivateKey, type PublicKey, randomPoint } from "@fogbow/core-crypto";
import { txOutPublicKey } from "@fogbow/core-transaction";
import { chacha12 } from "@noble/ciphers/chacha.js";
import type { Case } from "./case.ts";

/** An account behind a published file. */
export interface PublishedAccount {
  readonly account: AccountKey;
  /** The default subaddress, without Fog. */
  readonly address: PublicAddress;
}

/** What one line of a sender memo file was made from, seen from one of its two accounts. */
export interface PublishedSenderMemo {
  readonly sender: PublishedAccount;
  readonly other: PublishedAccount;
  readonly txOutPublicKey: PublicKey;
}

/** The line among the first `count` of a sender memo file that was made from this address, on whichever side. */
export function findSenderMemo(count: number, senderAddress: PublicAddress): PublishedSenderMemo | undefined {
  const isSender = ({ address }: PublishedAccount): boolean => equalAddresses(address, senderAddress);
  const line = senderMemoLines(count).find(({ accounts }) => accounts.some(isSender));
  const sender = line?.accounts.find(isSender);
  const other = line?.accounts.find((account) => account !== sender);
  return line && sender && other && { sender, other, txOutPublicKey: line.txOutPublicKey };
}

/** The other account of the line, among the first `count` of a destination memo file, that has this address. */
export function findOtherParty(count: number, address: PublicAddress): PublishedAccount | undefined {
  const isGiven = (one: PublishedAccount): boolean => equalAddresses(one.address, address);
  return destinationMemoLines(count)
    .find((accounts) => accounts.some(isGiven))
    ?.find((one) => !isGiven(one));
}

/** An output that a line of the record files was made from. */
export interface PublishedOutput {
  readonly recipient: PublishedAccount;
  readonly txPrivateKey: PrivateKey;
  /** Its line, from 0. */
  readonly position: number;
}

/** The output with this public key and recipient, if one of the first `count` lines was made from it. */
export function findOutput(count: number, viewPrivateKey: PrivateKey, key: Uint8Array): PublishedOutput | undefined {
  return outputLines(count).find(
    ({ recipient, txPrivateKey }) =>
      recipient.account.viewPrivateKey.equals(viewPrivateKey) &&
      equalBytes(txOutPublicKey(txPrivateKey, recipient.address.spendPublicKey), key),
  );
}

/** How many lines to draw for a case: the published files have ten, and a file that continues them is followed. */
export function linesToDraw({ number }: Case): number {
  return Math.min(Math.max(number, 10), LINES_MAX);
}

const LINES_MAX = 200;
const BLOCK_BYTES = 64;

const senderMemoLines = linesOf((random) => ({
  accounts: [drawAccount(random), drawAccount(random)],
  txOutPublicKey: randomPoint(random),
}));

const destinationMemoLines = linesOf((random) => [drawAccount(random), drawAccount(random)]);

const outputLines = linesOf((random, previous: PublishedOutput | undefined): PublishedOutput => {
  const recipient = previous?.recipient ?? drawAccount(random);
  if (previous === undefined) {
    drawAccount(random); // The account whose key must not match.
  }
  const txPrivateKey = PrivateKey.random(random);
  random(BLOCK_BYTES); // The ephemeral key of the Fog hint.
  return { recipient, txPrivateKey, position: previous === undefined ? 0 : previous.position + 1 };
});

/** What the first lines of one file were made from, drawn in order when they are first asked for. */
function linesOf<Line>(draw: (random: Random, previous: Line | undefined) => Line): (count: number) => Line[] {
  const random = generator();
  const drawn: Line[] = [];
  return (count) => {
    while (drawn.length < count) {
      drawn.push(draw(random, drawn.at(-1)));
    }
    return drawn;
  };
}

/** A fresh generator at its first block. */
function generator(): Random {
  const key = new Uint8Array(32).fill(2);
  const nonce = new Uint8Array(12);
  let block = 0;
  return (length) => {
    if (length !== BLOCK_BYTES) {
      throw new Error(`Everything in the files is drawn by ${BLOCK_BYTES} bytes, not ${length}.`);
    }
    return chacha12(key, nonce, new Uint8Array(length), undefined, block++);
  };
}

/** An account without Fog: its spend key is drawn before its view key. */
function drawAccount(random: Random): PublishedAccount {
  const spendPrivateKey = PrivateKey.random(random);
  const account = accountKey({ viewPrivateKey: PrivateKey.random(random), spendPrivateKey });
  return { account, address: publicAddress(account) };
}
