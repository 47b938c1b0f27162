// Key images in order, with more of them than there is room for, whoever gives them and however.
import { SortedKeyImages } from "@fogbow/core-block";
import { toHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import { MemoryLedger } from "../../../stores/ledger-db/src/index.ts";
import { appendNext, draw } from "../../../stores/ledger-db/test/chain.ts";
import { KeyImageSorter } from "../src/retention/key-image-sorter.ts";
import { startNode } from "./test-node.ts";

const images = Array.from({ length: 1_000 }, (_, i) => draw("key image", i));
const refused = (code: string) => expect.objectContaining({ code });

/** Gives all of them pass after pass, in an order of each pass's own; how many passes it took. */
function sort(sorter: KeyImageSorter, given: (pass: number) => readonly Uint8Array[]): number {
  for (let pass = 1; ; pass++) {
    const all = given(pass);
    for (let at = 0; at < all.length; at += 70) sorter.take(all.slice(at, at + 70));
    sorter.endPass();
    while (sorter.hashSome());
    if (sorter.isDone) return pass;
  }
}

describe("a sorter", () => {
  test.each([
    [1_000, 1],
    [999, 2],
    [500, 2],
    [499, 3],
    [64, 16],
    [7, 143],
  ])("with room for %i of 1 000 takes %i passes, and comes to the digest of all", (room, passes) => {
    const sorter = new KeyImageSorter(room);
    expect(sort(sorter, (pass) => [...images.slice(pass * 13), ...images.slice(0, pass * 13)])).toBe(passes);
    expect(toHex(sorter.sorted.digest())).toBe(toHex(SortedKeyImages.of(images).digest()));
  });

  test("of none is done at once", () => {
    const sorter = new KeyImageSorter(10);
    expect(sort(sorter, () => [])).toBe(1);
    expect(sorter.sorted.digest()).toEqual(SortedKeyImages.of([]).digest());
  });

  test("refuses one that is there twice", () => {
    const twice = [...images.slice(0, 9), images[3] as Uint8Array];
    expect(() => sort(new KeyImageSorter(10), () => twice)).toThrow(refused("unordered-key-images"));
  });

  test("does not notice other ones in another pass, whose digest is not that of the ledger", () => {
    const sorter = new KeyImageSorter(500);
    sort(sorter, (pass) => (pass === 1 ? images : images.with(999, draw("other"))));
    expect(sorter.sorted.set.digest()).not.toEqual(SortedKeyImages.of(images).set.digest());
  });
});

test("an enclave signs for its own key images only, and begins anew after others", async () => {
  const node = await startNode({ forgets: true });
  const ledger = new MemoryLedger();
  const sealed: Uint8Array[] = [];
  for (let i = 0; i < 4; i++) {
    const absorbed = await node.absorb(appendNext(ledger));
    sealed.push(...(absorbed.sealed?.keyImages ?? []));
  }
  const id = ledger.lastBlock()?.id as Uint8Array;
  expect(sealed).toHaveLength(6);
  await expect(node.sortKeyImages(id, sealed.slice(1))).rejects.toThrow(refused("other-key-images"));
  await expect(node.sortKeyImages(id, [...sealed, sealed[0] as Uint8Array])).rejects.toThrow(
    refused("unordered-key-images"),
  );
  const flipped = (sealed[2] as Uint8Array).map((byte, i) => (i === 30 ? byte ^ 1 : byte));
  await expect(node.sortKeyImages(id, sealed.with(2, flipped))).rejects.toThrow(refused("invalid-record"));
  await expect(node.signCheckpoint(id)).rejects.toThrow(refused("unsorted-key-images"));
  // Blocks may come while it goes on: it is of the block that it began with.
  const [first, ...others] = sealed.toReversed() as [Uint8Array, ...Uint8Array[]];
  await node.giveKeyImages(id, [first]);
  for (let i = 0; i < 3; i++) await node.absorb(appendNext(ledger));
  await node.giveKeyImages(id, others, true);
  const { checkpoint } = await node.signCheckpoint(id);
  const keyImages = [1n, 2n, 3n].flatMap((i) => ledger.blockContents(i)?.keyImages ?? []);
  expect(checkpoint?.height).toBe(3n);
  expect(checkpoint?.keyImagesDigest).toEqual(SortedKeyImages.of(keyImages).digest());
});
