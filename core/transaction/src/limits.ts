// How large an encoded message of this package may be.

/** Bytes of an encoded TxOut, RevealedTxOut, Receipt, UnmaskedAmount or record. The largest needs fewer than 350. */
export const MESSAGE_BYTES_MAX = 1024;

/** Bytes of an encoded membership proof. One in a tree of 2⁶³ outputs needs fewer than 4 300. */
export const MEMBERSHIP_PROOF_BYTES_MAX = 8192;

/** Bytes of an encoded transaction. One of 16 inputs and 16 outputs in a tree of 2³² outputs needs fewer than 450 000. */
export const TX_BYTES_MAX = 1_048_576;

/** Bytes of an encoded transaction summary, or of what opens it. 16 inputs and 16 outputs need fewer than 12 000. */
export const TX_SUMMARY_BYTES_MAX = 131_072;

/** Bytes of an encoded minting transaction, configuration of minting or signer set. Ten signers need fewer than 1 200. */
export const MINT_TX_BYTES_MAX = 65_536;

/** Bytes of an encoded signed contingent input. One without partial fills in a tree of 2³² outputs needs fewer than 30 000. */
export const SCI_BYTES_MAX = 131_072;

/** Bytes of the minting configurations in force for a token, as the ledger keeps them and nodes tell them. */
export const ACTIVE_MINT_CONFIGS_BYTES_MAX = 67_108_864;
