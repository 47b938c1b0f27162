// Tests of the pool with real threads and real transactions.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { encodeMembershipProof, encodeTx } from "@fogbow/core-transaction";
import { afterAll, describe, expect, test } from "vitest";
import { makeValid, type Valid } from "../../../core/transaction/test/validation/valid-transaction.ts";
import { type VerificationContext, verifyBatch, workerPool } from "../src/index.ts";

/** What a node knows when it verifies a transaction. */
function contextOf({ context }: Valid): VerificationContext {
  return {
    blockVersion: context.blockVersion,
    currentIndex: context.currentIndex,
    minimumFees: context.minimumFees.entries(),
    rootProofs: [...new Set(context.rootProofs)].map(encodeMembershipProof),
  };
}

const valid = makeValid();
const context = contextOf(valid);
const tx = encodeTx(valid.tx);
const spoilt = encodeTx({ ...valid.tx, prefix: { ...valid.tx.prefix, tombstoneBlock: 1n } });
const OK = { code: "ok", detail: undefined };

describe("a batch", () => {
  test("has an answer for everything", () => {
    const random = (length: number): Uint8Array => new Uint8Array(length).fill(9);
    const other = { ...context, rootProofs: [] };
    const broken = { ...context, rootProofs: [Uint8Array.of(255)] };
    const feeless = { ...context, minimumFees: [] };
    const requests = [
      { tx, context },
      { tx: spoilt, context },
      { tx: Uint8Array.of(255), context },
      { tx, context: other },
      { tx, context: broken },
      { tx, context: feeless },
    ];
    expect(verifyBatch(requests, random).map((answer) => answer?.code)).toEqual([
      "ok",
      "tombstone-block-exceeded",
      "malformed",
      "invalid-ledger-context",
      "invalid-ledger-context",
      "invalid-ledger-context",
    ]);
    expect(verifyBatch(requests, random, (i) => i !== 1)).toEqual([
      undefined,
      { code: "tombstone-block-exceeded", detail: undefined },
      ...requests.slice(2).map(() => undefined),
    ]);
  });
});

describe("two threads", () => {
  const pool = workerPool({ threads: 2 });
  afterAll(() => pool.close());

  test("verify valid and invalid transactions", async () => {
    const answers = await pool.verify([tx, spoilt, Uint8Array.of(255), tx], context);
    expect(answers.map(({ code }) => code)).toEqual(["ok", "tombstone-block-exceeded", "malformed", "ok"]);
  });

  test("skip what is cancelled before they begin it", async () => {
    const controller = new AbortController();
    const unwanted = pool.verify(
      Array.from({ length: 200 }, () => tx),
      context,
      { signal: controller.signal },
    );
    controller.abort();
    await expect(unwanted).rejects.toMatchObject({ code: "cancelled" });
    expect(await pool.verify([tx], context)).toEqual([OK]);
  });
});

test("a process waits for answers that it wants, and for idle threads it does not", async () => {
  const script = fileURLToPath(new URL("verify-and-leave.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script]); // Rejects unless it ends by itself, with 0.
  expect(stdout).toBe("malformed\nmalformed\n");
});
