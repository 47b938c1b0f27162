// The way to a running enclave: bytes in, bytes out, and its end. Each hosting has one.

/** A running enclave as its host holds it. */
export interface Link {
  /** Sends whole frames. Takes the buffer, which may be moved to another thread. Does nothing after the end. */
  send(packet: Uint8Array<ArrayBuffer>): void;
  /** Ends the enclave, at once and whatever it is doing. `ended` follows. */
  end(): void;
}

/** What a link tells. */
export interface LinkEvents {
  /** Bytes came out: whole frames or parts of them, which become the receiver's. */
  received(bytes: Uint8Array): void;
  /** The enclave is gone; nothing follows. `detail` says what the system knows of it. */
  ended(detail: string): void;
}

/** Starts an enclave and connects it. What goes wrong later is told by `ended`. */
export type OpenLink = (events: LinkEvents) => Link;
