// Test of what it is all for: wallets find everything they were paid, across chunks, blocks and egress keys.
import type { TxOut } from "@fogbow/core-transaction";
import type { ETxOutRecord, KexRngPubkey } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { TestIngest, User } from "./test-ingest.ts";

const USERS = 5;
const BLOCKS = [3, 40, 0, 16, 25, 7];
const CHUNK = 6;

test.each([16, 32, 1024])(
  "every user finds every output, and nothing else, with a capacity of %i",
  async (capacity) => {
    const ingest = await TestIngest.start({ capacity });
    const users = Array.from({ length: USERS }, (_, i) => new User(i + 1));
    const [stranger, records] = [new User(99), [] as ETxOutRecord[]];
    const kexRngs: KexRngPubkey[] = [await ingest.kexRng()];
    let paid = 0;
    for (const [block, size] of BLOCKS.entries()) {
      const outputs = Array.from({ length: size }, (): TxOut => {
        const n = paid++;
        const user = users[(n * n) % (USERS + 1)]; // Some are paid more often, and some outputs are for nobody.
        return user === undefined ? stranger.pay(1n, undefined) : user.pay(BigInt(1000 + n), ingest.ingressKey);
      });
      for (let at = 0; at < size; at += CHUNK) {
        const some = outputs.slice(at, at + CHUNK);
        const answer = await ingest.ingest(some, {
          blockIndex: BigInt(block),
          firstGlobalIndex: BigInt(paid - size + at),
          outputsToFollow: size - at - some.length,
        });
        if (answer.newKexRng !== undefined) kexRngs.push(answer.newKexRng);
        records.push(...answer.records);
      }
    }
    expect(records).toHaveLength(paid);
    expect(kexRngs.length > 1).toBe(capacity < paid);
    for (const user of users) expect(user.recover(records, kexRngs)).toEqual(user.paid);
    expect(stranger.recover(records, kexRngs)).toEqual([]);
  },
);

test("records whose block was not stored leave no gap once the egress key is new", async () => {
  const ingest = await TestIngest.start();
  const user = new User(1);
  const output = user.pay(5n, ingest.ingressKey);
  await ingest.ingest([output]); // Lost.
  await ingest.ask("new-egress-key", new Uint8Array(0));
  const { records } = await ingest.ingest([output]);
  expect(user.recover(records, [await ingest.kexRng()])).toEqual([5n]);
});
