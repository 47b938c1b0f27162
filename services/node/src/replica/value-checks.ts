// Whether values may be in the next block (spec 05 §2.5): against the ledger as it is, and the governors of the chain.
import type { TokenId } from "@fogbow/core-bytes";
import { tryConsensusValue, type Value } from "@fogbow/core-scp";
import {
  checkMintConfigNonce,
  checkMintNonce,
  findMintConfig,
  type MintConfigTx,
  type MintTx,
  type MintValidationCode,
  type SignerSet,
  validateMintConfigTx,
  validateMintTx,
} from "@fogbow/core-transaction";
import type { LedgerReader } from "@fogbow/ledger-db";
import type { NodeChain } from "../options.ts";
import type { KnownTxs } from "./known-txs.ts";
import { checkAgainstLedger } from "./ledger-checks.ts";

/** What is asked about values. */
export interface ValueCheckParts {
  readonly chain: NodeChain;
  readonly ledger: LedgerReader;
  readonly known: KnownTxs;
}

/** Answers for one chain and ledger. */
export class ValueChecks {
  readonly #parts: ValueCheckParts;
  readonly #governors: ReadonlyMap<TokenId, SignerSet | undefined>;
  /** Transactions that were obtained and found malformed: asking for them again is of no use in this slot. */
  readonly #rejected = new Set<Value>();

  constructor(parts: ValueCheckParts) {
    this.#parts = parts;
    this.#governors = new Map(parts.chain.tokens.map(({ tokenId, governors }) => [tokenId, governors]));
  }

  /** `unknown`: a transaction that the enclave does not have. */
  readonly validity = (value: Value): "valid" | "invalid" | "unknown" => {
    if (value.startsWith(TX_HASH)) {
      const tx = this.#parts.known.get(value);
      if (tx === undefined) return this.#rejected.has(value) ? "invalid" : "unknown";
      return checkAgainstLedger(tx, this.#parts.ledger) === 0 ? "valid" : "invalid";
    }
    const content = tryConsensusValue(value);
    if (content?.name === "MintConfigTx") return this.checkMintConfigTx(content.content) === "ok" ? "valid" : "invalid";
    if (content?.name === "MintTx") return this.checkMintTx(content.content) === "ok" ? "valid" : "invalid";
    return "invalid";
  };

  /** A configuration of minting, as of the next block. */
  checkMintConfigTx(tx: MintConfigTx): MintValidationCode {
    const { chain, ledger } = this.#parts;
    const governors = this.#governors.get(tx.prefix.tokenId);
    const code = validateMintConfigTx(tx, { ...chain, currentIndex: ledger.numBlocks(), governors });
    return code === "ok" ? checkMintConfigNonce(tx, ledger) : code;
  }

  /** A minting transaction, as of the next block. */
  checkMintTx(tx: MintTx): MintValidationCode {
    const { chain, ledger } = this.#parts;
    const nonce = checkMintNonce(tx, ledger);
    if (nonce !== "ok") return nonce;
    const active = ledger.activeMintConfigs(tx.prefix.tokenId);
    if (active === undefined) return "no-matching-mint-config";
    const charged = findMintConfig(tx, active);
    if (typeof charged === "string") return charged;
    return validateMintTx(tx, { ...chain, currentIndex: ledger.numBlocks(), mintConfig: charged.mintConfig });
  }

  /** Notes that a transaction is not well formed. */
  reject(value: Value): void {
    this.#rejected.add(value);
  }

  /** A new slot: what was malformed may have been so only for the block before. */
  nextSlot(): void {
    this.#rejected.clear();
  }
}

const TX_HASH = "0";

/** Whether a value is the hash of a transaction. */
export function isTxHash(value: Value): boolean {
  return value.startsWith(TX_HASH);
}
