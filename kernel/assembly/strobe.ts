// STROBE-128 (STROBE v1.0.2, R = 166) and the two operations Merlin 1.0 makes of it. The caller holds the state: 200
// bytes of Keccak state, then `pos`, `posBegin` and `curFlags`, which depend on lengths only and so are public.
import { keccakPermute } from "./keccak";

/** Bytes of the Keccak state that are absorbed into between permutations. */
const RATE: usize = 166;
const POS: usize = 200;
const POS_BEGIN: usize = 201;
const CUR_FLAGS: usize = 202;

const FLAG_I = 1;
const FLAG_A = 2;
const FLAG_C = 4;
const FLAG_M = 16;
const FLAG_K = 32;
const AD = FLAG_A;
const META_AD = FLAG_M | FLAG_A;
const PRF = FLAG_I | FLAG_A | FLAG_C;
const KEY = FLAG_A | FLAG_C;

/** 1, R + 2, 1, 0, 1, 96, "STROBEv1.0.2". */
const INITIAL = memory.data<u8>([1, 168, 1, 0, 1, 96, 83, 84, 82, 79, 66, 69, 118, 49, 46, 48, 46, 50]);

/** The length that Merlin puts before each message. */
const lengthBytes = memory.data(4, 4);

/** Begins a protocol in the 203 zero bytes at `state`: initialisation, then meta-AD(label). */
export function strobeBegin(state: usize, label: usize, labelLength: i32): void {
  memory.copy(state, INITIAL, 18);
  keccakPermute(state);
  strobeMetaAd(state, label, labelLength, 0);
}

/** meta-AD; `more` is 1 to continue the operation before, otherwise 0. */
export function strobeMetaAd(state: usize, data: usize, length: i32, more: i32): void {
  operate(state, META_AD, more);
  absorb(state, data, <usize>length);
}

/** AD. */
export function strobeAd(state: usize, data: usize, length: i32, more: i32): void {
  operate(state, AD, more);
  absorb(state, data, <usize>length);
}

/** KEY: what it overwrites cannot be computed back, which gives forward secrecy. */
export function strobeKey(state: usize, data: usize, length: i32, more: i32): void {
  operate(state, KEY, more);
  let pos = <usize>load<u8>(state, POS);
  for (let i: usize = 0; i < <usize>length; i++) {
    store<u8>(state + pos, load<u8>(data + i));
    pos = advance(state, pos, 1);
  }
  store<u8>(state, pos, POS);
}

/** PRF: squeezes `length` bytes to `out` and leaves zeros in their place. */
export function strobePrf(state: usize, out: usize, length: i32, more: i32): void {
  operate(state, PRF, more);
  let pos = <usize>load<u8>(state, POS);
  for (let i: usize = 0; i < <usize>length; i++) {
    store<u8>(out + i, load<u8>(state + pos));
    store<u8>(state + pos, 0);
    pos = advance(state, pos, 1);
  }
  store<u8>(state, pos, POS);
}

/** Merlin's append: meta-AD(label), meta-AD(LE32(length), more), AD(message). */
export function strobeAppend(state: usize, label: usize, labelLength: i32, message: usize, length: i32): void {
  frame(state, label, labelLength, length);
  strobeAd(state, message, length, 0);
}

/**
 * Merlin's append, over and over: `frames` holds, `length` bytes in all, for each message LE32 of the label's length, LE32
 * of the message's, the label and the message. The lengths are public.
 */
export function strobeAppendAll(state: usize, frames: usize, length: i32): void {
  const end = frames + <usize>length;
  while (frames < end) {
    const labelLength = load<i32>(frames);
    const messageLength = load<i32>(frames, 4);
    const label = frames + 8;
    const message = label + <usize>labelLength;
    strobeAppend(state, label, labelLength, message, messageLength);
    frames = message + <usize>messageLength;
  }
}

/** Merlin's challenge: meta-AD(label), meta-AD(LE32(length), more), PRF(length). */
export function strobeChallenge(state: usize, label: usize, labelLength: i32, out: usize, length: i32): void {
  frame(state, label, labelLength, length);
  strobePrf(state, out, length, 0);
}

function frame(state: usize, label: usize, labelLength: i32, length: i32): void {
  store<u32>(lengthBytes, length);
  strobeMetaAd(state, label, labelLength, 0);
  strobeMetaAd(state, lengthBytes, 4, 1);
  store<u32>(lengthBytes, 0);
}

/** Begins an operation, unless `more` continues one: binds where the one before began, and these flags. */
function operate(state: usize, flags: i32, more: i32): void {
  if (more) return;
  let pos = <usize>load<u8>(state, POS);
  const before = load<u8>(state, POS_BEGIN);
  store<u8>(state, pos + 1, POS_BEGIN);
  store<u8>(state, flags, CUR_FLAGS);
  store<u8>(state + pos, load<u8>(state + pos) ^ before);
  pos = advance(state, pos, 1);
  store<u8>(state + pos, load<u8>(state + pos) ^ <u8>flags);
  pos = advance(state, pos, 1);
  // Operations that use the cipher begin on a fresh permutation.
  if (flags & (FLAG_C | FLAG_K) && pos !== 0) pos = runF(state, pos);
  store<u8>(state, pos, POS);
}

/** XORs `length` bytes into the state, eight at a time where they fit before the end of the rate. */
function absorb(state: usize, data: usize, length: usize): void {
  let pos = <usize>load<u8>(state, POS);
  const end = data + length;
  while (data < end) {
    if (end - data >= 8 && pos + 8 <= RATE) {
      store<u64>(state + pos, load<u64>(state + pos) ^ load<u64>(data));
      data += 8;
      pos = advance(state, pos, 8);
    } else {
      store<u8>(state + pos, load<u8>(state + pos) ^ load<u8>(data));
      data += 1;
      pos = advance(state, pos, 1);
    }
  }
  store<u8>(state, pos, POS);
}

/** Moves on by `count` bytes and permutes at the end of the rate. */
function advance(state: usize, pos: usize, count: usize): usize {
  return pos + count === RATE ? runF(state, RATE) : pos + count;
}

/** Ends a block at `pos`: STROBE's padding, then the permutation. Returns the new position, 0. */
function runF(state: usize, pos: usize): usize {
  store<u8>(state + pos, load<u8>(state + pos) ^ load<u8>(state, POS_BEGIN));
  store<u8>(state + pos + 1, load<u8>(state + pos + 1) ^ 0x04);
  store<u8>(state, load<u8>(state, RATE + 1) ^ 0x80, RATE + 1);
  keccakPermute(state);
  store<u8>(state, 0, POS_BEGIN);
  return 0;
}
