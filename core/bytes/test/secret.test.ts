// Tests of the secrets: nothing that formats, compares or serialises shows their bytes.
import { format, inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "../src/index.ts";

const make = (): Secret => new Secret(Uint8Array.of(222, 173, 190, 239));

test("a secret exposes the very bytes it was given", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const secret = new Secret(bytes);
  expect(secret.expose()).toBe(bytes);
  expect(secret.length).toBe(3);
});

test("no way of printing shows the bytes", () => {
  const secret = make();
  expect(String(secret)).toBe("[secret]");
  expect(`${secret}`).toBe("[secret]");
  expect(["a", secret].join(":")).toBe("a:[secret]");
  expect(inspect(secret, { showHidden: true, depth: 9 })).toBe("[secret]");
  expect(inspect({ inner: [secret] })).toBe("{ inner: [ [secret] ] }");
  expect(format("%s %o %O %j", secret, secret, secret, "x")).not.toMatch(/222|173|dead/i);
});

test("a subclass is as silent", () => {
  class Key extends Secret {}
  expect(inspect(new Key(Uint8Array.of(222)))).toBe("[secret]");
});

test("a secret cannot be written as JSON, alone or inside something", () => {
  for (const value of [make(), { inner: make() }]) {
    expect(() => JSON.stringify(value)).toThrow(expect.objectContaining({ code: "secret-not-serializable" }));
  }
});

test("a structured clone, as sent to a worker, holds nothing", () => {
  expect(structuredClone(make())).toEqual({});
  expect(Object.entries(make())).toEqual([]);
});

test("wiping zeroes the bytes and ends every use", () => {
  const secret = make();
  const live = secret.expose();
  secret.wipe();
  secret.wipe();
  expect(live).toEqual(new Uint8Array(4));
  expect(() => secret.expose()).toThrow(expect.objectContaining({ code: "secret-wiped" }));
  expect(() => secret.equals(make())).toThrow(expect.objectContaining({ code: "secret-wiped" }));
  expect(() => make().equals(secret)).toThrow(expect.objectContaining({ code: "secret-wiped" }));
});

test("secrets are equal when their bytes are", () => {
  expect(make().equals(make())).toBe(true);
  expect(make().equals(new Secret(Uint8Array.of(222, 173, 190, 238)))).toBe(false);
  expect(make().equals(new Secret(new Uint8Array(3)))).toBe(false);
});
