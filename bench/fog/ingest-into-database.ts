// What ingest costs end to end: from outputs in blocks through the enclave, its map of counters at 2^20 and 70 % full, into rows of
// the embedded recovery database on disk.
import { randomFillSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { accountKeyFromRootEntropy, publicAddress } from "@fogbow/core-account";
import { MOB, Secret, tokenId, tokenValue } from "@fogbow/core-bytes";
import { type PublicKey, publicKey } from "@fogbow/core-crypto";
import { createTxOut, decoyFogHint, encodeMemo, encryptFogHint, type TxOut } from "@fogbow/core-transaction";
import {
  type Blocks,
  type ControllerParts,
  DEFAULTS,
  IngestController,
  IngestDoor,
  type IngestEnclave,
  ingestMetrics,
} from "@fogbow/fog-ingest";
import type { ProvidedBlock } from "@fogbow/ledger-db";
import { openRecoveryDb } from "@fogbow/recovery-db";
import { createLog, createMetrics } from "@fogbow/server";
import { type Figure, rounded } from "../measure.ts";
import { CAPACITY, COUNTERS, makeIngestEnclave } from "./full-ingest-enclave.ts";

const OUTPUTS = 500;
const USERS = 50;
const BLOCKS = { warmUp: 2, counted: 12 };
/** What a block of so many outputs may take: a thousand outputs a second. */
const LIMIT_MS = OUTPUTS;

/** Reports `ingest-into-database`: milliseconds for a block of 500 outputs, half of them for known users. */
export async function ingestIntoDatabase(report: (figure: Figure) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fogbow-bench-"));
  const log = createLog({ name: "bench", level: "error" });
  const metrics = ingestMetrics(createMetrics().registry);
  const localNodeId = "127.0.0.1:8090";
  const db = await openRecoveryDb({ folder: join(folder, "database") });
  await db.migrate();
  const { enclave, fill } = await beginEnclave(localNodeId);
  const blocks = new BenchBlocks();
  const parts: ControllerParts = {
    clock: { now: () => performance.now(), sleep: (ms, signal) => sleep(ms, undefined, { signal }) },
    blocks,
    db,
    enclave,
    connect: () => {
      throw new Error("There are no peers.");
    },
    state: { read: () => undefined, write: () => undefined, putAside: () => undefined },
    log,
    metrics,
  };
  const options = { ...DEFAULTS, pollMs: 1, localNodeId, peers: [`insecure-igp://${localNodeId}/`] };
  const controller = await IngestController.begin(options, parts, undefined);
  try {
    void controller.run();
    const { ingressPubkey } = await controller.activate();
    const outputs = outputsFor(publicKey(ingressPubkey?.data ?? new Uint8Array(0)));
    fill();
    const times: number[] = [];
    for (let block = 0; block < BLOCKS.warmUp + BLOCKS.counted; block++) {
      const started = performance.now();
      const index = blocks.add(outputs);
      while (controller.status().nextBlockIndex <= index) await sleep(1);
      if (block >= BLOCKS.warmUp) times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
    const sum = times.reduce((a, b) => a + b, 0);
    const outputsPerSecond = (OUTPUTS * times.length * 1_000) / sum;
    const details = { outputs: OUTPUTS, outputsPerSecond: Math.round(outputsPerSecond), counters: COUNTERS };
    const [p50, p99] = [rounded(at(0.5)), rounded(at(0.99))];
    report({ name: "ingest-into-database", unit: "ms", p50, p99, limit: LIMIT_MS, details });
  } finally {
    await controller.close();
    await db.close();
    rmSync(folder, { recursive: true });
  }
}

/** An enclave in this thread, which does its work between what the database and the controller do and not beside it. */
async function beginEnclave(
  localNodeId: string,
): Promise<{ readonly enclave: IngestEnclave; readonly fill: () => void }> {
  const { enclave, fill } = makeIngestEnclave();
  const door = new IngestDoor({ call: async (entryPoint, input) => enclave.call(entryPoint, input) });
  const { publicKey: ingressKey } = await door.init({ localNodeId, sealedKey: undefined, capacity: CAPACITY });
  const nobody = async (): Promise<never> => {
    throw new Error("There are no peers.");
  };
  const adapted: IngestEnclave = {
    ingressKey: () => door.ingressKey(),
    rng: () => door.rng(),
    newKeys: () => door.newKeys(),
    newEgressKey: () => door.newEgressKey(),
    ingest: (chunk) => door.ingest(chunk),
    evidence: () => ({ ingressKey, encoded: new Uint8Array(1) }), // Nobody looks at it.
    refreshEvidence: async () => undefined,
    peerBegin: nobody,
    peerFinish: nobody,
    peerAuth: nobody,
    peerClose: nobody,
    privateKeyFor: nobody,
    takePrivateKey: nobody,
    onRestart: () => undefined,
  };
  return { enclave: adapted, fill };
}

/** Every second output is for one of the users, the others are for nobody. */
function outputsFor(ingressKey: PublicKey): readonly TxOut[] {
  const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
  const recipients = Array.from({ length: USERS }, () =>
    publicAddress(accountKeyFromRootEntropy(new Secret(random(32)))),
  );
  return Array.from({ length: OUTPUTS }, (_, i) => {
    const recipient = recipients[i % USERS];
    if (recipient === undefined) throw new Error("There are users.");
    const fogHint = i % 2 === 0 ? encryptFogHint(ingressKey, recipient.viewPublicKey, random) : decoyFogHint(random);
    const amount = { value: tokenValue(1n), tokenId: tokenId(MOB) };
    const { txOut, sharedSecret } = createTxOut({
      blockVersion: 3,
      recipient,
      amount,
      memo: encodeMemo({ kind: "unused" }),
      fogHint,
      random,
    });
    sharedSecret.wipe();
    return txOut;
  });
}

/** Blocks as ingest reads them. */
class BenchBlocks implements Blocks {
  readonly #blocks: ProvidedBlock[] = [];
  #outputs = 0;

  constructor() {
    this.add([]);
  }

  /** Its index. */
  add(outputs: readonly TxOut[]): bigint {
    this.#outputs += outputs.length;
    const block = { index: BigInt(this.#blocks.length), cumulativeTxoCount: BigInt(this.#outputs) };
    const provided = { data: { block, contents: { outputs } }, timestamp: { timestamp: 1n, code: "found" } };
    this.#blocks.push(provided as unknown as ProvidedBlock); // What ingest reads of it.
    return block.index;
  }

  numBlocks(): bigint {
    return BigInt(this.#blocks.length);
  }

  blockData(index: bigint): ProvidedBlock | undefined {
    return this.#blocks[Number(index)];
  }

  async pollTimestamp(): Promise<ProvidedBlock["timestamp"]> {
    return { timestamp: 1n, code: "found" };
  }

  async untilChanged(milliseconds: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }
}
