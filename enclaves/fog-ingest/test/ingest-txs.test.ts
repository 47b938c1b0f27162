// Tests of outputs becoming records: what the host sees is the same whoever is paid, and the key changes when it should.
import { toHex } from "@fogbow/core-bytes";
import { decoyFogHint, type TxOut, txOutToWire } from "@fogbow/core-transaction";
import { encodeMessage, IngestRequestSchema, type IngestResponse } from "@fogbow/core-wire";
import { createKernel, type Kernel, KernelError } from "@fogbow/kernel";
import { beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../../runtime/test/test-parts.ts";
import { TestIngest, User } from "./test-ingest.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });
const NONE = new Uint8Array(0);
const searchKeysOf = ({ records }: IngestResponse): string[] => records.map(({ searchKey = NONE }) => toHex(searchKey));
const sizesOf = ({ records }: IngestResponse): number[][] =>
  records.map(({ searchKey = NONE, payload = NONE }) => [searchKey.length, payload.length]);

let ingest: TestIngest;
const [alice, bob] = [new User(1), new User(2)];
let outputs: TxOut[];
beforeAll(async () => {
  ingest = await TestIngest.start();
  const garbage = (length: number): Uint8Array => seededRandom("garbage")(length);
  outputs = [
    alice.pay(1n, ingest.ingressKey),
    alice.pay(2n, ingest.ingressKey),
    bob.pay(3n, ingest.ingressKey),
    bob.pay(4n, undefined),
    { ...bob.pay(5n, undefined), encryptedFogHint: garbage(84) as TxOut["encryptedFogHint"] },
  ];
});

test("every output yields one record of one size, whatever its hint", async () => {
  expect(sizesOf(await ingest.ingest(outputs))).toEqual(outputs.map(() => [16, 237]));
});

test("the size goes by the output's era alone", async () => {
  const old = await ingest.ingest(
    ([0, 1, 2, 3] as const).flatMap((version) => [
      alice.pay(1n, ingest.ingressKey, version),
      alice.pay(1n, undefined, version),
    ]),
  );
  expect(sizesOf(old).map(([, size]) => size)).toEqual([161, 161, 229, 229, 237, 237, 237, 237]);
});

test("a block that is taken in again gets search keys that never were", async () => {
  const first = searchKeysOf(await ingest.ingest(outputs));
  const again = searchKeysOf(await ingest.ingest(outputs));
  expect(new Set([...first, ...again]).size).toBe(2 * outputs.length);
});

test("a block without outputs has no records", async () => {
  expect(await ingest.ingest([])).toMatchObject({ records: [] });
});

describe("a chunk is refused whole, and nothing has changed,", () => {
  /** Two enclaves of one seed: one is refused something between two chunks, and must go on as the other does. */
  async function goesOn(attempt: (one: TestIngest) => Promise<unknown>, code: string): Promise<void> {
    const [one, two] = [await TestIngest.start({ capacity: 16 }), await TestIngest.start({ capacity: 16 })];
    await one.ingest(outputs);
    await two.ingest(outputs);
    await expect(attempt(one)).rejects.toThrow(refused(code));
    expect(await one.ingest(outputs)).toEqual(await two.ingest(outputs));
    expect(await one.kexRng()).toEqual(await two.kexRng());
  }

  const request = (change: (output: ReturnType<typeof txOutToWire>) => object): Uint8Array => {
    const wires = outputs.map(txOutToWire);
    const last = wires.at(-1) as ReturnType<typeof txOutToWire>; // There are five.
    return encodeMessage(IngestRequestSchema, { blockIndex: 1n, outputs: [...wires.slice(0, -1), change(last)] });
  };

  test.each([
    ["without a masked amount", ({ maskedAmount: _, ...rest }: ReturnType<typeof txOutToWire>): object => rest],
    ["without a hint", ({ eFogHint: _, ...rest }: ReturnType<typeof txOutToWire>): object => rest],
    [
      "with half a hint",
      (wire: ReturnType<typeof txOutToWire>) => ({ ...wire, eFogHint: { data: new Uint8Array(42) } }),
    ],
    ["without a public key", ({ publicKey: _, ...rest }: ReturnType<typeof txOutToWire>): object => rest],
  ])("when its last output comes %s", async (_, change) => {
    await goesOn((one) => one.ask("ingest-txs", request(change)), "invalid-block-data");
  });

  test("when it has more outputs than an egress key serves", async () => {
    const many = Array.from({ length: 17 }, () => outputs[0] as TxOut);
    await goesOn((one) => one.ingest(many), "chunk-too-big");
  });

  test("when it is no message", async () => {
    await goesOn((one) => one.ask("ingest-txs", Uint8Array.of(0xff)), "malformed-message");
  });
});

test("more outputs than a call takes are refused, however large the capacity", async () => {
  const large = await TestIngest.start({ capacity: 8_192 });
  const one = txOutToWire({ ...(outputs[0] as TxOut), encryptedFogHint: decoyFogHint(seededRandom("decoy")) });
  const input = encodeMessage(
    IngestRequestSchema,
    { outputs: Array.from({ length: 4_097 }, () => one) },
    { bytesMax: 4_194_304 },
  );
  await expect(large.ask("ingest-txs", input)).rejects.toThrow(refused("chunk-too-big"));
});

test("when the kernel stops half-way there is a new egress key, in another kernel, and nothing of the call", async () => {
  let kernels = 0;
  const makeKernel = (): Kernel => {
    const kernel = createKernel();
    if (kernels++ > 0) return kernel;
    const createIngest: Kernel["fog"]["createIngest"] = (options) => {
      const ingest = kernel.fog.createIngest(options);
      const process = (): never => {
        throw new KernelError("map-broken", "As if the map had overflowed.");
      };
      return Object.create(ingest, { process: { value: process } });
    };
    return { ...kernel, fog: { ...kernel.fog, createIngest } };
  };
  const one = await TestIngest.start({ overrides: { makeKernel } });
  const user = new User(9);
  const output = user.pay(6n, one.ingressKey);
  await expect(one.ingest([output])).rejects.toThrow(refused("ingest-failed"));
  const fresh = await one.kexRng();
  expect(fresh.pubkey).not.toEqual(one.keys.kexRngPubkey?.pubkey);
  const { records, newKexRng } = await one.ingest([output]);
  expect(newKexRng).toBeUndefined();
  expect(user.recover(records, [fresh])).toEqual([6n]);
});

describe("the egress key changes", () => {
  const some = (count: number): TxOut[] =>
    Array.from({ length: count }, (_, i) => outputs[i % outputs.length] as TxOut);

  test("when it has served as many outputs as the capacity, not when there are as many users", async () => {
    const one = await TestIngest.start({ capacity: 16 });
    const only = Array.from({ length: 8 }, () => outputs[0] as TxOut); // Always one user.
    const first = one.keys.kexRngPubkey;
    expect((await one.ingest(only, { blockIndex: 1n })).newKexRng).toBeUndefined();
    expect((await one.ingest(only, { blockIndex: 2n })).newKexRng).toBeUndefined();
    const { newKexRng } = await one.ingest(only, { blockIndex: 3n });
    expect(newKexRng).toEqual(await one.kexRng());
    expect(newKexRng?.pubkey).not.toEqual(first?.pubkey);
  });

  test("before a block that it cannot serve whole, and not within it", async () => {
    const one = await TestIngest.start({ capacity: 16 });
    await one.ingest(some(5), { blockIndex: 1n });
    expect((await one.ingest(some(4), { blockIndex: 2n, outputsToFollow: 8 })).newKexRng).toBeDefined();
    expect((await one.ingest(some(8), { blockIndex: 2n })).newKexRng).toBeUndefined();
    expect((await one.ingest(some(4), { blockIndex: 3n })).newKexRng).toBeUndefined();
  });

  test("within a block that no key can serve whole", async () => {
    const one = await TestIngest.start({ capacity: 16 });
    await one.ingest(some(4), { blockIndex: 1n });
    const changes: boolean[] = [];
    for (let follow = 32; follow >= 0; follow -= 8) {
      changes.push((await one.ingest(some(8), { blockIndex: 2n, outputsToFollow: follow })).newKexRng !== undefined);
    }
    expect(changes).toEqual([false, true, false, true, false]);
  });

  test("whenever counters begin again", async () => {
    const seen = new Set<string>();
    const one = await TestIngest.start({ capacity: 16 });
    const note = async (): Promise<void> => {
      seen.add(toHex((await one.kexRng()).pubkey));
    };
    await note();
    for (const call of ["new-keys", "new-egress-key", "new-egress-key"]) {
      await one.ask(call, NONE);
      await note();
    }
    for (let i = 0; i < 3; i++) {
      await one.ingest(some(16), { blockIndex: BigInt(i) });
      await note();
    }
    expect(seen.size).toBe(6); // The first block found a new key already.
  });
});
