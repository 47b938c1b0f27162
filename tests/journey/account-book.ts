// What a wallet must see while everything around it fails: at each block count one balance, and errors with codes.
import { setTimeout as sleep } from "node:timers/promises";
import { MOB } from "@fogbow/core-bytes";
import { type FogAccount, type PollResult, SdkError } from "@fogbow/sdk";
import { expect } from "vitest";
import type { FogProcesses } from "./fog-processes.ts";

/** How long anything may take to be right again after a fault, in ms. */
export const RECOVERED_MS = 45_000;

const POLL_MS = 50;

/** Pays account 0 of a deployment block by block, spends what it was paid, and knows what it has at each block count. */
export class AccountBook {
  readonly #fog: FogProcesses;
  /** What the next payments' hints are for. */
  ingressKey: Uint8Array;
  /** Whether some wallet was once where the ledger was: from then on whoever answers has blocks. */
  #hasServed = false;
  /** By block count. The outputs of the first block were never ingested. */
  readonly #balances: bigint[] = [0n, 0n];
  readonly #unspent: { readonly image: string; readonly amount: bigint }[] = [];

  constructor(fog: FogProcesses, ingressKey: Uint8Array) {
    this.#fog = fog;
    this.ingressKey = ingressKey;
  }

  /** How many blocks there are, or will be in a moment. */
  get blockCount(): bigint {
    return BigInt(this.#balances.length - 1);
  }

  /** Appends a block with two payments to the account, one to another, and the oldest one spent. */
  async pay(): Promise<void> {
    const amounts = [this.#balances.length, 1_000 + this.#balances.length];
    const spent = this.#unspent.shift();
    const before = this.#balances.at(-1) ?? 0n;
    this.#balances.push(amounts.reduce((sum, amount) => sum + BigInt(amount), before) - (spent?.amount ?? 0n));
    const credits = [...amounts.map((amount) => ({ account: 0, amount })), { account: 1, amount: 1_000_000 }];
    const images = await this.#fog.add({ credits, keyImages: spent ? [spent.image] : [] }, this.ingressKey);
    for (const [i, amount] of amounts.entries()) this.#unspent.push({ image: images[i] ?? "", amount: BigInt(amount) });
  }

  /** Asserts that what a poll came to is possible: the balance of its block count, and nothing but errors with codes of `codes`. */
  check({ balance, errors }: PollResult, codes: readonly string[]): void {
    const { blockCount, sums } = balance;
    expect({ blockCount, sum: sums.get(MOB) ?? 0n }).toEqual({ blockCount, sum: this.#balances[Number(blockCount)] });
    if (errors.length === 0 && this.#hasServed) expect(blockCount).toBeGreaterThan(0n);
    for (const error of errors) assertCode(error, codes);
  }

  /** Resolves when ingest has scanned every block; it may be away meanwhile. */
  async scanned(): Promise<void> {
    const deadline = performance.now() + RECOVERED_MS;
    for (;;) {
      const { nextBlockIndex: next } = await this.#fog.ingestStatus().catch(() => ({ nextBlockIndex: undefined }));
      if (next === this.blockCount) return;
      if (performance.now() > deadline) throw new Error(`Ingest is at ${next} of ${this.blockCount} blocks.`);
      await sleep(POLL_MS);
    }
  }

  /** Polls until a wallet is where the ledger is, and asserts each poll. */
  async settled(wallet: FogAccount, codes: readonly string[]): Promise<void> {
    const deadline = performance.now() + RECOVERED_MS;
    for (let before = 0n; ; ) {
      const result = await wallet.poll();
      this.check(result, codes);
      expect(result.balance.blockCount).toBeGreaterThanOrEqual(before);
      before = result.balance.blockCount;
      if (before === this.blockCount) {
        this.#hasServed = true;
        return;
      }
      if (performance.now() > deadline) {
        throw new Error(`At ${before} of ${this.blockCount} blocks: ${result.errors.map(String).join("; ")}`);
      }
      await sleep(POLL_MS);
    }
  }
}

/** Asserts that something failed with one of some codes of the SDK. */
export function assertCode(error: unknown, codes: readonly string[]): void {
  if (!(error instanceof SdkError) || !codes.includes(error.code)) throw error;
}

/** Does something until it succeeds. Each failure on the way must have one of some codes. */
export async function untilDone<Result>(run: () => Promise<Result>, codes: readonly string[]): Promise<Result> {
  const deadline = performance.now() + RECOVERED_MS;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      assertCode(error, codes);
    }
    await sleep(POLL_MS);
  }
}
