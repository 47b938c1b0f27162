import { utf8 } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { type NonceMessage, NonceSession, openBroadcast, SessionTable, sealBroadcast } from "../../src/index.ts";
import { channelKeys, expectCode, flipBit } from "./support.ts";

/** A router's sessions with three stores, and each store's table. */
async function network(): Promise<{ router: NonceSession[]; stores: SessionTable<NonceSession>[] }> {
  const keys = [await channelKeys("store 0"), await channelKeys("store 1"), await channelKeys("store 2")];
  const router = keys.map(({ client }) => new NonceSession(client));
  const stores = keys.map(({ enclave }) => {
    const table = new SessionTable<NonceSession>({ max: 4 });
    table.add(new NonceSession(enclave));
    return table;
  });
  return { router, stores };
}

test("every store opens its own message of the whole list and answers in its own session", async () => {
  const { router, stores } = await network();
  const messages = sealBroadcast(router, utf8("query"), utf8("aad"));
  expect(messages).toHaveLength(3);
  for (const [i, store] of stores.entries()) {
    const { session, plaintext, aad } = openBroadcast(messages, store);
    expect([plaintext, aad]).toEqual([utf8("query"), utf8("aad")]);
    expect(router[i]?.open(session.seal(utf8(`answer ${i}`)))).toEqual(utf8(`answer ${i}`));
  }
});

test("answers may come in any order, and a list sent twice opens once", async () => {
  const { router, stores } = await network();
  const [store] = stores as [SessionTable<NonceSession>];
  const [first, second] = [sealBroadcast(router, utf8("1")), sealBroadcast(router, utf8("2"))];
  expect(openBroadcast(second, store).plaintext).toEqual(utf8("2"));
  expect(openBroadcast(first, store).plaintext).toEqual(utf8("1"));
  expectCode("nonce-seen", () => openBroadcast(first, store));
});

test("a list without a message for us, or with one that is altered, is refused", async () => {
  const { router, stores } = await network();
  const [store] = stores as [SessionTable<NonceSession>];
  const messages = sealBroadcast(router, utf8("query"));
  expectCode("unknown-channel", () => openBroadcast(messages.slice(1), store));
  expectCode("unknown-channel", () => openBroadcast([], store));
  const [ours, ...others] = messages as [NonceMessage, ...NonceMessage[]];
  const altered = { ...ours, data: flipBit(ours.data, 5) };
  expectCode("message-not-decrypted", () => openBroadcast([altered, ...others], store));
  // A host that adds a forgery cannot hide the message itself.
  expect(openBroadcast([altered, ...others, ours], store).plaintext).toEqual(utf8("query"));
});

test("a list has at most a hundred messages", async () => {
  const { router, stores } = await network();
  const [session] = router as [NonceSession];
  const [store] = stores as [SessionTable<NonceSession>];
  const many = Array.from({ length: 101 }, () => session);
  expectCode("too-many-messages", () => sealBroadcast(many, utf8("query")));
  expect(session.seal(utf8("first")).nonce).toBe(0n);
  const messages = Array.from({ length: 101 }, () => session.seal(utf8("query")));
  expectCode("too-many-messages", () => openBroadcast(messages, store));
  expect(openBroadcast(messages.slice(1), store).plaintext).toEqual(utf8("query"));
});
