// Votes in files: whatever a crash leaves, what was durable is found.
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeFrame, FileJournal, tryDecodeFrame } from "../../src/index.ts";
import { MemoryFiles } from "../network.ts";

const record = (n: number): Uint8Array => new Uint8Array(20).fill(n);

test("the newest record of each slot is read, in ascending order of slots", async () => {
  const files = new MemoryFiles();
  const journal = new FileJournal(files);
  for (const n of [1, 2, 3]) await journal.write(9n, record(n));
  await journal.write(10n, record(4));
  expect([...files.files.keys()].sort()).toEqual(["slot-10.a", "slot-9.a", "slot-9.b"]);
  const read = await new FileJournal(files).read();
  expect(read.records.map((each) => [each.slot, each.record[0]])).toEqual([
    [9n, 3],
    [10n, 4],
  ]);
  expect(read.unreadable).toEqual([]);
});

test("a journal that was read goes on after the newest record", async () => {
  const files = new MemoryFiles();
  const journal = new FileJournal(files);
  for (const n of [1, 2]) await journal.write(9n, record(n));
  const second = new FileJournal(files);
  await second.read();
  await second.write(9n, record(3));
  expect((await new FileJournal(files).read()).records[0]?.record).toEqual(record(3));
});

test("a write that is torn anywhere leaves the record before it", async () => {
  const whole = encodeFrame({ sequence: 2n, slot: 9n, record: record(2) });
  for (let length = 0; length < whole.length; length++) {
    const files = new MemoryFiles();
    await new FileJournal(files).write(9n, record(1));
    files.files.set("slot-9.b", whole.slice(0, length));
    expect((await new FileJournal(files).read()).records[0]?.record).toEqual(record(1));
  }
});

test("a slot with two files that cannot be read is unreadable; one with a single such file never had a vote", async () => {
  const files = new MemoryFiles();
  files.files.set("slot-7.a", new Uint8Array(3));
  files.files.set("slot-8.a", new Uint8Array(3));
  files.files.set("slot-8.b", encodeFrame({ sequence: 5n, slot: 9n, record: record(1) })); // Written to the wrong place.
  files.files.set("README", new Uint8Array(1));
  expect(await new FileJournal(files).read()).toEqual({ records: [], unreadable: [8n] });
});

test("a file that was made ahead of a vote holds none, whatever becomes of the other one", async () => {
  const files = new MemoryFiles();
  const earlier = encodeFrame({ sequence: 7n, slot: 3n, record: record(1) });
  for (const name of ["slot-7.a", "slot-7.b", "slot-8.b"]) files.files.set(name, earlier);
  files.files.set("slot-8.a", earlier.slice(0, 9)); // The first vote of the slot, torn: it was never sent.
  const journal = new FileJournal(files);
  expect(await journal.read()).toEqual({ records: [], unreadable: [] });
  await journal.write(7n, record(2));
  expect((await new FileJournal(files).read()).records).toEqual([{ slot: 7n, record: record(2) }]);
});

test("what a longer frame has left behind a shorter one is of no meaning", () => {
  const frame = encodeFrame({ sequence: 3n, slot: 12n, record: record(5) });
  const longer = new Uint8Array(frame.length + 100).fill(6);
  longer.set(frame);
  expect(tryDecodeFrame(longer)).toEqual({ sequence: 3n, slot: 12n, record: record(5) });
});

test("slots that are forgotten leave no files", async () => {
  const files = new MemoryFiles();
  const journal = new FileJournal(files);
  for (const slot of [1n, 2n, 3n]) for (const n of [1, 2]) await journal.write(slot, record(n));
  await journal.forget(3n);
  expect([...files.files.keys()].sort()).toEqual(["slot-3.a", "slot-3.b"]);
});

test("a disk that is full is an error of its own", async () => {
  const files = new MemoryFiles();
  files.isFull = true;
  await expect(new FileJournal(files).write(1n, record(1))).rejects.toMatchObject({ code: "storage-failure" });
});

test("no changed bit of a frame goes unnoticed", () => {
  const frame = encodeFrame({ sequence: 3n, slot: 12n, record: record(5) });
  expect(tryDecodeFrame(frame)).toEqual({ sequence: 3n, slot: 12n, record: record(5) });
  for (let bit = 0; bit < 8 * frame.length; bit++) {
    const changed = frame.slice();
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(tryDecodeFrame(changed)).toBeUndefined();
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => tryDecodeFrame(bytes) === undefined));
});
