// How many streams clients have open (spec 05 §2.8).
import { Code, ConnectError } from "@connectrpc/connect";
import { WATCHES_MAX, WATCHES_PER_CLIENT_MAX } from "../limits.ts";

/** Counts streams by caller. */
export class Streams {
  readonly #byCaller = new Map<string, number>();
  #count = 0;

  /** Opens a stream; returns what closes it. Throws a ConnectError when the caller, or everybody, has too many. */
  open(caller: string): () => void {
    const own = this.#byCaller.get(caller) ?? 0;
    if (own >= WATCHES_PER_CLIENT_MAX) throw new ConnectError("Too many streams are open.", Code.ResourceExhausted);
    if (this.#count >= WATCHES_MAX)
      throw new ConnectError("Too many streams are open; try again later.", Code.Unavailable);
    this.#byCaller.set(caller, own + 1);
    this.#count++;
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.#count--;
      const left = (this.#byCaller.get(caller) ?? 1) - 1;
      if (left > 0) this.#byCaller.set(caller, left);
      else this.#byCaller.delete(caller);
    };
  }
}
