// The versioned crypto box (spec 01 §7.1): public-key authenticated encryption over ristretto255 with HKDF-BLAKE2b-512 and
// AES-256-GCM. Multiplying is the callers' part, who do it for many boxes at a time.
import { aesGcmOpen, aesGcmSeal } from "./aes-modes";
import { BLAKE2B_512 } from "./hash";
import { hkdf } from "./hmac";

/** How many bytes a box is longer than its plaintext: ephemeral public key ‖ GCM tag ‖ version 1, 0. */
export const BOX_OVERHEAD_BYTES: usize = 50;

const POINT_BYTES: usize = 32;
const TAG_BYTES: usize = 16;
const VERSION: u16 = 1;

const AES_KEY_BYTES: i32 = 32;
const NONCE_BYTES: i32 = 12;

/** "dei-salty-box" */
const salt: usize = memory.data<u8>([0x64, 0x65, 0x69, 0x2d, 0x73, 0x61, 0x6c, 0x74, 0x79, 0x2d, 0x62, 0x6f, 0x78]);
const SALT_BYTES: i32 = 13;
/** "aead-key-iv" */
const info: usize = memory.data<u8>([0x61, 0x65, 0x61, 0x64, 0x2d, 0x6b, 0x65, 0x79, 0x2d, 0x69, 0x76]);
const INFO_BYTES: i32 = 11;

/** AES key ‖ nonce. */
const keyAndNonce: usize = memory.data(48, 16);

/**
 * Decrypts the `length` bytes of ciphertext of a box, given the point that both sides share. Returns −1 if tag and version
 * are right. With a wrong tag `out` is zeros. The caller calls {@link wipeBox}.
 */
export function openBox(out: usize, shared: usize, box: usize, length: i32): i32 {
  deriveKey(shared);
  const tag = box + length + POINT_BYTES;
  const opened = aesGcmOpen(out, keyAndNonce, keyAndNonce + AES_KEY_BYTES, 0, 0, box, length, tag);
  return opened & isZero(u32(load<u16>(tag + TAG_BYTES) ^ VERSION));
}

/**
 * Writes the box of `length` bytes of plaintext to `out`, given the point that both sides share and the ephemeral public key. The
 * caller calls {@link wipeBox}.
 */
export function sealBox(out: usize, shared: usize, ephemeral: usize, plaintext: usize, length: i32): void {
  deriveKey(shared);
  const footer = out + length;
  aesGcmSeal(out, keyAndNonce, keyAndNonce + AES_KEY_BYTES, 0, 0, plaintext, length);
  v128.store(footer + POINT_BYTES, v128.load(footer));
  memory.copy(footer, ephemeral, POINT_BYTES);
  store<u16>(footer + POINT_BYTES + TAG_BYTES, VERSION);
}

/** Wipes what the functions of this file leave behind. */
export function wipeBox(): void {
  memory.fill(keyAndNonce, 0, 48);
}

function deriveKey(shared: usize): void {
  const length = AES_KEY_BYTES + NONCE_BYTES;
  hkdf(BLAKE2B_512, keyAndNonce, length, salt, SALT_BYTES, shared, i32(POINT_BYTES), info, INFO_BYTES);
}

/** −1 if x = 0, else 0. */
function isZero(x: u32): i32 {
  return ~(i32(x | (0 - x)) >> 31);
}
