// Payments through clients of all nodes, each at its time, whether those before are done or not (an open loop).
import { setTimeout as sleep } from "node:timers/promises";
import { type Tx, txHash } from "@fogbow/core-transaction";
import { SdkError } from "@fogbow/sdk";
import type { NodeClient } from "fogbow";

/** What became of some payments. */
export interface LoadResult {
  /** Milliseconds from the moment at which each was due to the news that it is in a block. */
  readonly latencies: readonly number[];
  /** Those that a node had no room for. */
  readonly refused: number;
  /** Those that failed otherwise, or took too long. */
  readonly lost: number;
  /** From the first moment to the last news, in seconds. */
  readonly seconds: number;
}

/** How payments are sent. */
export interface LoadPlan {
  readonly payments: readonly Tx[];
  readonly perSecond: number;
  /** A few for each node, in turns: a client seals one payment after the other. */
  readonly clients: readonly NodeClient[];
}

/** Milliseconds after which nobody waits for a payment any more. */
export const PATIENCE_MS = 20_000;

/** Sends all of them, and waits for each. */
export async function sendPayments({ payments, perSecond, clients }: LoadPlan): Promise<LoadResult> {
  const latencies: number[] = [];
  let [refused, lost] = [0, 0];
  const started = performance.now() + 50;
  const sent = payments.map(async (tx, i) => {
    const due = started + (i * 1_000) / perSecond;
    await sleep(Math.max(0, due - performance.now()));
    try {
      await untilInBlock(clients[i % clients.length] as NodeClient, tx); // There are some.
      latencies.push(performance.now() - due);
    } catch (error) {
      if (error instanceof SdkError && error.code === "rate-limited") refused++;
      else lost++;
    }
  });
  await Promise.all(sent);
  return { latencies, refused, lost, seconds: (performance.now() - started) / 1_000 };
}

async function untilInBlock(client: NodeClient, tx: Tx): Promise<void> {
  const patience = new AbortController();
  const inBlock = client.propose(tx).then(() => client.untilExternalized(txHash(tx), tx.prefix.tombstoneBlock));
  const tooLong = sleep(PATIENCE_MS, undefined, { signal: patience.signal }).then(() => {
    throw new Error("It took too long.");
  });
  try {
    await Promise.race([inBlock, tooLong]);
  } finally {
    inBlock.catch(() => undefined);
    tooLong.catch(() => undefined);
    patience.abort();
  }
}
