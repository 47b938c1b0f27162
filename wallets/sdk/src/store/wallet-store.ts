// Where a wallet keeps what it would otherwise have to ask Fog for again. It is only a cache: losing it costs a search from the beginning,
// and decoys and undecided payments, which no server has.

/** A place for one wallet's state. Whoever writes has it alone. */
export interface WalletStore {
  /** What was written last; undefined when there is nothing that can be used. */
  read(): Promise<Uint8Array | undefined>;
  /** Replaces it, wholly or not at all. */
  write(state: Uint8Array): Promise<void>;
  /** Lets go of the place. */
  close(): Promise<void>;
}

/** A store that ends with the program. */
export class MemoryStore implements WalletStore {
  #state: Uint8Array | undefined;

  async read(): Promise<Uint8Array | undefined> {
    return this.#state?.slice();
  }

  async write(state: Uint8Array): Promise<void> {
    this.#state = state.slice();
  }

  async close(): Promise<void> {}
}
