// `fogbow network pay DIR`: a payment between accounts of a network that runs on this machine.
import { publicAddress } from "@fogbow/core-account";
import { formatMob, parseMob, type TokenValue, toHex, tokenValue } from "@fogbow/core-bytes";
import { type Tx, txHash } from "@fogbow/core-transaction";
import type { Command } from "commander";
import { buildPayment } from "../client/build-payment.ts";
import { type GeneratedNetwork, readGeneratedNetwork } from "../client/generated-network.ts";
import type { NodeClient } from "../client/node-client.ts";
import { spendableOutputs } from "../client/owned-outputs.ts";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import { reading } from "../ledger/reading.ts";
import type { Surroundings } from "../surroundings.ts";
import { systemRandom } from "../system-random.ts";

interface PayOptions extends JsonOption {
  readonly from: string;
  readonly to: string;
  readonly node: string;
}

/** Adds the command. */
export function addPayCommand(network: Command, { stdout }: Surroundings): void {
  const command = network
    .command("pay")
    .description(
      "pay from one account of a running network to another: reads the node's ledger on this disk, attests its enclave, " +
        "seals the payment for it, and waits until it is in a block",
    )
    .argument("<dir>", "folder that `network generate` made")
    .argument("<amount>", "in MOB, such as 1.5")
    .requiredOption("--from <n>", "the account that pays, by its number in keys/")
    .requiredOption("--to <n>", "the account that is paid")
    .option("--node <n>", "the node that is asked", "0")
    .option("--json", JSON_HELP)
    .action(async (folder: string, amount: string, options: PayOptions) => {
      const facts = await pay(folder, parseMob(amount), options);
      stdout.write(options.json === true ? jsonLine(facts) : narrate(facts));
    });
  withExamples(command, [
    ["fogbow network pay ./mynet --from 0 --to 1 1.5", "a payment"],
    ["fogbow network pay ./mynet --from 1 --to 0 0.1 --node 3", "through another node"],
    ["fogbow network pay ./mynet --from 0 --to 1 1.5 --json", "for a program"],
  ]);
}

interface PayFacts {
  readonly mob: string;
  readonly fee: string;
  readonly txHash: string;
  readonly node: string;
  readonly block: bigint;
  readonly buildMs: number;
  readonly attestMs: number;
  /** From the proposal to the news that it is in a block. */
  readonly externalizedMs: number;
  /** What the payer has before, not counting outputs beyond those it can spend at once. */
  readonly hadMob: string;
}

async function pay(folder: string, value: TokenValue, options: PayOptions): Promise<PayFacts> {
  const network = await readGeneratedNetwork(folder, { random: systemRandom });
  const nodeIndex = numberOf(options.node, "--node");
  const client = network.client(nodeIndex);
  try {
    return await payThrough(client, network, value, { ...options, nodeIndex });
  } finally {
    client.close();
  }
}

async function payThrough(
  client: NodeClient,
  network: GeneratedNetwork,
  value: TokenValue,
  { from, to, nodeIndex }: Pick<PayOptions, "from" | "to"> & { readonly nodeIndex: number },
): Promise<PayFacts> {
  const payer = network.account(numberOf(from, "--from"));
  const recipient = publicAddress(network.account(numberOf(to, "--to")));
  const { ledgerPath, clientResponderId } = network.nodes[nodeIndex] ?? neverMissing();
  const { minimumFees, blockVersion } = await client.info();
  const started = performance.now();
  const { tx, had } = await reading(ledgerPath, (ledger) => {
    const outputs = spendableOutputs(ledger, payer);
    const built = buildPayment(
      { payer, outputs, recipient, value, minimumFees, blockVersion },
      { ledger, random: systemRandom },
    );
    return { tx: built.tx, had: outputs.reduce((sum, { amount }) => sum + amount.value, 0n) };
  });
  const built = performance.now();
  await client.attest();
  const attested = performance.now();
  const block = await proposeAndWait(client, tx);
  return {
    mob: formatMob(value),
    fee: formatMob(tokenValue(tx.prefix.fee)),
    txHash: toHex(txHash(tx)),
    node: clientResponderId,
    block,
    buildMs: Math.round(built - started),
    attestMs: Math.round(attested - built),
    externalizedMs: Math.round(performance.now() - attested),
    hadMob: formatMob(tokenValue(had)),
  };
}

async function proposeAndWait(client: NodeClient, tx: Tx): Promise<bigint> {
  await client.propose(tx);
  return client.untilExternalized(txHash(tx), tx.prefix.tombstoneBlock);
}

function narrate(facts: PayFacts): string {
  return rows([
    ["paid", `${facts.mob} MOB, with a fee of ${facts.fee} MOB, of ${facts.hadMob} MOB`],
    ["transaction", facts.txHash],
    ["through", facts.node],
    ["in block", facts.block],
    ["built in", `${facts.buildMs} ms, with the search for what the payer owns`],
    ["attested in", `${facts.attestMs} ms`],
    ["externalized in", `${facts.externalizedMs} ms after it was proposed`],
  ]);
}

function numberOf(text: string, what: string): number {
  if (/^[0-9]{1,5}$/.test(text)) return Number(text);
  throw new CommandError("invalid-argument", `${what} is a number, counted from 0.`);
}

/** The client of a node exists only when the node does. */
function neverMissing(): never {
  throw new Error("A node of the network is missing.");
}
