// Which values make the next block, and in which order (spec 05 §2.5).
import { chooseMintConfigTxs, chooseTxs, mintedOutputs, orderMintTxs } from "@fogbow/core-block";
import { type Bytes, bytes } from "@fogbow/core-bytes";
import {
  type MintConfigTx,
  type MintConfigTxInit,
  type MintTx,
  type MintTxInit,
  mintConfigTxFromWire,
  mintConfigTxToWire,
  mintTxFromWire,
  mintTxToWire,
} from "@fogbow/core-transaction";
import type { Values } from "@fogbow/core-wire";
import type { EnclaveState } from "./enclave-state.ts";
import { ConsensusError } from "./error.ts";
import { assertNamed } from "./named-txs.ts";
import type { KeptTx } from "./transaction-store.ts";

/** Values of consensus, looked up. */
export interface ReadValues {
  readonly txs: readonly KeptTx[];
  readonly mintConfigTxs: readonly MintConfigTx[];
  readonly mintTxs: readonly MintTx[];
}

/** The values that a message says. Throws {@link ConsensusError} `unknown-tx` or `too-many-txs`, and WireError. */
export function readValues(values: Values, { txs }: Pick<EnclaveState, "txs">): ReadValues {
  assertNamed(values.txHashes);
  return {
    txs: values.txHashes.map((hash) => txs.wellFormed(hash)),
    mintConfigTxs: values.mintConfigTxs.map(mintConfigTxFromWire),
    mintTxs: values.mintTxs.map(mintTxFromWire),
  };
}

/**
 * Those that make the block after a parent, in its order, once each. Minting transactions were chosen by the ledger
 * already, which is public; what is left for them is their order. A transaction that makes an output with the key of a
 * minted one, which anybody can compute, is left out: no block could hold both.
 */
export function combineValues(
  { txs, mintConfigTxs, mintTxs }: ReadValues,
  parentId: Uint8Array,
  { rules }: Pick<EnclaveState, "rules">,
): ReadValues {
  const minting = orderMintTxs(mintTxs);
  const taken = minting.length === 0 ? [] : mintedKeys(minting, bytes(parentId, 32, "The id of the parent"), rules);
  const chosen = chooseTxs(
    [...new Set(txs)].map((kept) => ({ ...kept.facts, kept })),
    taken,
  );
  return {
    txs: chosen.map(({ kept }) => kept),
    mintConfigTxs: chooseMintConfigTxs(mintConfigTxs),
    mintTxs: minting,
  };
}

/** Values as `encodeMessage` takes them. */
export interface ValuesInit {
  readonly txHashes: Uint8Array[];
  readonly mintConfigTxs: MintConfigTxInit[];
  readonly mintTxs: MintTxInit[];
}

/** Values as a message. */
export function valuesToWire({ txs, mintConfigTxs, mintTxs }: ReadValues): ValuesInit {
  return {
    txHashes: txs.map(({ facts }) => facts.txHash),
    mintConfigTxs: mintConfigTxs.map(mintConfigTxToWire),
    mintTxs: mintTxs.map(mintTxToWire),
  };
}

function mintedKeys(mintTxs: readonly MintTx[], parentId: Bytes<32>, rules: EnclaveState["rules"]): Uint8Array[] {
  return mintedOutputs(mintTxs, { parentId, blockVersion: rules.blockVersion }).map(({ publicKey }) => publicKey);
}

/** Throws {@link ConsensusError} `missing-parent` where minting transactions come without a parent. */
export function assertParent({ mintTxs, parentBlockId }: Values): void {
  if (mintTxs.length > 0 && parentBlockId.length !== 32) {
    throw new ConsensusError("missing-parent", "Minting transactions are combined for the block after a parent.");
  }
}
