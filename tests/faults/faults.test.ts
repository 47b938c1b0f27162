// What goes wrong in real life, done to five real processes: refused payments, two that spend the same, kill -9, a full disk, a
// journal that cannot be read, an old backup. The nodes refuse, recover or stop with a reason, and the ledgers stay the same.
import { appendFileSync, cpSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tokenValue } from "@fogbow/core-bytes";
import type { Tx } from "@fogbow/core-transaction";
import { SdkError } from "@fogbow/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FiveNodes } from "./five-nodes.ts";
import { fogbow } from "./run-fogbow.ts";

/** Payments while nodes are killed; more with `FOGBOW_FAULT_PAYMENTS=500 npx vitest run tests/faults`. */
const PAYMENTS = Number(process.env.FOGBOW_FAULT_PAYMENTS ?? "100");
/** Payments on their way for each node that is killed. */
const AT_ONCE = 20;
const OTHERS = 30;
const NODES = [0, 1, 2, 3, 4] as const;
const TIMEOUT_MS = 240_000 + PAYMENTS * 1_000; // What takes seconds takes minutes where many tests share two cores.

let five: FiveNodes;
let next = 0;

beforeAll(async () => {
  five = await FiveNodes.make(PAYMENTS + OTHERS);
  await five.startAll();
}, TIMEOUT_MS);
afterAll(() => five.end());

/** A payment that conflicts with no other. */
function payment(): Tx {
  const source = five.payments.sources[next++];
  if (source === undefined) throw new Error("All outputs are spent.");
  return five.payments.build(source, next % NODES.length);
}

/** All ledgers are the same, byte for byte, once everybody has everything. */
async function expectSameLedgers(): Promise<void> {
  await five.untilLevel();
  const [first, ...others] = await Promise.all(NODES.map((i) => five.blocks(i)));
  for (const other of others) expect(other).toEqual(first);
}

describe("a payment that is not valid", () => {
  const withPrefix = (tx: Tx, changes: Partial<Tx["prefix"]>): Tx => ({ ...tx, prefix: { ...tx.prefix, ...changes } });
  const cases: readonly (readonly [code: string, spoil: (tx: Tx) => Tx])[] = [
    ["tombstone-block-exceeded", (tx) => withPrefix(tx, { tombstoneBlock: 1n })],
    ["tombstone-block-too-far", (tx) => withPrefix(tx, { tombstoneBlock: 1_000_000n })],
    ["tx-fee-error", (tx) => withPrefix(tx, { fee: tokenValue(1n) })],
    ["no-inputs", (tx) => withPrefix(tx, { inputs: [] })],
    ["no-outputs", (tx) => withPrefix(tx, { outputs: [] })],
    ["unsorted-outputs", (tx) => withPrefix(tx, { outputs: [...tx.prefix.outputs].reverse() })],
    ["unsorted-inputs", (tx) => withPrefix(tx, { inputs: [...tx.prefix.inputs].reverse() })],
    ["invalid-transaction-signature", (tx) => withPrefix(tx, { fee: tokenValue(tx.prefix.fee + 1n) })],
    ["fee-map-digest-mismatch", (tx) => ({ ...tx, feeMapDigest: new Uint8Array(32).fill(1) })],
  ];

  test("is refused with the code of what is wrong, on a session that goes on", { timeout: TIMEOUT_MS }, async () => {
    const client = five.network.client(0);
    const tx = payment();
    for (const [code, spoil] of cases) {
      const refusal: unknown = await client.propose(spoil(tx)).catch((error: unknown) => error);
      expect(refusal, code).toBeInstanceOf(SdkError);
      expect(String(refusal), code).toContain(`: ${code}.`);
    }
    await five.pay(0, tx);
    await expect(client.propose(tx)).rejects.toThrow(/: contains-spent-key-image\./);
    client.close();
    await expectSameLedgers();
  });
});

describe("two payments that spend the same", () => {
  test("given to two nodes at once: exactly one is in a block, the same everywhere", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const source = five.payments.sources[next++];
    if (source === undefined) throw new Error("All outputs are spent.");
    const rivals = [five.payments.build(source, 1), five.payments.build(source, 2)];
    const answers = await Promise.all(
      rivals.map(async (tx, i) => {
        const client = five.network.client(i * 2);
        await client.attest();
        return client.propose(tx).then(
          () => "taken",
          (error: unknown) => String(error),
        );
      }),
    );
    expect(answers).toContain("taken");
    await five.pay(4, payment()); // A later one, so that both had their chance.
    await expectSameLedgers();
    for (const i of NODES) {
      const isThere = await Promise.all(rivals.map((tx) => five.has(i, tx)));
      expect(isThere.filter(Boolean)).toHaveLength(1);
    }
  });
});

describe("a node that is killed", () => {
  /** As a wallet does: to another node, the same payment, until it is in a block. */
  async function payInsistently(tx: Tx, node: number): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await five.pay((node + attempt) % NODES.length, tx);
        return;
      } catch (error) {
        if (String(error).includes("contains-spent-key-image")) return; // Its own: nobody else spends it.
        await sleep(200);
      }
    }
  }

  test(`again and again during ${PAYMENTS} payments loses none, and no two ledgers differ`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const paid: Tx[] = [];
    for (let round = 0; paid.length < PAYMENTS; round++) {
      const victim = round % NODES.length;
      const txs = Array.from({ length: Math.min(AT_ONCE, PAYMENTS - paid.length) }, payment);
      const done = Promise.all(txs.map((tx, i) => payInsistently(tx, i % NODES.length)));
      await sleep(150 + 250 * (round % 4)); // In whatever it is at.
      await five.kill(victim);
      await five.start(victim);
      await done;
      paid.push(...txs);
      await five.untilLevel();
    }
    await expectSameLedgers();
    for (const i of [0, 4]) {
      for (const tx of paid) expect(await five.has(i, tx)).toBe(true);
    }
  });
});

describe("a node whose disk", () => {
  test("is full halts with the reason, the others go on, and it comes back when there is room", {
    timeout: TIMEOUT_MS,
  }, async () => {
    expect(await five.stop(1)).toMatchObject({ code: 0 });
    const size = statSync(join(five.nodeFolder(1), "ledger", "data.mdb")).size;
    // A file can be as large as the ledger is, and no larger.
    await five.start(1, ["/bin/sh", "-c", `ulimit -f ${Math.ceil(size / 512)}; exec "$0" "$@"`]);
    let halted = (await five.status())[1];
    for (let i = 0; i < 15 && halted?.state !== "halted"; i++) {
      await five.pay(2, payment());
      halted = (await five.status())[1];
    }
    expect(halted).toMatchObject({ state: "halted", haltedCode: "storage-failure" });
    await five.kill(1);
    await five.start(1);
    await five.pay(1, payment());
    await expectSameLedgers();
  });

  test("spoiled both copies of the last vote keeps silent in that slot and the next, and says so", {
    timeout: TIMEOUT_MS,
  }, async () => {
    await five.stop(2);
    const journal = join(five.nodeFolder(2), "state", "journal");
    const slot = (await five.blocks(2)).length;
    for (const side of ["a", "b"]) writeFileSync(join(journal, `slot-${slot}.${side}`), "torn");
    await five.start(2);
    await five.untilStatus(2, ({ state }) => state === "silent");
    expect(five.said.join("")).toContain("votes cannot be read");
    for (let i = 0; i < 2; i++) await five.pay(3, payment());
    await five.untilStatus(2, ({ state }) => state === "in-sync");
    await five.pay(2, payment());
    await expectSameLedgers();
  });

  test("was replaced by an old backup catches up", { timeout: TIMEOUT_MS }, async () => {
    await five.stop(3);
    const own = five.nodeFolder(3);
    const backup = join(five.folder, "backup");
    for (const each of ["ledger", "state"]) cpSync(join(own, each), join(backup, each), { recursive: true });
    await five.start(3);
    for (let i = 0; i < 3; i++) await five.pay(3, payment());
    await five.kill(3);
    for (const each of ["ledger", "state"]) {
      rmSync(join(own, each), { recursive: true });
      cpSync(join(backup, each), join(own, each), { recursive: true });
    }
    await five.start(3);
    await five.pay(4, payment());
    await expectSameLedgers();
    await five.pay(3, payment());
    await expectSameLedgers();
  });
});

describe("a node that cannot start", () => {
  const run = (...flags: readonly string[]): ReturnType<typeof fogbow> =>
    fogbow("node", "run", "--config", join(five.nodeFolder(4), "node.toml"), ...flags);

  test("says that its port is taken, and ends", { timeout: TIMEOUT_MS }, async () => {
    expect(await five.stop(4)).toMatchObject({ code: 0 });
    const other = createServer();
    const { port } = five.network.nodes[4]?.peerListen ?? { port: 0 };
    await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
    try {
      const { code, error } = await run("--log-level", "silent");
      expect(code).toBe(5);
      expect(error).toMatch(/\(port-taken\)\n$/);
    } finally {
      other.close();
    }
  });

  test("says that its ledger is damaged, and ends", { timeout: TIMEOUT_MS }, async () => {
    const ledger = join(five.folder, "damaged");
    cpSync(join(five.nodeFolder(4), "ledger"), ledger, { recursive: true });
    for (const name of readdirSync(ledger)) writeFileSync(join(ledger, name), "no ledger");
    appendFileSync(join(ledger, "data.mdb"), new Uint8Array(100_000));
    const { code, error } = await run("--log-level", "silent", "--ledger-path", ledger);
    expect(code).toBe(1);
    expect(error).toMatch(/\([a-z-]+\)\n$/);
  });
});
