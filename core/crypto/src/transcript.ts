// Merlin 1.0 transcripts (https://merlin.cool) over STROBE-128: hashing that is clear about what each byte means.
import { le32, le64, utf8, wipeBytes } from "@fogbow/core-bytes";
import { type Frames, kernel, type StrobeState } from "@fogbow/kernel";

const PROTOCOL = utf8("Merlin v1.0");

/** A running hash of labelled messages. Labels are text chosen by the protocol, never input. */
export class Transcript {
  readonly #state: StrobeState;

  /** Starts a transcript for a protocol's label, or a copy of another transcript. */
  constructor(origin: string | Transcript) {
    if (typeof origin === "string") {
      this.#state = kernel().strobe.create(PROTOCOL);
      this.append("dom-sep", utf8(origin));
    } else {
      this.#state = origin.#state.slice();
    }
  }

  /** Appends a message. An empty label is a label like any other. */
  append(label: string, message: Uint8Array): void {
    kernel().strobe.append(this.#state, transcriptLabel(label), message);
  }

  /** Appends many messages in one go. Labels as {@link transcriptLabel} gives them. */
  appendAll(frames: Frames): void {
    kernel().strobe.appendAll(this.#state, frames);
  }

  /** Appends an unsigned 64-bit integer as 8 bytes, least significant first. */
  appendU64(label: string, n: bigint): void {
    this.append(label, le64(n));
  }

  /** `length` bytes that depend on everything so far. Changes the transcript: the next challenge differs. */
  challenge(label: string, length: number): Uint8Array {
    return kernel().strobe.challenge(this.#state, transcriptLabel(label), length);
  }

  /** A transcript that has seen the same and goes its own way. */
  clone(): Transcript {
    return new Transcript(this);
  }

  /**
   * `length` secret bytes for a prover: they depend on everything so far, on `witness` (a secret of the prover) and on
   * `randomness` (32 bytes). This is Merlin's transcript generator with one witness; the transcript is unchanged.
   */
  witness(label: string, { witness, randomness, length }: WitnessInputs): Uint8Array {
    const { strobe } = kernel();
    const state = this.#state.slice();
    try {
      strobe.metaAd(state, utf8(label), false);
      strobe.metaAd(state, le32(witness.length), true);
      strobe.key(state, witness, false);
      strobe.metaAd(state, utf8("rng"), false);
      strobe.key(state, randomness, false);
      strobe.metaAd(state, le32(length), false);
      return strobe.prf(state, length, false);
    } finally {
      wipeBytes(state);
    }
  }

  /** Forgets everything. For transcripts that were fed a secret; do not use it afterwards. */
  wipe(): void {
    wipeBytes(this.#state);
  }
}

const CACHED_LABELS_MAX = 512;
const labels = new Map<string, Uint8Array>();

/**
 * A label as bytes. Remembers up to 512 of them, which is more than all protocols here have: large objects use the same
 * few labels thousands of times.
 */
export function transcriptLabel(label: string): Uint8Array {
  let bytes = labels.get(label);
  if (bytes === undefined) {
    bytes = utf8(label);
    if (labels.size < CACHED_LABELS_MAX) {
      labels.set(label, bytes);
    }
  }
  return bytes;
}

/** What {@link Transcript.witness} binds besides the transcript. */
export interface WitnessInputs {
  /** A secret that must not be guessable, such as a key or a nonce. */
  readonly witness: Uint8Array;
  /** 32 bytes, random or derived. */
  readonly randomness: Uint8Array;
  /** How many bytes to make. */
  readonly length: number;
}
