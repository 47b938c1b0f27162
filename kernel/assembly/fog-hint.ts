// Opens encrypted Fog hints for ingest (spec 01 §7.1, §7.5) with one trace of instructions and addresses, whatever a hint
// holds: one of ours, one for another key, a decoy, or garbage. Each check is a mask, and all of them run to the end.
import { openBox, wipeBox } from "./crypto-box";
import { multiplyBatchInternal, ristrettoBatchScratch, wipeMultiplyScratch } from "./multiply";
import { POINTS4_BYTES } from "./points4";
import { decode4 } from "./ristretto";
import { scalarIsCanonical } from "./scalar";

// A hint: ciphertext ‖ ephemeral public key ‖ GCM tag ‖ version 1, 0.
const HINT_BYTES: usize = 84;
const PLAINTEXT_BYTES: i32 = 34;
const EPHEMERAL: usize = 34;

// The plaintext: view public key ‖ two magic bytes.
const KEY_BYTES: usize = 32;
const MAGIC: u32 = 0x2a2a;

const plaintext: usize = memory.data(48, 16);
/** Four decoded view public keys. Only whether they decode matters. */
const decoded: usize = memory.data(640, 16);

/** Scratch bytes that n hints need. */
export function fogHintsScratch(n: i32): i32 {
  return ristrettoBatchScratch(n) + 4 * roundUp(n) + i32(KEY_BYTES) * n;
}

/**
 * Writes 32 bytes for each of n hints to `out`: the view public key inside, or the hint's 32 bytes of `fallbacks` when
 * it does not open, is no hint, or holds no point. The result is 1 if the private key is below ℓ; otherwise 0, and out
 * is meaningless. The areas must not overlap.
 */
export function fogOpenHints(
  out: usize,
  privateKey: usize,
  hints: usize,
  fallbacks: usize,
  n: i32,
  scratch: usize,
): i32 {
  if (n > 0) {
    const accepted = scratch + ristrettoBatchScratch(n);
    agreeOnSecrets(out, privateKey, hints, n, accepted, scratch);
    for (let i = 0; i < n; i++) {
      const mask = openHint(out + KEY_BYTES * i, hints + HINT_BYTES * i);
      store<i32>(accepted + 4 * i, load<i32>(accepted + 4 * i) & mask);
    }
    acceptPoints(accepted, out, n);
    for (let i = 0; i < n; i++) {
      const accept = i32x4.splat(load<i32>(accepted + 4 * i));
      select(out + KEY_BYTES * i, fallbacks + KEY_BYTES * i, accept);
      select(out + KEY_BYTES * i + 16, fallbacks + KEY_BYTES * i + 16, accept);
    }
    memory.fill(scratch, 0, fogHintsScratch(n));
  }
  wipe();
  return scalarIsCanonical(privateKey);
}

/** out[i] = the shared secret z = enc(x·E) of hint i; accepted[i] = −1 if its ephemeral key E is a point, else 0. */
function agreeOnSecrets(out: usize, privateKey: usize, hints: usize, n: i32, accepted: usize, scratch: usize): void {
  const ephemeral = accepted + 4 * roundUp(n);
  for (let i = 0; i < n; i++) memory.copy(ephemeral + KEY_BYTES * i, hints + HINT_BYTES * i + EPHEMERAL, KEY_BYTES);
  multiplyBatchInternal(out, privateKey, 0, ephemeral, n, accepted, scratch);
}

/**
 * Replaces the shared secret at `place` by the first 32 bytes of the plaintext. Returns −1 if version, tag and magic
 * bytes are right, else 0.
 */
function openHint(place: usize, hint: usize): i32 {
  const opened = openBox(plaintext, place, hint, PLAINTEXT_BYTES);
  memory.copy(place, plaintext, KEY_BYTES);
  return opened & isZero(u32(load<u16>(plaintext + KEY_BYTES)) ^ MAGIC);
}

/** Takes back the acceptance of whatever is no point. Decodes four at a time; the last again where there are fewer. */
function acceptPoints(accepted: usize, points: usize, n: i32): void {
  const last = points + KEY_BYTES * (n - 1);
  for (let i = 0; i < n; i += 4) {
    const first = points + KEY_BYTES * i;
    const valid = decode4(
      decoded,
      first,
      min(first + KEY_BYTES, last),
      min(first + 2 * KEY_BYTES, last),
      min(first + 3 * KEY_BYTES, last),
    );
    v128.store(accepted + 4 * i, v128.and(v128.load(accepted + 4 * i), valid));
  }
}

/** Sixteen bytes of `fallback` over `place` unless the mask is set. */
function select(place: usize, fallback: usize, keep: v128): void {
  v128.store(place, v128.bitselect(v128.load(place), v128.load(fallback), keep));
}

/** −1 if x = 0, else 0. */
function isZero(x: u32): i32 {
  return ~(i32(x | (0 - x)) >> 31);
}

/** Four hints share vectors, so their flags fill whole ones. */
function roundUp(n: i32): i32 {
  return (n + 3) & ~3;
}

function wipe(): void {
  wipeBox();
  memory.fill(plaintext, 0, 48);
  memory.fill(decoded, 0, POINTS4_BYTES);
  wipeMultiplyScratch();
}
