// What a store remembers of an ingress key, to notice a database that was restored.
import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyHistory } from "../src/store/key-history.ts";

test("the first block that is lost is found, whatever was read and whatever is left", async () => {
  const keys = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(keys, keys, fc.nat(40), fc.nat(10), async (read, again, kept, start) => {
      const history = new KeyHistory();
      // An egress key is used for blocks in a row, and never again: number each change.
      const named = read.map(
        (key, i) => `${key}${read.slice(0, i + 1).filter((each, at) => each !== read[at - 1]).length}`,
      );
      for (const [i, key] of named.entries()) history.add(BigInt(start + i), key);
      const now = [...named.slice(0, kept), ...again.map((key) => `again ${key}`)];
      const egressKeyOf = async (block: bigint): Promise<string | undefined> => now[Number(block) - start];
      const expected = kept < named.length ? BigInt(start + kept) : undefined;
      expect(await history.firstLost(egressKeyOf)).toBe(expected);
      if (expected === undefined) return;
      history.forgetFrom(expected);
      expect(await history.firstLost(egressKeyOf)).toBeUndefined();
      for (const [i, key] of now.entries()) if (i >= kept) history.add(BigInt(start + i), key);
      expect(await history.firstLost(egressKeyOf)).toBeUndefined();
    }),
  );
});
