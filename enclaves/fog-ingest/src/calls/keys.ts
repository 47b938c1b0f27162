// The entry points that make keys, and that tell their public halves.
import { PrivateKey } from "@fogbow/core-crypto";
import { CompressedRistrettoSchema, encodeMessage, IngestKeysSchema, KexRngPubkeySchema } from "@fogbow/core-wire";
import type { Call } from "../enclave-state.ts";
import { keysMessage, publicMessage } from "../keys-message.ts";

/** `new-keys`: both keys anew. Throws what sealing throws; then nothing has changed. */
export const newKeys: Call = (_, state) => {
  const old = state.ingressKey;
  state.ingressKey = PrivateKey.random(state.random);
  try {
    keysMessage(state);
  } catch (error) {
    state.ingressKey.wipe();
    state.ingressKey = old;
    throw error;
  }
  old.wipe();
  state.egress.renew();
  return encodeMessage(IngestKeysSchema, keysMessage(state));
};

/** `new-egress-key`: that key and its counters anew (invariant I-1 of spec 03 §2.5). */
export const newEgressKey: Call = (_, { egress }) => {
  egress.renew();
  return encodeMessage(KexRngPubkeySchema, egress.kexRng);
};

/** `ingress-pubkey`: to which hints are encrypted. */
export const ingressPubkey: Call = (_, { ingressKey }) =>
  encodeMessage(CompressedRistrettoSchema, publicMessage(ingressKey));

/** `kex-rng-pubkey`: from which users make their search keys. */
export const kexRngPubkey: Call = (_, { egress }) => encodeMessage(KexRngPubkeySchema, egress.kexRng);

/** `sealed-ingress-key`: the key, sealed, with its public half. Throws what sealing throws. */
export const sealedIngressKey: Call = (_, state) => encodeMessage(IngestKeysSchema, keysMessage(state));
