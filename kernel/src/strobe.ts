// The face of STROBE-128 in `assembly/strobe.ts`. A state is copied into the module for each call and out again.
import { KernelError } from "./error.ts";
import { type Export, expectBytes, expectLength, type Instance } from "./instance.ts";
import type { Strobe, StrobeState } from "./kernel.ts";

const STATE_BYTES = 203;
const RATE = 166;
const POS = 200;
const CUR_FLAGS = 202;

const AD = 2;
const KEY = 6;
const PRF = 7;
const META_AD = 18;

/** STROBE squeezes at most this many bytes a call. */
const OUTPUT_BYTES_MAX = 65_536;

type ExportName = `strobe${"Ad" | "Append" | "AppendAll" | "Begin" | "Challenge" | "Key" | "MetaAd" | "Prf"}`;

/** STROBE on one kernel instance. */
export function createStrobe(instance: Instance): Strobe {
  // The record is open-ended by type; these are the names of `assembly/strobe.ts`.
  const exports = instance.exports as Readonly<Record<ExportName, Export>>;

  const absorb = (operation: Export, flags: number) => (state: StrobeState, data: Uint8Array, more: boolean) => {
    expectState(state);
    expectContinued(state, flags, more);
    expectBytes(data, "Data");
    instance.exchange((io) => {
      const address = io.put(state);
      operation(address, io.put(data), data.length, Number(more));
      copyBack(io, address, state);
    });
  };

  return {
    create(protocol) {
      expectBytes(protocol, "A protocol label");
      return instance.exchange((io) => {
        const address = io.reserve(STATE_BYTES);
        exports.strobeBegin(address, io.put(protocol), protocol.length);
        return io.take(address, STATE_BYTES);
      });
    },

    metaAd: absorb(exports.strobeMetaAd, META_AD),
    ad: absorb(exports.strobeAd, AD),
    key: absorb(exports.strobeKey, KEY),

    prf(state, length, more) {
      expectState(state);
      expectContinued(state, PRF, more);
      expectOutputLength(length);
      return instance.exchange((io) => {
        const address = io.put(state);
        const out = io.reserve(length);
        exports.strobePrf(address, out, length, Number(more));
        copyBack(io, address, state);
        return io.take(out, length);
      });
    },

    append(state, label, message) {
      expectState(state);
      expectBytes(label, "A label");
      expectBytes(message, "A message");
      instance.exchange((io) => {
        const address = io.put(state);
        exports.strobeAppend(address, io.put(label), label.length, io.put(message), message.length);
        copyBack(io, address, state);
      });
    },

    appendAll(state, frames) {
      expectState(state);
      instance.exchange((io) => {
        const address = io.put(state);
        exports.strobeAppendAll(address, io.put(frames.bytes), frames.length);
        copyBack(io, address, state);
      });
    },

    challenge(state, label, length) {
      expectState(state);
      expectBytes(label, "A label");
      expectOutputLength(length);
      return instance.exchange((io) => {
        const address = io.put(state);
        const out = io.reserve(length);
        exports.strobeChallenge(address, io.put(label), label.length, out, length);
        copyBack(io, address, state);
        return io.take(out, length);
      });
    },
  };
}

function copyBack(io: Instance, address: number, state: StrobeState): void {
  state.set(io.memory.subarray(address, address + STATE_BYTES));
}

/** A position beyond the rate would let the module write past the state. */
function expectState(state: StrobeState): void {
  expectLength(state, STATE_BYTES, "A STROBE state");
  if ((state[POS] ?? RATE) >= RATE) {
    throw new KernelError("invalid-length", `A STROBE state must have a position below ${RATE}.`);
  }
}

function expectContinued(state: StrobeState, flags: number, more: boolean): void {
  if (more && state[CUR_FLAGS] !== flags) throw new Error("A continued STROBE operation must be the one before it.");
}

function expectOutputLength(length: number): void {
  if (!Number.isInteger(length) || length < 0 || length > OUTPUT_BYTES_MAX) {
    throw new KernelError("invalid-length", `The output must be 0 to ${OUTPUT_BYTES_MAX} bytes.`);
  }
}
