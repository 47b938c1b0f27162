// Tests of verifier threads that are an enclave's: batches cross as bytes, and no copy of them is left behind.
import { randomBytes } from "node:crypto";
import { encodeMembershipProof, encodeTx } from "@fogbow/core-transaction";
import { afterEach, describe, expect, test } from "vitest";
import { makeValid } from "../../../core/transaction/test/validation/valid-transaction.ts";
import {
  type HelperThreads,
  helperThreads,
  type VerificationContext,
  VerifierPool,
  verifierHelper,
  verifyBatch,
} from "../src/index.ts";

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const valid = makeValid();
const context: VerificationContext = {
  blockVersion: valid.context.blockVersion,
  currentIndex: valid.context.currentIndex,
  minimumFees: valid.context.minimumFees.entries(),
  rootProofs: [...new Set(valid.context.rootProofs)].map(encodeMembershipProof),
};
const tx = encodeTx(valid.tx);
const reversed = valid.tx.signature.ringSignatures.map((each) => ({
  ...each,
  responses: [...each.responses].reverse(),
}));
const spoilt = encodeTx({ ...valid.tx, signature: { ...valid.tx.signature, ringSignatures: reversed } });

const pools: VerifierPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

/** A pool whose threads do this with their inputs. */
function poolOf(call: (input: Uint8Array) => Promise<Uint8Array>): { pool: VerifierPool; closed: () => number } {
  let closed = 0;
  const threads: HelperThreads = {
    spawn: () => ({
      call,
      close: () => {
        closed += 1;
      },
    }),
  };
  const pool = new VerifierPool({ threads: 2 }, { spawn: helperThreads(threads) });
  pools.push(pool);
  return { pool, closed: () => closed };
}

test("the answers are those of a batch in one's own thread", async () => {
  const { pool, closed } = poolOf(async (input) => verifierHelper(input, { random }));
  const requests = [tx, spoilt, Uint8Array.of(255), tx];
  const expected = verifyBatch(
    requests.map((each) => ({ tx: each, context })),
    random,
  );
  expect(await pool.verify(requests, context)).toEqual(expected);
  const others = { ...context, rootProofs: [], minimumFees: [[0n, 1n]] } as const;
  const [inOther, inOwn] = await Promise.all([pool.verify([tx], others), pool.verify([tx], context)]);
  expect([inOther[0]?.code, inOwn[0]?.code]).toEqual(["invalid-ledger-context", "ok"]);
  await pool.close();
  expect(closed()).toBeGreaterThan(0);
});

test("what a thread was given is overwritten in this one", async () => {
  const inputs: Uint8Array[] = [];
  const { pool } = poolOf(async (input) => {
    inputs.push(input);
    return verifierHelper(input, { random });
  });
  await pool.verify([tx, spoilt], context);
  expect(inputs.length).toBeGreaterThan(0);
  expect(inputs.every((input) => input.every((byte) => byte === 0))).toBe(true);
});

describe("a thread that", () => {
  test("ends takes nobody's verdict with it but that of what it ended of", async () => {
    let calls = 0;
    const { pool, closed } = poolOf(async (input) => {
      calls += 1;
      if (calls === 1) throw new Error("It is gone.");
      return verifierHelper(input, { random });
    });
    expect((await pool.verify([tx, tx], context)).map(({ code }) => code)).toEqual(["ok", "ok"]);
    expect(closed()).toBe(1);
  });

  test("always ends is an error and no verdict", async () => {
    const { pool } = poolOf(async () => Promise.reject(new Error("It is gone.")));
    await expect(pool.verify([tx], context)).rejects.toMatchObject({ code: "thread-failed" });
  });

  test("answers too few is not believed", async () => {
    const { pool } = poolOf(async () => new Uint8Array(0));
    await expect(pool.verify([tx], context)).rejects.toMatchObject({ code: "thread-failed" });
  });
});

test("what is no batch is refused", () => {
  expect(() => verifierHelper(Uint8Array.of(255, 255), { random })).toThrow(
    expect.objectContaining({ code: "malformed-message" }),
  );
});
