// What `combine` of spec 05 §2.5 makes of values. The enclave decides, since only it knows priorities; the state machine
// wants the answer at once. So answers are kept, and for a question that is new the state machine hears that data is
// missing, until the enclave has been asked.
import { chooseMintTxs } from "@fogbow/core-block";
import { mintConfigTxValue, mintTxValue, tryConsensusValue, txHashValue, type Value } from "@fogbow/core-scp";
import {
  type MintConfigTx,
  type MintTx,
  mintConfigTxFromWire,
  mintConfigTxToWire,
  mintTxFromWire,
  mintTxToWire,
} from "@fogbow/core-transaction";
import { readPresent } from "@fogbow/core-wire";
import type { LedgerReader } from "@fogbow/ledger-db";
import { type EnclaveDoor, refusalOf } from "./enclave-door.ts";
import { hashOf, type KnownTxs } from "./known-txs.ts";
import { isTxHash } from "./value-checks.ts";

/** What combining works with. */
export interface CombinerParts {
  readonly door: EnclaveDoor;
  readonly ledger: LedgerReader;
  readonly known: KnownTxs;
}

/** Combines values as of one slot. */
export class Combiner {
  readonly #parts: CombinerParts;
  #answers = new Map<string, readonly Value[]>();
  #questions = new Map<string, readonly Value[]>();

  constructor(parts: CombinerParts) {
    this.#parts = parts;
  }

  /** The values of a block, in its order; undefined while the enclave has not said, or lacks a transaction. */
  readonly combine = (values: readonly Value[]): readonly Value[] | undefined => {
    const [only] = values;
    if (only !== undefined && values.length === 1 && isTxHash(only)) {
      return this.#parts.known.get(only) === undefined ? undefined : values; // One transaction conflicts with nothing.
    }
    const question = values.join(" ");
    const answer = this.#answers.get(question);
    if (answer !== undefined) return answer;
    if (values.every((value) => !isTxHash(value) || this.#parts.known.get(value) !== undefined)) {
      this.#questions.set(question, values);
    }
    return undefined;
  };

  /** Whether the enclave has to be asked. */
  get hasQuestions(): boolean {
    return this.#questions.size > 0;
  }

  /**
   * Asks the enclave what is open. Returns transactions that it has lost, which are then not known any more. Rejects when
   * the enclave does not answer; the questions are asked again.
   */
  async ask(): Promise<readonly Value[]> {
    const lost: Value[] = [];
    for (const [question, values] of this.#questions) {
      const answer = await this.#ask(values);
      if (answer === undefined) {
        const txs = values.filter(isTxHash);
        for (const tx of txs) this.#parts.known.delete(tx);
        lost.push(...txs);
      } else {
        this.#answers.set(question, answer);
      }
      this.#questions.delete(question);
    }
    return lost;
  }

  /** A new slot. */
  nextSlot(): void {
    this.#answers = new Map();
    this.#questions = new Map();
  }

  async #ask(values: readonly Value[]): Promise<readonly Value[] | undefined> {
    const { door, ledger } = this.#parts;
    const { txs, mintConfigTxs, mintTxs } = splitValues(values);
    const charged = chooseMintTxs(mintTxs, (tokenId) => ledger.activeMintConfigs(tokenId));
    try {
      const combined = await door.combine({
        txHashes: txs.map(hashOf),
        mintConfigTxs: mintConfigTxs.map(mintConfigTxToWire),
        mintTxs: charged.map(({ mintTx }) => mintTxToWire(mintTx)),
        ...(charged.length > 0 && { parentBlockId: readPresent(ledger.lastBlock(), "parent").id }),
      });
      return [
        ...combined.txHashes.map(txHashValue),
        ...combined.mintConfigTxs.map((tx) => mintConfigTxValue(mintConfigTxFromWire(tx))),
        ...combined.mintTxs.map((tx) => mintTxValue(mintTxFromWire(tx))),
      ];
    } catch (error) {
      if (refusalOf(error) === "unknown-tx") return undefined;
      throw error;
    }
  }
}

/** The values of a block by kind, each kind in the order in which it stands there. */
export function splitValues(values: readonly Value[]): {
  readonly txs: Value[];
  readonly mintConfigTxs: MintConfigTx[];
  readonly mintTxs: MintTx[];
} {
  const txs: Value[] = [];
  const mintConfigTxs: MintConfigTx[] = [];
  const mintTxs: MintTx[] = [];
  for (const value of values) {
    const content = isTxHash(value) ? undefined : tryConsensusValue(value);
    if (content === undefined) txs.push(value);
    else if (content.name === "MintConfigTx") mintConfigTxs.push(content.content);
    else if (content.name === "MintTx") mintTxs.push(content.content);
  }
  return { txs, mintConfigTxs, mintTxs };
}
