// What a new network does before anything else, so that there is something to see: the faucet gives money to Alice, who pays Bob.
import { existsSync } from "node:fs";
import { createClient } from "@connectrpc/connect";
import { publicAddress } from "@fogbow/core-account";
import { formatMob, parseMob, type Random, Secret, type TokenValue } from "@fogbow/core-bytes";
import { FaucetAPI } from "@fogbow/core-wire";
import type { Payment, Wallet } from "@fogbow/sdk";
import { CommandError } from "../error.ts";
import { LOCAL_FOG_READY_MS_MAX } from "../fog/limits.ts";
import { systemRandom } from "../system-random.ts";
import { codeOf, makeAccount, readAccount } from "../wallet/accounts.ts";
import { type Connection, connectTo } from "./connect.ts";
import type { Home } from "./home.ts";

/** What happened. Times are in milliseconds, amounts in MOB. */
export interface FirstPayments {
  readonly given: string;
  readonly paid: string;
  readonly fee: string;
  readonly block: string;
  /** From the wish to a signed transaction, with rings, proofs and keys from Fog. */
  readonly buildMs: number;
  /** From the first proposal to the news that it is in a block. */
  readonly finalMs: number;
  /** From the first proposal to the recipient's balance, through Fog. */
  readonly foundMs: number;
}

const WORDS_ENTROPY_BYTES = 32;
const GIVEN: TokenValue = parseMob("100");
const PAID: TokenValue = parseMob("5");
/** A wallet that waits for money looks this often, in ms. */
const POLL_MS = 20;

/** Makes the wallets alice and bob, and the payments. Rejects with `fog-not-ready`, SdkError. */
export async function firstPayments(home: Home, parts: { readonly random: Random }): Promise<FirstPayments> {
  const newAccount = (name: string) => makeAccount(home, name, new Secret(parts.random(WORDS_ENTROPY_BYTES)));
  const [alice, bob] = [newAccount("alice"), newAccount("bob")];
  const connection = await connectTo(home, parts);
  try {
    const [payer, payee] = [alice, bob].map((account) => connection.wallets.wallet(account, connection.node));
    if (payer === undefined || payee === undefined) throw new Error("There are two.");
    await give(connection, codeOf(publicAddress(alice)), GIVEN);
    await Promise.all([untilFound(payer, GIVEN), payee.poll(), connection.node.attest()]);
    return await pay(payer, payee);
  } finally {
    connection.close();
  }
}

/** A wallet of the folder, which the faucet gives money when it is made; it has polled. Rejects as {@link give} and {@link untilFound} do. */
export async function fundedWallet(
  home: Home,
  name: string,
  { connection, value }: { readonly connection: Connection; readonly value: TokenValue },
): Promise<Wallet> {
  const isNew = !existsSync(home.walletFile(name));
  const account = isNew
    ? makeAccount(home, name, new Secret(systemRandom(WORDS_ENTROPY_BYTES)))
    : readAccount(home, name);
  const wallet = connection.wallets.wallet(account, connection.node);
  await wallet.poll();
  if (isNew) {
    await give(connection, codeOf(publicAddress(account)), value);
    await untilFound(wallet, value);
  }
  return wallet;
}

/** Lets the faucet pay to the code of an address. Rejects with a ConnectError. */
export async function give(
  { wallets }: Connection,
  address: string,
  value: TokenValue,
): Promise<{ readonly blockIndex: bigint }> {
  return createClient(FaucetAPI, wallets.transport).give({ address, value });
}

async function pay(payer: Wallet, payee: Wallet): Promise<FirstPayments> {
  const asked = performance.now();
  const payment = await payer.pay({ to: payee.address, amount: PAID });
  const started = performance.now();
  const found = untilFound(payee, PAID);
  found.catch(() => undefined); // It is awaited once the payment is in a block.
  const blockIndex = await untilFinal(payment);
  const finalMs = performance.now() - started;
  const foundMs = (await found) - started;
  return {
    given: formatMob(GIVEN),
    paid: formatMob(PAID),
    fee: formatMob(payment.fee.value),
    block: `${blockIndex}`,
    buildMs: Math.round(started - asked),
    finalMs: Math.round(finalMs),
    foundMs: Math.round(foundMs),
  };
}

/** The block of a payment. Rejects with the reason of one that failed. */
export async function untilFinal(payment: Payment): Promise<bigint> {
  const end = await payment.ended();
  if (end.kind === "failed") throw end.reason;
  return end.blockIndex;
}

/** Polls until a wallet has at least this much. Returns when, in ms. Rejects with `fog-not-ready`. */
export async function untilFound(wallet: Wallet, value: bigint): Promise<number> {
  const end = performance.now() + LOCAL_FOG_READY_MS_MAX;
  for (;;) {
    const { errors } = await wallet.poll();
    const now = performance.now();
    if (wallet.balance().value >= value) return now;
    if (now > end) {
      throw new CommandError("fog-not-ready", "A payment was not found through Fog in time.", { cause: errors[0] });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
