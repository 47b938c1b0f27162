// The SDK's store in a browser's IndexedDB, which there is in no other place.
import { EncryptedStore, IndexedDbStore } from "@fogbow/sdk";
import { describe, expect, test } from "vitest";

describe("a store in IndexedDB", () => {
  test("has what was written last under its name, also for whoever opens it later", async () => {
    const store = await IndexedDbStore.open("one");
    expect(await store.read()).toBeUndefined();
    await store.write(Uint8Array.of(1, 2, 3));
    await store.write(Uint8Array.of(4, 5));
    expect(await store.read()).toEqual(Uint8Array.of(4, 5));
    await store.close();
    const again = await IndexedDbStore.open("one");
    expect(await again.read()).toEqual(Uint8Array.of(4, 5));
    const other = await IndexedDbStore.open("another");
    expect(await other.read()).toBeUndefined();
    await Promise.all([again.close(), other.close()]);
  });

  test("is had by one at a time, and can be had again", async () => {
    const store = await IndexedDbStore.open("taken");
    await expect(IndexedDbStore.open("taken")).rejects.toMatchObject({ code: "store-locked" });
    await store.close();
    const next = await IndexedDbStore.open("taken");
    await next.close();
    await expect(next.write(Uint8Array.of(1))).rejects.toMatchObject({ code: "store-failed" });
  });

  test("holds what an encrypted store writes", async () => {
    const inner = await IndexedDbStore.open("encrypted");
    const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
    const store = await EncryptedStore.open(inner, random(32), { random });
    await store.write(Uint8Array.of(6));
    expect(await store.read()).toEqual(Uint8Array.of(6));
    expect((await inner.read())?.length).toBeGreaterThan(1 + 12 + 16);
    await store.close();
  });
});
