// ClientTxPropose: what is refused, what is answered, and that channels stay in step.
import { Code, ConnectError } from "@connectrpc/connect";
import { tokenId, tokenValue } from "@fogbow/core-bytes";
import { txHashValue } from "@fogbow/core-scp";
import { type Tx, txHash } from "@fogbow/core-transaction";
import { describe, expect, test } from "vitest";
import { appendContents, spend } from "../../../../stores/ledger-db/test/economy.ts";
import { PENDING_MAX } from "../../src/limits.ts";
import { clientTxPropose } from "../../src/rpc/client/client-tx-propose.ts";
import { sealed, servedNode } from "./served-node.ts";

const codeOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => "ok",
    (error: unknown) => `${Code[ConnectError.from(error).code]}: ${ConnectError.from(error).rawMessage}`,
  );

test("a valid transaction is proposed with its session, and passed on as the node's own", async () => {
  const { served, session, proposed, relayed } = await servedNode();
  const tx = spend(served.ledger, [0n]);
  const answer = await clientTxPropose(served)(sealed(session, tx));
  expect(answer).toMatchObject({ result: 0, blockCount: 1n, blockVersion: 4 });
  expect(proposed).toEqual([txHashValue(txHash(tx))]);
  expect(relayed).toEqual(["node0.test:8443 node0.test:8443"]);
});

describe("what is wrong with a transaction is an answer", () => {
  // Changed after signing: these checks come before the signature's.
  const rules: readonly [string, number, Partial<Tx["prefix"]>][] = [
    ["a tombstone block that has come", 18, { tombstoneBlock: 1n }],
    ["a tombstone block too far", 19, { tombstoneBlock: 50_000n }],
    ["a fee that is too low", 37, { fee: tokenValue(1n) }],
    ["no outputs", 20, { outputs: [] }],
    ["no inputs", 11, { inputs: [] }],
    ["a token that the network does not know", 42, { feeTokenId: tokenId(77n) }],
  ];
  test.each(rules)("%s", async (_, code, change) => {
    const { served, session, proposed } = await servedNode();
    const tx = spend(served.ledger, [0n]);
    const answer = await clientTxPropose(served)(sealed(session, { ...tx, prefix: { ...tx.prefix, ...change } }));
    expect([answer.result, proposed]).toEqual([code, []]);
  });

  test("a signature of something else", async () => {
    const { served, session } = await servedNode();
    const [tx, other] = [spend(served.ledger, [0n]), spend(served.ledger, [0n], { number: 1 })];
    const answer = await clientTxPropose(served)(sealed(session, { ...tx, signature: other.signature }));
    expect([11, 15, 36]).toContain(answer.result);
  });

  test("an output that is spent", async () => {
    const { served, session } = await servedNode();
    const tx = spend(served.ledger, [0n]);
    const propose = clientTxPropose(served);
    const [other] = await served.checker
      .check((await served.door.clientPropose(sealed(session, tx))).result.value as never, "x")
      .then(() => [spend(served.ledger, [0n], { number: 1 })] as const);
    const keyImages = tx.signature.ringSignatures.map(({ keyImage }) => keyImage as never);
    const [, output] = tx.prefix.outputs;
    appendContents(served.ledger, {
      keyImages,
      outputs: [output ?? (tx.prefix.outputs[0] as never)],
      validatedMintConfigTxs: [],
      mintTxs: [],
    });
    expect(await propose(sealed(session, other))).toMatchObject({ result: 27, blockCount: 2n });
  });

  test("proofs of a ledger that has more outputs than this one", async () => {
    const { served, session } = await servedNode();
    const longer = await servedNode();
    appendContents(longer.served.ledger, {
      keyImages: [new Uint8Array(32).fill(1) as never],
      outputs: spend(longer.served.ledger, [1n]).prefix.outputs as never,
      validatedMintConfigTxs: [],
      mintTxs: [],
    });
    const tx = spend(longer.served.ledger, [0n]);
    expect(await clientTxPropose(served)(sealed(session, tx))).toMatchObject({ result: 54 });
  });
});

test("a message of no channel is refused, as is one that was altered", async () => {
  const { served, session } = await servedNode();
  const tx = spend(served.ledger, [0n]);
  const propose = clientTxPropose(served);
  const message = sealed(session, tx);
  expect(await codeOf(propose({ ...message, channelId: new Uint8Array(64) }))).toMatch(/^PermissionDenied/);
  const data = message.data.slice();
  data[0] = (data[0] as number) ^ 1;
  expect(await codeOf(propose({ ...message, data }))).toMatch(/^PermissionDenied/);
});

test("whatever the reason for a refusal, the channel goes on afterwards", async () => {
  let isServing = false;
  const { served, session } = await servedNode({ isServing: () => isServing });
  const propose = clientTxPropose(served);
  const tx = spend(served.ledger, [0n]);
  expect(await codeOf(propose(sealed(session, tx)))).toBe("Unavailable: Temporarily not serving requests");
  isServing = true;
  for (let i = 0; i < PENDING_MAX; i++) served.pending.add(`value ${i}`, {});
  expect(await codeOf(propose(sealed(session, tx)))).toBe("Unavailable: Temporarily over capacity");
  for (const value of served.pending.values()) served.pending.delete(value);
  expect(await propose(sealed(session, tx))).toMatchObject({ result: 0 });
});

test("a proposal that the node's worker has no room for is refused", async () => {
  const { served, session } = await servedNode({ propose: () => false });
  expect(await codeOf(clientTxPropose(served)(sealed(session, spend(served.ledger, [0n]))))).toMatch(/^Unavailable/);
});

test("a fifth proposal of one session at a time is refused", async () => {
  const { served, session } = await servedNode();
  const tx = spend(served.ledger, [0n]);
  const propose = clientTxPropose(served);
  const answers = await Promise.all(Array.from({ length: 5 }, () => codeOf(propose(sealed(session, tx)))));
  expect(answers.filter((each) => each === "ok")).toHaveLength(4);
});

test("a transaction that the enclave has found well formed is not checked again", async () => {
  const { served, session, enclave } = await servedNode();
  const propose = clientTxPropose(served);
  const tx = spend(served.ledger, [0n]);
  await propose(sealed(session, tx));
  served.known.delete(txHashValue(txHash(tx))); // The host has forgotten it.
  let checks = 0;
  const { ask } = enclave;
  Object.assign(enclave, {
    ask: (name: string, input: Uint8Array) => {
      if (name === "check-txs") checks++;
      return ask(name, input);
    },
  });
  expect(await propose(sealed(session, tx))).toMatchObject({ result: 0 });
  expect(checks).toBe(0);
});
