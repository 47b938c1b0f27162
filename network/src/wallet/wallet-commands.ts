// `fogbow wallet …`, `fogbow pay` and `fogbow faucet`: people's side of a network that `fogbow up` runs.
import { type AccountKey, entropyFromMnemonic, mobUri, publicAddress } from "@fogbow/core-account";
import { formatMob, MOB, parseMob, Secret, type TokenValue, toHex, tokenValue } from "@fogbow/core-bytes";
import { type ReadCode, requestCode } from "@fogbow/sdk";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import { readStdin } from "../ledger/read-bounded.ts";
import type { Surroundings } from "../surroundings.ts";
import { systemRandom } from "../system-random.ts";
import { type Connection, connectTo } from "../up/connect.ts";
import { give, untilFinal } from "../up/first-payments.ts";
import { type Home, homeOf, withHome } from "../up/home.ts";
import { accountNames, codeOf, makeAccount, payeeOf, readAccount, wordsOf } from "./accounts.ts";
import { contactsOf, tell, toCsv } from "./history.ts";
import { forgetWallet, withWallet } from "./kept-wallet.ts";
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
  addRequestCommand(wallet, surroundings);
  addSyncCommand(wallet, surroundings);
  addHistoryCommand(wallet.command("history"), surroundings);
  addHistoryCommand(wallet.command("export"), surroundings);
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
        const look = { home, name, use: "look" } as const;
        const { value, pending, asOf } = await withWallet(connection, look, (polled) => polled.balance());
        const facts = {
          mob: formatMob(value as TokenValue),
          picoMob: value,
          pendingPicoMob: pending,
          blockCount: asOf,
          ms: Math.round(performance.now() - started),
        };
        const { json } = options;
        surroundings.stdout.write(
          json === true
            ? jsonLine(facts)
            : rows([
                [name, `${facts.mob} MOB, as of ${asOf} blocks`],
                ...(pending > 0n
                  ? [["pending", `${formatMob(pending as TokenValue)} MOB of that is being spent`] as const]
                  : []),
                ["found in", `${facts.ms} ms, through Fog`],
              ]),
        );
      }),
    );
  withExamples(command, [["fogbow wallet balance alice", "with every enclave verified first"]]);
}

function addRequestCommand(wallet: Command, { stdout, env }: Surroundings): void {
  const command = withHome(wallet.command("request").description("print a code and a link that ask to be paid"))
    .argument("<name>", "the wallet that is paid")
    .argument("[amount]", "in MOB, such as 1.5; the payer chooses without")
    .option("--memo <text>", "what for: whoever sees the code reads it", "")
    .option("--json", JSON_HELP)
    .action((name: string, amount: string | undefined, options: HomeOption & { readonly memo: string }) => {
      const to = publicAddress(readAccount(homeOf(options, env), name));
      const asked = { memo: options.memo, ...(amount !== undefined && { amount: parseMob(amount) }) };
      const { code, link, paymentRequestId } = requestCode(to, asked, systemRandom);
      const facts = { wallet: name, code, link, paymentRequestId: `${paymentRequestId}` };
      stdout.write(options.json === true ? jsonLine(facts) : rows(Object.entries(facts)));
    });
  withExamples(command, [['fogbow wallet request bob 1.5 --memo "lunch"', "the history tells which request was paid"]]);
}

function addSyncCommand(wallet: Command, surroundings: Surroundings): void {
  const command = withHome(
    wallet.command("sync").description("find what is new for a wallet, and keep it for the commands to come"),
  )
    .argument("<name>", "the wallet")
    .option("--anew", "forget what was kept, and find everything again")
    .option("--json", JSON_HELP)
    .action((name: string, options: HomeOption & { readonly anew?: boolean }) =>
      connected(options, surroundings, async (connection, home) => {
        if (options.anew === true) await forgetWallet(home, name);
        const started = performance.now();
        const { asOf } = await withWallet(connection, { home, name, use: "pay" }, (synced) => synced.balance());
        const facts = { wallet: name, blockCount: asOf, ms: Math.round(performance.now() - started) };
        const text = `${name} knows everything of ${asOf} blocks, after ${facts.ms} ms.\n`;
        surroundings.stdout.write(options.json === true ? jsonLine(facts) : text);
      }),
    );
  withExamples(command, [["fogbow wallet sync alice --anew", "as on a new phone"]]);
}

/** `wallet history` for people; `wallet export`, the same as CSV unless JSON is wanted. */
function addHistoryCommand(bare: Command, surroundings: Surroundings): void {
  const isExport = bare.name() === "export";
  const what = "what a wallet has received and sent, from its outputs and their memos alone";
  const command = withHome(bare.description(isExport ? `export ${what}, as CSV or JSON` : `print ${what}`))
    .argument("<name>", "the wallet")
    .option("--csv", "comma-separated values, for a spreadsheet", isExport)
    .option("--json", JSON_HELP)
    .action((name: string, options: HomeOption & { readonly csv?: boolean }) =>
      connected(options, surroundings, async (connection, home) => {
        const contacts = contactsOf(home);
        const look = { home, name, use: "look" } as const;
        const known = await withWallet(connection, look, (wallet) => wallet.history([...contacts.values()]));
        const entries = known.map((entry) => tell(entry, contacts));
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
  const examples = isExport
    ? ([
        ["fogbow wallet export alice > alice.csv", "for a spreadsheet"],
        ["fogbow wallet export alice --json", "for a program"],
      ] as const)
    : ([
        ["fogbow wallet history alice", "oldest first; names of the folder's wallets, once a memo has proven them"],
      ] as const);
  withExamples(command, examples);
}

function addPayCommand(bare: Command, surroundings: Surroundings): void {
  const command = withHome(
    bare.description("pay from a wallet to a wallet, or what a code or a link asks for, and wait until it is final"),
  )
    .argument("<from>", "the wallet that pays")
    .argument("<to>", "another wallet, a code or a link")
    .argument("[amount]", "in MOB, such as 1.5; what the code asks for without")
    .option("--json", JSON_HELP)
    .action((from: string, to: string, amount: string | undefined, options: HomeOption) =>
      connected(options, surroundings, async (connection, home) => {
        const payee = payeeOf(home, to);
        const value = amountOf(payee, amount);
        const pay = { home, name: from, use: "pay" } as const;
        const facts = await withWallet(connection, pay, async (payer) => {
          const asked = performance.now();
          const payment = await payer.pay({ ...payee, amount: value });
          const built = performance.now();
          const block = await untilFinal(payment);
          return {
            from,
            to,
            mob: formatMob(value),
            fee: formatMob(payment.fee.value),
            txHash: toHex(payment.txHash),
            block,
            buildMs: Math.round(built - asked),
            finalMs: Math.round(performance.now() - built),
          };
        });
        surroundings.stdout.write(options.json === true ? jsonLine(facts) : narratePayment(facts));
      }),
    );
  const called = bare.name() === "pay" ? "fogbow pay" : "fogbow wallet send";
  withExamples(command, [
    [`${called} alice bob 5`, "between two wallets of this folder"],
    [`${called} alice CODE 0.25 --json`, "to anybody, for a program"],
    [`${called} alice mob:///b58/CODE`, "what a request asks for"],
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
        const { blockIndex } = await give(connection, codeOf(payeeOf(home, to).to), value);
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

/** What is paid: what was said, else what the code asks for. Throws `invalid-argument`. */
function amountOf({ amount, tokenId }: ReadCode, said: string | undefined): TokenValue {
  if (tokenId !== MOB) throw new CommandError("invalid-argument", `The code asks for token ${tokenId}; this pays MOB.`);
  if (said !== undefined) return parseMob(said);
  if (amount === undefined) throw new CommandError("invalid-argument", "How much? The code does not say.");
  return tokenValue(amount);
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
