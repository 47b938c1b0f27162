// What ingest does with an output (spec 03 §2.2): open its hint, number it among the outputs of its recipient, make the search
// key, and seal the record. All of it leaves one trace, but for the random paths of the map: for an output of a user or of
// nobody, the first of a user or the hundredth, with a hint that is none. Where no hint opens, the recipient is a random point.
//
// The egress key and the map of counters are one structure. They begin together, from a seed, and nothing but the beginning
// of a new one clears the map, so that a counter never starts again under the same key; the key is never handed out.
import { BOX_OVERHEAD_BYTES, sealBox, wipeBox } from "./crypto-box";
import { fogHintsScratch, fogOpenHints } from "./fog-hint";
import { BLAKE2B_512, hash } from "./hash";
import { multiplyBatchInternal, ristrettoBatchScratch, ristrettoMultiplyBase, wipeMultiplyScratch } from "./multiply";
import { mapBytes, mapIncrement, mapInit } from "./oblivious-map";
import { RANDOM_BYTES, randomFill, randomSeed } from "./random";
import { ristrettoOneWayMap } from "./ristretto";
import { scalarReduceWide } from "./scalar";

const POINT_BYTES: i32 = 32;
const WIDE_BYTES: usize = 64;
const SEED_BYTES: usize = 32;
const SEARCH_KEY_BYTES: usize = 16;

const MAP_KEY_BYTES: u32 = 32;
const COUNTER_BYTES: u32 = 8;

// A structure: egress private key ‖ generator ‖ map.
const RANDOM: usize = 64;
const MAP: usize = (RANDOM + RANDOM_BYTES + 63) & ~63;

/** Random bytes for an output: those of the point in the place of a recipient, and those of the ephemeral key. */
const RANDOM_FOR_OUTPUT: usize = 2 * WIDE_BYTES;

/** Seed of the map, and then random bytes of the egress key. */
const uniform: usize = memory.data(64, 16);
/** The shared secret with its first byte inverted, as no key of the map is all zeros. */
const mapKey: usize = memory.data(32, 16);
/** "20201124" ‖ shared secret ‖ counter: what the pseudorandom function takes (spec 01 §8.1). */
const numbered: usize = memory.data(48, 16);
const SECRET: usize = 8;
const COUNTER: usize = 40;
const digest: usize = memory.data(64, 16);

/** Bytes of a structure for `capacity` outputs, a power of two up to 2^22. */
export function ingestBytes(capacity: u32): usize {
  return MAP + mapBytes(MAP_KEY_BYTES, COUNTER_BYTES, capacity);
}

/**
 * Begins at `ingest`, aligned 64, whatever was there: with a new egress key, whose public key goes to `publicKey`, and no
 * counters, from 32 uniform bytes.
 */
export function ingestBegin(ingest: usize, capacity: u32, seed: usize, publicKey: usize): void {
  memory.fill(ingest, 0, ingestBytes(capacity));
  const random = ingest + RANDOM;
  randomSeed(random, seed);
  randomFill(random, uniform, SEED_BYTES);
  mapInit(ingest + MAP, MAP_KEY_BYTES, COUNTER_BYTES, capacity, uniform);
  randomFill(random, uniform, WIDE_BYTES);
  scalarReduceWide(ingest, uniform);
  ristrettoMultiplyBase(publicKey, ingest);
  memory.fill(uniform, 0, WIDE_BYTES);
}

/** Scratch bytes that n outputs need. */
export function ingestScratch(n: i32): i32 {
  return fogHintsScratch(n) + n * (i32(RANDOM_FOR_OUTPUT) + 6 * POINT_BYTES);
}

/**
 * Takes in n outputs, at most as many as are left of the capacity: hints of 84 bytes each, and their records one after
 * another, with the length of each in 32 bits. Writes n search keys of 16 bytes, and the sealed records one after another, each
 * 50 bytes longer. Lengths are public. The result is 1 if the ingress key is below ℓ; otherwise 0, and what was written is meaningless.
 */
export function ingestOutputs(
  ingest: usize,
  searchKeys: usize,
  payloads: usize,
  ingressKey: usize,
  hints: usize,
  records: usize,
  lengths: usize,
  n: i32,
  scratch: usize,
): i32 {
  const size = POINT_BYTES * n;
  const random = scratch + fogHintsScratch(n);
  const fallbacks = random + RANDOM_FOR_OUTPUT * n;
  const recipients = fallbacks + size;
  const secrets = recipients + size;
  const ephemeralKeys = secrets + size;
  const ephemerals = ephemeralKeys + size;
  const shared = ephemerals + size;
  const valid = scratch + ristrettoBatchScratch(n);

  randomFill(ingest + RANDOM, random, RANDOM_FOR_OUTPUT * n);
  for (let i = 0; i < n; i++) {
    ristrettoOneWayMap(fallbacks + POINT_BYTES * i, random + RANDOM_FOR_OUTPUT * i);
    const ephemeralKey = ephemeralKeys + POINT_BYTES * i;
    scalarReduceWide(ephemeralKey, random + RANDOM_FOR_OUTPUT * i + WIDE_BYTES);
    ristrettoMultiplyBase(ephemerals + POINT_BYTES * i, ephemeralKey);
  }
  const canonical = fogOpenHints(recipients, ingressKey, hints, fallbacks, n, scratch);
  if (n > 0) {
    multiplyBatchInternal(secrets, ingest, 0, recipients, n, valid, scratch);
    multiplyBatchInternal(shared, ephemeralKeys, POINT_BYTES, recipients, n, valid, scratch);
  }
  for (let i = 0; i < n; i++) {
    const at = POINT_BYTES * i;
    nextSearchKey(searchKeys + SEARCH_KEY_BYTES * i, ingest + MAP, secrets + at);
    const length = load<i32>(lengths + 4 * i);
    sealBox(payloads, shared + at, ephemerals + at, records, length);
    records += length;
    payloads += length + BOX_OVERHEAD_BYTES;
  }
  memory.fill(scratch, 0, ingestScratch(n));
  wipeBox();
  wipeMultiplyScratch();
  return canonical;
}

/** The search key for a shared secret, which next time is the one after it. */
function nextSearchKey(out: usize, map: usize, secret: usize): void {
  memory.copy(mapKey, secret, MAP_KEY_BYTES);
  store<u8>(mapKey, ~load<u8>(mapKey));
  store<u64>(numbered, 0x3432313130323032); // "20201124"
  memory.copy(numbered + SECRET, secret, POINT_BYTES);
  mapIncrement(map, mapKey, numbered + COUNTER);
  hash(BLAKE2B_512, digest, numbered, 48);
  memory.copy(out, digest, SEARCH_KEY_BYTES);
  memory.fill(mapKey, 0, MAP_KEY_BYTES);
  memory.fill(numbered, 0, 48);
  memory.fill(digest, 0, 64);
}
