// GetLastBlockInfo, GetBlocks and WatchBlocks.
import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { BlocksRequestSchema, WatchBlocksRequestSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { appendContents, spend } from "../../../../stores/ledger-db/test/economy.ts";
import { WATCHES_PER_CLIENT_MAX } from "../../src/limits.ts";
import { getBlocks } from "../../src/rpc/blockchain/get-blocks.ts";
import { getLastBlockInfo } from "../../src/rpc/blockchain/get-last-block-info.ts";
import { watchBlocks } from "../../src/rpc/blockchain/watch-blocks.ts";
import { type ServedNode, servedNode } from "./served-node.ts";

function grow({ served }: ServedNode, index: bigint): void {
  const { prefix, signature } = spend(served.ledger, [index]);
  const keyImages = signature.ringSignatures.map(({ keyImage }) => keyImage as never);
  appendContents(served.ledger, { keyImages, outputs: prefix.outputs, validatedMintConfigTxs: [], mintTxs: [] });
  served.changes.announce();
}

test("the last block's index and all minimum fees are told", async () => {
  const node = await servedNode();
  grow(node, 0n);
  const info = await getLastBlockInfo(node.served)(create(EmptySchema));
  expect(info).toMatchObject({
    index: 1n,
    networkBlockVersion: 4,
    minimumFees: { 0: 400_000_000n, 5: 1_024n, 9: 1_280n },
  });
});

test("headers come in order, as many as there are and were asked for", async () => {
  const node = await servedNode();
  for (const index of [0n, 1n]) grow(node, index);
  const ask = async (offset: bigint, limit: number): Promise<bigint[]> =>
    (await getBlocks(node.served)(create(BlocksRequestSchema, { offset, limit }))).blocks.map(({ index }) => index);
  expect(await ask(0n, 2)).toEqual([0n, 1n]);
  expect(await ask(1n, 4_000_000_000)).toEqual([1n, 2n]);
  expect(await ask(3n, 10)).toEqual([]);
  expect(await ask(2n ** 64n - 1n, 10)).toEqual([]);
  expect(await ask(0n, 0)).toEqual([]);
});

test("a stream gives every header from an index on, and each new one when it comes", async () => {
  const node = await servedNode();
  grow(node, 0n);
  const stream = watchBlocks(node.served)(create(WatchBlocksRequestSchema, { fromIndex: 1n }))[Symbol.asyncIterator]();
  expect((await stream.next()).value?.header?.index).toBe(1n);
  const next = stream.next();
  grow(node, 1n);
  expect((await next).value?.header?.index).toBe(2n);
  await stream.return?.();
});

test("a stream ends when its caller is gone, and makes room for another", async () => {
  const { served } = await servedNode();
  const open = (signal?: AbortSignal) =>
    watchBlocks(served)(create(WatchBlocksRequestSchema, { fromIndex: 9n }), { caller: "a", ...(signal && { signal }) })
      [Symbol.asyncIterator]()
      .next();
  const callers = Array.from({ length: WATCHES_PER_CLIENT_MAX }, () => new AbortController());
  const waiting = callers.map(({ signal }) => open(signal));
  await expect(open()).rejects.toMatchObject({ code: Code.ResourceExhausted });
  for (const caller of callers) caller.abort();
  expect((await Promise.all(waiting)).every(({ done }) => done)).toBe(true);
  const last = open();
  served.changes.close();
  await expect(last).rejects.toThrow(ConnectError);
});
