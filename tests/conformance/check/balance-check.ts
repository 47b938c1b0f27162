// The check procedure (spec 03 §9.3): after each step a fresh wallet for each account, and every wallet of the steps before.
import { setTimeout as sleep } from "node:timers/promises";
import type { TestAccount } from "../fog/fog-processes.ts";
import type { FogPlace } from "../fog/heights.ts";
import { type Expectation, textOf } from "../model/expectation.ts";
import type { Answer, WalletDriver } from "./wallet-driver.ts";

/** A wallet that answered what is not so, or did not come to where it should. */
class WrongBalance extends Error {
  override readonly name = "WrongBalance";
}

/** A wallet of an earlier step. */
interface KnownWallet {
  readonly driver: WalletDriver;
  readonly account: number;
  readonly clientId: number;
  /** The step that it was made in. */
  readonly made: string;
}

/** What the check works with. */
export interface BalanceCheckParts {
  readonly drivers: readonly WalletDriver[];
  readonly accounts: readonly TestAccount[];
  readonly fog: FogPlace;
  /** Milliseconds until a wallet has to be where it should; a minute unless told otherwise. */
  readonly eventualMs?: number;
}

const EVENTUAL_MS = 60_000;
/** Between two looks at a wallet that is not there yet. */
const PAUSE_MS = 100;
/** Wallets that are asked at one time. */
const ASKED_TOGETHER = 6;

/** Wallets of one scenario, which become more with every step. */
export class BalanceCheck {
  readonly #parts: BalanceCheckParts;
  readonly #known: KnownWallet[] = [];
  /** Answers that were looked at. */
  answers = 0;

  constructor(parts: BalanceCheckParts) {
    this.#parts = parts;
  }

  /**
   * While services are on their way to a step's end: asks some earlier wallets and fresh ones whatever they know by now, until
   * the promise is settled. Rejects with WrongBalance.
   */
  async watch(step: string, expected: readonly Expectation[], settled: Promise<unknown>): Promise<void> {
    let isSettled = false;
    const stop = (): void => {
      isSettled = true;
    };
    settled.then(stop, stop);
    const perStep = this.#parts.accounts.length * this.#parts.drivers.length;
    const watched = [...this.#known.slice(0, perStep), ...this.#known.slice(perStep).slice(-perStep)];
    do {
      for (const wallet of watched) {
        if (isSettled) return;
        const answer = await wallet.driver.followUp(wallet.clientId);
        await this.#look(step, wallet, answer, expected);
        await sleep(PAUSE_MS); // Services that start need the machine too.
      }
      if (watched.length === 0) await sleep(PAUSE_MS);
    } while (!isSettled);
  }

  /** Fresh wallets and all earlier ones, until each is where it should be. Rejects with WrongBalance. */
  async check(step: string, expected: readonly Expectation[]): Promise<void> {
    const { drivers, accounts } = this.#parts;
    const earlier = [...this.#known];
    const fresh = drivers.flatMap((driver) => accounts.map((_, account) => ({ driver, account })));
    await inTurns(fresh, async ({ driver, account }) => {
      const answer = await driver.fresh(accounts[account] as TestAccount, this.#parts.fog); // One of them.
      const wallet = { driver, account, clientId: answer.clientId, made: step };
      this.#known.push(wallet);
      await this.#reach(step, wallet, answer, expected);
    });
    await inTurns(earlier, async (wallet) => {
      await this.#reach(step, wallet, await wallet.driver.followUp(wallet.clientId), expected);
    });
  }

  async #reach(step: string, wallet: KnownWallet, first: Answer, expected: readonly Expectation[]): Promise<void> {
    const deadline = performance.now() + (this.#parts.eventualMs ?? EVENTUAL_MS);
    for (let answer = first; ; answer = await wallet.driver.followUp(wallet.clientId)) {
      const { eventual } = await this.#look(step, wallet, answer, expected);
      if (eventual.includes(answer.count)) return;
      if (performance.now() > deadline) throw await wrong(`stays at ${answer.count}`, step, wallet, expected);
      await sleep(PAUSE_MS);
    }
  }

  async #look(
    step: string,
    wallet: KnownWallet,
    { count, balance }: Answer,
    expected: readonly Expectation[],
  ): Promise<Expectation> {
    this.answers++;
    const wanted = expected[wallet.account] as Expectation; // One for each account.
    if (wanted.acceptable.get(count) === balance) return wanted;
    throw await wrong(`says ${count}:${balance}`, step, wallet, expected);
  }
}

async function wrong(
  what: string,
  step: string,
  { driver, account, clientId, made }: KnownWallet,
  expected: readonly Expectation[],
): Promise<WrongBalance> {
  const wanted = textOf(expected[account] as Expectation); // One for each account.
  const known = await driver.debug(clientId).catch((error: unknown) => `no debug information: ${error}`);
  const which = `wallet ${clientId} of account ${account}, made in ${made} by ${driver.name},`;
  return new WrongBalance(`${step}: ${which} ${what}, which is not among ${wanted}\n  it knows ${known}`);
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: ASKED_TOGETHER }, worker));
}
