// What crosses the door of the consensus enclave over a run with real transactions, both ways, searched for everything that
// the host must not learn (spec 05 §5). Sealed messages are searched too: they are ciphertext.
import { randomBytes } from "node:crypto";
import { encodeSealedMessage } from "@fogbow/core-attest";
import type { NewBlock } from "@fogbow/core-block";
import { concatBytes, le64, utf8 } from "@fogbow/core-bytes";
import {
  encodeMembershipProof,
  encodeTx,
  encodeTxOut,
  GiftCodeSenderMemoBuilder,
  type Tx,
} from "@fogbow/core-transaction";
import { beforeAll, describe, expect, test } from "vitest";
import { foundLedger, owner, spend } from "../../../stores/ledger-db/test/economy.ts";
import { findLeaks, type SecretBytes } from "../../../tests/privacy/find-leaks.ts";
import { type Ask, bareEnclave, formRequest, hashesOf, TestNode } from "./test-node.ts";

const NOTE = "Planted: for the boat, from all of us, tell nobody!";
const FEES = [1_234_567_891n, 1_987_654_321n, 1_618_033_988n] as const;

const ledger = foundLedger();
const txs = FEES.map((fee, i) =>
  spend(ledger, [BigInt(2 * i), BigInt(2 * i + 1)], {
    fee,
    memoBuilder: () => new GiftCodeSenderMemoBuilder({ note: `${NOTE} ${i}` }),
  }),
);
const stranger = spend(ledger, [20n], { fee: 1_414_213_562n, tombstoneBlock: 2n }); // Refused: it is too late.

/** What no host learns of a transaction. Outputs, key images, the tombstone and the hash it does learn. */
function secretsOf(tx: Tx, name: string): SecretBytes[] {
  const { inputs, fee } = tx.prefix;
  const { signature } = tx;
  return [
    ...inputs.flatMap(({ ring }, i) => ring.map((txOut, j) => secret(`ring member ${i}.${j}`, encodeTxOut(txOut)))),
    ...inputs.flatMap(({ proofs }, i) =>
      proofs.map((proof, j) => secret(`proof ${i}.${j}`, encodeMembershipProof(proof))),
    ),
    ...signature.ringSignatures.flatMap(({ cZero, responses }, i) => [
      secret(`challenge ${i}`, cZero),
      ...responses.map((response, j) => secret(`response ${i}.${j}`, response)),
    ]),
    ...signature.pseudoOutputCommitments.map((each, i) => secret(`pseudo-output ${i}`, each)),
    ...[signature.rangeProofBytes, ...signature.rangeProofs].map((each, i) => secret(`range proof ${i}`, each)),
    { name: `${name}: fee`, bytes: le64(fee), window: 8 },
    { name: `${name}: fee as a varint`, bytes: varint(fee) },
    secret("fee in words", utf8(`${fee}`)),
  ];

  function secret(what: string, bytes: Uint8Array): SecretBytes {
    return { name: `${name}: ${what}`, bytes };
  }
}

const secrets: readonly SecretBytes[] = [
  ...txs.flatMap((tx, i) => secretsOf(tx, `transaction ${i}`)),
  ...secretsOf(stranger, "the refused transaction"),
  { name: "memo", bytes: utf8(NOTE), window: 12 },
  { name: "view key", bytes: owner.viewPrivateKey.expose() },
  { name: "spend key", bytes: owner.spendPrivateKey.expose() },
].filter(({ bytes }) => bytes.length > 0); // The older form of range proofs is empty.

function varint(value: bigint): Uint8Array {
  const groups: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 7n) groups.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
  return Uint8Array.from(groups);
}

/** The ledger, which the host has anyway: its proofs hold hashes that the proofs of transactions hold too. */
const known = ledger
  .membershipProofs(Array.from({ length: Number(ledger.numTxOuts()) }, (_, i) => BigInt(i)))
  .slice(-1)
  .map(encodeMembershipProof);

/** An enclave whose door is watched. */
function watched(name: string, seen: Uint8Array[]): Ask {
  const { ask } = bareEnclave({ name });
  return async (entryPoint, input) => {
    seen.push(input);
    try {
      const output = await ask(entryPoint, input);
      seen.push(output);
      return output;
    } catch (error) {
      const { code, message } = error as { readonly code?: string; readonly message: string };
      seen.push(utf8(`${code} ${message}`)); // What the runtime tells the host.
      throw error;
    }
  };
}

const seen: Uint8Array[] = [];
let formed: NewBlock;
beforeAll(async () => {
  const one = await TestNode.init(watched("one", seen), { name: "one" });
  const two = await TestNode.init(watched("two", seen), { name: "two" });
  const contexts = await one.accept(ledger, ...txs);
  const late = await one.takeIn(stranger);
  expect((await one.check(ledger, late, 2n)).map(({ result }) => result)).toEqual([18]);
  // Bad input, and a proposal that the host does not want.
  const client = await one.client("another");
  await one.ask("client-discard", encodeSealedMessage(client.seal(encodeTx(stranger))));
  await expect(one.propose(client, encodeTx(stranger).subarray(0, 5_000))).rejects.toThrow();
  await one.propose(client, encodeTx({ ...stranger, feeMapDigest: new Uint8Array(32) }));
  await expect(one.propose(client, new Uint8Array(randomBytes(99)))).rejects.toThrow();
  // Peers.
  const channelId = await one.connect(two);
  const given = await two.takeFromPeer(await one.seal(channelId, hashesOf(txs), utf8("who proposed it")));
  await two.check(ledger, given);
  for (const node of [one, two]) {
    const values = await node.combine(ledger, { txHashes: hashesOf(txs) });
    formed = await node.form(ledger, values, contexts);
    await expect(node.formOf({ ...formRequest(ledger, values, contexts), rootProofs: [] })).rejects.toThrow();
    await node.forget(...hashesOf(txs));
    await expect(node.combine(ledger, { txHashes: hashesOf(txs) })).rejects.toThrow();
  }
}, 60_000);

describe("what crosses the door", () => {
  test("has the transactions' outputs and key images in the end, so that it was the run that it should be", () => {
    expect(formed.contents.keyImages).toHaveLength(6);
    const publicKeys = txs.flatMap(({ prefix }) => prefix.outputs.map(({ publicKey }) => publicKey));
    const names = publicKeys.map((bytes, i) => ({ name: `output ${i}`, bytes }));
    expect(findLeaks(seen, names)).toHaveLength(publicKeys.length);
  });

  test("would show each of the secrets, if the transactions were among it in clear", () => {
    const shown = new Set(findLeaks(txs.map(encodeTx), secrets, known).map(({ name }) => name));
    // Encoded, a fee is a varint; keys and the memo's text are in no transaction.
    const hidden = secrets.map(({ name }) => name).filter((name) => !shown.has(name));
    expect(hidden.filter((name) => name.startsWith("transaction ") && !/fee/.test(name))).toEqual([]);
  });

  test("holds no piece of rings, proofs, memos, signatures, fees or keys, in no disguise", () => {
    expect(secrets.length).toBeGreaterThan(200);
    expect(findLeaks(seen, secrets, known)).toEqual([]);
  });
});

describe("the search finds", () => {
  const secret = { name: "planted", bytes: new Uint8Array(randomBytes(200)) };
  const piece = Buffer.from(secret.bytes.subarray(91, 91 + 30));
  const around = (inner: Uint8Array): Uint8Array => concatBytes(randomBytes(77), inner, randomBytes(33));
  const backwards = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes).reverse();
  const disguises: readonly [string, Uint8Array][] = [
    ["as they are", piece],
    ["as hexadecimal digits", utf8(piece.toString("hex"))],
    ["as large hexadecimal digits", utf8(piece.toString("hex").toUpperCase())],
    ["as base64", utf8(piece.toString("base64"))],
    ["as base64 for URLs", utf8(piece.toString("base64url"))],
    ["as base64 that begins elsewhere", utf8(Buffer.concat([Buffer.from([1, 2]), piece]).toString("base64"))],
  ];
  test.each(disguises)("pieces %s, forwards and backwards", (_, disguise) => {
    for (const each of [around(disguise), around(backwards(disguise))]) {
      expect(findLeaks([new Uint8Array(randomBytes(500)), each], [secret])).toMatchObject([{ name: "planted" }]);
    }
  });

  test("fees in their eight bytes", () => {
    const fee = { name: "fee", bytes: le64(FEES[0]), window: 8 };
    expect(findLeaks([around(le64(FEES[0]))], [fee])).toHaveLength(1);
    expect(findLeaks([around(backwards(le64(FEES[0])))], [fee])).toHaveLength(1);
  });

  test("nothing in noise, and nothing that is known anyway", () => {
    expect(findLeaks([new Uint8Array(randomBytes(100_000))], [secret])).toEqual([]);
    expect(findLeaks([around(piece)], [secret], [piece])).toEqual([]);
  });
});
