// Tests of outputs: what clients get, that lengths do not tell what they asked for, and that no wrong block is taken.
import { type BlockData, withId } from "@fogbow/core-block";
import { equalBytes, le64, U64_MAX } from "@fogbow/core-bytes";
import { BLOCK_VERSION_MAX, encodeTxOut, membershipProofFromWire, storedTxOutFromWire } from "@fogbow/core-transaction";
import { describe, expect, test } from "vitest";
import { contents } from "../../../stores/ledger-db/test/chain.ts";
import { appendContents, foundLedger } from "../../../stores/ledger-db/test/economy.ts";
import { findLeaks } from "../../../tests/privacy/find-leaks.ts";
import { seededRandom } from "../../runtime/test/test-parts.ts";
import { TestEnclave } from "./test-enclaves.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });
const random = seededRandom("outputs");

/** A ledger of some blocks with different numbers of outputs. */
function ledgerOf(...outputs: readonly number[]): ReturnType<typeof foundLedger> {
  const ledger = foundLedger(20);
  for (const [i, count] of outputs.entries()) appendContents(ledger, contents(i + 1, count));
  return ledger;
}

const ledger = ledgerOf(3, 1, 7, 33, 2);
const size = Number(ledger.numTxOuts());
const blockOf = (index: bigint): BlockData => ledger.blockData(index) as BlockData;

describe.each([
  ["in one memory", 0n],
  ["in shards of 16 outputs", 16n],
])("%s", (_, outputShardCapacity) => {
  /** A router's enclave that has some blocks of the ledger, all unless told otherwise. */
  async function start(blocks = ledger.numBlocks(), outputCapacity = 128n): Promise<TestEnclave> {
    const capacities = { outputCapacity, lookupCapacity: outputCapacity, outputShardCapacity };
    const enclave = await TestEnclave.start("router.test:443", capacities);
    for (let i = 0n; i < blocks; i += 1n) await enclave.apply(blockOf(i), 100n + i);
    return enclave;
  }

  describe("a client gets", () => {
    test("outputs as the ledger has them, with its proofs, in the order of the request", async () => {
      const enclave = await start();
      const indices = [...Array(size).keys(), 0, size - 1, 5, 5].map(BigInt).reverse();
      const { response } = await enclave.outputs(await enclave.client(), indices);
      expect(response).toMatchObject({
        numBlocks: ledger.numBlocks(),
        globalTxoCount: ledger.numTxOuts(),
        latestBlockVersion: 4,
        maxBlockVersion: BLOCK_VERSION_MAX,
      });
      expect(response.results.map(({ index, resultCode }) => [index, resultCode])).toEqual(indices.map((i) => [i, 2]));
      const proofs = ledger.membershipProofs(indices);
      for (const [i, { output, proof }] of response.results.entries()) {
        expect(output && storedTxOutFromWire(output)).toEqual(ledger.txOut(indices[i] as bigint));
        expect(proof && membershipProofFromWire(proof)).toEqual(proofs[i]);
      }
    });

    test("word that an output does not exist", async () => {
      const enclave = await start();
      const { response } = await enclave.outputs(await enclave.client(), [BigInt(size), 1n, U64_MAX]);
      expect(response.results.map(({ index, resultCode }) => [index, resultCode])).toEqual([
        [BigInt(size), 1],
        [1n, 2],
        [U64_MAX, 1],
      ]);
      expect(response.results[0]).toMatchObject({ output: {}, proof: { elements: [] } });
    });

    test("of an empty ledger, that it is empty", async () => {
      const enclave = await start(0n);
      const { response } = await enclave.outputs(await enclave.client(), [0n]);
      expect(response).toMatchObject({ numBlocks: 0n, globalTxoCount: 0n, results: [{ resultCode: 1 }] });
    });

    test("where outputs are, by public key, all ones for none", async () => {
      const enclave = await start();
      const last = ledger.txOut(BigInt(size - 1))?.publicKey as Uint8Array;
      const first = ledger.txOut(0n)?.publicKey as Uint8Array;
      const { response } = await enclave.lookUp(await enclave.client(), [random(32), last, first]);
      expect(
        response.results.map((each) => [each.resultCode, each.globalIndex, each.blockIndex, each.timestamp]),
      ).toEqual([
        [1, U64_MAX, U64_MAX, U64_MAX],
        [2, BigInt(size - 1), 5n, 105n],
        [2, 0n, 0n, 100n],
      ]);
      expect(response).toMatchObject({ numBlocks: 6n, globalTxoCount: BigInt(size) });
    });
  });

  describe("answers are equally long", () => {
    test("whichever outputs are asked for, whether they exist, and of whichever block version they are", async () => {
      const enclave = await start();
      const session = await enclave.client();
      const lengths = [];
      const sets = [
        [0, 0, 0],
        [size - 1, size - 1, size - 1],
        [size, size + 1, 1_000_000_000],
        [0, size - 1, size],
        [7, 31, 50],
      ];
      for (const indices of sets) lengths.push((await enclave.outputs(session, indices.map(BigInt))).length);
      expect(new Set(lengths).size).toBe(1);
    });

    test("whichever public keys are asked for", async () => {
      const enclave = await start();
      const session = await enclave.client();
      const known = ledger.txOut(3n)?.publicKey as Uint8Array;
      const lengths = [
        await enclave.lookUp(session, [known, known]),
        await enclave.lookUp(session, [known, random(32)]),
        await enclave.lookUp(session, [random(32), random(32)]),
      ].map(({ length }) => length);
      expect(new Set(lengths).size).toBe(1);
    });
  });

  describe("a block is refused, and nothing changes", () => {
    const good = blockOf(3n);
    const { block } = good;
    /** The block with a change, under an id that follows from it. */
    const rebuilt = (parts: Partial<typeof block>): BlockData => ({ ...good, block: withId({ ...block, ...parts }) });
    const flipped = <Bytes extends Uint8Array>(bytes: Bytes): Bytes =>
      bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) as Bytes;

    test.each<[string, () => BlockData]>([
      ["with another parent", () => rebuilt({ parentId: flipped(block.parentId) })],
      [
        "with another root of the tree",
        () => rebuilt({ rootElement: { ...block.rootElement, hash: flipped(block.rootElement.hash) } }),
      ],
      [
        "with the root of another range",
        () => rebuilt({ rootElement: { ...block.rootElement, range: { from: 0n, to: 63n } } }),
      ],
      ["with another count of outputs", () => rebuilt({ cumulativeTxoCount: block.cumulativeTxoCount + 1n })],
      ["with other contents", () => ({ ...good, contents: contents(77, 7) })],
      ["with another id", () => ({ ...good, block: { ...block, id: flipped(block.id) } })],
      ["that was applied already", () => blockOf(2n)],
      ["that comes too early", () => blockOf(4n)],
    ])("%s", async (_, wrong) => {
      const enclave = await start(3n);
      const session = await enclave.client();
      const before = await enclave.outputs(session, [0n, 23n, 24n]);
      await expect(enclave.apply(wrong())).rejects.toThrow(refused("unexpected-block"));
      expect(await enclave.outputs(session, [0n, 23n, 24n])).toEqual(before);
      expect(await enclave.apply(good)).toMatchObject({ numBlocks: 4n });
    });
  });

  test("a full enclave says so, goes on serving what it has, and takes no block after one that did not fit", async () => {
    const enclave = await start(3n, 32n);
    expect(await enclave.apply(blockOf(3n))).toMatchObject({ numBlocks: 4n, isNearlyFull: true, isFull: false });
    expect(await enclave.apply(blockOf(4n))).toMatchObject({ numBlocks: 4n, isFull: true });
    const { response } = await enclave.outputs(await enclave.client(), [30n, 31n]);
    expect(response).toMatchObject({ numBlocks: 4n, results: [{ resultCode: 2 }, { resultCode: 1 }] });
    expect(response.results[0]?.proof?.highestIndex).toBe(30n);
  });

  describe("refused, and the channel goes on", () => {
    test("2 001 indices, 257 keys, and keys of another length", async () => {
      const enclave = await start(1n);
      const session = await enclave.client();
      const indices = Array.from({ length: 2_001 }, (_, i) => BigInt(i));
      await expect(enclave.outputs(session, indices)).rejects.toThrow(refused("too-many-items"));
      const keys = Array.from({ length: 257 }, () => random(32));
      await expect(enclave.lookUp(session, keys)).rejects.toThrow(refused("too-many-items"));
      await expect(enclave.lookUp(session, [random(31)])).rejects.toThrow(refused("malformed-request"));
      expect((await enclave.outputs(session, indices.slice(1))).response.results).toHaveLength(2_000);
      expect((await enclave.lookUp(session, keys.slice(1))).response.results).toHaveLength(256);
    });
  });

  test("no index, key or output of a request crosses the door in the open", async () => {
    const enclave = await start();
    const session = await enclave.client();
    enclave.crossed.length = 0; // Blocks are public.
    const asked = [0x0102030405060708n, 5n, 40n];
    await enclave.outputs(session, asked);
    const publicKey = ledger.txOut(5n)?.publicKey as Uint8Array;
    await enclave.lookUp(session, [publicKey]);
    const secrets = [
      { name: "index", bytes: le64(0x0102030405060708n), window: 8 },
      { name: "public key", bytes: publicKey },
      ...[5n, 40n].map((i) => ({ name: `output ${i}`, bytes: encodeTxOut(ledger.txOut(i) as never) })),
      ...ledger
        .membershipProofs([5n, 40n])
        .flatMap(({ elements }) =>
          elements
            .filter(({ hash }) => !equalBytes(hash, ledger.root().hash))
            .map(({ hash }) => ({ name: "proof", bytes: hash })),
        ),
    ];
    expect(findLeaks(enclave.crossed, secrets)).toEqual([]);
    // The search can find: what a client opens holds all that.
    const { response } = await enclave.outputs(session, [5n]);
    const output = response.results[0]?.output;
    expect(findLeaks([encodeTxOut(storedTxOutFromWire(output as never))], secrets)).not.toEqual([]);
  });
});
