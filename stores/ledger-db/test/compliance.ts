// What every ledger promises, whatever it is kept in.
import { type BlockContents, type BlockData, createBlock, NO_MINTING, originBlock, withId } from "@fogbow/core-block";
import { impliedRoot, txOutHash, verifyMembershipProof } from "@fogbow/core-transaction";
import { afterEach, describe, expect, test } from "vitest";
import {
  type AuditableLedger,
  type Ledger,
  MemoryLedger,
  type VerifyOptions,
  type VerifyReport,
  verifyLedger,
} from "../src/index.ts";
import { appendNext, contents, draw, keyImage, next, origin, output } from "./chain.ts";

/** Runs the suite on ledgers that `make` makes empty. */
export function describeLedger(name: string, make: () => Ledger & AuditableLedger): void {
  describeSuite(name, { make, verify: verifyLedger });
}

/** Runs the part of it that is for ledgers which forget what blocks held. */
export function describeForgetting(name: string, make: () => Ledger): void {
  describeSuite(name, { make, verify: undefined });
}

interface Suite<Tested extends Ledger> {
  readonly make: () => Tested;
  /** For ledgers that keep what blocks held. */
  readonly verify: ((ledger: Tested, options?: VerifyOptions) => Promise<VerifyReport>) | undefined;
}

function describeSuite<Tested extends Ledger>(name: string, { make, verify: verifyLedger }: Suite<Tested>): void {
  describe(name, () => {
    const opened: Tested[] = [];
    const empty = (): Tested => {
      const ledger = make();
      opened.push(ledger);
      return ledger;
    };
    const filled = (blocks: number): { readonly ledger: Tested; readonly blocks: readonly BlockData[] } => {
      const ledger = empty();
      return { ledger, blocks: Array.from({ length: blocks }, () => appendNext(ledger)) };
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((ledger) => ledger.close()));
    });

    test("an empty ledger has nothing", () => {
      const ledger = empty();
      expect([ledger.numBlocks(), ledger.numTxOuts()]).toEqual([0n, 0n]);
      expect(ledger.lastBlock()).toBeUndefined();
      expect(ledger.blockData(0n)).toBeUndefined();
      expect(ledger.txOut(0n)).toBeUndefined();
      expect(() => ledger.membershipProofs([0n])).toThrow(code("tx-out-index-out-of-bounds"));
    });

    test("every block comes back as it was", () => {
      const { ledger, blocks } = filled(6);
      expect(ledger.numBlocks()).toBe(6n);
      for (const data of blocks) {
        const { index } = data.block;
        if (verifyLedger !== undefined) {
          expect(ledger.blockData(index)).toEqual(data);
          expect(ledger.blockContents(index)).toEqual(data.contents);
        }
        expect(ledger.block(index)).toEqual(data.block);
        expect(ledger.blockSignature(index)).toEqual(data.signature);
        expect(ledger.blockMetadata(index)).toEqual(data.metadata);
        expect(ledger.blockTimestamp(index)).toBe(data.signature?.signedAt);
      }
      expect(ledger.lastBlock()).toEqual(blocks.at(-1)?.block);
      for (const outside of [-1n, 6n, 2n ** 64n]) {
        expect(ledger.blockData(outside)).toBeUndefined();
        expect(ledger.block(outside)).toBeUndefined();
        expect(ledger.txOutsOfBlock(outside)).toBeUndefined();
      }
    });

    if (verifyLedger !== undefined) {
      test("every output is found by index, key and hash, and leads to its block", () => {
        const { ledger, blocks } = filled(6);
        let index = 0n;
        for (const data of blocks) {
          const { outputs } = data.contents;
          expect(ledger.txOutsOfBlock(data.block.index)).toEqual({ first: index, count: BigInt(outputs.length) });
          for (const txOut of outputs) {
            expect(ledger.txOut(index)).toEqual(txOut);
            expect(ledger.txOutIndexByPublicKey(txOut.publicKey)).toBe(index);
            expect(ledger.txOutIndexByHash(txOutHash(txOut))).toBe(index);
            expect(ledger.blockIndexOfTxOut(index)).toBe(data.block.index);
            index += 1n;
          }
        }
        expect(ledger.numTxOuts()).toBe(index);
        expect(ledger.txOut(index)).toBeUndefined();
        expect(ledger.txOut(-1n)).toBeUndefined();
        expect(ledger.blockIndexOfTxOut(2n ** 64n)).toBeUndefined();
        expect(ledger.txOutIndexByPublicKey(draw("nobody"))).toBeUndefined();
        expect(ledger.txOutIndexByHash(draw("nobody"))).toBeUndefined();
        expect(ledger.txOutIndexByPublicKey(new Uint8Array(3_000))).toBeUndefined();
      });
    }

    test("every key image leads to the block that spent it", () => {
      const { ledger, blocks } = filled(4);
      for (const { block, contents: made } of blocks) {
        for (const image of made.keyImages) {
          expect(ledger.blockIndexOfKeyImage(image)).toBe(block.index);
        }
      }
      expect(ledger.blockIndexOfKeyImage(draw("nobody"))).toBeUndefined();
      expect(ledger.blockIndexOfKeyImage(new Uint8Array())).toBeUndefined();
    });

    test("every output is proved against the root, in the order asked for", () => {
      const { ledger } = filled(6);
      const last = ledger.numTxOuts() - 1n;
      const indexes = [...Array.from({ length: Number(last) + 1 }, (_, i) => last - BigInt(i)), 3n, 3n];
      const proofs = ledger.membershipProofs(indexes);
      expect(proofs.map(({ index }) => index)).toEqual(indexes);
      for (const proof of proofs) {
        const txOut = ledger.txOut(proof.index);
        expect(txOut && verifyMembershipProof(txOut, proof, ledger.root().hash)).toBe(true);
        expect(proof.highestIndex).toBe(last);
        expect(impliedRoot(proof)).toEqual(ledger.root());
      }
      for (const outside of [-1n, last + 1n, 2n ** 64n]) {
        expect(() => ledger.membershipProofs([0n, outside])).toThrow(code("tx-out-index-out-of-bounds"));
      }
    });

    if (verifyLedger !== undefined) {
      test("what was appended verifies", async () => {
        const { ledger } = filled(9);
        const seen: bigint[] = [];
        const report = await verifyLedger(ledger, { onProgress: (blocks) => seen.push(blocks) });
        expect(report).toMatchObject({ blocks: 9n, txOuts: ledger.numTxOuts(), signatures: 8n, metadata: 8n });
        expect(report.root).toEqual(ledger.root());
        expect(seen.at(-1)).toBe(9n);
        expect((await verifyLedger(empty())).blocks).toBe(0n);
      });
    }

    test("proofs of a large ledger stay right while it grows", () => {
      const [ledger, model] = [empty(), new MemoryLedger()];
      for (const outputs of [700, 600, 900, 300]) {
        const data = appendNext(ledger, outputs);
        model.append(data);
        for (const index of [0n, 600n, ledger.numTxOuts() - 1n]) {
          const [proof, expected] = [ledger.membershipProofs([index]), model.membershipProofs([index])];
          expect(proof).toEqual(expected);
          proof[0]?.elements.forEach(({ hash }) => {
            hash.fill(0); // What is given away is the caller's.
          });
          expect(ledger.membershipProofs([index])).toEqual(expected);
        }
      }
    });

    if (verifyLedger !== undefined) {
      test("verifying stops when asked to", async () => {
        const { ledger } = filled(3);
        const stop = new AbortController();
        const verifying = verifyLedger(ledger, {
          signal: stop.signal,
          onProgress: () => stop.abort(new Error("enough")),
        });
        await expect(verifying).rejects.toThrow("enough");
      });

      test("verifying a ledger that is closed meanwhile does not call it damaged", async () => {
        const { ledger } = filled(3);
        const verifying = verifyLedger(ledger, { onProgress: () => void ledger.close() });
        await expect(verifying).rejects.toMatchObject({ code: "ledger-closed" });
      });

      test("a ledger may grow while it is verified", async () => {
        const { ledger } = filled(3);
        const report = await verifyLedger(ledger, {
          onProgress: (blocks) => {
            if (blocks === 2n) {
              appendNext(ledger);
            }
          },
        });
        expect(report.blocks).toBe(4n);
      });

      test.each([
        ["a root element", { rootElement: { range: { from: 0n, to: 7n }, hash: draw("wrong") } }],
        ["a cumulative count", { cumulativeTxoCount: 7n }],
      ])(
        "a block with %s that is wrong is stored, since consensus vouches for it, and named by verify",
        async (_, wrong) => {
          const { ledger } = filled(2);
          const parent = ledger.lastBlock() ?? origin().block;
          const right = next(parent, ledger.root());
          const block = withId({ ...right.block, ...wrong });
          ledger.append({ ...next(parent, ledger.root()), block, signature: undefined });
          await expect(verifyLedger(ledger)).rejects.toMatchObject({ code: "corrupt-ledger", blockIndex: 2n });
        },
      );

      test("a signature that does not verify is named by verify", async () => {
        const { ledger, blocks } = filled(2);
        const last = blocks[1] as BlockData; // Two were asked for.
        ledger.append({ ...next(last.block, ledger.root()), signature: last.signature });
        await expect(verifyLedger(ledger)).rejects.toMatchObject({ code: "corrupt-ledger", blockIndex: 2n });
      });
    }

    test("after close every use is refused, and closing again is not", async () => {
      const { ledger } = filled(1);
      await ledger.close();
      await ledger.close();
      expect(() => ledger.numBlocks()).toThrow(code("ledger-closed"));
      expect(() => ledger.txOut(0n)).toThrow(code("ledger-closed"));
      expect(() => appendNext(ledger)).toThrow(code("ledger-closed"));
    });

    describe("a block is refused", () => {
      const { outputs } = contents(1);
      const [first] = outputs;
      const made = contents(1);

      /** What breaks a rule, after an origin block and block 1 of version 2. */
      const BAD: readonly (readonly [string, (good: BlockData, parent: BlockData) => BlockData])[] = [
        ["invalid-block-version", (good) => ({ ...good, block: withId({ ...good.block, version: 1 }) })],
        ["invalid-block-version", (good) => ({ ...good, block: withId({ ...good.block, version: 5 }) })],
        ["invalid-block-index", (good) => ({ ...good, block: withId({ ...good.block, index: 3n }) })],
        ["invalid-block-index", (_, parent) => parent],
        ["invalid-parent-block-id", (good) => ({ ...good, block: withId({ ...good.block, parentId: good.block.id }) })],
        ["no-outputs", (good) => remade(good, { ...good.contents, outputs: [] })],
        ["no-key-images", (good) => remade(good, { ...good.contents, keyImages: [] })],
        ["invalid-block-contents", (good) => ({ ...good, contents: { ...good.contents, outputs: [output(9)] } })],
        ["key-image-already-spent", (good) => remade(good, { ...good.contents, keyImages: [keyImage(1, 1)] })],
        [
          "key-image-already-spent",
          (good) => remade(good, { ...good.contents, keyImages: [keyImage(7), keyImage(7)] }),
        ],
        ["duplicate-output-public-key", (good) => remade(good, { ...good.contents, outputs: first ? [first] : [] })],
        ["duplicate-output-public-key", (good) => remade(good, { ...good.contents, outputs: [output(9), output(9)] })],
        ["invalid-block-id", (good) => ({ ...good, block: { ...good.block, id: good.block.parentId } })],
        ["invalid-block-id", (good) => ({ ...good, block: { ...good.block, cumulativeTxoCount: 0n } })],
        ["block-metadata-required", (good) => ({ ...good, metadata: undefined })],
      ];

      /** Whether contents are those of the header, a forgetting node's enclave finds out. */
      const isOfContents = (rule: string): boolean => /^(no-outputs|no-key-images|invalid-block-contents)$/.test(rule);
      const ofLedger = <Case extends readonly [string, unknown]>(cases: readonly Case[]): Case[] =>
        cases.filter(([rule]) => verifyLedger !== undefined || !isOfContents(rule));

      test.each(ofLedger(BAD))("%s", (expected, spoil) => {
        const ledger = empty();
        ledger.append(origin());
        const parent = next(origin().block, ledger.root(), made, 2);
        ledger.append(parent);
        const good = next(parent.block, ledger.root());
        expect(() => ledger.append(spoil(good, parent))).toThrow(code(expected));
        expect(ledger.numBlocks()).toBe(2n);
        expect(ledger.numTxOuts()).toBe(8n);
        ledger.append(good);
        expect(ledger.lastBlock()).toEqual(good.block);
      });

      const BAD_ORIGINS: readonly (readonly [string, (good: BlockData) => BlockData])[] = [
        ["invalid-block-version", (good: BlockData) => ({ ...good, block: withId({ ...good.block, version: 1 }) })],
        ["invalid-block-index", (good: BlockData) => ({ ...good, block: withId({ ...good.block, index: 1n }) })],
        [
          "invalid-parent-block-id",
          (good: BlockData) => ({ ...good, block: withId({ ...good.block, parentId: good.block.id }) }),
        ],
        ["no-outputs", (good: BlockData) => ({ ...good, contents: { ...NO_MINTING, keyImages: [], outputs: [] } })],
        ["invalid-block-contents", (good: BlockData) => ({ ...good, contents: contents(0) })],
      ];

      test.each(ofLedger(BAD_ORIGINS))("as an origin block: %s", (expected, spoil) => {
        const ledger = empty();
        expect(() => ledger.append(spoil(origin()))).toThrow(code(expected));
        expect(ledger.numBlocks()).toBe(0n);
      });

      test("by the first rule it breaks, of several", () => {
        const { ledger, blocks } = filled(2);
        const parent = (blocks[1] as BlockData).block; // Two were asked for.
        const spent = { ...contents(1), keyImages: [keyImage(1, 0)] };
        const bad = remade(next(parent, ledger.root()), spent);
        const worse = { ...bad, contents: contents(3), block: { ...bad.block, version: 9, id: parent.id } };
        const order = [
          worse,
          { ...worse, block: { ...worse.block, version: 3, index: 0n } },
          { ...worse, block: { ...worse.block, version: 3, parentId: draw("x") as typeof parent.id } }, // 32 bytes.
          { ...worse, block: { ...worse.block, version: 3 } },
          { ...worse, block: { ...worse.block, version: 3 }, contents: bad.contents, metadata: undefined },
        ];
        const codes = order.map((each) => codeOf(() => ledger.append(each)));
        const expected = [
          "invalid-block-version",
          "invalid-block-index",
          "invalid-parent-block-id",
          verifyLedger === undefined ? "invalid-block-id" : "invalid-block-contents",
          verifyLedger === undefined ? "invalid-block-id" : "key-image-already-spent",
        ];
        expect(codes).toEqual(expected);
      });

      test("a version 2 block needs no metadata", () => {
        const ledger = empty();
        ledger.append({ ...originBlock(outputs), signature: undefined, metadata: undefined });
        const block = next(originBlock(outputs).block, ledger.root(), contents(2), 2);
        ledger.append({ ...block, metadata: undefined, signature: undefined });
        expect([ledger.numBlocks(), ledger.blockMetadata(1n)]).toEqual([2n, undefined]);
      });
    });
  });
}

/** The same block with other contents that its header names. */
function remade(good: BlockData, made: BlockContents): BlockData {
  const { version, rootElement, parentId, index, cumulativeTxoCount } = good.block;
  const parent = {
    ...good.block,
    id: parentId,
    index: index - 1n,
    cumulativeTxoCount: cumulativeTxoCount - BigInt(good.contents.outputs.length),
  };
  return { ...good, contents: made, block: createBlock(parent, { version, rootElement, contents: made }) };
}

/** Matches a LedgerError with this code. */
export function code(expected: string): unknown {
  return expect.objectContaining({ name: "LedgerError", code: expected });
}

function codeOf(run: () => void): unknown {
  try {
    run();
    return "accepted";
  } catch (error) {
    return (error as { readonly code?: unknown }).code; // Undefined for what is no CodedError.
  }
}
