import fc from "fast-check";
import { expect, test } from "vitest";
import { ClosingTable, Session, SessionTable } from "../../src/index.ts";
import { channelKeys, expectCode } from "./support.ts";

/** A value that remembers being closed. */
class Probe {
  closed = 0;
  close(): void {
    this.closed += 1;
  }
}

test("the value unused for longest makes room, as in a plain list, and whatever leaves is closed once", () => {
  const command = fc.record({ kind: fc.constantFrom("set", "get", "delete", "take"), key: fc.nat({ max: 7 }) });
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (commands, max) => {
      const table = new ClosingTable<Probe>({ max });
      let model: { key: string; value: Probe }[] = [];
      const all: Probe[] = [];
      const taken: Probe[] = [];
      for (const { kind, key: number } of commands) {
        const key = `${number}`;
        const found = model.find((entry) => entry.key === key);
        const others = model.filter((entry) => entry !== found);
        if (kind === "set") {
          const value = new Probe();
          all.push(value);
          table.set(key, value);
          model = [...others, { key, value }].slice(-max);
        } else if (kind === "get") {
          expect(table.get(key)).toBe(found?.value);
          if (found !== undefined) model = [...others, found];
        } else if (kind === "take") {
          expect(table.take(key)).toBe(found?.value);
          if (found !== undefined) taken.push(found.value);
          model = others;
        } else {
          table.delete(key);
          model = others;
        }
        expect(table.size).toBe(model.length);
        const open = new Set([...model.map(({ value }) => value), ...taken]);
        for (const probe of all) expect(probe.closed).toBe(open.has(probe) ? 0 : 1);
      }
      table.close();
      for (const probe of all) expect(probe.closed).toBe(taken.includes(probe) ? 0 : 1);
    }),
    { numRuns: 300 },
  );
});

test("a value set again under its key stays open, and that counts as a use", () => {
  const table = new ClosingTable<Probe>({ max: 2 });
  const value = new Probe();
  table.set("a", value);
  table.set("b", new Probe());
  table.set("a", value);
  table.set("c", new Probe());
  expect(value.closed).toBe(0);
  expect(table.get("a")).toBe(value);
});

test("an evicted session's keys are overwritten, and its channel is unknown", async () => {
  const table = new SessionTable<Session>({ max: 2 });
  const keys = [await channelKeys("a"), await channelKeys("b"), await channelKeys("c")].map(({ enclave }) => enclave);
  for (const each of keys) table.add(new Session(each));
  const [first, second, third] = keys.map(({ channelId }) => channelId) as [Uint8Array, Uint8Array, Uint8Array];
  expect(table.size).toBe(2);
  expectCode("unknown-channel", () => table.get(first));
  expect(keys[0]?.sendKey).toEqual(new Uint8Array(32));
  expect(keys[0]?.receiveKey).toEqual(new Uint8Array(32));
  expect(table.get(second).channelId).toBe(second);
  expect(table.find(third)?.channelId).toBe(third);

  table.delete(second);
  expect(keys[1]?.sendKey).toEqual(new Uint8Array(32));
  table.close();
  expect(keys[2]?.sendKey).toEqual(new Uint8Array(32));
  expect(table.size).toBe(0);
});

test("a channel id of another length is unknown, however long", () => {
  const table = new SessionTable<Session>({ max: 2 });
  for (const length of [0, 1, 63, 65, 10_000_000]) {
    expectCode("unknown-channel", () => table.get(new Uint8Array(length)));
    table.delete(new Uint8Array(length));
  }
});
