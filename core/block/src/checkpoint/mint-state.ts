// Everything about minting that a ledger must know to judge the next block: who may mint what, and which nonces were used.
import { type Bytes, be64, bytes, concatBytes, type TokenId } from "@fogbow/core-bytes";
import { aggregate, bytesOf, type Digestible, digest32, list, orderedMap, tuple, uint64 } from "@fogbow/core-crypto";
import {
  type ActiveMintConfigs,
  decodeActiveMintConfigs,
  encodeActiveMintConfigs,
  mintConfigTxDigestible,
} from "@fogbow/core-transaction";
import type { LedgerSummary as LedgerSummaryMessage } from "@fogbow/core-wire";
import type { BlockContents } from "../contents.ts";
import { BlockError } from "../error.ts";
import { mintingAfter } from "../minting-after.ts";
import { SetDigest } from "./set-digest.ts";

/** What is kept of it: configurations in force, and nonces summed up. */
export class MintState {
  readonly #active: Map<TokenId, ActiveMintConfigs>;
  readonly #nonces: SetDigest;
  readonly #configNonces: SetDigest;

  /** Nothing was ever minted, or what was summed up. Throws WireError, `malformed-summary`. */
  constructor(
    summary: Partial<Pick<LedgerSummaryMessage, "mintNonces" | "mintConfigNonces" | "activeMintConfigs">> = {},
  ) {
    const active = (summary.activeMintConfigs ?? []).map(decodeActiveMintConfigs);
    this.#active = new Map(active.map((configs) => [configs.mintConfigTx.prefix.tokenId, configs]));
    this.#nonces = new SetDigest("fogbow-mint-nonces", summary.mintNonces);
    this.#configNonces = new SetDigest("fogbow-mint-config-nonces", summary.mintConfigNonces);
  }

  /** Takes what a block mints and configures. Throws `unchargeable-mint` when a minting transaction has no configuration. */
  apply({ mintTxs, validatedMintConfigTxs }: Pick<BlockContents, "mintTxs" | "validatedMintConfigTxs">): void {
    const after = mintingAfter({ mintTxs, validatedMintConfigTxs }, (tokenId) => this.#active.get(tokenId));
    if (typeof after === "string") {
      throw new BlockError("unchargeable-mint", `A minting transaction cannot be charged (${after}).`);
    }
    for (const [tokenId, configs] of after) this.#active.set(tokenId, configs);
    this.addNonces(mintTxs.map(({ prefix }) => nonceElement(prefix)));
    this.addConfigNonces(validatedMintConfigTxs.map(({ mintConfigTx }) => nonceElement(mintConfigTx.prefix)));
  }

  /** Takes nonces of minting as {@link nonceElement} says, with nothing minted: they are of a snapshot. */
  addNonces(elements: readonly Uint8Array[]): void {
    this.#nonces.addAll(elements);
  }

  /** The same for nonces of configurations. */
  addConfigNonces(elements: readonly Uint8Array[]): void {
    this.#configNonces.addAll(elements);
  }

  /** Puts configurations into force, as a snapshot has them. */
  setActive(configs: ActiveMintConfigs): void {
    this.#active.set(configs.mintConfigTx.prefix.tokenId, configs);
  }

  /** The configurations in force, in ascending order of tokens. */
  active(): ActiveMintConfigs[] {
    return [...this.#active].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, configs]) => configs);
  }

  /** The digest of all of it. */
  digest(): Bytes<32> {
    const entries = this.active().map(
      (configs) =>
        [tuple("TokenId", [uint64(configs.mintConfigTx.prefix.tokenId)]), activeDigestible(configs)] as const,
    );
    const state = aggregate("MintState", [
      ["active", orderedMap(entries)],
      ["mint_nonces", bytesOf(this.#nonces.digest())],
      ["mint_config_nonces", bytesOf(this.#configNonces.digest())],
    ]);
    return bytes(digest32("fogbow-mint-state", state), 32, "digest of the mint state");
  }

  /** What another one can go on from. */
  summary(): Required<Pick<LedgerSummaryMessage, "activeMintConfigs">> &
    Record<"mintNonces" | "mintConfigNonces", ReturnType<SetDigest["summary"]>> {
    return {
      mintNonces: this.#nonces.summary(),
      mintConfigNonces: this.#configNonces.summary(),
      activeMintConfigs: this.active().map(encodeActiveMintConfigs),
    };
  }
}

/** A nonce as an element of the set of used ones: token, 8 bytes, then nonce. */
export function nonceElement({
  tokenId,
  nonce,
}: {
  readonly tokenId: TokenId;
  readonly nonce: Uint8Array;
}): Uint8Array {
  return concatBytes(be64(tokenId), nonce);
}

function activeDigestible({ mintConfigTx, configs }: ActiveMintConfigs): Digestible {
  return aggregate("ActiveMintConfigs", [
    ["mint_config_tx", mintConfigTxDigestible(mintConfigTx)],
    ["total_minted", list(configs.map(({ totalMinted }) => uint64(totalMinted)))],
  ]);
}
