// STROBE-128 as Merlin 1.0 uses it (spec 01, Appendix A), byte by byte over noble's Keccak permutation.
import type { Strobe, StrobeState } from "@fogbow/kernel";
import { keccakP } from "@noble/hashes/sha3.js";

const RATE = 166;
const POS = 200;
const POS_BEGIN = 201;
const FLAGS = 202;

const A = 2;
const C = 4;
const K = 32;
const META_AD = 18;
const PRF = 7;
const KEY = 6;

/** The value of byte `at`; a state always has 203 bytes. */
const get = (state: StrobeState, at: number): number => state[at] as number;

function permute(state: StrobeState): void {
  const lanes = new Uint32Array(50);
  const bytes = new Uint8Array(lanes.buffer);
  bytes.set(state.subarray(0, 200));
  keccakP(lanes, 24);
  state.set(bytes);
}

function runF(state: StrobeState): void {
  const pos = get(state, POS);
  state[pos] = get(state, pos) ^ get(state, POS_BEGIN);
  state[pos + 1] = get(state, pos + 1) ^ 0x04;
  state[RATE + 1] = get(state, RATE + 1) ^ 0x80;
  permute(state);
  state[POS] = 0;
  state[POS_BEGIN] = 0;
}

/** Visits `length` bytes of the rate: each becomes `next(old, index)`. */
function duplex(state: StrobeState, length: number, next: (old: number, index: number) => number): void {
  for (let i = 0; i < length; i++) {
    const pos = get(state, POS);
    state[pos] = next(get(state, pos), i);
    state[POS] = pos + 1;
    if (pos + 1 === RATE) runF(state);
  }
}

const absorb = (state: StrobeState, data: Uint8Array): void =>
  duplex(state, data.length, (old, i) => old ^ (data[i] as number));

function begin(state: StrobeState, flags: number, more: boolean): void {
  if (more) {
    if (get(state, FLAGS) !== flags) throw new Error("A continued STROBE operation must be the one before it.");
    return;
  }
  const old = get(state, POS_BEGIN);
  state[POS_BEGIN] = get(state, POS) + 1;
  state[FLAGS] = flags;
  absorb(state, Uint8Array.of(old, flags));
  if ((flags & (C | K)) !== 0 && get(state, POS) !== 0) runF(state);
}

const le32 = (n: number): Uint8Array => Uint8Array.of(n, n >>> 8, n >>> 16, n >>> 24);

/** The model of {@link Strobe}. */
export const modelStrobe: Strobe = {
  create(protocol) {
    const state = new Uint8Array(203);
    state.set([1, RATE + 2, 1, 0, 1, 96]);
    state.set(
      Uint8Array.from("STROBEv1.0.2", (character) => character.charCodeAt(0)),
      6,
    );
    permute(state);
    modelStrobe.metaAd(state, protocol, false);
    return state;
  },
  metaAd(state, data, more) {
    begin(state, META_AD, more);
    absorb(state, data);
  },
  ad(state, data, more) {
    begin(state, A, more);
    absorb(state, data);
  },
  key(state, data, more) {
    begin(state, KEY, more);
    duplex(state, data.length, (_, i) => data[i] as number);
  },
  prf(state, length, more) {
    begin(state, PRF, more);
    const out = new Uint8Array(length);
    duplex(state, length, (old, i) => {
      out[i] = old;
      return 0;
    });
    return out;
  },
  append(state, label, message) {
    modelStrobe.metaAd(state, label, false);
    modelStrobe.metaAd(state, le32(message.length), true);
    modelStrobe.ad(state, message, false);
  },
  appendAll(state, { bytes }) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at < bytes.length; ) {
      const label = at + 8;
      const message = label + view.getUint32(at, true);
      const end = message + view.getUint32(at + 4, true);
      modelStrobe.append(state, bytes.subarray(label, message), bytes.subarray(message, end));
      at = end;
    }
  },
  challenge(state, label, length) {
    modelStrobe.metaAd(state, label, false);
    modelStrobe.metaAd(state, le32(length), true);
    return modelStrobe.prf(state, length, false);
  },
};
