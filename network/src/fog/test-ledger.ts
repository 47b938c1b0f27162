// `fogbow fog test-ledger`: a ledger and a watcher's folder that tests of Fog grow block by block, without any network: what
// is credited and what is spent comes on standard input (spec 03 §9.1). Everything but the time of signing follows from the
// seed, so that two ledgers get the same blocks.
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { type AccountKey, DEFAULT_SUBADDRESS, publicAddress, subaddress } from "@fogbow/core-account";
import { type BlockData, createBlock, NO_MINTING, originBlockFromSeed, signBlock } from "@fogbow/core-block";
import { fromHex, fromUtf8, le64, MOB, type Random, toHex, tokenValue } from "@fogbow/core-bytes";
import {
  type CompressedPoint,
  compressedPoint,
  Ed25519PrivateKey,
  type PublicKey,
  publicKey,
} from "@fogbow/core-crypto";
import {
  createTxOut,
  encodeMemo,
  encryptFogHint,
  keyImage,
  onetimePrivateKey,
  type TxOut,
} from "@fogbow/core-transaction";
import { createLedger, openLedger, WatcherDb } from "@fogbow/ledger-db";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { jsonLine } from "../ledger/output.ts";
import { readStdin } from "../ledger/read-bounded.ts";
import { seededRandom } from "../network/seeded-random.ts";
import type { Surroundings } from "../surroundings.ts";
import { readAccounts, readAddresses } from "./keys.ts";
import { TEST_BLOCK_BYTES_MAX } from "./limits.ts";
import { RoleOptions } from "./role-options.ts";

/** What the watcher says it has the blocks from. */
const SOURCE = "https://localhost";

/** The version of all blocks but the first: the newest for which a ledger asks for no attestation evidence. */
const BLOCK_VERSION = 2;

/** What each account begins with, in picoMOB. Fog has not ingested it: its accounts know nothing of it. */
const ORIGIN_VALUE = 1_000_000_000_000n;

/** Adds the commands. */
export function addTestLedgerCommands(fog: Command, surroundings: Surroundings): void {
  const group = fog.command("test-ledger").description("a ledger for tests of Fog, without a network");
  const common = (command: Command): Command =>
    command
      .option("--keys <dir>", "folder with account_keys_0.json, account_keys_0.pub and so on")
      .option("--ledger-db <dir>", "the ledger's folder")
      .option("--watcher-db <dir>", "the watcher's folder");
  const init = common(group.command("init"))
    .description("begin: one block, with an output for each account that no ingest server has seen, and no key image")
    .option("--seed <number>", "decides everything", "42")
    .action(() => initialise(new RoleOptions(init, surroundings.env), surroundings));
  const add = common(group.command("add-block"))
    .description(
      'append a block. Standard input has {"credits":[{"account":0,"amount":15}],"key_images":["<64 hex digits>"]}; what comes out ' +
        'is {"key_images":[…]}, those of the new outputs. Without key images the block has one of zeros',
    )
    .option("--seed <number>", "decides everything but the time; another for each block", "99")
    .option("--fog-pubkey <hex>", "the ingress key that hints are for, 64 digits")
    .action(() => addBlock(new RoleOptions(add, surroundings.env), surroundings));
  withExamples(group, [
    ["fogbow fog test-ledger init --keys keys --ledger-db ledger --watcher-db watcher", "begin"],
    [
      "fogbow fog test-ledger add-block --keys keys --ledger-db ledger --watcher-db watcher --seed 1 --fog-pubkey <hex> < block.json",
      "one more block",
    ],
  ]);
}

async function initialise(options: RoleOptions, { stdout }: Surroundings): Promise<void> {
  const addresses = await readAddresses(options.required("keys"));
  const origin = originBlockFromSeed(
    seedOf(options),
    addresses.map((recipient) => ({ recipient, value: ORIGIN_VALUE })),
  );
  const data: BlockData = { ...origin, signature: undefined, metadata: undefined };
  mkdirSync(options.required("ledger-db"), { recursive: true });
  const ledger = createLedger(options.required("ledger-db"));
  try {
    ledger.append(data);
    await watched(options.required("watcher-db"), data);
  } finally {
    await ledger.close();
  }
  stdout.write(jsonLine({ id: toHex(data.block.id), outputs: addresses.length }));
}

async function addBlock(options: RoleOptions, surroundings: Surroundings): Promise<void> {
  const { stdout } = surroundings;
  const accounts = await readAccounts(options.required("keys"));
  const ingressKey = publicKey(hex32(options.required("fog-pubkey"), "--fog-pubkey"));
  const seed = seedOf(options);
  const asked = parseBlock(await readStdin(surroundings, TEST_BLOCK_BYTES_MAX), accounts);
  const places = { ledgerDb: options.required("ledger-db"), watcherDb: options.required("watcher-db") };
  const { images } = await appendTestBlock(places, { ...asked, ingressKey, seed });
  stdout.write(`${JSON.stringify({ key_images: images.map(toHex) })}\n`);
}

/** Where a test ledger is. */
export interface TestLedgerPlaces {
  readonly ledgerDb: string;
  readonly watcherDb: string;
}

/** What its next block has. */
export interface TestBlock extends AskedBlock {
  /** Hints are for. */
  readonly ingressKey: PublicKey;
  /** Decides everything but the time. */
  readonly seed: Uint8Array;
}

/** Appends a block; its index, and the key images of its outputs. Throws `block-not-found`, and as the ledger does. */
export async function appendTestBlock(
  { ledgerDb, watcherDb }: TestLedgerPlaces,
  { credits, keyImages, ingressKey, seed }: TestBlock,
): Promise<{ readonly index: bigint; readonly images: readonly Uint8Array[] }> {
  const made = credits.map((credit, i) => creditOf(credit, ingressKey, seededRandom(seed, `output ${i}`)));
  const ledger = openLedger(ledgerDb, {});
  try {
    const parent = ledger.lastBlock();
    if (parent === undefined) throw new CommandError("block-not-found", "The ledger has no first block.");
    const contents = { keyImages, outputs: made.map(({ txOut }) => txOut), ...NO_MINTING };
    const block = createBlock(parent, { version: BLOCK_VERSION, rootElement: ledger.root(), contents });
    const signer = Ed25519PrivateKey.random(seededRandom(seed, "block signer"));
    const signature = signBlock(block, signer, BigInt(Math.floor(Date.now() / 1_000)));
    const data: BlockData = { block, contents, signature, metadata: undefined };
    ledger.append(data); // Refuses what no ledger may hold, before anything is written.
    await watched(watcherDb, data);
    return { index: block.index, images: made.map(({ image }) => image) };
  } finally {
    await ledger.close();
  }
}

interface Credit {
  readonly account: AccountKey;
  readonly amount: bigint;
}

/** An output for an account, and the key image that spends it. */
function creditOf(
  { account, amount }: Credit,
  ingressKey: PublicKey,
  random: Random,
): { readonly txOut: TxOut; readonly image: Uint8Array } {
  const recipient = publicAddress(account);
  const fogHint = encryptFogHint(ingressKey, recipient.viewPublicKey, random);
  const { txOut, sharedSecret } = createTxOut({
    blockVersion: BLOCK_VERSION,
    recipient,
    amount: { value: tokenValue(amount), tokenId: MOB },
    memo: encodeMemo({ kind: "unused" }),
    fogHint,
    random,
  });
  const image = keyImage(onetimePrivateKey(sharedSecret, subaddress(account, DEFAULT_SUBADDRESS).spendPrivateKey));
  sharedSecret.wipe();
  return { txOut, image };
}

interface AskedBlock {
  readonly credits: readonly Credit[];
  readonly keyImages: readonly CompressedPoint[];
}

/** What standard input asks for. Throws `invalid-argument`. */
function parseBlock(encoded: Uint8Array, accounts: readonly AccountKey[]): AskedBlock {
  const refuse = (what: string): never => {
    throw new CommandError("invalid-argument", `Standard input: ${what}.`);
  };
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(encoded));
  } catch {
    refuse("it is no JSON");
  }
  const { credits, key_images: images } = (value ?? {}) as {
    readonly credits?: unknown;
    readonly key_images?: unknown;
  };
  if (!Array.isArray(credits) || !Array.isArray(images)) return refuse('it needs lists "credits" and "key_images"');
  const keyImages = images.map((image) => compressedPoint(hex32(String(image), "A key image")));
  return {
    credits: credits.map((credit: { readonly account?: unknown; readonly amount?: unknown }) => {
      const account = accounts[Number(credit?.account)];
      const amount = credit?.amount;
      if (account === undefined) return refuse("an account of the credits is not among the keys");
      if (typeof amount !== "number" || !Number.isSafeInteger(amount) || amount < 0) {
        return refuse("an amount is a whole number of picoMOB, up to 2^53 − 1");
      }
      return { account, amount: BigInt(amount) };
    }),
    keyImages: keyImages.length > 0 ? keyImages : [compressedPoint(new Uint8Array(32))],
  };
}

/** Lets the watcher have seen a block. */
async function watched(directory: string, data: BlockData): Promise<void> {
  const watcher = WatcherDb.open(directory);
  try {
    watcher.watch([SOURCE]);
    watcher.add(SOURCE, [data]);
  } finally {
    await watcher.close();
  }
}

function seedOf(options: RoleOptions): Uint8Array {
  const text = options.required("seed");
  if (!/^\d{1,20}$/.test(text)) throw new CommandError("invalid-argument", `--seed is a whole number, not ${text}.`);
  return Uint8Array.from(
    createHash("sha256")
      .update("fogbow test ledger")
      .update(le64(BigInt.asUintN(64, BigInt(text))))
      .digest(),
  );
}

function hex32(text: string, what: string): Uint8Array {
  if (!/^[0-9a-fA-F]{64}$/.test(text)) throw new CommandError("invalid-argument", `${what} is 64 hexadecimal digits.`);
  return fromHex(text);
}
