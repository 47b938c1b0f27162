// A sequence of search keys that the wallet follows (spec 03 §8.3).
import { toHex } from "@fogbow/core-bytes";
import { KEX_RNG_VERSION, KexRng, kexRngPublicKey, type PrivateKey } from "@fogbow/core-crypto";
import type { RngEvent } from "../view/view-answer.ts";

/** One sequence, and how far it was followed. */
export interface FollowedRng extends RngEvent {
  ingestInvocationId: bigint;
  /** Undefined for a version that this wallet does not know. */
  readonly rng: KexRng | undefined;
  /** Whether a search for it was ever completed. Until then, blocks from its start on are not known. */
  searched: boolean;
  /** Whether it is never asked again: its invocation ended, and it missed after that. */
  stopped: boolean;
}

/** The name by which a sequence is known: its egress public key. */
export function rngName({ publicKey, version }: Pick<RngEvent, "publicKey" | "version">): string {
  return `${toHex(publicKey)}/${version}`;
}

/** Begins to follow a sequence with the view private key of the default subaddress. Throws CryptoError `invalid-public-key`. */
export function followRng(event: RngEvent, subaddressViewPrivateKey: PrivateKey): FollowedRng {
  const { publicKey, version } = event;
  const rng =
    version === KEX_RNG_VERSION
      ? KexRng.fromKeyExchange(subaddressViewPrivateKey, kexRngPublicKey(publicKey, version))
      : undefined;
  return { ...event, rng, searched: false, stopped: false };
}
