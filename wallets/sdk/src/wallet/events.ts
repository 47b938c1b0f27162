// What happens to a wallet, as it comes: a poll from time to time, and what is new in the history after each.
import type { PublicAddress } from "@fogbow/core-account";
import type { HistoryEntry } from "./history.ts";
import type { Wallet } from "./wallet.ts";

/** Something that an app may want to show. */
export type WalletEvent =
  /** Money that has come, gone, or become one output. What becomes known better, such as who paid, is told again. */
  | { readonly kind: "entry"; readonly entry: HistoryEntry }
  /** The balance is true after so many blocks, which are more than before. */
  | { readonly kind: "synced"; readonly blockCount: bigint }
  /** A poll could not do everything; the next one tries again. */
  | { readonly kind: "failed"; readonly errors: readonly unknown[] };

/** How a wallet is listened to. */
export interface EventOptions {
  /** Between two polls; 2 000 ms unless told otherwise. */
  readonly intervalMs?: number;
  /** Ends it: the generator returns. */
  readonly signal: AbortSignal;
  /** Whom the wallet knows by address. */
  readonly contacts?: readonly PublicAddress[];
}

const INTERVAL_MS = 2_000;

/** Polls until the signal aborts. What the wallet knew before is told first, if the first poll finds it to be true. */
export async function* eventsOf(
  wallet: Wallet,
  wait: (ms: number, signal?: AbortSignal) => Promise<void>,
  { intervalMs = INTERVAL_MS, signal, contacts = [] }: EventOptions,
): AsyncGenerator<WalletEvent, void, void> {
  const told = new Set<string>();
  let blockCount = 0n;
  while (!signal.aborted) {
    const result = await wallet.poll(signal).catch((error: unknown) => ({ errors: [error] }));
    if (signal.aborted) return;
    if (result.errors.length > 0) yield { kind: "failed", errors: result.errors };
    const numbers = new Map<string, number>();
    for (const entry of wallet.history(contacts)) {
      // Two entries of one block can be alike: each has its number.
      const name = nameOf(entry);
      const number = (numbers.get(name) ?? 0) + 1;
      numbers.set(name, number);
      if (told.has(`${name} ${number}`)) continue;
      told.add(`${name} ${number}`);
      yield { kind: "entry", entry };
    }
    const now = wallet.balance().asOf;
    if (now > blockCount) {
      blockCount = now;
      yield { kind: "synced", blockCount };
    }
    await wait(intervalMs, signal).catch(() => undefined);
  }
}

function nameOf(entry: HistoryEntry): string {
  const { blockIndex, tokenId, kind, net } = entry;
  const isKnown = kind === "received" ? entry.sender !== undefined : kind === "sent" && entry.recipient !== undefined;
  return `${blockIndex} ${tokenId} ${kind} ${net} ${isKnown}`;
}
