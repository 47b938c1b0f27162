// A wallet of a network's folder, with what this program has kept of it: encrypted, beside its key file, and only a cache.
import type { AccountKey } from "@fogbow/core-account";
import { EncryptedStore, MemoryStore, SdkError, Wallet, type WalletStore } from "@fogbow/sdk";
import { systemRandom } from "../system-random.ts";
import type { Connection } from "../up/connect.ts";
import type { Home } from "../up/home.ts";
import { readAccount, storeKeyOf } from "./accounts.ts";
import { FileStore } from "./file-store.ts";

/** What is done with a wallet: paying needs what is kept of it for oneself, else two processes would spend the same. */
export type WalletUse = "pay" | "look";

/**
 * Does something with a wallet that knows all that it owns. While another process has what is kept of it, looking begins anew,
 * without keeping anything, and paying rejects with SdkError `store-locked`. Rejects with what keeps a poll from knowing all.
 */
export async function withWallet<Result>(
  { wallets, node }: Connection,
  { home, name, use }: { readonly home: Home; readonly name: string; readonly use: WalletUse },
  action: (wallet: Wallet) => Promise<Result> | Result,
): Promise<Result> {
  const account: AccountKey = readAccount(home, name);
  const store = await storeOf(home, name, use);
  try {
    const net = { walletParts: () => wallets.walletParts(node) };
    const wallet = await Wallet.open({ net, account, store });
    const { errors } = await wallet.poll();
    if (errors.length > 0) throw errors[0];
    return await action(wallet);
  } finally {
    await store.close();
  }
}

/** Deletes what is kept of a wallet; its key file stays. Rejects with SdkError `store-locked`. */
export async function forgetWallet(home: Home, name: string): Promise<void> {
  const store = await FileStore.open(home.stateFile(name));
  await store.remove();
  await store.close();
}

async function storeOf(home: Home, name: string, use: WalletUse): Promise<WalletStore> {
  try {
    const file = await FileStore.open(home.stateFile(name));
    return await EncryptedStore.open(file, storeKeyOf(home, name), { random: systemRandom });
  } catch (error) {
    const isTaken = error instanceof SdkError && error.code === "store-locked";
    if (isTaken && use === "look") return new MemoryStore();
    throw error;
  }
}
