// How large an encoded message of this package may be.

/** Bytes of an encoded TxOut, RevealedTxOut, Receipt, UnmaskedAmount or record. The largest needs fewer than 350. */
export const MESSAGE_BYTES_MAX = 1024;
