// Verification of MLSAG ring signatures (spec 02 §3.1) in **variable time, for public data only**: one call a ring. Each
// step's challenge is the hash of the step before, so steps cannot share work; but points, hashes to points and their
// tables do not wait for challenges, and are made for four members at once.
import { BLAKE2B_512, hashAbsorb, hashBegin, hashFinish } from "./hash";
import { copy4, negate4 } from "./lanes";
import {
  addMultiple,
  decodeGroup,
  FORM_DIGITS,
  four,
  nonAdjacentForm,
  oddMultiples,
  PREPARED_BYTES,
  PREPARED_WIDTH,
  TABLE_BYTES,
  WIDTH,
  wipeMultiScalarScratch,
} from "./multi-scalar";
import { encodeDoubles4, generator, wipeMultiplyScratch } from "./multiply";
import { doublePoint, POINT_BYTES, setIdentity } from "./point";
import { addCached4, POINTS4_BYTES, toCached4, transposePoints4 } from "./points4";
import { map4 } from "./ristretto";
import { halveReduced, scalarReduce, scalarReduceWide } from "./scalar";

// Bits of the result.
const KEY_IMAGE_VALID = 1;
const POINTS_VALID = 2;
const CLOSES = 4;

const GROUP: i32 = 4;
const ENCODING_BYTES: usize = 32;
const DIGEST_BYTES: usize = 64;

/** "mc_ring_mlsag_challenge" */
const challengeTag: usize = memory.data<u8>([
  0x6d, 0x63, 0x5f, 0x72, 0x69, 0x6e, 0x67, 0x5f, 0x6d, 0x6c, 0x73, 0x61, 0x67, 0x5f, 0x63, 0x68, 0x61, 0x6c, 0x6c,
  0x65, 0x6e, 0x67, 0x65,
]);
const CHALLENGE_TAG_BYTES: i32 = 23;

/** "mc_onetime_key_hash_to_point" */
const pointTag: usize = memory.data<u8>([
  0x6d, 0x63, 0x5f, 0x6f, 0x6e, 0x65, 0x74, 0x69, 0x6d, 0x65, 0x5f, 0x6b, 0x65, 0x79, 0x5f, 0x68, 0x61, 0x73, 0x68,
  0x5f, 0x74, 0x6f, 0x5f, 0x70, 0x6f, 0x69, 0x6e, 0x74,
]);
const POINT_TAG_BYTES: i32 = 28;

/** Odd multiples of G, filled when the module is instantiated. */
const baseTable: usize = memory.data(10240, 16);

// Odd multiples of the key image, and of four members' keys P, of Hp(P), and of Z = C' − C.
const imageTable: usize = memory.data(1280, 16);
const keyTables: usize = memory.data(5120, 16);
const hashedTables: usize = memory.data(5120, 16);
const differenceTables: usize = memory.data(5120, 16);

const pseudoOutputs: usize = memory.data(640, 16); // C' four times.
const negated: usize = memory.data(640, 16);
const digests: usize = memory.data(256, 16);
const sums: usize = memory.data(640, 16); // L0, R0, L1 and, to fill the lanes, the identity.
const transposed: usize = memory.data(640, 16);
const encodings: usize = memory.data(128, 16);

const challenge: usize = memory.data(32, 16);
const firstChallenge: usize = memory.data(32, 16);
const reduced: usize = memory.data(32, 16);
const halved: usize = memory.data(32, 16);
const responseForm: usize = memory.data(256, 16);
const responseBaseForm: usize = memory.data(256, 16);
const challengeForm: usize = memory.data(256, 16);

fillBaseTable();

/** Runs once, when the module is instantiated. */
function fillBaseTable(): void {
  decodeGroup(generator, 0, 1);
  oddMultiples(baseTable, 0, PREPARED_BYTES / POINT_BYTES); // Four times the same, to the same place.
  wipeMultiScalarScratch();
}

/**
 * Verifies a ring of n members: `keys` and `commitments` hold 32·n bytes, `responses` 64·n; cZero and the responses are
 * read modulo ℓ. The result is 1 if the key image is a point, plus 2 if C' and all members are, plus 4 if the last
 * challenge is c_zero. With an earlier bit not set, later ones are not either. An empty ring closes never.
 */
export function ristrettoMlsagVerify(
  message: usize,
  messageLength: i32,
  keys: usize,
  commitments: usize,
  n: i32,
  pseudoOutput: usize,
  keyImage: usize,
  cZero: usize,
  responses: usize,
): i32 {
  let result = 0;
  if (decodeGroup(keyImage, 0, 1)) {
    oddMultiples(imageTable, 0, TABLE_BYTES / POINT_BYTES); // Likewise.
    result = KEY_IMAGE_VALID;
    if (decodeGroup(pseudoOutput, 0, 1)) {
      memory.copy(pseudoOutputs, four, POINTS4_BYTES);
      scalarReduce(firstChallenge, cZero);
      memory.copy(challenge, firstChallenge, ENCODING_BYTES);
      result |= POINTS_VALID;
    }
  }
  for (let i = 0; i < n && (result & POINTS_VALID) !== 0; i++) {
    if ((i & (GROUP - 1)) === 0 && !prepareMembers(keys, commitments, i, n)) result = KEY_IMAGE_VALID;
    else step(message, messageLength, keyImage, responses + DIGEST_BYTES * i, i & (GROUP - 1));
  }
  if (n > 0 && (result & POINTS_VALID) !== 0 && isEqual(challenge, firstChallenge)) result |= CLOSES;
  wipe();
  return result;
}

/** Fills the tables of members i … i + 3, as far as there are any. False if a point of theirs is invalid. */
function prepareMembers(keys: usize, commitments: usize, i: i32, n: i32): bool {
  if (!decodeGroup(commitments, i, n)) return false;
  subtractFromPseudoOutput();
  oddMultiples(differenceTables, TABLE_BYTES, TABLE_BYTES / POINT_BYTES);
  if (!decodeGroup(keys, i, n)) return false;
  oddMultiples(keyTables, TABLE_BYTES, TABLE_BYTES / POINT_BYTES);
  hashToPoints(keys, i, n);
  oddMultiples(hashedTables, TABLE_BYTES, TABLE_BYTES / POINT_BYTES);
  return true;
}

/** four = C' − four. */
function subtractFromPseudoOutput(): void {
  // The negative of a cached point (Y − X, Y + X, 2Z, 2dT) is (Y + X, Y − X, 2Z, −2dT).
  toCached4(transposed, four);
  copy4(negated, transposed + 160);
  copy4(negated + 160, transposed);
  copy4(negated + 320, transposed + 320);
  negate4(negated + 480, transposed + 480);
  memory.copy(four, pseudoOutputs, POINTS4_BYTES);
  addCached4(four, negated, true);
}

/** four = Hp of four keys: the map of both halves of a digest, added. */
function hashToPoints(keys: usize, i: i32, n: i32): void {
  for (let lane: i32 = 0; lane < GROUP; lane++) {
    const key = keys + ENCODING_BYTES * min(i + lane, n - 1);
    hashBegin(BLAKE2B_512);
    hashAbsorb(BLAKE2B_512, pointTag, POINT_TAG_BYTES);
    hashAbsorb(BLAKE2B_512, key, i32(ENCODING_BYTES));
    hashFinish(BLAKE2B_512, digests + DIGEST_BYTES * lane);
  }
  mapHalves(0);
  toCached4(negated, four);
  mapHalves(32);
  addCached4(four, negated, true);
}

function mapHalves(offset: usize): void {
  const digest = digests + offset;
  map4(four, digest, digest + DIGEST_BYTES, digest + 2 * DIGEST_BYTES, digest + 3 * DIGEST_BYTES);
}

/**
 * With c the challenge so far, L0 = r·G + c·P, R0 = r·Hp(P) + c·I and L1 = r'·G + c·Z; the next challenge is their hash.
 * r and r' are the two scalars at `pair`. Halves of the sums are computed, whose doubles are cheap to encode.
 */
function step(message: usize, messageLength: i32, keyImage: usize, pair: usize, lane: i32): void {
  const table = TABLE_BYTES * lane;
  halveReduced(halved, challenge);
  form(challengeForm, halved, WIDTH);
  reduceAndHalve(pair);
  form(responseForm, halved, WIDTH);
  form(responseBaseForm, halved, PREPARED_WIDTH);
  sumOfTwo(sums, baseTable, responseBaseForm, keyTables + table);
  sumOfTwo(sums + POINT_BYTES, hashedTables + table, responseForm, imageTable);
  reduceAndHalve(pair + ENCODING_BYTES);
  form(responseBaseForm, halved, PREPARED_WIDTH);
  sumOfTwo(sums + 2 * POINT_BYTES, baseTable, responseBaseForm, differenceTables + table);
  setIdentity(sums + 3 * POINT_BYTES);
  transposePoints4(transposed, POINT_BYTES, sums);
  encodeDoubles4(encodings, transposed);

  hashBegin(BLAKE2B_512);
  hashAbsorb(BLAKE2B_512, challengeTag, CHALLENGE_TAG_BYTES);
  hashAbsorb(BLAKE2B_512, message, messageLength);
  hashAbsorb(BLAKE2B_512, keyImage, i32(ENCODING_BYTES));
  hashAbsorb(BLAKE2B_512, encodings, 3 * i32(ENCODING_BYTES));
  hashFinish(BLAKE2B_512, digests);
  scalarReduceWide(challenge, digests);
}

/** halved = half the scalar modulo ℓ. */
function reduceAndHalve(scalar: usize): void {
  scalarReduce(reduced, scalar);
  halveReduced(halved, reduced);
}

/** Writes a scalar's non-adjacent form, a byte a digit. */
function form(out: usize, scalar: usize, width: i32): void {
  memory.fill(out, 0, FORM_DIGITS);
  nonAdjacentForm(out, 1, scalar, width);
}

/** sum = a · A + c · B, with A's and B's odd multiples, a's non-adjacent form, and c the challenge. */
function sumOfTwo(sum: usize, tableA: usize, formA: usize, tableB: usize): void {
  setIdentity(sum);
  for (let bit: i32 = FORM_DIGITS - 1; bit >= 0; bit--) {
    doublePoint(sum);
    addMultiple(sum, tableA, load<i8>(formA + bit));
    addMultiple(sum, tableB, load<i8>(challengeForm + bit));
  }
}

function isEqual(a: usize, b: usize): bool {
  return (
    load<u64>(a) === load<u64>(b) &&
    load<u64>(a, 8) === load<u64>(b, 8) &&
    load<u64>(a, 16) === load<u64>(b, 16) &&
    load<u64>(a, 24) === load<u64>(b, 24)
  );
}

function wipe(): void {
  memory.fill(imageTable, 0, TABLE_BYTES);
  memory.fill(keyTables, 0, 4 * TABLE_BYTES);
  memory.fill(hashedTables, 0, 4 * TABLE_BYTES);
  memory.fill(differenceTables, 0, 4 * TABLE_BYTES);
  memory.fill(pseudoOutputs, 0, POINTS4_BYTES);
  memory.fill(negated, 0, POINTS4_BYTES);
  memory.fill(digests, 0, 256);
  memory.fill(sums, 0, POINTS4_BYTES);
  memory.fill(transposed, 0, POINTS4_BYTES);
  memory.fill(encodings, 0, 128);
  memory.fill(challenge, 0, ENCODING_BYTES);
  memory.fill(firstChallenge, 0, ENCODING_BYTES);
  memory.fill(reduced, 0, ENCODING_BYTES);
  memory.fill(halved, 0, ENCODING_BYTES);
  memory.fill(responseForm, 0, 256);
  memory.fill(responseBaseForm, 0, 256);
  memory.fill(challengeForm, 0, 256);
  wipeMultiplyScratch();
  wipeMultiScalarScratch();
}
