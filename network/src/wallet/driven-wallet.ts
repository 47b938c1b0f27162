// One wallet that somebody drives over the network: it asks Fog until it has an answer that holds, or its time is over.
import { setTimeout as sleep } from "node:timers/promises";
import { type AccountKey, wipeAccountKey } from "@fogbow/core-account";
import { MOB } from "@fogbow/core-bytes";
import { FogAccount, type LedgerService, SdkError, type SdkErrorCode, type ViewService } from "@fogbow/sdk";
import { systemRandom } from "../system-random.ts";
import { ERROR_LENGTH_MAX } from "./limits.ts";

/** A balance of token 0, and the block count at which it was true. */
export interface CheckedBalance {
  readonly balance: bigint;
  readonly blockCount: bigint;
}

/** What a poll may say beside a balance that is as complete as it can be. */
const HARMLESS: readonly SdkErrorCode[] = ["record-damaged", "fog-out-of-sync"];

/** What no second try changes: whoever drives the wallet is told at once. */
const HOPELESS: readonly SdkErrorCode[] = ["attestation-failed", "chain-id-mismatch", "client-outdated"];

/** Something fails that may pass; it is tried again after so long. */
const RETRY_MS = 200;

/** Fog View and Fog Ledger as a driven wallet sees them. */
export interface FogServices {
  readonly view: ViewService & Closing;
  readonly ledger: LedgerService & Closing;
}

/** What has sessions to end. */
interface Closing {
  close(): void;
}

/** A wallet of one account. It keeps what it found from one check to the next. */
export class DrivenWallet {
  readonly #account: AccountKey;
  readonly #fog: FogServices;
  readonly #polled: FogAccount;
  #polls = 0;
  #errors: readonly string[] = [];

  constructor(account: AccountKey, fog: FogServices) {
    this.#account = account;
    this.#fog = fog;
    this.#polled = new FogAccount({ account }, { ...fog, random: systemRandom });
  }

  /**
   * The balance, from a poll in which nothing failed. Until there is one it asks again; rejects with what failed last when
   * the signal ends that, or when it will not pass.
   */
  async check(signal: AbortSignal): Promise<CheckedBalance> {
    let failed: unknown;
    try {
      for (;;) {
        const { balance, errors } = await this.#polled.poll(signal);
        this.#polls++;
        this.#errors = errors.map(told);
        failed = errors.find(isOneOf(HOPELESS)) ?? errors.find((error) => !isOneOf(HARMLESS)(error));
        if (failed === undefined) {
          return { balance: balance.sums.get(MOB) ?? 0n, blockCount: balance.blockCount };
        }
        if (isOneOf(HOPELESS)(failed)) throw failed;
        await sleep(RETRY_MS, undefined, { signal });
      }
    } catch (error) {
      throw signal.aborted && failed !== undefined ? failed : error;
    }
  }

  /** What it knows, for people to read: no key, no address and no words. */
  describe(): string {
    const { balance, spendable, txoCount } = this.#polled;
    return JSON.stringify({
      polls: this.#polls,
      blockCount: `${balance.blockCount}`,
      sums: Object.fromEntries([...balance.sums].map(([token, sum]) => [`${token}`, `${sum}`])),
      unspent: spendable.map(({ globalIndex, blockIndex, amount, status }) => ({
        globalIndex: `${globalIndex}`,
        blockIndex: `${blockIndex}`,
        value: `${amount.value}`,
        ...(status.kind === "not-spent" && { unspentBelow: `${status.below}` }),
      })),
      txoCount: `${txoCount}`,
      errors: this.#errors,
    });
  }

  /** Ends its sessions, and forgets its keys. */
  close(): void {
    this.#fog.view.close();
    this.#fog.ledger.close();
    wipeAccountKey(this.#account);
  }
}

const isOneOf =
  (codes: readonly SdkErrorCode[]) =>
  (error: unknown): boolean =>
    error instanceof SdkError && codes.includes(error.code);

function told(error: unknown): string {
  const text = error instanceof SdkError ? `${error.message} (${error.code})` : String(error);
  return text.slice(0, ERROR_LENGTH_MAX);
}
