// What an observer of Fog writes down, in order: packets, what crosses the doors of enclaves, rows of the database, and what
// kernels touched meanwhile.
import type { Trace } from "./kernel-watch.ts";

/** Bytes that went one way and the other, and when. */
export interface Sighting {
  /** On the network between a client and Fog, at an enclave's door, or in the database. */
  readonly place: "wire" | "door" | "row";
  /** Whose, and which call. */
  readonly name: string;
  readonly sent: Uint8Array;
  readonly answered: Uint8Array;
  /** Milliseconds by a clock that only goes up. */
  readonly began: number;
  readonly ended: number;
  /** What the kernel touched, at the doors of a watched enclave. */
  readonly trace?: Trace;
}

/** Notes of one observer. */
export class Notebook {
  #sightings: Sighting[] = [];

  /** Takes down an exchange while it happens, in the order of beginnings. */
  async exchange(
    place: Sighting["place"],
    name: string,
    sent: Uint8Array,
    answer: () => Promise<{ readonly answered: Uint8Array; readonly trace?: Trace | undefined }>,
  ): Promise<Uint8Array> {
    const at = this.#sightings.length;
    const began = performance.now();
    const begun: Sighting = { place, name, sent: sent.slice(), answered: new Uint8Array(), began, ended: began };
    this.#sightings.push(begun);
    const { answered, trace } = await answer();
    this.#sightings[at] = {
      ...begun,
      answered: answered.slice(),
      ended: performance.now(),
      ...(trace === undefined ? {} : { trace }),
    };
    return answered;
  }

  /** Takes down bytes that lie there to be read. */
  note(place: Sighting["place"], name: string, sent: Uint8Array): void {
    const now = performance.now();
    this.#sightings.push({ place, name, sent: sent.slice(), answered: new Uint8Array(), began: now, ended: now });
  }

  /** Everything since the last time, in order. */
  take(): readonly Sighting[] {
    const sightings = this.#sightings;
    this.#sightings = [];
    return sightings;
  }
}
