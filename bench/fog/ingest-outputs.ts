// How fast ingest takes in outputs: its enclave in this thread, with the map of counters at 2^20 and 70 % full, and half of the
// hints for users that it has met.
import { randomBytes } from "node:crypto";
import { accountKeyFromRootEntropy, publicAddress } from "@fogbow/core-account";
import { MOB, Secret, tokenId, tokenValue } from "@fogbow/core-bytes";
import { type PublicKey, publicKey } from "@fogbow/core-crypto";
import {
  createTxOut,
  decoyFogHint,
  encodeMemo,
  encryptFogHint,
  type TxOut,
  txOutToWire,
} from "@fogbow/core-transaction";
import {
  decodeMessage,
  encodeMessage,
  IngestInitRequestSchema,
  IngestKeysSchema,
  IngestRequestSchema,
} from "@fogbow/core-wire";
import { type Figure, summary } from "../measure.ts";
import { CAPACITY, COUNTERS, makeIngestEnclave } from "./full-ingest-enclave.ts";

const CHUNK = 250;
const CHUNKS = 24;
const WARM_UP = 4;
const USERS = 125;

/** Times chunks of outputs from message to message: decoding, checking, the kernel's step, encoding. */
export async function ingestOutputs(): Promise<Figure> {
  const { enclave, fill } = makeIngestEnclave();
  const init = encodeMessage(IngestInitRequestSchema, { peerResponderId: "ingest.test:8443", capacity: CAPACITY });
  const keys = decodeMessage(IngestKeysSchema, await enclave.call("init", init), { bytesMax: 65_536 });
  const ingressKey = publicKey(keys.ingressPubkey?.data ?? new Uint8Array(0));
  const chunk = encodeMessage(IngestRequestSchema, {
    blockIndex: 1n,
    firstGlobalIndex: 1n,
    timestamp: 1n,
    outputs: Array.from({ length: CHUNK }, (_, i) =>
      txOutToWire(output(i % USERS, i < USERS ? ingressKey : undefined)),
    ),
  });
  await enclave.call("ingest-txs", chunk); // From here on its users are known.
  fill();

  const times: number[] = [];
  for (let i = -WARM_UP; i < CHUNKS; i++) {
    const start = performance.now();
    await enclave.call("ingest-txs", chunk);
    if (i >= 0) times.push(((performance.now() - start) * 1000) / CHUNK);
  }
  const figure = summary("ingest-outputs", "µs", times);
  return { ...figure, limit: 500, details: { outputsPerSecond: Math.round(1e6 / figure.p50), counters: COUNTERS } };
}

/** An output for a user of Fog, or for somebody without. */
function output(user: number, ingressKey: PublicKey | undefined): TxOut {
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
  const recipient = publicAddress(accountKeyFromRootEntropy(new Secret(new Uint8Array(32).fill(user))));
  const { txOut, sharedSecret } = createTxOut({
    blockVersion: 3,
    recipient,
    amount: { value: tokenValue(1n), tokenId: tokenId(MOB) },
    memo: encodeMemo({ kind: "unused" }),
    fogHint:
      ingressKey === undefined ? decoyFogHint(random) : encryptFogHint(ingressKey, recipient.viewPublicKey, random),
    random,
  });
  sharedSecret.wipe();
  return txOut;
}
