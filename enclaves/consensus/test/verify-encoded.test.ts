// Tests of who verifies: as many threads as the host says, and no transaction that takes the others' verdicts with it.
import { randomBytes } from "node:crypto";
import { encodeMembershipProof, encodeTx } from "@fogbow/core-transaction";
import { type VerificationContext, verifierHelper } from "@fogbow/verifier-enclave";
import { describe, expect, test } from "vitest";
import { forming, foundLedger, spend } from "../../../stores/ledger-db/test/economy.ts";
import { verifierOf } from "../src/verify-encoded.ts";

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const ledger = foundLedger();
const txs = [0n, 1n, 2n].map((index) => encodeTx(spend(ledger, [index])));
const context: VerificationContext = {
  blockVersion: 4,
  currentIndex: 1n,
  minimumFees: forming().minimumFees.entries(),
  rootProofs: ledger.membershipProofs([59n]).map(encodeMembershipProof),
};

/** Threads that end when they see this transaction: a piece of its signature, as ring members are others' too. */
function threadsDyingOf(killer: Uint8Array | undefined) {
  let spawned = 0;
  const needle = killer && Buffer.from(killer.subarray(-300, -200)).toString("hex");
  return {
    count: () => spawned,
    threads: {
      spawn: () => {
        spawned += 1;
        return {
          call: async (input: Uint8Array) => {
            if (needle !== undefined && Buffer.from(input).toString("hex").includes(needle)) throw new Error("Gone.");
            return verifierHelper(input, { random });
          },
          close: () => undefined,
        };
      },
    },
  };
}

test.each([0, 1, 3])("%i threads give the same verdicts", async (count) => {
  const { threads, count: spawned } = threadsDyingOf(undefined);
  const verify = verifierOf(count, { random, threads });
  expect((await verify(txs, context)).map(({ code }) => code)).toEqual(["ok", "ok", "ok"]);
  expect(spawned()).toBe(count);
  expect((await verify([Uint8Array.of(255)], context))[0]?.code).toBe("malformed");
});

test("without threads the enclave verifies on its own, whatever the host says", async () => {
  const verify = verifierOf(7, { random, threads: undefined });
  expect((await verify(txs, context)).map(({ code }) => code)).toEqual(["ok", "ok", "ok"]);
});

describe("a transaction that no thread survives", () => {
  test("is refused, and the others have their verdicts", async () => {
    const { threads } = threadsDyingOf(txs[1]);
    const verify = verifierOf(2, { random, threads });
    expect((await verify(txs, context)).map(({ code }) => code)).toEqual(["ok", "ledger", "ok"]);
  });
});

test("more threads than there may be are refused", () => {
  expect(() => verifierOf(61, { random, threads: undefined })).toThrow(
    expect.objectContaining({ code: "invalid-config" }),
  );
});
