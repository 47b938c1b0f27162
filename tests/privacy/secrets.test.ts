// What a wallet does with Fog, and where its secrets are not: not on the network, and the worst of them not in the enclaves
// either, so that whoever breaks an enclave cannot spend and does not learn amounts.
import { publicAddress, subaddress } from "@fogbow/core-account";
import { be64, le64, toHex } from "@fogbow/core-bytes";
import { KexRng, kexRngPublicKey } from "@fogbow/core-crypto";
import { encodeTxOut } from "@fogbow/core-transaction";
import { CheckKeyImagesRequestSchema, encodeMessage, GetOutputsRequestSchema } from "@fogbow/core-wire";
import { FogAccount, type LedgerService, type ViewQuestion, type ViewService } from "@fogbow/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findSecrets, type PlantedSecret } from "./fog/find-secrets.ts";
import { LocalFog } from "./fog/local-fog.ts";
import type { Sighting } from "./fog/notebook.ts";
import { type Coin, Person } from "./fog/person.ts";
import { randomFrom } from "./fog/random.ts";

const bob = new Person("Bob");
const stranger = new Person("a stranger");
const VALUES = [0x1a2b3c4d5e6f7081n, 0x2b3c4d5e6f708192n, 0x3c4d5e6f708192a3n];

/** Whatever a wallet tells Fog inside its channels. */
const insideChannels: unknown[] = [];
let fog: LocalFog;
let coins: readonly Coin[];
let sightings: readonly Sighting[];
let searchKeys: readonly Uint8Array[];

beforeAll(async () => {
  fog = await LocalFog.start({ capacity: 64, origin: [stranger.pay(1n, undefined).txOut] });
  coins = VALUES.map((value) => bob.pay(value, fog.ingressKey));
  const others = Array.from({ length: 12 }, () => stranger.pay(1n, undefined));
  await fog.add(
    [...others, ...coins].map(({ txOut }) => txOut),
    [stranger.pay(1n, undefined).keyImage],
  );
  const { view, ledger } = fog.clients("Bob");
  const overheard = {
    view: { query: (question: ViewQuestion) => note(question, () => view.query(question)) } satisfies ViewService,
    ledger: {
      checkKeyImages: (images: readonly Uint8Array[]) => note(images, () => ledger.checkKeyImages(images)),
      getBlocks: (ranges) => ledger.getBlocks(ranges),
    } satisfies LedgerService,
  };
  const wallet = new FogAccount({ account: bob.account }, { ...overheard, random: randomFrom("Bob's wallet") });
  const { errors } = await wallet.poll();
  expect(errors).toEqual([]);
  expect(wallet.spendable.map(({ amount }) => amount.value)).toEqual(VALUES);
  const indices = wallet.spendable.map(({ globalIndex }) => globalIndex);
  const { outputs } = await note(indices, () => ledger.getOutputs(indices, { txoCount: wallet.txoCount }));
  const publicKeys = outputs.map(({ txOut }) => txOut.publicKey);
  const { places } = await note(publicKeys, () => ledger.lookupOutputs(publicKeys));
  expect(places.map((place) => place?.globalIndex)).toEqual(indices);
  searchKeys = insideChannels.flatMap((each) => (isQuestion(each) ? each.searchKeys : []));
  sightings = fog.notebook.take();
}, 300_000);
afterAll(() => fog.close());

function note<T>(what: unknown, call: () => Promise<T>): Promise<T> {
  insideChannels.push(what);
  return call();
}

function isQuestion(value: unknown): value is ViewQuestion {
  return typeof value === "object" && value !== null && "searchKeys" in value;
}

const on = (place: Sighting["place"]): Uint8Array[] =>
  sightings.filter((each) => each.place === place).flatMap(({ sent, answered }) => [sent, answered]);

/** What lets one spend, and what an output is worth. */
function spendSecrets(): PlantedSecret[] {
  const { viewPrivateKey, spendPrivateKey } = bob.account;
  const own = subaddress(bob.account, 0n);
  return [
    { name: "the spend private key", bytes: spendPrivateKey.expose() },
    { name: "the subaddress's spend private key", bytes: own.spendPrivateKey.expose() },
    { name: "the view private key", bytes: viewPrivateKey.expose() },
    { name: "the subaddress's view private key", bytes: own.viewPrivateKey.expose() },
    ...VALUES.flatMap((value, i) => [
      { name: `amount ${i}`, bytes: le64(value) },
      { name: `amount ${i}, the other way round`, bytes: be64(value) },
    ]),
  ];
}

/** What says who a wallet is, and what it has. */
function identities(): PlantedSecret[] {
  const { viewPublicKey, spendPublicKey } = publicAddress(bob.account);
  return [
    { name: "the address's view key", bytes: viewPublicKey },
    { name: "the address's spend key", bytes: spendPublicKey },
    ...coins.map(({ keyImage }, i) => ({ name: `key image ${i}`, bytes: keyImage })),
    ...coins.map(({ txOut }, i) => ({ name: `output ${i}`, bytes: encodeTxOut(txOut) })),
    ...searchKeys.map((bytes, i) => ({ name: `search key ${i}`, bytes })),
  ];
}

test("no packet between a wallet and Fog holds a key, an address, an amount, a key image, a search key or an output", () => {
  const packets = on("wire");
  expect(packets.length).toBeGreaterThan(10);
  expect(searchKeys.length).toBeGreaterThan(4);
  expect(findSecrets(packets, [...spendSecrets(), ...identities()])).toEqual([]);
});

test("and the search finds them where they are in the open", () => {
  const keyImages = { queries: coins.map(({ keyImage }) => ({ keyImage: { data: keyImage } })) };
  const open = [encodeMessage(CheckKeyImagesRequestSchema, keyImages)];
  expect(findSecrets(open, identities())).toEqual(coins.map((_, i) => `key image ${i}`));
  const indices = encodeMessage(GetOutputsRequestSchema, { indices: VALUES });
  expect(findSecrets([indices], spendSecrets()).filter((name) => /^amount \d$/.test(name))).toHaveLength(VALUES.length);
  const digits = Buffer.from(toHex(bob.account.spendPrivateKey.expose()));
  const text = Buffer.from(`key=${Buffer.from(bob.account.viewPrivateKey.expose()).toString("base64")}`);
  expect(findSecrets([digits, text], spendSecrets())).toEqual(["the spend private key", "the view private key"]);
  // Blocks are public, and go to ingest in the open.
  expect(findSecrets(on("door"), identities()).filter((name) => name.startsWith("output"))).toHaveLength(coins.length);
});

test("nothing that goes into an enclave, in the open or sealed, lets one spend or says what an output is worth", () => {
  const inside = insideChannels.flatMap(bytesIn);
  expect(findSecrets(inside, identities()).length).toBeGreaterThan(coins.length);
  expect(findSecrets([...on("door"), ...on("row"), ...inside], spendSecrets())).toEqual([]);
});

test("no key image that is asked about, and no search key that misses, crosses an enclave's door in the open", () => {
  const rows = on("row");
  const missed = searchKeys.filter((key) => findSecrets(rows, [{ name: "found", bytes: key }]).length === 0);
  expect(missed.length).toBe(searchKeys.length - coins.length);
  const asked = [
    ...coins.map(({ keyImage }, i) => ({ name: `key image ${i}`, bytes: keyImage })),
    ...missed.map((bytes, i) => ({ name: `search key ${i}`, bytes })),
  ];
  expect(findSecrets(on("door"), asked)).toEqual([]);
});

test("the wallet has called nothing but attested methods, and never looked an output of its own up in the open", () => {
  const called = new Set(sightings.filter(({ place }) => place === "wire").map(({ name }) => name));
  expect([...called].sort()).toEqual([
    "key images",
    "key images auth",
    "lookup",
    "lookup auth",
    "outputs",
    "outputs auth",
    "view",
    "view auth",
  ]);
});

test("search keys are those of the sequence that only Bob and the enclave can make", async () => {
  // Else the search above would look for something else than what the wallet asks for.
  const { viewPrivateKey } = subaddress(bob.account, 0n);
  const { view } = fog.clients("somebody");
  const { rngs } = await view.query({ eventCursor: 0n, blockCountCursor: 0n, searchKeys: [] });
  const rng = KexRng.fromKeyExchange(viewPrivateKey, kexRngPublicKey(rngs[0]?.publicKey ?? new Uint8Array(), 0));
  expect(searchKeys[0]).toEqual(rng.peek());
});

function bytesIn(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (typeof value === "bigint") return [le64(BigInt.asUintN(64, value))];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(bytesIn) : [];
}
