// Looking for transactions at peers.
import { create } from "@bufbuild/protobuf";
import type { NodeKey } from "@fogbow/core-scp";
import { type TxContext, TxContextSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { TX_LIST_MAX } from "../../../src/limits.ts";
import type { PeerLink } from "../../../src/replica/peers/peer-link.ts";
import { TxFetcher } from "../../../src/replica/peers/tx-fetcher.ts";
import type { Fetched } from "../../../src/replica/peers/tx-lane.ts";
import { VirtualClock } from "../../virtual-clock.ts";

const hash = (n: number): Uint8Array => new Uint8Array(32).fill(n);
type Answer = (hashes: readonly Uint8Array[]) => Promise<Fetched>;

const silent: Answer = () => new Promise(() => undefined);
const failing: Answer = () => Promise.reject(new Error("It is down."));
const has: Answer = async (hashes) => ({
  kind: "contexts",
  contexts: hashes.map((txHash) => create(TxContextSchema, { txHash })),
});
const lacks =
  (...numbers: number[]): Answer =>
  async (hashes) => {
    const missing = hashes.filter((each) => numbers.includes(each[0] as number));
    return missing.length > 0 ? { kind: "missing", hashes: missing } : has(hashes);
  };

function make(answers: Record<NodeKey, Answer>) {
  const clock = new VirtualClock();
  const asked: string[] = [];
  const fetched: number[] = [];
  const links = new Map(
    Object.entries(answers).map(([key, answer]) => {
      const fetch: Answer = (hashes) => {
        asked.push(`${key} ${hashes.map((each) => each[0]).join(",")}`);
        return answer(hashes);
      };
      return [key, { lane: { fetch } } as unknown as PeerLink];
    }),
  );
  const fetcher: TxFetcher = new TxFetcher({
    clock,
    links,
    hedgeMs: 300,
    onFetched: ({ txHash }: TxContext) => {
      fetched.push(txHash[0] as number);
      fetcher.drop(txHash);
    },
  });
  return { clock, asked, fetched, fetcher };
}

test("whoever mentioned it first is asked at once, for all of it together", async () => {
  const { clock, asked, fetched, fetcher } = make({ a: has, b: has });
  fetcher.want(hash(1), ["a", "b"]);
  fetcher.want(hash(2), ["a"]);
  fetcher.want(hash(3), ["b", "nobody that can be asked"]);
  expect(asked).toEqual([]);
  fetcher.flush();
  await clock.advance(1_000);
  expect(asked).toEqual(["a 1,2", "b 3"]);
  expect([fetched.sort(), fetcher.size]).toEqual([[1, 2, 3], 0]);
});

test("after a while without an answer the next one is asked", async () => {
  const { clock, asked, fetched, fetcher } = make({ a: silent, b: has });
  fetcher.want(hash(1), ["a", "b"]);
  fetcher.flush();
  await clock.advance(299);
  expect(asked).toEqual(["a 1"]);
  await clock.advance(1);
  expect(asked).toEqual(["a 1", "b 1"]);
  await clock.advance(1_000);
  expect([asked.length, fetched]).toEqual([2, [1]]);
});

test("whoever fails or does not have it is followed by the next at once", async () => {
  const { clock, asked, fetched, fetcher } = make({ a: failing, b: lacks(1), c: has });
  fetcher.want(hash(1), ["a", "b", "c"]);
  fetcher.flush();
  await clock.advance(10);
  expect([asked, fetched]).toEqual([["a 1", "b 1", "c 1"], [1]]);
});

test("a peer that lacks one of several is asked for the others again", async () => {
  const { clock, asked, fetched, fetcher } = make({ a: lacks(2), b: has });
  for (const n of [1, 2, 3]) fetcher.want(hash(n), ["a", "b"]);
  fetcher.flush();
  await clock.advance(10);
  expect(asked[0]).toBe("a 1,2,3");
  expect(asked.slice(1).sort()).toEqual(["a 1,3", "b 2"]);
  expect(fetched.sort()).toEqual([1, 2, 3]);
});

test("when nobody has it all are asked again, less and less often, until nobody needs it", async () => {
  const { clock, asked, fetcher } = make({ a: lacks(1), b: lacks(1) });
  fetcher.want(hash(1), ["a", "b"]);
  fetcher.flush();
  await clock.advance(10_000);
  const often = asked.length;
  expect(often).toBeGreaterThan(4);
  expect(often).toBeLessThan(40);
  fetcher.drop(hash(1));
  await clock.advance(10_000);
  expect(asked.length).toBe(often);
});

test("one request names so many and no more", async () => {
  const { clock, asked, fetcher } = make({ a: has });
  for (let n = 0; n < TX_LIST_MAX + 1; n++) fetcher.want(new Uint8Array(32).fill(1).fill(n, 1), ["a"]);
  fetcher.flush();
  await clock.advance(10);
  expect(asked.map((each) => each.split(",").length)).toEqual([TX_LIST_MAX, 1]);
});
