// `fogbow ledger tx-out DIR INDEX|PUBLIC_KEY`: one output, with the proof that the ledger holds it.
import { toHex } from "@fogbow/core-bytes";
import {
  encodeMembershipProof,
  encodeTxOut,
  type TxOut,
  txOutHash,
  verifyMembershipProof,
} from "@fogbow/core-transaction";
import type { LmdbLedger } from "@fogbow/ledger-db";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import type { Surroundings } from "../surroundings.ts";
import { tryParseHex32, tryParseIndex } from "./arguments.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "./output.ts";
import { reading } from "./reading.ts";

/** Adds the command. */
export function addTxOutCommand(ledger: Command, { stdout }: Surroundings): void {
  ledger
    .command("tx-out")
    .description("print an output, and prove it against the root of all outputs; with --json the proof is there too")
    .argument("<dir>", "directory of the ledger")
    .argument("<which>", "index of the output, or its public key in 64 hexadecimal digits")
    .option("--json", JSON_HELP)
    .action(async (directory: string, which: string, { json }: JsonOption) => {
      const facts = await reading(directory, (opened) => txOutFacts(opened, which));
      stdout.write(json === true ? jsonLine(facts) : narrate(facts));
    });
}

/** An output for people and programs; bytes are in hex. */
interface TxOutFacts {
  readonly index: bigint;
  readonly blockIndex: bigint | undefined;
  readonly hash: string;
  readonly publicKey: string;
  readonly targetKey: string;
  readonly commitment: string;
  readonly maskedValue: bigint;
  readonly maskedTokenId: string;
  readonly amountVersion: number;
  readonly encryptedMemo: string | undefined;
  readonly encryptedFogHint: string;
  /** The whole output, encoded; `ledger init` takes it. */
  readonly encoded: string;
  readonly root: string;
  readonly proof: string;
  /** Whether the proof leads from the output to the root. */
  readonly proven: boolean;
}

function txOutFacts(ledger: LmdbLedger, which: string): TxOutFacts {
  const { index, txOut } = findTxOut(ledger, which);
  const root = ledger.root().hash;
  const [proof] = ledger.membershipProofs([index]);
  if (proof === undefined) {
    throw notFound(); // Never: one was asked for.
  }
  const { maskedAmount, encryptedMemo } = txOut;
  return {
    index,
    blockIndex: ledger.blockIndexOfTxOut(index),
    hash: toHex(txOutHash(txOut)),
    publicKey: toHex(txOut.publicKey),
    targetKey: toHex(txOut.targetKey),
    commitment: toHex(maskedAmount.commitment),
    maskedValue: maskedAmount.maskedValue,
    maskedTokenId: toHex(maskedAmount.maskedTokenId),
    amountVersion: maskedAmount.version,
    encryptedMemo: encryptedMemo && toHex(encryptedMemo),
    encryptedFogHint: toHex(txOut.encryptedFogHint),
    encoded: toHex(encodeTxOut(txOut)),
    root: toHex(root),
    proof: toHex(encodeMembershipProof(proof)),
    proven: verifyMembershipProof(txOut, proof, root),
  };
}

function findTxOut(ledger: LmdbLedger, which: string): { readonly index: bigint; readonly txOut: TxOut } {
  const publicKey = tryParseHex32(which);
  const index = publicKey === undefined ? tryParseIndex(which) : ledger.txOutIndexByPublicKey(publicKey);
  if (publicKey === undefined && index === undefined) {
    throw new CommandError("invalid-argument", "An output is named by its index or its public key of 64 hex digits.");
  }
  const txOut = index === undefined ? undefined : ledger.txOut(index);
  if (index === undefined || txOut === undefined) {
    throw notFound();
  }
  return { index, txOut };
}

function notFound(): CommandError {
  return new CommandError("tx-out-not-found", "The ledger has no such output.");
}

function narrate(facts: TxOutFacts): string {
  return rows([
    ["output", facts.index],
    ["in block", facts.blockIndex ?? "unknown"],
    ["hash", facts.hash],
    ["public key", facts.publicKey],
    ["one-time address", facts.targetKey],
    ["commitment", facts.commitment],
    ["memo", facts.encryptedMemo === undefined ? "none" : "encrypted"],
    ["root of outputs", facts.root],
    ["proof", facts.proven ? "leads to the root" : "DOES NOT LEAD TO THE ROOT"],
  ]);
}
