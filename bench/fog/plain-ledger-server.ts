// What the oblivious ledger is compared with: a server that answers the same requests over the same channel out of the ledger's own
// tables, as MobileCoin's does for outputs. Its host sees every index and every key image.
import { randomBytes } from "node:crypto";
import {
  ChannelResponder,
  createSimulatedPlatform,
  encodeEvidence,
  KeyPair,
  makeSimulatedEvidence,
  type SealedMessage,
} from "@fogbow/core-attest";
import { membershipProofToWire, type TxOut, txOutToWire } from "@fogbow/core-transaction";
import {
  CheckKeyImagesRequestSchema,
  CheckKeyImagesResponseSchema,
  decodeMessage,
  encodeMessage,
  FogKeyImageAPI,
  FogMerkleProofAPI,
  GetOutputsRequestSchema,
  GetOutputsResponseSchema,
} from "@fogbow/core-wire";
import type { Ledger } from "@fogbow/ledger-db";
import { createLog, createMetrics, type Server, serve, serveService } from "@fogbow/server";

const ANY = { bytesMax: 16_777_216 };
const EXISTS = 2;
const [SPENT, NOT_SPENT] = [1, 2];
const LIMITS = {
  requestBytesMax: 65_536,
  responseBytesMax: 8_388_608,
  deadlineMs: 30_000,
  concurrencyMax: 64,
  queueMax: 64,
};
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

/** Serves a ledger without hiding anything from this process. */
export async function servePlainLedger(ledger: Ledger, responderId: string): Promise<Server> {
  const staticKey = KeyPair.random(random);
  const now = Date.now();
  const machine = createSimulatedPlatform("simulated", { random, now });
  const simulated = { measurement: random(32), productId: 2, securityVersion: 1 };
  const contents = { nonce: random(16), key: staticKey.publicKey, customIdentity: new Uint8Array(32) };
  const bytes = encodeEvidence(makeSimulatedEvidence(machine, simulated, { contents, now }));
  const responder = new ChannelResponder(
    { responderId },
    { staticKey, evidence: () => ({ kind: "dcap", bytes }), random },
  );
  const auth = ({ data }: { readonly data: Uint8Array }): { readonly data: Uint8Array } => ({
    data: responder.auth(data),
  });
  const answer = (message: SealedMessage, results: (request: Uint8Array) => Uint8Array): SealedMessage => {
    const { plaintext, reply } = responder.open(message);
    return reply(results(plaintext));
  };
  const limits = { auth: { ...LIMITS, responseBytesMax: 327_680 } };
  const services = [
    serveService(
      FogMerkleProofAPI,
      { ...limits, getOutputs: LIMITS },
      { auth, getOutputs: (message) => answer(message, (request) => outputs(ledger, request)) },
    ),
    serveService(
      FogKeyImageAPI,
      { ...limits, checkKeyImages: LIMITS },
      { auth, checkKeyImages: (message) => answer(message, (request) => keyImages(ledger, request)) },
    ),
  ];
  const log = createLog({ name: "bench", level: "error" });
  return serve({ listen: { host: "127.0.0.1", port: 0 }, services }, { log, metrics: createMetrics(), now: Date.now });
}

function outputs(ledger: Ledger, request: Uint8Array): Uint8Array {
  const { indices } = decodeMessage(GetOutputsRequestSchema, request, ANY);
  const proofs = ledger.membershipProofs(indices);
  const results = indices.map((index, i) => ({
    index,
    resultCode: EXISTS,
    output: txOutToWire(ledger.txOut(index) as TxOut),
    proof: membershipProofToWire(proofs[i] as (typeof proofs)[number]),
  }));
  return encodeMessage(GetOutputsResponseSchema, { results, numBlocks: ledger.numBlocks() });
}

function keyImages(ledger: Ledger, request: Uint8Array): Uint8Array {
  const results = decodeMessage(CheckKeyImagesRequestSchema, request, ANY).queries.map(({ keyImage }) => {
    const block = ledger.blockIndexOfKeyImage(keyImage?.data ?? new Uint8Array(32));
    return {
      keyImage: { data: keyImage?.data ?? new Uint8Array(32) },
      spentAt: block ?? 1n,
      timestamp: 1n,
      timestampResultCode: 1,
      keyImageResultCode: block === undefined ? NOT_SPENT : SPENT,
    };
  });
  const globalTxoCount = ledger.numTxOuts();
  return encodeMessage(CheckKeyImagesResponseSchema, { results, numBlocks: ledger.numBlocks(), globalTxoCount });
}
