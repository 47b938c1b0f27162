// Real payments, built before any clock starts: rings of eleven, two inputs and two outputs, none of which conflict.
import { randomFillSync } from "node:crypto";
import type { Random } from "@fogbow/core-bytes";
import { blockVersion, encodeMembershipProof, encodeTx, type Tx } from "@fogbow/core-transaction";
import { verifyBatch } from "@fogbow/verifier-enclave";
import { type OriginPayments, originPayments } from "fogbow";

/** Half an hour of four blocks a second: payments wait for their turn. */
const TOMBSTONE_BLOCK = 7_200n;
const BLOCK_VERSION = 3;

/** Payments that are verified together: at a few a second hardly more ever wait. */
const VERIFIED_AT_ONCE = 2;

/** Payments of a network, and what verifying one of them costs. */
export interface BenchPayments {
  readonly payments: readonly Tx[];
  /** Milliseconds of processor time that it takes one node to verify a payment, with nothing else at work in its process. */
  readonly verificationMs: number;
}

/** As many payments as asked for, each of two outputs of its own of the network's first block. */
export async function buildPayments(
  folder: string,
  { accounts, count }: { readonly accounts: number; readonly count: number },
): Promise<BenchPayments> {
  const origin = await originPayments(folder, { accounts, tombstoneBlock: TOMBSTONE_BLOCK }, { random });
  const sources = origin.sources.slice(0, count);
  if (sources.length < count) throw new Error(`There are outputs for ${sources.length} payments of ${count}.`);
  const payments = sources.map((source, i) => origin.build(source, i % accounts));
  return { payments, verificationMs: verificationOf(origin, payments.slice(0, 60)) };
}

function verificationOf({ ledger, minimumFees }: OriginPayments, payments: readonly Tx[]): number {
  const context = {
    blockVersion: blockVersion(BLOCK_VERSION),
    currentIndex: ledger.numBlocks(),
    minimumFees: minimumFees.entries(),
    rootProofs: ledger.membershipProofs([ledger.numTxOuts() - 1n]).map((proof) => encodeMembershipProof(proof)),
  };
  const verify = (): number => {
    const before = process.cpuUsage();
    for (let i = 0; i < payments.length; i += VERIFIED_AT_ONCE) {
      const requests = payments.slice(i, i + VERIFIED_AT_ONCE).map((tx) => ({ tx: encodeTx(tx), context }));
      const answers = verifyBatch(requests, random);
      if (answers.some((answer) => answer?.code !== "ok")) throw new Error("A payment of the bench is not valid.");
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / payments.length;
  };
  verify(); // Until it is compiled.
  return verify();
}

/** The system's generator. Filled in place: no copy stays behind. */
const random: Random = (length) => randomFillSync(new Uint8Array(length));
