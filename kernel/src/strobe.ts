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

/** Frames are handed over in portions of about so many bytes, so that the area stays small. */
const PORTION_BYTES = 65_536;

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

    appendAll(state, labelsAndMessages) {
      expectState(state);
      expectPairs(labelsAndMessages);
      for (let first = 0; first < labelsAndMessages.length; ) {
        const [end, length] = portion(labelsAndMessages, first);
        instance.exchange((io) => {
          const address = io.put(state);
          const frames = io.reserve(length);
          layOut(io.memory, frames, labelsAndMessages.slice(first, end));
          exports.strobeAppendAll(address, frames, length);
          copyBack(io, address, state);
        });
        first = end;
      }
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

/** Up to which index of the list a portion that starts at `first` goes, and how many bytes its frames have. */
function portion(labelsAndMessages: readonly Uint8Array[], first: number): [end: number, length: number] {
  let end = first;
  let length = 0;
  while (end < labelsAndMessages.length && length < PORTION_BYTES) {
    const [label, message] = pairAt(labelsAndMessages, end);
    length += 8 + label.length + message.length;
    end += 2;
  }
  return [end, length];
}

/** Writes frames as `strobeAppendAll` reads them. */
function layOut(memory: Uint8Array, address: number, labelsAndMessages: readonly Uint8Array[]): void {
  const view = new DataView(memory.buffer);
  let at = address;
  for (let i = 0; i < labelsAndMessages.length; i += 2) {
    const [label, message] = pairAt(labelsAndMessages, i);
    view.setUint32(at, label.length, true);
    view.setUint32(at + 4, message.length, true);
    copy(memory, at + 8, label);
    copy(memory, at + 8 + label.length, message);
    at += 8 + label.length + message.length;
  }
}

/** `Uint8Array.set`, which costs more than a loop for the few bytes that labels and numbers have. */
function copy(memory: Uint8Array, address: number, bytes: Uint8Array): void {
  if (bytes.length > 64) {
    memory.set(bytes, address);
    return;
  }
  for (let i = 0; i < bytes.length; i++) memory[address + i] = bytes[i] as number; // `i` is below the length.
}

function pairAt(labelsAndMessages: readonly Uint8Array[], i: number): [label: Uint8Array, message: Uint8Array] {
  return [labelsAndMessages[i] as Uint8Array, labelsAndMessages[i + 1] as Uint8Array]; // The length is even.
}

function expectPairs(labelsAndMessages: readonly Uint8Array[]): void {
  if (labelsAndMessages.length % 2 !== 0) {
    throw new KernelError("invalid-length", "Each label must come with a message.");
  }
  for (const bytes of labelsAndMessages) expectLength(bytes, bytes.length, "A label or message");
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
