// Tests of the enclave's side of KexRng, against the wallet's.
import { fromHex, toHex } from "@fogbow/core-bytes";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CounterMap, EgressKey, KexRng, KexRngCounters, PrivateKey, publicKey } from "../src/index.ts";
import { privateKeys } from "./arbitraries.ts";
import { resultsOf } from "./watch-secrets.ts";

const plain = (): KexRngCounters => new KexRngCounters({ capacity: 100 });
const rootUser = publicKey(fromHex("78901c11834e842df6be98c127953513e116095d4122cc27d807b4511cb81e11"));

test("search keys are the recorded ones", () => {
  const egress = new EgressKey(new PrivateKey(new Uint8Array(32).fill(3)), plain());
  expect(toHex(egress.publicKey.publicKey)).toBe("3417ece792a4d8416b6ee445ef9420d1b6e4db370d38ab04872fcbb0fed96f6f");
  expect(egress.publicKey.version).toBe(0);
  expect([1, 2, 3].map(() => toHex(egress.nextSearchKey(rootUser)))).toEqual([
    "73b57c8ba56bc24c0926b4c3334ae893",
    "081fe615348194e81a8c85faecf92581",
    "1cf217a79e43f729c34a27de4dde7913",
  ]);
});

test("wallet and enclave make the same keys, however the users' outputs are interleaved", () => {
  fc.assert(
    fc.property(
      privateKeys,
      fc.array(privateKeys, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (egressPrivateKey, users, outputs) => {
        const egress = new EgressKey(egressPrivateKey, plain());
        const distinct = users.filter((user, i) => users.findIndex((other) => other.equals(user)) === i);
        const wallets = distinct.map((user) => ({
          viewPublicKey: user.publicKey(),
          rng: KexRng.fromKeyExchange(user, egress.publicKey),
        }));
        const secrets = new Set(wallets.map(({ rng }) => toHex(rng.toStored().secret.expose())));
        fc.pre(secrets.size === wallets.length); // An egress key of zero gives all users the same secret.
        for (const output of outputs) {
          const wallet = wallets[output % wallets.length] as (typeof wallets)[number]; // There is at least one.
          expect(egress.nextSearchKey(wallet.viewPublicKey)).toEqual(wallet.rng.peek());
          wallet.rng.advance();
        }
      },
    ),
    { numRuns: 15 },
  );
});

test("a counter's name is the secret with its first byte inverted, and is wiped with the secret", () => {
  const names: Uint8Array[] = [];
  const atCall: string[] = [];
  const counters: CounterMap = {
    next(name) {
      names.push(name);
      atCall.push(toHex(name));
      return 0n;
    },
  };
  const egress = new EgressKey(new PrivateKey(new Uint8Array(32).fill(3)), counters);
  const shared = resultsOf("ristretto", "multiply", () => egress.nextSearchKey(rootUser));
  expect(atCall).toEqual(["2d522883e77dfbc2b4787656ea575ff137dbea40bddf774fbdd999b4665f5a58"]);
  expect(names).toEqual([new Uint8Array(32)]);
  expect(shared).toEqual([new Uint8Array(32)]);
});

test("an identity key, whose secret is all zeros, has a counter like any other", () => {
  const egress = new EgressKey(new PrivateKey(new Uint8Array(32).fill(3)), plain());
  const identity = publicKey(new Uint8Array(32));
  expect(toHex(egress.nextSearchKey(identity))).toBe("5ca6aafcf6fa59f93fff54fa47e00901");
  expect(toHex(egress.nextSearchKey(identity))).toBe("67aa8728cb8ac38c5854678012e00902");
});

test("a wiped egress key makes no more search keys", () => {
  const egress = new EgressKey(new PrivateKey(new Uint8Array(32).fill(3)), plain());
  egress.wipe();
  expect(() => egress.nextSearchKey(rootUser)).toThrow(expect.objectContaining({ code: "secret-wiped" }));
});
