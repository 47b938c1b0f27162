// The chapter of Fog in a network: Alice is given money and pays Bob, and neither holds a ledger.
import { type AccountKey, accountKeyFromMnemonic, mnemonicFromEntropy } from "@fogbow/core-account";
import { equalBytes, formatMob, MOB, parseMob, type Random, Secret, type TokenValue } from "@fogbow/core-bytes";
import { decodeMemo, type FogIngressKey, openTxOut, type Tx, txHash } from "@fogbow/core-transaction";
import { openLedger } from "@fogbow/ledger-db";
import type { Payment, Wallet } from "@fogbow/sdk";
import { hold, readerOf } from "./checks.ts";
import { buildPayment } from "./client/build-payment.ts";
import { FogWallets } from "./client/fog-wallets.ts";
import type { GeneratedNetwork } from "./client/generated-network.ts";
import type { NodeClient } from "./client/node-client.ts";
import { spendableOutputs } from "./client/owned-outputs.ts";
import { CommandError } from "./error.ts";
import { LOCAL_FOG_READY_MS_MAX } from "./fog/limits.ts";
import type { LocalFog } from "./fog/local-fog.ts";

/** What happened. Times are in milliseconds, amounts in MOB. */
export interface FogPaymentFacts {
  /** What Alice got from an account that reads a node's ledger. */
  readonly given: FoundPayment;
  /** What she paid to Bob. */
  readonly paid: FoundPayment & {
    /** From her wish to a signed transaction, with rings, proofs and keys from Fog. */
    readonly buildMs: number;
    readonly fee: string;
    /** What Bob reads in the memo. */
    readonly memo: string;
  };
  /** What each has in the end. */
  readonly alice: string;
  readonly bob: string;
}

/** A payment that was found through Fog. */
export interface FoundPayment {
  readonly mob: string;
  readonly block: string;
  /** From the proposal to the news that it is in a block. */
  readonly finalMs: number;
  /** From the proposal to the recipient's balance. */
  readonly foundMs: number;
}

const WORDS_ENTROPY_BYTES = 32;
const GIVEN: TokenValue = parseMob("20");
const PAID: TokenValue = parseMob("5");
/** A wallet that waits for money looks this often, in ms. */
const POLL_MS = 20;

/** An account of the network gives money to Alice, who pays Bob. */
export async function payThroughFog(
  network: GeneratedNetwork,
  fog: LocalFog,
  { giver, random }: { readonly giver: AccountKey; readonly random: Random },
): Promise<FogPaymentFacts> {
  const node = network.client(0);
  const wallets = await FogWallets.make(fog.forWallets, { random });
  const newAccount = (): AccountKey =>
    accountKeyFromMnemonic(mnemonicFromEntropy(new Secret(random(WORDS_ENTROPY_BYTES))), 0, fog.address);
  try {
    await node.attest();
    const bobAccount = newAccount();
    const [alice, bob] = [wallets.wallet(newAccount(), node), wallets.wallet(bobAccount, node)];
    await Promise.all([alice.poll(), bob.poll()]);
    const { ingressKey: publicKey, pubkeyExpiry } = await wallets.reports.resolve(alice.address, {
      tombstoneBlock: 0n,
    });
    const ingressKey = { publicKey, pubkeyExpiry };
    const tx = await buildGift(network, node, { giver, to: alice, ingressKey, random });
    const given = await give(tx, { node, to: alice });
    const paid = await pay(alice, bob, bobAccount);
    return { given, paid, alice: mobOf(alice), bob: mobOf(bob) };
  } finally {
    wallets.close();
    node.close();
  }
}

/** A payment of an account without Fog, which reads the ledger of a node on this disk. */
async function buildGift(
  network: GeneratedNetwork,
  node: NodeClient,
  parts: {
    readonly giver: AccountKey;
    readonly to: Wallet;
    readonly ingressKey: FogIngressKey;
    readonly random: Random;
  },
): Promise<Tx> {
  const { giver: payer, to, ingressKey, random } = parts;
  const ledger = openLedger(network.nodes[0]?.ledgerPath ?? "", { readOnly: true });
  try {
    const outputs = spendableOutputs(ledger, payer);
    const plan = { payer, outputs, recipient: to.address, ingressKey, value: GIVEN, ...(await node.info()) };
    return buildPayment(plan, { ledger, random }).tx;
  } finally {
    await ledger.close();
  }
}

async function give(tx: Tx, { node, to }: { readonly node: NodeClient; readonly to: Wallet }): Promise<FoundPayment> {
  const started = performance.now();
  const found = untilFound(to, GIVEN);
  found.catch(() => undefined); // It is awaited once the payment is in a block.
  await node.propose(tx);
  const block = await node.untilExternalized(txHash(tx), tx.prefix.tombstoneBlock);
  const finalMs = Math.round(performance.now() - started);
  return { mob: formatMob(GIVEN), block: `${block}`, finalMs, foundMs: Math.round((await found) - started) };
}

async function pay(alice: Wallet, bob: Wallet, bobAccount: AccountKey): Promise<FogPaymentFacts["paid"]> {
  const asked = performance.now();
  const payment = await alice.pay({ to: bob.address, amount: PAID });
  const started = performance.now();
  const found = untilFound(bob, PAID);
  found.catch(() => undefined); // It is awaited once the payment is in a block.
  const end = await payment.ended();
  if (end.kind === "failed") throw end.reason;
  const finalMs = Math.round(performance.now() - started);
  const foundMs = Math.round((await found) - started);
  await untilFound(alice, GIVEN - PAID - payment.fee.value);
  return {
    mob: formatMob(PAID),
    block: `${end.blockIndex}`,
    finalMs,
    foundMs,
    buildMs: Math.round(started - asked),
    fee: formatMob(payment.fee.value),
    memo: memoOf(payment, bobAccount),
  };
}

/** Polls until a wallet has exactly this much. Returns when, in ms. Rejects with `fog-not-ready`. */
async function untilFound(wallet: Wallet, value: bigint): Promise<number> {
  const end = performance.now() + LOCAL_FOG_READY_MS_MAX;
  for (;;) {
    const { errors } = await wallet.poll();
    const now = performance.now();
    if (wallet.balance().value === value) return now;
    if (now > end) {
      throw new CommandError("fog-not-ready", "A payment was not found through Fog in time.", { cause: errors[0] });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** What Bob reads in the output that the receipt names. */
function memoOf({ receipt, tx }: Payment, bob: AccountKey): string {
  const txOut = tx.prefix.outputs.find(({ publicKey }) => equalBytes(publicKey, receipt.publicKey));
  const owned = txOut && openTxOut(txOut, readerOf(bob));
  hold(owned !== undefined, "the receipt names an output of Bob's");
  const { kind } = decodeMemo(owned.memo);
  hold(kind === "authenticated-sender", "the memo names who paid");
  return kind;
}

const mobOf = (wallet: Wallet): string => formatMob(wallet.balance(MOB).value as TokenValue);
