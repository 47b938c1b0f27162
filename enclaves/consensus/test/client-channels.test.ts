// Tests of clients' channels: sealed both ways, in step whatever is refused, and closed when the host says so.
import { encodeSealedMessage } from "@fogbow/core-attest";
import { toHex } from "@fogbow/core-bytes";
import { encodeTx, type Tx, txHash } from "@fogbow/core-transaction";
import type { ClientProposal } from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";
import { foundLedger, spend } from "../../../stores/ledger-db/test/economy.ts";
import { startNode } from "./test-node.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });
const ledger = foundLedger();
const tx = spend(ledger, [0n]);
const resultOf = ({ result }: ClientProposal): unknown => (result.case === "refused" ? result.value : result.case);

describe("a proposal is refused before it is kept", () => {
  test.each<[string, Tx, number]>([
    ["by the digest of other fees", { ...tx, feeMapDigest: new Uint8Array(32) }, 55],
    ["by a digest of a wrong length", { ...tx, feeMapDigest: new Uint8Array(3) }, 55],
    ["for a fee in an unknown token", { ...tx, prefix: { ...tx.prefix, feeTokenId: 77n as never } }, 42],
  ])("%s", async (_, each, code) => {
    const node = await startNode();
    expect(resultOf(await node.propose(await node.client(), each))).toBe(code);
    const verdicts = await node.check(ledger, [{ txHash: txHash(each), highestIndices: [] }]);
    expect(verdicts.map(({ isUnknown }) => isUnknown)).toEqual([true]);
  });

  test("for an output without a known amount", async () => {
    const node = await startNode();
    // Field 1 of an output, its amount in the first version (66 bytes or so), becomes field 15, which nobody knows.
    const encoded = encodeTx(tx);
    const commitment = tx.prefix.outputs[0]?.maskedAmount.commitment ?? new Uint8Array(0);
    const at = toHex(encoded).indexOf(toHex(commitment)) / 2;
    const tagAt = at - 6; // Tag and length of the amount, of its commitment, and of the commitment's data.
    expect(encoded[tagAt]).toBe((6 << 3) | 2);
    encoded[tagAt] = (15 << 3) | 2;
    expect(resultOf(await node.propose(await node.client(), encoded))).toBe(49);
  });

  test("for being no transaction, and the channel goes on", async () => {
    const node = await startNode();
    const session = await node.client();
    for (const bytes of [new Uint8Array(0), new Uint8Array(100).fill(255), encodeTx(tx).subarray(0, 3_000)]) {
      await expect(node.propose(session, bytes)).rejects.toThrow(refused("malformed-tx"));
    }
    expect(resultOf(await node.propose(session, tx))).toBe("tx");
  });
});

test("a proposal that is discarded keeps the counters in step", async () => {
  const node = await startNode();
  const session = await node.client();
  await node.ask("client-discard", encodeSealedMessage(session.seal(encodeTx(tx))));
  expect(resultOf(await node.propose(session, tx))).toBe("tx");
  session.seal(new Uint8Array(1)); // This one never arrives.
  await expect(node.propose(session, tx)).rejects.toThrow(refused("message-not-decrypted"));
});

test("a message that was flipped, cut, replayed or is of another channel is not opened", async () => {
  const node = await startNode();
  const [one, two] = [await node.client("one"), await node.client("two")];
  const sealed = one.seal(encodeTx(tx));
  const send = (message: typeof sealed): Promise<Uint8Array> =>
    node.ask("client-propose", encodeSealedMessage(message));
  const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 7 ? byte ^ 1 : byte));
  await expect(send({ ...sealed, data: flip(sealed.data) })).rejects.toThrow(refused("message-not-decrypted"));
  await expect(send({ ...sealed, data: sealed.data.subarray(0, 10) })).rejects.toThrow(refused("message-too-short"));
  await expect(send({ ...sealed, aad: Uint8Array.of(1) })).rejects.toThrow(refused("message-not-decrypted"));
  await expect(send({ ...sealed, channelId: two.channelId })).rejects.toThrow(refused("message-not-decrypted"));
  await expect(send({ ...sealed, channelId: flip(sealed.channelId) })).rejects.toThrow(refused("unknown-channel"));
  await send(sealed);
  await expect(send(sealed)).rejects.toThrow(refused("message-not-decrypted"));
});

test("a channel that was closed is unknown, and closing it again harms nobody", async () => {
  const node = await startNode();
  const [one, two] = [await node.client("one"), await node.client("two")];
  await node.ask("client-close", one.channelId);
  await node.ask("client-close", one.channelId);
  await expect(node.propose(one, tx)).rejects.toThrow(refused("unknown-channel"));
  expect(resultOf(await node.propose(two, tx))).toBe("tx");
});
