// What Oscar sees of a poll: how long each packet is, and how many there are. Real wallets, over real channels, at the real
// enclaves of Fog; a packet is longer than what is noted here by what HTTP/2 and TLS add, which goes by its length alone.
import { FogAccount } from "@fogbow/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LocalFog } from "./fog/local-fog.ts";
import { Person } from "./fog/person.ts";
import { randomFrom } from "./fog/random.ts";

const OUTPUTS_MAX = 64;

const people = Array.from({ length: OUTPUTS_MAX + 1 }, (_, n) => new Person(`who is paid ${n} times`));
const stranger = new Person("a stranger");

let fog: LocalFog;
beforeAll(async () => {
  fog = await LocalFog.start({ capacity: 4_096, origin: [stranger.pay(1n, undefined).txOut] });
  const coins = people.flatMap((person, n) => Array.from({ length: n }, () => person.pay(1n, fog.ingressKey)));
  await fog.add(
    coins.map(({ txOut }) => txOut),
    [stranger.pay(1n, undefined).keyImage],
  );
}, 300_000);
afterAll(() => fog.close());

function walletOf({ account }: Person, name: string): FogAccount {
  return new FogAccount({ account }, { ...fog.clients(name), random: randomFrom(`wallet ${name}`) });
}

/** Lengths of all packets of one poll, in order, and how many outputs the wallet had afterwards. */
async function transcriptOf(wallet: FogAccount): Promise<{ readonly packets: string; readonly found: number }> {
  fog.notebook.take();
  const { errors } = await wallet.poll();
  expect(errors).toEqual([]);
  const packets = fog.notebook
    .take()
    .filter(({ place }) => place === "wire")
    .map(({ name, sent, answered }) => `${name}: ${sent.length}, ${answered.length}`);
  return { packets: packets.join("\n"), found: wallet.spendable.length };
}

describe("the transcript of a wallet's first poll", () => {
  const transcripts: string[] = [];
  beforeAll(async () => {
    for (const [n, person] of people.entries()) {
      const { packets, found } = await transcriptOf(walletOf(person, `${n}`));
      expect(found).toBe(n);
      transcripts.push(packets);
    }
  }, 300_000);

  test("is the same for none and one new output", () => {
    expect(transcripts[1]).toBe(transcripts[0]);
    expect(transcripts[0]?.split("\n")).toHaveLength(5); // Two handshakes, events, one search, key images.
  });

  test("is the same for all numbers of new outputs that one schedule finds, and each schedule finds twice as many", () => {
    const alike = new Map<string, number[]>();
    for (const [n, packets] of transcripts.entries()) alike.set(packets, [...(alike.get(packets) ?? []), n]);
    const ranges = [...alike.values()].map((numbers) => [numbers[0], numbers.at(-1), numbers.length]);
    expect(ranges).toEqual([
      [0, 1, 2],
      [2, 5, 4],
      [6, 13, 8],
      [14, 29, 16],
      [30, 61, 32],
      [62, OUTPUTS_MAX, 3], // Up to 125.
    ]);
  });
});

test("the transcript of a later poll is the same for none and one new output, however many the wallet has", async () => {
  const had = [0, 1, 13, 14, 15, 16, 17, 30];
  const wallets = await Promise.all(
    had.map(async (n) => {
      const person = people[n] as Person; // There are more.
      const [paid, unpaid] = [walletOf(person, `paid ${n}`), walletOf(person, `unpaid ${n}`)];
      for (const wallet of [paid, unpaid]) await wallet.poll();
      return { n, person, paid, unpaid };
    }),
  );
  const image = stranger.pay(1n, undefined).keyImage;
  await fog.add([stranger.pay(1n, undefined).txOut], [image]);
  const none = [];
  for (const { unpaid } of wallets) none.push((await transcriptOf(unpaid)).packets);
  // The other wallets of the same people do not know of that block, and the next one pays them.
  const coins = wallets.map(({ person }) => person.pay(1n, fog.ingressKey).txOut);
  await fog.add(coins, [stranger.pay(1n, undefined).keyImage]);
  for (const [i, { n, paid }] of wallets.entries()) {
    const one = await transcriptOf(paid);
    expect(one.found, `after ${n}`).toBe(n + 1);
    expect(one.packets, `after ${n}`).toBe(none[i]);
  }
}, 300_000);
