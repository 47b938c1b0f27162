// The game "was Bob paid in this block?": each round a block comes in which Bob is paid, or somebody else in his place, and then
// Bob's wallet polls. The attacker sees what its row of the threat model may see, learns from half of the rounds, and guesses
// the others.
import { publicAddress } from "@fogbow/core-account";
import type { TxOut } from "@fogbow/core-transaction";
import { FogAccount } from "@fogbow/sdk";
import { attack, type Trial } from "../attacker.ts";
import { chance } from "../chance.ts";
import { LocalFog, type LocalFogParts } from "../fog/local-fog.ts";
import type { Sighting } from "../fog/notebook.ts";
import { type Coin, Person } from "../fog/person.ts";
import { randomFrom } from "../fog/random.ts";
import type { Rate } from "../interval.ts";
import { NaiveServer } from "./naive-server.ts";
import { evesSight, type Known, oscarsSight } from "./sight.ts";

/** How often the attackers are right. */
export interface BobsRates {
  readonly oscar: Rate;
  readonly eve: Rate;
}

/** One round: whether Bob is paid, and the block. */
interface Round {
  readonly isPaid: boolean;
  /** Sorted, so that their order says nothing. */
  readonly coins: readonly Coin[];
}

/** What a game is played against: takes a block, lets Bob poll, and says what was to be seen meanwhile. */
interface Target {
  readonly ingressKey: Parameters<Person["pay"]>[1];
  play(round: Round, spent: Coin): Promise<readonly Sighting[]>;
  close(): Promise<void>;
}

/** Rounds before the first that counts: caches fill and code is compiled. */
const WARM_UP = 10;

const bob = new Person("Bob");
const others = ["Alice", "Carol"].map((name) => new Person(name));

/** Plays against a server that its users give their view keys to. */
export async function playNaive(seed: number, rounds: number): Promise<BobsRates> {
  const server = new NaiveServer();
  for (const { account } of [bob, ...others]) server.register(account);
  return play(seed, rounds, {
    ingressKey: undefined,
    play: async ({ coins }) => {
      server.add(coins.map(({ txOut }) => txOut));
      await server.poll(bob.account);
      return server.notebook.take();
    },
    close: async () => undefined,
  });
}

/** Plays against Fog: in real time, or with watched kernels, which takes many times as long. */
export async function playFog(seed: number, rounds: number, parts: LocalFogParts = {}): Promise<BobsRates> {
  const capacity = 2 ** Math.ceil(Math.log2(2 * (rounds + WARM_UP) + 1));
  const origin = [others[0]?.pay(1n, undefined).txOut as TxOut]; // There is somebody.
  const fog = await LocalFog.start({ capacity, origin }, parts);
  const wallet = new FogAccount(
    { account: bob.account },
    { ...fog.clients("Bob"), random: randomFrom("Bob's wallet") },
  );
  return play(seed, rounds, {
    ingressKey: fog.ingressKey,
    play: async ({ coins }, spent) => {
      await fog.add(
        coins.map(({ txOut }) => txOut),
        [spent.keyImage],
      );
      const { errors } = await wallet.poll();
      if (errors.length > 0) throw new Error(`Bob's wallet: ${errors.map(String).join("; ")}`);
      return fog.notebook.take();
    },
    close: () => fog.close(),
  });
}

async function play(seed: number, rounds: number, target: Target): Promise<BobsRates> {
  const draw = chance(seed);
  const trials: { readonly oscar: Trial[]; readonly eve: Trial[] } = { oscar: [], eve: [] };
  const known = identityOf(bob);
  let lastPaid: Coin | undefined;
  try {
    for (let i = 0; i < rounds + WARM_UP; i++) {
      const round = roundOf(draw, target.ingressKey);
      // Bob spends what he has, so that he has one output at most; else somebody spends something.
      const spent = lastPaid ?? (others[0] as Person).pay(1n, undefined);
      lastPaid = round.isPaid ? round.coins.find(({ value }) => value === BOBS_VALUE) : undefined;
      const sightings = await target.play(round, spent);
      if (i < WARM_UP) continue;
      const world = round.isPaid;
      trials.oscar.push({ world, sight: oscarsSight(sightings) });
      trials.eve.push({ world, sight: evesSight(sightings, [...known, ...outputsOf(round)]) });
    }
  } finally {
    await target.close();
  }
  return { oscar: attack(trials.oscar), eve: attack(trials.eve) };
}

/** By which Bob's coin is found among those of the round. */
const BOBS_VALUE = 7n;

function roundOf(draw: () => number, ingressKey: Target["ingressKey"]): Round {
  const isPaid = draw() < 0.5;
  const [alice, carol] = others as [Person, Person];
  const payee = isPaid ? bob : alice;
  const hasFog = draw() < 0.5; // Whoever else is paid in the block.
  const coins = [
    payee.pay(payee === bob ? BOBS_VALUE : 1n, ingressKey),
    carol.pay(1n, hasFog ? ingressKey : undefined),
  ];
  return { isPaid, coins: coins.sort((a, b) => Buffer.compare(a.txOut.publicKey, b.txOut.publicKey)) };
}

/** What everybody knows of a person. */
function identityOf({ account }: Person): Known[] {
  const { viewPublicKey, spendPublicKey } = publicAddress(account);
  return [
    { name: "Bob's view key", bytes: viewPublicKey },
    { name: "Bob's spend key", bytes: spendPublicKey },
  ];
}

/** What everybody sees of a block. */
function outputsOf({ coins }: Round): Known[] {
  return coins.flatMap(({ txOut }, i) => [
    { name: `public key ${i}`, bytes: txOut.publicKey },
    { name: `target key ${i}`, bytes: txOut.targetKey },
  ]);
}
