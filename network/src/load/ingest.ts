// `fogbow load ingest`: blocks full of outputs for a test ledger, and how long Fog ingest takes until it has scanned each. Ingest is
// asked how far it is, as an operator asks it; the ledger is one of `fogbow fog test-ledger`.
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@connectrpc/connect";
import { compressedPoint, publicKey } from "@fogbow/core-crypto";
import { AccountIngestAPI, type IngestSummary } from "@fogbow/core-wire";
import { parseServiceUri, serviceClient } from "@fogbow/server";
import { CommandError } from "../error.ts";
import { readAccounts } from "../fog/keys.ts";
import { INGEST_ADMIN_MS_MAX, INGEST_ANSWER_BYTES_MAX } from "../fog/limits.ts";
import { appendTestBlock, type TestLedgerPlaces } from "../fog/test-ledger.ts";
import { systemRandom } from "../system-random.ts";
import type { LoadResult } from "./drive.ts";
import { resultOf } from "./drive.ts";
import { LOAD_BLOCK_MS_MAX } from "./limits.ts";

/** What ingest is given. */
export interface IngestLoad extends TestLedgerPlaces {
  /** Folder of the accounts that are paid, in turns. */
  readonly keys: string;
  /** Of an ingest server that is active. */
  readonly uri: string;
  readonly chainId: string;
  readonly outputs: number;
  readonly blocks: number;
}

const POLL_MS = 10;

/** One block after the other; what is told of each is the time from its append until it is scanned. Rejects with `fog-not-ready`. */
export async function loadIngest(load: IngestLoad, signal: AbortSignal): Promise<LoadResult> {
  const accounts = await readAccounts(load.keys);
  const connection = serviceClient(parseServiceUri(load.uri, "fog-ingest"), {
    chainId: load.chainId,
    timeoutMs: INGEST_ADMIN_MS_MAX,
    answerBytesMax: INGEST_ANSWER_BYTES_MAX,
  });
  const status = (): Promise<IngestSummary> => createClient(AccountIngestAPI, connection.transport).getStatus({});
  try {
    const key = (await status()).ingressPubkey?.data ?? new Uint8Array(0);
    if (key.length === 0) throw new CommandError("fog-not-ready", "The ingest server has no key yet. Activate it.");
    const ingressKey = publicKey(key);
    const times: number[] = [];
    const started = performance.now();
    for (let i = 0; i < load.blocks && !signal.aborted; i++) {
      const credits = Array.from({ length: load.outputs }, (_, j) => {
        const account = accounts[j % accounts.length];
        if (account === undefined) throw new CommandError("source-not-found", `There are no accounts in ${load.keys}.`);
        return { account, amount: 1n };
      });
      const keyImages = [compressedPoint(systemRandom(32))];
      const { index } = await appendTestBlock(load, { credits, keyImages, ingressKey, seed: systemRandom(32) });
      times.push(await untilScanned(index, status));
    }
    return resultOf(times, {}, (performance.now() - started) / 1_000);
  } finally {
    connection.close();
  }
}

/** Milliseconds from now until ingest is past a block. */
async function untilScanned(index: bigint, status: () => Promise<IngestSummary>): Promise<number> {
  const started = performance.now();
  for (;;) {
    const { nextBlockIndex } = await status();
    const waited = performance.now() - started;
    if (nextBlockIndex > index) return waited;
    if (waited > LOAD_BLOCK_MS_MAX) throw new CommandError("fog-not-ready", `Ingest does not scan block ${index}.`);
    await sleep(POLL_MS);
  }
}
