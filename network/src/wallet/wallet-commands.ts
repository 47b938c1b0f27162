// `fogbow wallet …`, `fogbow pay` and `fogbow faucet`: people's side of a network that `fogbow up` runs.
import { type AccountKey, entropyFromMnemonic, mobUri, publicAddress } from "@fogbow/core-account";
import { formatMob, parseMob, Secret, type TokenValue, toHex } from "@fogbow/core-bytes";
import type { Wallet } from "@fogbow/sdk";
import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import { readStdin } from "../ledger/read-bounded.ts";
import type { Surroundings } from "../surroundings.ts";
import { systemRandom } from "../system-random.ts";
import { type Connection, connectTo } from "../up/connect.ts";
import { give, untilFinal } from "../up/first-payments.ts";
import { type Home, homeOf, withHome } from "../up/home.ts";
import { accountNames, addressOf, codeOf, makeAccount, readAccount, wordsOf } from "./accounts.ts";
import { contactsOf, tell, toCsv } from "./history.ts";
import { WORDS_BYTES_MAX } from "./limits.ts";
import { addWalletServeCommand } from "./serve.ts";

interface HomeOption extends JsonOption {
  readonly home?: string;
}

const WORDS_ENTROPY_BYTES = 32;

/** Adds the commands to the program. */
export function addWalletCommands(program: Command, surroundings: Surroundings): void {
  const wallet = program.command("wallet").description("wallets of a network that `fogbow up` runs");
  addKeyCommands(wallet, surroundings);
  addBalanceCommand(wallet, surroundings);
  addHistoryCommand(wallet, surroundings);
  addPayCommand(wallet.command("send"), surroundings);
  addPayCommand(program.command("pay"), surroundings);
  addWalletServeCommand(wallet, surroundings);
  addFaucetCommand(program, surroundings);
}

function addKeyCommands(wallet: Command, surroundings: Surroundings): void {
  const { stdout, env } = surroundings;
  const print = (name: string, account: AccountKey, options: JsonOption): void => {
    const facts = factsOf(name, account);
    stdout.write(options.json === true ? jsonLine(facts) : rows(Object.entries(facts)));
  };
  const create = withHome(wallet.command("create").description("make a wallet of fresh words, and print its address"))
    .argument("<name>", "what to call it, such as carol")
    .option("--json", JSON_HELP)
    .action((name: string, options: HomeOption) => {
      const entropy = new Secret(systemRandom(WORDS_ENTROPY_BYTES));
      print(name, makeAccount(homeOf(options, env), name, entropy), options);
    });
  withExamples(create, [["fogbow wallet create carol", "one more"]]);
  const bring = withHome(wallet.command("import").description("make a wallet of the 24 words on standard input"))
    .argument("<name>", "what to call it")
    .option("--json", JSON_HELP)
    .action(async (name: string, options: HomeOption) => {
      const words = new TextDecoder().decode(await readStdin(surroundings, WORDS_BYTES_MAX)).trim();
      print(name, makeAccount(homeOf(options, env), name, entropyFromMnemonic(words)), options);
    });
  withExamples(bring, [["fogbow wallet import carol < words.txt", "from words on paper"]]);
  const address = withHome(
    wallet.command("address").description("print the address of a wallet, as a code and as a link"),
  )
    .argument("<name>", "the wallet")
    .option("--json", JSON_HELP)
    .action((name: string, options: HomeOption) => print(name, readAccount(homeOf(options, env), name), options));
  withExamples(address, [["fogbow wallet address bob", "to give to whoever pays"]]);
  const words = withHome(
    wallet.command("words").description("print the words of a wallet: whoever sees them has its money"),
  )
    .argument("<name>", "the wallet")
    .action((name: string, options: HomeOption) => {
      stdout.write(`${wordsOf(homeOf(options, env), name)}\n`);
    });
  withExamples(words, [["fogbow wallet words bob", "to write them down"]]);
  const list = withHome(wallet.command("list").description("print the names of all wallets"))
    .option("--json", JSON_HELP)
    .action((options: HomeOption) => {
      const names = accountNames(homeOf(options, env));
      stdout.write(options.json === true ? jsonLine(names) : names.map((name) => `${name}\n`).join(""));
    });
  withExamples(list, [["fogbow wallet list", "of the network here"]]);
}

function addBalanceCommand(wallet: Command, surroundings: Surroundings): void {
  const command = withHome(wallet.command("balance").description("print what a wallet has, found through Fog"))
    .argument("<name>", "the wallet")
    .option("--json", JSON_HELP)
    .action((name: string, options: HomeOption) =>
      connected(options, surroundings, async (connection, home) => {
        const started = performance.now();
        const polled = await synced(connection, readAccount(home, name));
        const { value, blockCount } = polled.balance();
        const facts = {
          mob: formatMob(value as TokenValue),
          picoMob: value,
          blockCount,
          ms: Math.round(performance.now() - started),
        };
        const { json } = options;
        surroundings.stdout.write(
          json === true
            ? jsonLine(facts)
            : rows([
                [name, `${facts.mob} MOB, as of ${blockCount} blocks`],
                ["found in", `${facts.ms} ms, from nothing, through Fog`],
              ]),
        );
      }),
    );
  withExamples(command, [["fogbow wallet balance alice", "with every enclave verified first"]]);
}

function addHistoryCommand(wallet: Command, surroundings: Surroundings): void {
  const command = withHome(
    wallet
      .command("history")
      .description("print what a wallet has received and sent, from its outputs and their memos alone"),
  )
    .argument("<name>", "the wallet")
    .option("--csv", "comma-separated values, for a spreadsheet")
    .option("--json", JSON_HELP)
    .action((name: string, options: HomeOption & { readonly csv?: boolean }) =>
      connected(options, surroundings, async (connection, home) => {
        const contacts = contactsOf(home);
        const wallet = await synced(connection, readAccount(home, name));
        const entries = wallet.history([...contacts.values()]).map((entry) => tell(entry, contacts));
        const { stdout } = surroundings;
        if (options.json === true) stdout.write(jsonLine(entries));
        else if (options.csv === true) stdout.write(toCsv(entries));
        else {
          const lines = entries.map(
            ({ block, kind, net, who }) => [`block ${block}`, `${kind} ${net} ${who}`.trim()] as const,
          );
          stdout.write(rows(lines));
        }
      }),
    );
  withExamples(command, [
    [
      "fogbow wallet history alice",
      "oldest first; names are those of the folder's wallets, once a memo has proven them",
    ],
    ["fogbow wallet history alice --csv > alice.csv", "for a spreadsheet"],
  ]);
}

function addPayCommand(bare: Command, surroundings: Surroundings): void {
  const command = withHome(
    bare.description("pay from a wallet to a wallet or to the code of an address, and wait until it is final"),
  )
    .argument("<from>", "the wallet that pays")
    .argument("<to>", "another wallet, or a code")
    .argument("<amount>", "in MOB, such as 1.5")
    .option("--json", JSON_HELP)
    .action((from: string, to: string, amount: string, options: HomeOption) =>
      connected(options, surroundings, async (connection, home) => {
        const value = parseMob(amount);
        const recipient = addressOf(home, to);
        const payer = await synced(connection, readAccount(home, from));
        const asked = performance.now();
        const payment = await payer.pay({ to: recipient, amount: value });
        const built = performance.now();
        const block = await untilFinal(payment);
        const facts = {
          from,
          to,
          mob: formatMob(value),
          fee: formatMob(payment.fee.value),
          txHash: toHex(payment.txHash),
          block,
          buildMs: Math.round(built - asked),
          finalMs: Math.round(performance.now() - built),
        };
        surroundings.stdout.write(options.json === true ? jsonLine(facts) : narratePayment(facts));
      }),
    );
  const called = bare.name() === "pay" ? "fogbow pay" : "fogbow wallet send";
  withExamples(command, [
    [`${called} alice bob 5`, "between two wallets of this folder"],
    [`${called} alice CODE 0.25 --json`, "to anybody, for a program"],
  ]);
}

function addFaucetCommand(program: Command, surroundings: Surroundings): void {
  const command = withHome(
    program
      .command("faucet")
      .description("give money to a wallet or to the code of an address, and wait until it is there"),
  )
    .argument("<to>", "a wallet, or a code")
    .argument("[amount]", "in MOB, at most 100", "10")
    .option("--json", JSON_HELP)
    .action((to: string, amount: string, options: HomeOption) =>
      connected(options, surroundings, async (connection, home) => {
        const value = parseMob(amount);
        const { blockIndex } = await give(connection, codeOf(addressOf(home, to)), value);
        const facts = { to, mob: formatMob(value), block: blockIndex };
        surroundings.stdout.write(
          options.json === true ? jsonLine(facts) : `${to} was given ${facts.mob} MOB, in block ${blockIndex}.\n`,
        );
      }),
    );
  withExamples(command, [["fogbow faucet bob 50", "fifty MOB"]]);
}

/** Connects to the running network, does something and lets go. */
async function connected(
  options: HomeOption,
  { env }: Surroundings,
  use: (connection: Connection, home: Home) => Promise<void>,
): Promise<void> {
  const home = homeOf(options, env);
  const connection = await connectTo(home, { random: systemRandom });
  try {
    await use(connection, home);
  } finally {
    connection.close();
  }
}

/** A wallet that knows all that it owns. Rejects with what kept it from that. */
async function synced({ wallets, node }: Connection, account: AccountKey): Promise<Wallet> {
  const wallet = wallets.wallet(account, node);
  const { errors } = await wallet.poll();
  if (errors.length > 0) throw errors[0];
  return wallet;
}

function factsOf(name: string, account: AccountKey): Readonly<Record<"wallet" | "address" | "link", string>> {
  const address = publicAddress(account);
  return {
    wallet: name,
    address: codeOf(address),
    link: mobUri({ kind: "public-address", publicAddress: address }),
  };
}

function narratePayment(facts: {
  readonly from: string;
  readonly to: string;
  readonly mob: string;
  readonly fee: string;
  readonly block: bigint;
  readonly buildMs: number;
  readonly finalMs: number;
}): string {
  const { from, to, mob, fee, block, buildMs, finalMs } = facts;
  return `${from} paid ${mob} MOB to ${to} for a fee of ${fee} MOB: built in ${buildMs} ms, final in block ${block} after ${finalMs} ms.\n`;
}
