// The kernel's border: every function that the TypeScript face calls, and where the memory it may use begins.

export { aesCtr, aesGcmOpen, aesGcmSeal } from "./aes-modes";
export { fogHintsScratch, fogOpenHints } from "./fog-hint";
export { keyImageRecords, keyImageResults, outputLookupCombine, outputLookupResults } from "./fog-ledger-answers";
export { hash, hashPath } from "./hash";
export { hc128 } from "./hc128";
export { hkdf, hmac } from "./hmac";
export { ingestBegin, ingestBytes, ingestOutputs, ingestScratch } from "./ingest-step";
export { ioBase } from "./memory";
export { ristrettoMlsagVerify } from "./mlsag";
export { ristrettoMultiScalar, ristrettoMultiScalarScratch, ristrettoPrepare } from "./multi-scalar";
export { ristrettoMultiScalarSecret, ristrettoSecretSumScratch, ristrettoSumBits } from "./multi-scalar-secret";
export { ristrettoBatchScratch, ristrettoMultiply, ristrettoMultiplyBase, ristrettoMultiplyBatch } from "./multiply";
export { ledgerAppend, ledgerRoot } from "./oblivious-ledger-append";
export { ledgerBytes, ledgerInit } from "./oblivious-ledger-layout";
export { ledgerResults } from "./oblivious-ledger-lookup";
export { ledgerResultBytes } from "./oblivious-ledger-result";
export { ledgerCombine, ledgerPartBytes, ledgerParts } from "./oblivious-ledger-shards";
export { mapBytes, mapIncrementAll, mapInit, mapLookupAll, mapUpsertAll } from "./oblivious-map";
export { randomFill, randomSeed } from "./random";
export { ristrettoAdd, ristrettoIsPoint, ristrettoNegate, ristrettoOneWayMap, ristrettoSubtract } from "./ristretto";
export {
  scalarAdd,
  scalarInvert,
  scalarInvertBatch,
  scalarIsCanonical,
  scalarMultiply,
  scalarMultiplyAdd,
  scalarNegate,
  scalarReduce,
  scalarReduceWide,
  scalarSubtract,
} from "./scalar";
export {
  vectorAdd,
  vectorBits,
  vectorInnerProduct,
  vectorMultiply,
  vectorMultiplyAdd,
  vectorPowers,
  vectorReduceWide,
  vectorScale,
} from "./scalar-vectors";
export { shake256 } from "./shake256";
export { sipHash128 } from "./siphash";
export {
  strobeAd,
  strobeAppend,
  strobeAppendAll,
  strobeBegin,
  strobeChallenge,
  strobeKey,
  strobeMetaAd,
  strobePrf,
} from "./strobe";
export { viewAnswer, viewBothBytes, viewCollate, viewFixedBytes } from "./view-answer";
export { x25519 } from "./x25519";
