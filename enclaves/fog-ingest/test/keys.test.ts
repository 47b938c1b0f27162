// Tests of the enclave's keys: their beginning, how they are kept, and that nothing but public halves comes out.
import { equalBytes, type Random, toHex } from "@fogbow/core-bytes";
import {
  CompressedRistrettoSchema,
  decodeMessage,
  IngestKeySetSchema,
  type IngestKeys,
  IngestKeysSchema,
} from "@fogbow/core-wire";
import { kernel } from "@fogbow/kernel";
import { expect, test } from "vitest";
import { seededRandom } from "../../runtime/test/test-parts.ts";
import manifest from "../manifest.json" with { type: "json" };
import { bareEnclave, initRequest, TestIngest, User } from "./test-ingest.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });
const NONE = new Uint8Array(0);
const ANY = { bytesMax: 1_048_576 };
const keysOf = (bytes: Uint8Array): IngestKeys => decodeMessage(IngestKeysSchema, bytes, ANY);

test("evidence names the ingress key from the beginning, and the new one when it has changed", async () => {
  const { enclave, ask } = bareEnclave();
  const before = enclave.attests?.customIdentity;
  const ingest = await TestIngest.init(ask, {}, enclave);
  expect(before).toEqual(ingest.keys.ingressPubkey?.data);
  const fresh = keysOf(await ask("new-keys", NONE));
  expect(fresh.ingressPubkey?.data).not.toEqual(before);
  expect(enclave.attests?.customIdentity).toEqual(fresh.ingressPubkey?.data);
  const told = decodeMessage(CompressedRistrettoSchema, await ask("ingress-pubkey", NONE), ANY);
  expect(told.data).toEqual(fresh.ingressPubkey?.data);
});

test("a sealed key comes back, with another egress key", async () => {
  const first = await TestIngest.start();
  const { sealedIngressKey: sealedKey } = keysOf(await first.ask("sealed-ingress-key", NONE));
  const second = await TestIngest.start({ sealedKey, parts: { random: seededRandom("second") } });
  expect(second.keys.ingressPubkey).toEqual(first.keys.ingressPubkey);
  expect(second.enclave?.attests?.customIdentity).toEqual(first.keys.ingressPubkey?.data);
  expect(second.keys.kexRngPubkey?.pubkey).not.toEqual(first.keys.kexRngPubkey?.pubkey);
  const user = new User(1);
  const { records } = await second.ingest([user.pay(9n, first.ingressKey)]);
  expect(user.recover(records, [await second.kexRng()])).toEqual([9n]);
});

test("a seal that does not open is refused, never answered with a new key, and `init` may be tried again", async () => {
  const { ask } = bareEnclave();
  const sealedKey = (await TestIngest.start()).keys.sealedIngressKey.map((byte, i, all) =>
    i === all.length - 1 ? byte ^ 1 : byte,
  );
  await expect(ask("init", initRequest({ sealedKey }))).rejects.toThrow(refused("unseal-failed"));
  await expect(ask("init", initRequest({ sealedKey: Uint8Array.of(1) }))).rejects.toThrow(refused("malformed-seal"));
  await TestIngest.init(ask, {});
});

test.each([8, 17, 2 ** 23])("a capacity of %i is refused", async (capacity) => {
  await expect(bareEnclave().ask("init", initRequest({ capacity }))).rejects.toThrow(refused("invalid-capacity"));
});

test("the capacity is 262 144 when none is named", async () => {
  expect((await TestIngest.start({ capacity: 0 })).keys.capacity).toBe(262_144);
});

test("`init` comes first and once, and unknown calls are refused", async () => {
  const { ask } = bareEnclave();
  await expect(ask("new-keys", NONE)).rejects.toThrow(refused("not-initialized"));
  await TestIngest.init(ask, {});
  await expect(ask("init", initRequest({}))).rejects.toThrow(refused("already-initialized"));
  await expect(ask("get-egress-private-key", NONE)).rejects.toThrow(refused("unknown-entry-point"));
});

test("what comes out of any entry point holds no private key, and nothing that one could be made from", async () => {
  // Everything the enclave draws is kept: seeds, private keys, and the random bytes they are made from.
  const drawn: Uint8Array[] = [];
  const keeping = (random: Random): Random => {
    return (length) => {
      const bytes = random(length);
      drawn.push(bytes.slice());
      return bytes;
    };
  };
  const outputs = new Map<string, Uint8Array[]>();
  const watch = (ingest: TestIngest): TestIngest => {
    const { ask } = ingest;
    const asking = async (entryPoint: string, input: Uint8Array): Promise<Uint8Array> => {
      const output = await ask(entryPoint, input);
      outputs.set(entryPoint, [...(outputs.get(entryPoint) ?? []), output]);
      return output;
    };
    return Object.assign(ingest, { ask: asking });
  };
  const [one, two] = ["one", "two"].map((name) =>
    bareEnclave({ name, parts: { random: keeping(seededRandom(name)) } }),
  );
  const all: TestIngest[] = [];
  for (const [i, bare] of [one, two].entries()) {
    if (bare === undefined) throw new Error("There are two.");
    const name = ["one", "two"][i] as string;
    all.push(watch(await TestIngest.init(bare.ask, { name }, bare.enclave)));
    outputs.set("init", [...(outputs.get("init") ?? []), await bare.ask("sealed-ingress-key", NONE)]);
  }
  const [from, to] = all as [TestIngest, TestIngest];
  const channelId = await from.connect(to);
  await to.ask("set-ingress-private-key", await from.getKey(channelId));
  await from.ingest([new User(1).pay(1n, from.ingressKey)]);
  await from.kexRng();
  for (const call of ["new-egress-key", "ingress-pubkey", "sealed-ingress-key", "new-keys"]) await from.ask(call, NONE);
  outputs.set("peer-close", [NONE]);

  expect([...outputs.keys()].sort()).toEqual(manifest.entryPoints.map(({ name }) => name).sort());
  const secrets = drawn.flatMap((bytes) => {
    if (bytes.length === 64) return [bytes, kernel().scalars.reduceWide(bytes)];
    return bytes.length === 32 ? [bytes, egressKeyOf(bytes)] : [];
  });
  expect(secrets.length).toBeGreaterThan(12);
  // A secret would be recognised: the public halves of the private keys come out.
  const publics = secrets.filter((secret) => secret.length === 32 && kernel().scalars.isCanonical(secret));
  const out = [...outputs.values()].flat().map(toHex).join(" ");
  expect(publics.some((secret) => out.includes(toHex(kernel().ristretto.multiplyBase(secret))))).toBe(true);
  for (const secret of secrets) {
    for (let at = 0; at + 8 <= secret.length; at += 8) expect(out).not.toContain(toHex(secret.subarray(at, at + 8)));
  }
});

/** The egress private key that the kernel makes from a seed. */
function egressKeyOf(seed: Uint8Array): Uint8Array {
  const { oblivious, scalars } = kernel();
  const generator = oblivious.createGenerator(seed);
  oblivious.draw(generator, 32);
  return scalars.reduceWide(oblivious.draw(generator, 64));
}

test("a key that is handed over is taken, sealed and named, and the answer says whether it is another", async () => {
  const [from, to] = [await TestIngest.start({ name: "one" }), await TestIngest.start({ name: "two" })];
  const channelId = await from.connect(to);
  const set = decodeMessage(
    IngestKeySetSchema,
    await to.ask("set-ingress-private-key", await from.getKey(channelId)),
    ANY,
  );
  expect(set.didChange).toBe(true);
  expect(set.keys?.ingressPubkey).toEqual(from.keys.ingressPubkey);
  expect(set.keys?.kexRngPubkey).toEqual(to.keys.kexRngPubkey); // Egress keys are not shared.
  expect(to.enclave?.attests?.customIdentity).toEqual(from.keys.ingressPubkey?.data);
  const again = await to.ask("set-ingress-private-key", await from.getKey(channelId));
  expect(decodeMessage(IngestKeySetSchema, again, ANY).didChange).toBe(false);

  const restarted = await TestIngest.start({ name: "two", sealedKey: set.keys?.sealedIngressKey ?? NONE });
  expect(equalBytes(restarted.ingressKey, from.ingressKey)).toBe(true);
  const user = new User(3);
  const { records } = await to.ingest([user.pay(4n, from.ingressKey)]);
  expect(user.recover(records, [await to.kexRng()])).toEqual([4n]);
});
