// The entry points by which nodes' enclaves give each other transactions.
import { decodeSealedMessage, encodeSealedMessage } from "@fogbow/core-attest";
import { wipeBytes } from "@fogbow/core-bytes";
import { decodeMessage, encodeMessage, PeerSealRequestSchema, TxContextsSchema, TxListSchema } from "@fogbow/core-wire";
import type { Call } from "../enclave-state.ts";
import { ConsensusError } from "../error.ts";
import { DOOR, TX_LIST_BYTES_MAX } from "../limits.ts";
import { assertNamed } from "../named-txs.ts";
import { txContext } from "../tx-context.ts";

/**
 * `peer-propose`: opens a peer's transactions and keeps them. Those that no check would accept are left out of the answer.
 * Throws AttestError, WireError, and ConsensusError `too-many-txs`, `malformed-tx` or `transactions-full`.
 */
export const peerPropose: Call = (input, state) => {
  const { peers, txs } = state;
  const plaintext = peers.open(decodeSealedMessage(input));
  try {
    const list = decodeMessage(TxListSchema, plaintext, DOOR).txs;
    assertNamed(list);
    const intakes = list.map((encoded) => txs.takeIn(encoded.slice()));
    return encodeMessage(TxContextsSchema, {
      txs: intakes.flatMap((intake) => ("kept" in intake ? [txContext(intake.kept, state)] : [])),
    });
  } finally {
    wipeBytes(plaintext);
  }
};

/**
 * `peer-seal`: transactions for a peer. Throws ConsensusError `unknown-tx`, `too-many-txs` or `list-too-large`, AttestError,
 * and WireError.
 */
export const peerSeal: Call = (input, { peers, txs }) => {
  const { channelId, txHashes, aad } = decodeMessage(PeerSealRequestSchema, input, DOOR);
  assertNamed(txHashes);
  const bodies = txHashes.map((hash) => txs.wellFormed(hash).encoded);
  if (bodies.reduce((sum, { length }) => sum + length, 0) > TX_LIST_BYTES_MAX) {
    throw new ConsensusError("list-too-large", `At most ${TX_LIST_BYTES_MAX} bytes are sealed at one time.`);
  }
  const plaintext = encodeMessage(TxListSchema, { txs: bodies });
  try {
    return encodeSealedMessage(peers.seal(channelId, plaintext, aad.slice()));
  } finally {
    wipeBytes(plaintext);
  }
};
