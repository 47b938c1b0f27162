// The life of a payment in the ten steps that the MobileCoin white paper promises, from a new phone to a proof that nobody else can use.
import {
  type AccountKey,
  accountKeyFromIdentity,
  type Identity,
  mnemonicFromEntropy,
  publicAddress,
} from "@fogbow/core-account";
import { formatMob, parseMob, type Random, Secret, type TokenValue, toHex } from "@fogbow/core-bytes";
import type { Payment, Wallet } from "@fogbow/sdk";
import { CommandError } from "../error.ts";
import type { Connection } from "../up/connect.ts";
import { give, untilFinal, untilFound } from "../up/first-payments.ts";
import { codeOf } from "../wallet/accounts.ts";

/** What a life is lived with. */
export interface LifeParts {
  readonly connection: Connection;
  /** The identity of a new account with this entropy, of 32 bytes. */
  readonly identity: (entropy: Secret) => Identity;
  readonly random: Random;
}

/** A step that was taken, or one whose part of the product does not exist yet. */
export interface LivedStep {
  readonly step: number;
  readonly title: string;
  readonly state: "done" | "not-yet";
  /** What came of it, or what is missing. */
  readonly told: string;
  readonly ms?: number;
}

type Step =
  | { readonly title: string; readonly missing: string }
  | { readonly title: string; readonly take: (life: Life) => Promise<string> };

const WORDS_ENTROPY_BYTES = 32;
const GIVEN: TokenValue = parseMob("10");
const PAID: TokenValue = parseMob("2.5");

const STEPS: readonly Step[] = [
  { title: "Alice installs an app, which makes her keys from 24 words", take: (life) => life.makeKeys() },
  { title: "a PIN guards them against the loss of her phone", missing: "the vault of keys is not built" },
  { title: "she is given money, and finds it through Fog, without a ledger", take: (life) => life.receive() },
  {
    title: "she looks Bob up by his name",
    missing: "the directory is not built; his address is given to her as a code",
  },
  {
    title: "Bob's Fog proves by its enclave's evidence which key hides that he is paid",
    take: (life) => life.resolveReport(),
  },
  {
    title:
      "her phone builds a payment to a one-time address, hidden among decoys that Fog serves without learning which",
    take: (life) => life.build(),
  },
  { title: "it is sealed to a validator's enclave, which finds it valid", take: (life) => life.submit() },
  { title: "the validators agree, and it is in a block for good", take: (life) => life.agree() },
  {
    title: "Bob's phone finds it through Fog, by a tag that only he can compute, and can spend it",
    take: (life) => life.find(),
  },
  {
    title: "Bob knows that it was Alice, by a proof that he could have made himself and so can show to nobody",
    take: (life) => life.recogniseSender(),
  },
];

/** Lives it, and tells each step when it is over. Rejects with what failed: SdkError, CommandError. */
export async function liveLife(parts: LifeParts, tell: (step: LivedStep) => void): Promise<void> {
  const life = new Life(parts);
  for (const [i, step] of STEPS.entries()) {
    const { title } = step;
    if ("missing" in step) {
      tell({ step: i + 1, title, state: "not-yet", told: step.missing });
      continue;
    }
    const started = performance.now();
    const told = await step.take(life);
    tell({ step: i + 1, title, state: "done", told, ms: Math.round(performance.now() - started) });
  }
}

/** What one step leaves for the next. */
class Life {
  readonly #parts: LifeParts;
  #people: { readonly alice: Person; readonly bob: Person } | undefined;
  #payment: Payment | undefined;

  constructor(parts: LifeParts) {
    this.#parts = parts;
  }

  async makeKeys(): Promise<string> {
    const { connection, identity, random } = this.#parts;
    const words: number[] = [];
    const person = (): Person => {
      const entropy = new Secret(random(WORDS_ENTROPY_BYTES));
      words.push(mnemonicFromEntropy(entropy).split(" ").length);
      const account = accountKeyFromIdentity(identity(entropy));
      return { account, wallet: connection.wallets.wallet(account, connection.node) };
    };
    this.#people = { alice: person(), bob: person() };
    return `${words[0]} words each for Alice and Bob; nobody else has them`;
  }

  async receive(): Promise<string> {
    const { alice, bob } = this.#both();
    await give(this.#parts.connection, codeOf(publicAddress(alice.account)), GIVEN);
    await Promise.all([untilFound(alice.wallet, GIVEN), bob.wallet.poll()]); // What Bob finds later is the payment.
    const { value, asOf } = alice.wallet.balance();
    return `she has ${formatMob(value as TokenValue)} MOB as of ${asOf} blocks`;
  }

  async resolveReport(): Promise<string> {
    const address = this.#both().bob.wallet.address;
    const { pubkeyExpiry } = await this.#parts.connection.wallets.reports.resolve(address, { tombstoneBlock: 0n });
    return `verified; the key is good for payments before block ${pubkeyExpiry}`;
  }

  async build(): Promise<string> {
    const { alice, bob } = this.#both();
    this.#payment = await alice.wallet.pay({ to: bob.wallet.address, amount: PAID });
    const { inputs, outputs } = this.#payment.tx.prefix;
    const members = inputs[0]?.ring.length ?? 0;
    return `${inputs.length} input among ${members} ring members, ${outputs.length} outputs`;
  }

  async submit(): Promise<string> {
    for await (const { kind } of this.#paid().status()) if (kind !== "built") break;
    return `known as ${toHex(this.#paid().txHash).slice(0, 16)}…`;
  }

  async agree(): Promise<string> {
    return `block ${await untilFinal(this.#paid())}, where neither payer, recipient nor amount can be read`;
  }

  async find(): Promise<string> {
    const { bob } = this.#both();
    await untilFound(bob.wallet, PAID);
    return `he has ${formatMob(bob.wallet.balance().value as TokenValue)} MOB`;
  }

  async recogniseSender(): Promise<string> {
    const { alice, bob } = this.#both();
    const [entry] = bob.wallet.history([alice.wallet.address]);
    if (entry?.kind === "received" && entry.sender !== undefined)
      return "the memo's code verifies with Alice's address";
    throw new CommandError("fog-not-ready", "Bob's output has no memo that verifies with Alice's address.");
  }

  #both(): { readonly alice: Person; readonly bob: Person } {
    if (this.#people === undefined) throw new Error("Keys are made first.");
    return this.#people;
  }

  #paid(): Payment {
    if (this.#payment === undefined) throw new Error("A payment is built first.");
    return this.#payment;
  }
}

interface Person {
  readonly account: AccountKey;
  readonly wallet: Wallet;
}
