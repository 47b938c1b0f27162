// Figures of range proofs over two 64-bit values: proving one, verifying one, and verifying a hundred different ones at
// once, beside the Rust library that browsers use for the same proof, compiled to WebAssembly.
import { randomBytes } from "node:crypto";
import { MOB, type TokenValue, tokenValue } from "@fogbow/core-bytes";
import {
  proveRange,
  type RangeClaim,
  type RangeWitness,
  randomScalar,
  verifyRange,
  verifyRangeBatch,
} from "@fogbow/core-crypto";
import { BatchedRangeProofU128Data, PedersenCommitment, PedersenOpening } from "@solana/zk-sdk/node";
import { type Figure, measure } from "./measure.ts";
import { inTurn } from "./operands.ts";
import { versioned } from "./provenance.ts";

const VALUES = 2;
const BITS = 64;
const BATCH = 100;
const PEER_PROOFS = 8;
const PEER = versioned("@solana/zk-sdk");

/** The figures of range proofs, each measured when called. About half a minute in all. */
export const rangeProofFigures: readonly (() => Figure)[] = [verification, proving, batchVerification];

function verification(): Figure {
  const ours = inTurn(someClaims(PEER_PROOFS));
  const theirs = inTurn(peerProofs());
  return measure({
    name: "range-proof-verify-2x64",
    unit: "ms",
    ours: { run: () => ours(expectValid) },
    peer: { name: PEER, run: () => theirs((proof) => proof.verify()) },
    bursts: 300,
    warmUpMs: 1500,
  });
}

/** Both sides make the two commitments as well. */
function proving(): Figure {
  const ours = inTurn(Array.from({ length: PEER_PROOFS }, randomWitness));
  return measure({
    name: "range-proof-prove-2x64",
    unit: "ms",
    ours: { run: () => ours(proveRange) },
    peer: { name: PEER, run: () => peerProof().free() },
    bursts: 60,
    warmUpMs: 1500,
  });
}

/** The peer has no batches: its side is one verification. */
function batchVerification(): Figure {
  const claims = someClaims(BATCH);
  const theirs = inTurn(peerProofs());
  return measure({
    name: "range-proof-batch-100",
    unit: "ms",
    ours: {
      run() {
        if (!verifyRangeBatch(claims, randomBytes)) throw new Error("A valid batch of range proofs is refused.");
      },
      units: BATCH,
    },
    peer: { name: `${PEER}, one at a time`, run: () => theirs((proof) => proof.verify()) },
    bursts: 60,
    warmUpMs: 1500,
  });
}

function expectValid(claim: RangeClaim): void {
  if (!verifyRange(claim)) throw new Error("A valid range proof is refused.");
}

const someClaims = (length: number): RangeClaim[] =>
  Array.from({ length }, () => ({ ...proveRange(randomWitness()), tokenId: MOB }));

const randomWitness = (): RangeWitness => ({
  values: randomValues(),
  blindings: Array.from({ length: VALUES }, () => randomScalar(randomBytes)),
  tokenId: MOB,
  random: randomBytes,
});

const randomValues = (): TokenValue[] =>
  Array.from({ length: VALUES }, () => tokenValue(randomBytes(8).readBigUInt64LE()));

const peerProofs = (): BatchedRangeProofU128Data[] => Array.from({ length: PEER_PROOFS }, peerProof);

/** The peer's proof of as many random values. It takes ownership of commitments and openings. */
function peerProof(): BatchedRangeProofU128Data {
  const values = randomValues();
  const openings = values.map(() => new PedersenOpening());
  const commitments = values.map((value, i) => PedersenCommitment.from(value, openings[i] as PedersenOpening)); // As many.
  const bits = new Uint8Array(VALUES).fill(BITS);
  return new BatchedRangeProofU128Data(commitments, BigUint64Array.from(values), bits, openings);
}
