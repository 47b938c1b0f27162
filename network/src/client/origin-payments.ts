// Many payments at once, for those who try a network out: each spends outputs of the first block that no other spends, so
// they can be built before anything runs, and conflict with nothing.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type AccountKey, publicAddress } from "@fogbow/core-account";
import { parseArchiveBlock } from "@fogbow/core-block";
import { type Random, tokenValue } from "@fogbow/core-bytes";
import { FeeMap, type Tx } from "@fogbow/core-transaction";
import { MemoryLedger } from "@fogbow/ledger-db";
import { buildPayment } from "./build-payment.ts";
import { readGeneratedNetwork } from "./generated-network.ts";
import { type SpendableOutput, spendableOutputs } from "./owned-outputs.ts";

/** Outputs of one owner for one payment. */
export interface PaymentSource {
  readonly payer: AccountKey;
  readonly outputs: readonly SpendableOutput[];
}

/** Builds payments from the first block of a generated network. */
export interface OriginPayments {
  /** Ends with the first block. */
  readonly ledger: MemoryLedger;
  readonly minimumFees: FeeMap;
  /** Pairs of outputs, of one account after the other. */
  readonly sources: readonly PaymentSource[];
  /** Pays more than one output holds to an account, and the rest back. The same source twice conflicts. */
  readonly build: (source: PaymentSource, to: number) => Tx;
}

const INPUTS = 2;
const ORIGIN_FILE = "origin-block.pb";
const MORE_THAN_ONE = 1_000_000_000n;

/** Looks for what the first accounts own. Rejects as `readGeneratedNetwork` does. */
export async function originPayments(
  folder: string,
  { accounts, tombstoneBlock }: { readonly accounts: number; readonly tombstoneBlock: bigint },
  { random }: { readonly random: Random },
): Promise<OriginPayments> {
  const network = await readGeneratedNetwork(folder, { random });
  const { blockVersion, tokens } = firstOf(network.nodes);
  const minimumFees = new FeeMap(tokens.tokens.map(({ tokenId, minimumFee }) => [tokenId, minimumFee]));
  const ledger = new MemoryLedger();
  ledger.append(parseArchiveBlock(new Uint8Array(readFileSync(join(folder, ORIGIN_FILE))), 0n));
  const sources = Array.from({ length: accounts }, (_, i): PaymentSource[] => {
    const payer = network.account(i);
    const owned = spendableOutputs(ledger, payer);
    const count = Math.floor(owned.length / INPUTS);
    return Array.from({ length: count }, (_, pair) => ({
      payer,
      outputs: owned.slice(pair * INPUTS, (pair + 1) * INPUTS),
    }));
  }).flat();
  return {
    ledger,
    minimumFees,
    sources,
    build: ({ payer, outputs }, to) => {
      const recipient = publicAddress(network.account(to));
      const value = tokenValue((outputs[0]?.amount.value ?? 0n) + MORE_THAN_ONE);
      const plan = { payer, outputs, recipient, value, minimumFees, blockVersion, tombstoneBlock };
      return buildPayment(plan, { ledger, random }).tx;
    },
  };
}

/** Every network has nodes. */
function firstOf<Item>(items: readonly Item[]): Item {
  return items[0] as Item;
}
