// What the recovery database promises, wherever it is kept (spec 03 §3.5). Run by one test file for each back end.
import { bytes, fromHex } from "@fogbow/core-bytes";
import type { ETxOutRecord } from "@fogbow/core-transaction";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RecoveryDb } from "../src/recovery-db.ts";

const ALL = { includeLost: true, includeRetired: true, onlyUnexpired: false };
const LAST = 2n ** 63n - 1n;

/** A key that is told from others by its number. */
export const key = (number: number): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => (i < 4 ? (number >> (8 * i)) & 255 : 7));

let counter = 0;
/** A record with a search key of its own. */
function record(): ETxOutRecord {
  counter += 1;
  const searchKey = bytes(fromHex(counter.toString(16).padStart(32, "0")), 16, "search key");
  return { searchKey, payload: new Uint8Array(237).fill(counter & 255) };
}

/** Describes a back end: `open` gives a migrated, empty database each time. */
export function describeRecoveryDb(name: string, open: () => Promise<RecoveryDb>): void {
  describe(name, () => {
    let db: RecoveryDb;
    let next = 0;
    beforeAll(async () => {
      db = await open();
    });
    afterAll(() => db.close());
    beforeEach(() => {
      next += 1_000;
    });

    const unique = (): number => {
      next += 1;
      return next;
    };
    const another = (): Uint8Array => key(unique());

    /** An ingress key with an invocation, both new. */
    const invocation = async (ingress = another(), start = 0n) => {
      const startBlock = (await db.ingressKeyStatus(ingress))?.startBlock ?? (await db.newIngressKey(ingress, start));
      const rng = { publicKey: key(1_000_000 + unique()), version: 0 };
      return { ingress, rng, startBlock, id: await db.newIngestInvocation(undefined, ingress, rng, startBlock) };
    };
    const add = (id: bigint, index: bigint, records = [record()]) =>
      db.addBlockData(id, { index, cumulativeTxoCount: index * 10n }, 1_700_000_000n + index, records);

    test("migrating again does nothing", async () => {
      await db.migrate();
      await db.assertMigrated();
    });

    test("a new key starts after every block that any key has scanned", async () => {
      const { id } = await invocation();
      const highest = (await db.highestKnownBlockIndex()) ?? 4n;
      await add(id, highest + 1n);
      expect(await db.newIngressKey(another(), 0n)).toBe(highest + 2n);
      expect(await db.newIngressKey(another(), highest + 2n)).toBe(highest + 2n);
      expect(await db.newIngressKey(another(), highest + 3n)).toBe(highest + 3n);
      expect(await db.newIngressKey(another(), highest + 100n)).toBe(highest + 100n);
    });

    test("a key is taken on once", async () => {
      await db.newIngressKey(key(next), 1n);
      await expect(db.newIngressKey(key(next), 1n)).rejects.toMatchObject({ code: "key-exists" });
      expect(await db.ingressKeyStatus(key(next))).toMatchObject({ pubkeyExpiry: 0n, retired: false, lost: false });
      expect(await db.ingressKeyStatus(key(next + 1))).toBeUndefined();
    });

    test("one block of one key is stored once, whoever is first", async () => {
      const first = await invocation();
      const second = await invocation(first.ingress);
      const racers = await Promise.all([add(first.id, 7n), add(second.id, 7n)]);
      expect(racers.filter(({ alreadyScanned }) => alreadyScanned)).toHaveLength(1);
      expect(await add(first.id, 7n)).toEqual({ alreadyScanned: true });
      expect(await add(second.id, 8n)).toEqual({ alreadyScanned: false });
      expect(await db.lastScannedBlockIndex(first.ingress)).toBe(8n);
      await expect(add(9_999_999n, 1n)).rejects.toMatchObject({ code: "unknown-invocation" });
    });

    test("the very same write again is no lost race", async () => {
      const { id } = await invocation();
      const records = [record(), record()];
      expect(await add(id, 1n, records)).toEqual({ alreadyScanned: false });
      expect(await add(id, 1n, records)).toEqual({ alreadyScanned: false });
      expect(await add(id, 1n, [record()])).toEqual({ alreadyScanned: true });
    });

    test("events are told in the order of their ids, each once", async () => {
      const { next: start } = await db.searchUserEvents(0n);
      const { id, rng, ingress } = await invocation();
      await add(id, 40n);
      const after = await db.newIngestInvocation(id, ingress, { publicKey: key(2_000_000 + next), version: 0 }, 41n);
      await db.decommissionIngestInvocation(after);
      const { events, next: end } = await db.searchUserEvents(start);
      expect(events).toMatchObject([
        { kind: "new-ingest-invocation", invocation: id, rng: { version: 0 } },
        { kind: "decommission-ingest-invocation", invocation: id, lastIngestedBlock: 40n },
        { kind: "new-ingest-invocation", invocation: after, startBlock: 41n },
        { kind: "decommission-ingest-invocation", invocation: after, lastIngestedBlock: 0n },
      ]);
      expect(events[0]).toMatchObject({ rng: { publicKey: rng.publicKey } });
      const ids = events.map((event) => event.id);
      expect(ids).toEqual([...ids].sort((a, b) => Number(a - b)));
      expect(new Set(ids).size).toBe(ids.length);
      expect(end).toBe(ids.at(-1));
      expect(await db.searchUserEvents(end)).toEqual({ events: [], next: end });
      expect((await db.searchUserEvents(ids[1] as bigint)).events).toHaveLength(2);
      expect(await db.searchUserEvents(LAST)).toEqual({ events: [], next: LAST });
      expect((await db.searchUserEvents(end + 80n)).next).toBe(end + 80n);
    });

    test("an invocation ends once", async () => {
      const { id, ingress } = await invocation();
      await db.decommissionIngestInvocation(id);
      const { next: before } = await db.searchUserEvents(0n);
      await expect(db.decommissionIngestInvocation(id)).rejects.toMatchObject({ code: "already-decommissioned" });
      await expect(
        db.newIngestInvocation(id, ingress, { publicKey: key(3_000_000 + next), version: 0 }, 0n),
      ).rejects.toMatchObject({ code: "already-decommissioned" });
      await expect(db.decommissionIngestInvocation(9_999_999n)).rejects.toMatchObject({ code: "unknown-invocation" });
      expect((await db.searchUserEvents(before)).events).toEqual([]);
      const range = (await db.ingestableRanges()).find((each) => each.id === id);
      expect(range).toEqual({ id, startBlock: range?.startBlock, decommissioned: true });
    });

    test("an expiry never goes back, and a retired key publishes nothing", async () => {
      const { ingress } = await invocation();
      const evidence = Uint8Array.of(1, 2, 3);
      const publish = (pubkeyExpiry: bigint) => db.setReport(ingress, `r${next}`, { evidence, pubkeyExpiry });
      await publish(20n);
      expect(await publish(10n)).toMatchObject({ pubkeyExpiry: 20n });
      const mine = async () => (await db.allReports()).filter(({ reportId }) => reportId === `r${next}`);
      expect(await mine()).toEqual([{ reportId: `r${next}`, ingressKey: ingress, evidence, pubkeyExpiry: 10n }]);
      await db.retireIngressKey(ingress, true);
      expect(await publish(30n)).toMatchObject({ pubkeyExpiry: 20n, retired: true });
      expect(await mine()).toMatchObject([{ pubkeyExpiry: 10n }]);
      await db.retireIngressKey(ingress, false);
      expect(await publish(30n)).toMatchObject({ pubkeyExpiry: 30n, retired: false });
      await db.retireIngressKey(key(9_000_000), true);
      await expect(db.setReport(key(9_000_000), "x", { evidence, pubkeyExpiry: 1n })).rejects.toMatchObject({
        code: "unknown-key",
      });
    });

    test("a report id shows the latest publisher", async () => {
      const [first, second] = [await invocation(), await invocation()];
      const data = { evidence: Uint8Array.of(9), pubkeyExpiry: 5n };
      await db.setReport(first.ingress, `s${next}`, { ...data, invocation: first.id });
      await db.setReport(second.ingress, `s${next}`, data);
      const shown = (await db.allReports()).filter(({ reportId }) => reportId === `s${next}`);
      expect(shown).toEqual([{ reportId: `s${next}`, ingressKey: second.ingress, ...data }]);
      await db.removeReport(`s${next}`);
      expect((await db.allReports()).some(({ reportId }) => reportId === `s${next}`)).toBe(false);
    });

    test("keys are filtered by every combination", async () => {
      const start = 5_000_000n + BigInt(next);
      const make = async (state: { retired?: boolean; lost?: boolean; expiry?: bigint; scanned?: bigint }) => {
        const ingress = another();
        await db.newIngressKey(ingress, start);
        if (state.expiry !== undefined) {
          await db.setReport(ingress, `f${next}`, { evidence: Uint8Array.of(1), pubkeyExpiry: state.expiry });
        }
        if (state.scanned !== undefined) await add((await invocation(ingress)).id, state.scanned);
        if (state.retired === true) await db.retireIngressKey(ingress, true);
        if (state.lost === true) await db.reportLostIngressKey(ingress);
        return ingress;
      };
      const plain = await make({});
      const used = await make({ expiry: start + 20n, scanned: start + 1n });
      const spent = await make({ expiry: start + 1n, scanned: start + 2n });
      const retired = await make({ expiry: start + 20n, scanned: start + 3n, retired: true });
      const lost = await make({ expiry: start + 20n, scanned: start + 4n, lost: true });
      const both = await make({ retired: true, lost: true });
      const names = async (filters: Partial<typeof ALL>) => {
        const found = await db.ingressKeyRecords(start, { ...ALL, ...filters });
        return new Set(found.map((each) => Buffer.from(each.key).toString("hex")));
      };
      const set = (...all: Uint8Array[]) => new Set(all.map((each) => Buffer.from(each).toString("hex")));
      expect(await names({})).toEqual(set(plain, used, spent, retired, lost, both));
      expect(await names({ includeLost: false })).toEqual(set(plain, used, spent, retired));
      expect(await names({ includeRetired: false })).toEqual(set(plain, used, spent, lost));
      expect(await names({ includeLost: false, includeRetired: false })).toEqual(set(plain, used, spent));
      expect(await names({ onlyUnexpired: true })).toEqual(set(used, retired, lost));
      expect(await names({ onlyUnexpired: true, includeLost: false, includeRetired: false })).toEqual(set(used));
      expect(
        (await db.ingressKeyRecords(start + 6n, ALL)).some((each) => Buffer.from(each.key).equals(Buffer.from(plain))),
      ).toBe(false);
      const [record] = (await db.ingressKeyRecords(start, ALL)).filter((each) =>
        Buffer.from(each.key).equals(Buffer.from(used)),
      );
      expect(record).toEqual({
        key: used,
        status: { startBlock: start, pubkeyExpiry: start + 20n, retired: false, lost: false },
        lastScannedBlock: start + 1n,
      });
    });

    test("a range of blocks ends at the first gap, and at its length", async () => {
      const { id, ingress, rng } = await invocation();
      const made = new Map<bigint, ETxOutRecord[]>();
      for (const index of [10n, 11n, 12n, 14n]) {
        made.set(index, [record(), record()]);
        await add(id, index, made.get(index));
      }
      const range = async (first: bigint, count: number) =>
        (await db.txOutsByBlockRangeAndKey(ingress, first, count)).map(({ index }) => index);
      expect(await range(10n, 100)).toEqual([10n, 11n, 12n]);
      expect(await range(10n, 2)).toEqual([10n, 11n]);
      expect(await range(9n, 100)).toEqual([]);
      expect(await range(13n, 100)).toEqual([]);
      expect(await range(14n, 100)).toEqual([14n]);
      const [block] = await db.txOutsByBlockRangeAndKey(ingress, 11n, 1);
      expect(block).toEqual({
        index: 11n,
        cumulativeTxoCount: 110n,
        timestamp: 1_700_000_011n,
        egressKey: rng.publicKey,
        records: made.get(11n),
      });
      expect(await db.egressKeyOfBlock(ingress, 11n)).toEqual(rng.publicKey);
      expect(await db.egressKeyOfBlock(ingress, 13n)).toBeUndefined();
      expect(await db.egressKeyOfBlock(another(), 11n)).toBeUndefined();
      expect(await db.txOutsByBlockAndKey(ingress, 14n)).toEqual(made.get(14n));
      expect(await db.txOutsByBlockAndKey(ingress, 13n)).toBeUndefined();
    });

    test("a lost key announces what was promised and not scanned, once", async () => {
      const base = 8_000_000n + BigInt(next) * 100n;
      const make = async (start: bigint, expiry: bigint, scanned?: bigint) => {
        const { ingress, id } = await invocation(another(), start);
        await db.setReport(ingress, `l${next}`, { evidence: Uint8Array.of(1), pubkeyExpiry: expiry });
        if (scanned !== undefined) await add(id, scanned);
        return ingress;
      };
      const before = (await db.missedBlockRanges()).length;
      const announced = async () => (await db.missedBlockRanges()).slice(before);
      const first = await make(base, base + 10n, base + 4n);
      await db.reportLostIngressKey(first);
      await db.reportLostIngressKey(first);
      expect(await announced()).toEqual([{ startBlock: base + 5n, endBlock: base + 10n }]);
      // The same range of another key is announced already; what goes beyond it is not.
      const second = await make(base, base + 10n);
      const start = (await db.ingressKeyStatus(second))?.startBlock as bigint;
      expect(start).toBe(base + 5n);
      await db.reportLostIngressKey(second);
      expect(await db.ingressKeyStatus(second)).toMatchObject({ lost: true });
      expect(await announced()).toHaveLength(1);
      const third = await make(base + 3n, base + 14n);
      await db.reportLostIngressKey(third);
      expect(await announced()).toEqual([
        { startBlock: base + 5n, endBlock: base + 10n },
        { startBlock: base + 10n, endBlock: base + 14n },
      ]);
      const silent = another();
      await db.newIngressKey(silent, base);
      await db.reportLostIngressKey(silent);
      expect(await announced()).toHaveLength(2);
      await expect(db.reportLostIngressKey(key(9_100_000))).rejects.toMatchObject({ code: "unknown-key" });
    });

    test("blocks that were scanned wrongly are told once, and only those that were scanned", async () => {
      const base = 8_500_000n;
      const { ingress, id } = await invocation(another(), base);
      for (let i = 0n; i < 6n; i += 1n) await add(id, base + i);
      const before = await db.missedBlockRanges();
      const { next } = await db.searchUserEvents(0n);
      const range = { startBlock: base + 1n, endBlock: base + 3n };
      expect(await db.addMissedBlocks(range)).toEqual([range]);
      expect(await db.addMissedBlocks(range)).toEqual([]);
      expect(await db.addMissedBlocks({ startBlock: base, endBlock: base + 4n })).toEqual([
        { startBlock: base, endBlock: base + 1n },
        { startBlock: base + 3n, endBlock: base + 4n },
      ]);
      const { events } = await db.searchUserEvents(next);
      expect(events.map(({ kind }) => kind)).toEqual(["missing-blocks", "missing-blocks", "missing-blocks"]);
      expect(await db.missedBlockRanges()).toHaveLength(before.length + 3);
      const highest = (await db.highestKnownBlockIndex()) ?? 0n;
      for (const bad of [
        { startBlock: base, endBlock: base },
        { startBlock: base + 1n, endBlock: base },
        { startBlock: highest, endBlock: highest + 2n },
      ]) {
        await expect(db.addMissedBlocks(bad)).rejects.toMatchObject({ code: "invalid-argument" });
      }
      // What was scanned is as it was.
      expect(await db.txOutsByBlockRangeAndKey(ingress, base, 6)).toHaveLength(6);
    });

    test("numbers of 64 bits come back as they went", async () => {
      const { id, ingress } = await invocation();
      const max = 2n ** 64n - 1n;
      await db.addBlockData(id, { index: 1n, cumulativeTxoCount: max }, max, []);
      const [block] = await db.txOutsByBlockRangeAndKey(ingress, 1n, 1);
      expect(block).toMatchObject({ index: 1n, cumulativeTxoCount: max, timestamp: max, records: [] });
    });

    test("two counts of outputs for one block are refused", async () => {
      const [first, second] = [await invocation(), await invocation()];
      const index = 77_000_000n + BigInt(next);
      await db.addBlockData(first.id, { index, cumulativeTxoCount: 5n }, 6n, []);
      expect(await db.cumulativeTxoCountForBlock(index)).toBe(5n);
      expect(await db.blockSignatureTimestampForBlock(index)).toBe(6n);
      expect(await db.cumulativeTxoCountForBlock(index + 1n)).toBeUndefined();
      expect(await db.blockSignatureTimestampForBlock(index + 1n)).toBeUndefined();
      await db.addBlockData(second.id, { index, cumulativeTxoCount: 6n }, 6n, []);
      await expect(db.cumulativeTxoCountForBlock(index)).rejects.toMatchObject({ code: "conflicting-counts" });
    });

    test("an invocation that is silent is found by its age", async () => {
      const { id } = await invocation();
      const inAnHour = new Date(Date.now() + 3_600_000);
      expect(await db.expiredInvocations(inAnHour)).toContain(id);
      expect(await db.expiredInvocations(new Date(Date.now() - 3_600_000))).not.toContain(id);
      await db.updateLastActiveAt(id);
      await db.decommissionIngestInvocation(id);
      expect(await db.expiredInvocations(inAnHour)).not.toContain(id);
    });

    test("one holder at a time has a lease", async () => {
      const name = `lease ${next}`;
      expect(await db.takeLease({ name, holder: "a" })).toBe(true);
      expect(await db.takeLease({ name, holder: "b" })).toBe(false);
      expect(await db.takeLease({ name, holder: "a" })).toBe(true);
      await expect(db.newIngressKey(another(), 0n, { name, holder: "b" })).rejects.toMatchObject({
        code: "lease-lost",
      });
      expect(await db.ingressKeyStatus(key(next))).toBeUndefined();
      await db.newIngressKey(key(next), 0n, { name, holder: "a" });
      await db.releaseLease({ name, holder: "b" });
      expect(await db.takeLease({ name, holder: "b" })).toBe(false);
      await db.releaseLease({ name, holder: "a" });
      expect(await db.takeLease({ name, holder: "b" })).toBe(true);
    });

    test("switches stay as they were set", async () => {
      expect(await db.flag(`flag ${next}`)).toBe(false);
      await db.setFlag(`flag ${next}`, true);
      expect(await db.flag(`flag ${next}`)).toBe(true);
      await db.setFlag(`flag ${next}`, false);
      expect(await db.flag(`flag ${next}`)).toBe(false);
    });

    test("a stored block wakes who listens, and none does afterwards", async () => {
      const { id } = await invocation();
      const heard: bigint[] = [];
      const stop = db.onBlock((block) => heard.push(block));
      for (let index = 1n; heard.length === 0 && index < 100n; index++) {
        await add(id, index); // Listening begins a moment after it is asked for.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(heard.length).toBeGreaterThan(0);
      stop();
      await new Promise((resolve) => setTimeout(resolve, 50));
      const before = heard.length;
      await add(id, 1_000n);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(heard.length).toBe(before);
    });

    test("wrong sizes are refused", async () => {
      await expect(db.newIngressKey(new Uint8Array(31), 0n)).rejects.toMatchObject({ code: "invalid-argument" });
      await expect(db.newIngressKey(another(), 2n ** 64n)).rejects.toMatchObject({ code: "invalid-argument" });
      const { ingress } = await invocation();
      const evidence = Uint8Array.of(1);
      await expect(db.setReport(ingress, "x".repeat(65), { evidence, pubkeyExpiry: 1n })).rejects.toMatchObject({
        code: "invalid-argument",
      });
    });

    // Last: it moves ids far away.
    test("after a restore, ids of events and invocations go on past all that were ever seen", async () => {
      const before = await invocation();
      const { next: seen } = await db.searchUserEvents(0n);
      const promised = await db.skipUserEventIds();
      expect(promised).toBeGreaterThan(seen + 2n ** 39n);
      expect((await invocation()).id).toBeGreaterThan(before.id + 2n ** 39n);
      const { events } = await db.searchUserEvents(seen);
      expect(events.map(({ id }) => id)).toEqual([promised]);
    });
  });
}
