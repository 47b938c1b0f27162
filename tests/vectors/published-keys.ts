// The private keys behind the published memo and record files, drawn again from their generator (spec 01 Appendix C):
// ChaCha with 12 rounds, key 32 × 02, zero nonce, 64-byte blocks used one after another.
import {
  type AccountKey,
  accountKey,
  encodePublicAddress,
  type PublicAddress,
  publicAddress,
} from "@fogbow/core-account";
import { type Random, toHex } from "@fogbow/core-bytes";
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
  return senderMemoLines.find(count, nameOf(senderAddress));
}

/** The other account of the line, among the first `count` of a destination memo file, that has this address. */
export function findOtherParty(count: number, address: PublicAddress): PublishedAccount | undefined {
  return destinationMemoLines.find(count, nameOf(address));
}

/** An output that a line of the record files was made from. */
export interface PublishedOutput {
  readonly recipient: PublishedAccount;
  readonly txPrivateKey: PrivateKey;
}

/** The output with this public key and recipient, if one of the first `count` lines was made from it. */
export function findOutput(count: number, viewPrivateKey: PrivateKey, key: Uint8Array): PublishedOutput | undefined {
  const output = outputLines.find(count, toHex(key));
  return output?.recipient.account.viewPrivateKey.equals(viewPrivateKey) ? output : undefined;
}

/** How many lines to draw for a case: the published files have ten, and a file that continues them is followed. */
export function linesToDraw({ number }: Case): number {
  return Math.min(Math.max(number, 10), LINES_MAX);
}

const LINES_MAX = 10_000;
const BLOCK_BYTES = 64;

/** What the lines of one file were made from, by name. They are drawn in order, and only when they are asked for. */
class Lines<Line> {
  readonly #random = generator();
  readonly #byName = new Map<string, Line>();
  readonly #draw: (random: Random) => Iterable<readonly [name: string, line: Line]>;
  #drawn = 0;

  /** `draw` makes the next line and names it in one way or several. */
  constructor(draw: (random: Random) => Iterable<readonly [name: string, line: Line]>) {
    this.#draw = draw;
  }

  /** The line of this name, if it is among the first `count`, or among those drawn for another case. */
  find(count: number, name: string): Line | undefined {
    for (; this.#drawn < count; this.#drawn += 1) {
      for (const [lineName, line] of this.#draw(this.#random)) {
        this.#byName.set(lineName, line);
      }
    }
    return this.#byName.get(name);
  }
}

const senderMemoLines = new Lines<PublishedSenderMemo>((random) => {
  const [first, second] = [drawAccount(random), drawAccount(random)];
  const key = randomPoint(random);
  return [
    [nameOf(first.address), { sender: first, other: second, txOutPublicKey: key }],
    [nameOf(second.address), { sender: second, other: first, txOutPublicKey: key }],
  ];
});

const destinationMemoLines = new Lines<PublishedAccount>((random) => {
  const [first, second] = [drawAccount(random), drawAccount(random)];
  return [
    [nameOf(first.address), second],
    [nameOf(second.address), first],
  ];
});

let recordsRecipient: PublishedAccount | undefined;
const outputLines = new Lines<PublishedOutput>((random) => {
  if (recordsRecipient === undefined) {
    recordsRecipient = drawAccount(random);
    drawAccount(random); // The account whose key must not match.
  }
  const output = { recipient: recordsRecipient, txPrivateKey: PrivateKey.random(random) };
  random(BLOCK_BYTES); // The ephemeral key of the Fog hint.
  return [[toHex(txOutPublicKey(output.txPrivateKey, recordsRecipient.address.spendPublicKey)), output]];
});

function nameOf(address: PublicAddress): string {
  return toHex(encodePublicAddress(address));
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
