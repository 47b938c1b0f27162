export { BOX_OVERHEAD_BYTES, openBox, sealBox } from "./crypto-box.ts";
export { curveScalar } from "./curve-scalar.ts";
export {
  appendNode,
  beginAggregate,
  type DigestNode,
  endAggregate,
  type LabelledNode,
  type PrimitiveType,
  type RecordShape,
} from "./digest-node.ts";
export {
  aggregate,
  type DigestField,
  list,
  neverOmit,
  omitWhenZero,
  optional,
  orderedMap,
  recordList,
  shapeOfRecords,
  structVariant,
  tuple,
  type VariantId,
  variant,
} from "./digest-shapes.ts";
export {
  bool,
  bytesOf,
  type DigestibleInteger,
  point,
  primitive,
  scalar,
  text,
  uint32,
  uint64,
} from "./digest-values.ts";
export { appendAllowOmit, appendStrict, type Digestible, digest32 } from "./digestible.ts";
export { Ed25519PrivateKey, ed25519Sign, ed25519Verify, isEd25519PublicKey } from "./ed25519.ts";
export { type CounterMap, EgressKey } from "./egress-key.ts";
export { CryptoError, type CryptoErrorCode } from "./error.ts";
export { BASE_POINT, valueGenerator } from "./generators.ts";
export { hashToPoint, hashToScalar } from "./hash.ts";
export { KexRng, type StoredRng } from "./kex-rng.ts";
export { KexRngCounters } from "./kex-rng-counters.ts";
export { KEX_RNG_VERSION, type KexRngPublicKey, kexRngPublicKey, SEARCH_KEY_BYTES } from "./kex-rng-prf.ts";
export {
  type MlsagResult,
  type RingMember,
  type RingMlsag,
  type RingMlsagSigning,
  type RingMlsagStatement,
  ringMlsagSign,
  ringMlsagVerify,
} from "./mlsag.ts";
export { type CommitmentOpening, commit } from "./pedersen.ts";
export { keyExchange, PrivateKey, randomPoint, randomScalar } from "./private-key.ts";
export { type CompressedPoint, compressedPoint, type PublicKey, publicKey, tryPublicKey } from "./public-key.ts";
export { partyGenerators } from "./range-proof/generators.ts";
export { type ProvenRange, proveRange, type RangeWitness } from "./range-proof/prove.ts";
export type { Setting as RangeProofSetting } from "./range-proof/setting.ts";
export {
  findInvalidRanges,
  type RangeClaim,
  verifyInSetting,
  verifyRange,
  verifyRangeBatch,
} from "./range-proof/verify.ts";
export { SIGNATURE_BYTES, schnorrSign, schnorrVerify } from "./schnorr.ts";
export { Transcript, type WitnessInputs } from "./transcript.ts";
