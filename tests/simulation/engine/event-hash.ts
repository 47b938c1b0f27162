// What happened, in 64 bits: two runs of one seed must come to the same (spec 05 §6.1).

/** A running hash over everything that happens. Not cryptographic: nobody tries to deceive it. */
export class EventHash {
  #a = 0x9e37_79b9;
  #b = 0x85eb_ca6b;

  /** Takes in 32 bits. */
  number(value: number): void {
    this.#a = Math.imul(this.#a ^ value, 0x0100_0193);
    this.#b = Math.imul((this.#b << 13) | (this.#b >>> 19), 5) + (this.#a ^ value);
  }

  text(value: string): void {
    for (let i = 0; i < value.length; i++) this.number(value.charCodeAt(i));
  }

  bytes(value: Uint8Array): void {
    let word = value.length;
    for (let i = 0; i < value.length; i++) {
      word = (word << 8) | (value[i] as number); // Inside.
      if ((i & 3) === 3) this.number(word);
    }
    this.number(word);
  }

  /** 16 hex digits. */
  digest(): string {
    return [this.#a, this.#b].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }
}
