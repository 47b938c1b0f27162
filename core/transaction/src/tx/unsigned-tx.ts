// A transaction on its way from a machine that sees the ledger to one that holds the keys (spec 02 §3.2, §10).
import type { Random } from "@fogbow/core-bytes";
import type { BlockVersion } from "../block-version.ts";
import type { TxOutUnblindingData } from "./check-tx-summary.ts";
import type { InputRing, RingSigner } from "./input-ring.ts";
import { signTx } from "./sign-tx.ts";
import type { SignatureRctBulletproofs, TxPrefix } from "./tx.ts";

/** Everything of a transaction but its signature, and what opens its amounts. It is as secret as they are. */
export interface UnsignedTx {
  readonly blockVersion: BlockVersion;
  readonly prefix: TxPrefix;
  /** One for each input, in the same order. Rings of a view-only account name the subaddress instead of the key. */
  readonly rings: readonly InputRing[];
  /** One for each output, in the same order. */
  readonly outputs: readonly TxOutUnblindingData[];
}

/** Signs what was built elsewhere. Throws as `createSigningData` and the signer do. */
export function signUnsignedTx(unsigned: UnsignedTx, signer: RingSigner, random: Random): SignatureRctBulletproofs {
  const { blockVersion, prefix, rings } = unsigned;
  const outputs = unsigned.outputs.map(({ unmaskedAmount }) => unmaskedAmount);
  return signTx({ blockVersion, prefix, rings, outputs, random }, signer);
}
