// The control: a thin-wallet server as people build them without Fog. It is given view keys, looks at every block for its
// users' outputs, and answers with what it found. Whoever watches the wire sees how much that is.
import { encodeTxOut, type TxOut } from "@fogbow/core-transaction";
import type { Sight } from "../attacker.ts";

/** A server that knows whose outputs are whose. */
export class NaiveServer {
  readonly #isOf: (txOut: TxOut) => string | undefined;
  readonly #found = new Map<string, TxOut[]>();
  #lastTouched = "";

  constructor(isOf: (txOut: TxOut) => string | undefined) {
    this.#isOf = isOf;
  }

  /** Finds out whose the outputs of a block are. */
  addBlock(outputs: readonly TxOut[]): void {
    for (const output of outputs) {
      const owner = this.#isOf(output);
      if (owner === undefined) continue;
      this.#found.set(owner, [...(this.#found.get(owner) ?? []), output]);
      this.#lastTouched = owner;
    }
  }

  /** What a user is sent, in full and over an encrypted connection. */
  answer(user: string): Uint8Array[] {
    return (this.#found.get(user) ?? []).map(encodeTxOut);
  }

  /** What is in sight of who watches the packets, and of who also watches the server's memory. */
  sightOf(user: string): { readonly oscar: Sight; readonly eve: Sight } {
    const oscar = { responseBytes: this.answer(user).reduce((sum, { length }) => sum + length, 0) };
    return { oscar, eve: { ...oscar, lastTouched: this.#lastTouched } };
  }
}
