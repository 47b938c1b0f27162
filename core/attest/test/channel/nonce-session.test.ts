import { U64_MAX, utf8 } from "@fogbow/core-bytes";
import fc from "fast-check";
import { expect, test } from "vitest";
import { REPLAY_WINDOW_MAX } from "../../src/channel/limits.ts";
import { ReplayWindow } from "../../src/channel/replay-window.ts";
import { type NonceMessage, NonceSession } from "../../src/index.ts";
import { channelKeys, codeOf, expectCode, flipBit } from "./support.ts";

async function ends(purpose = "nonces"): Promise<{ router: NonceSession; store: NonceSession }> {
  const { client, enclave } = await channelKeys(purpose);
  return { router: new NonceSession(client), store: new NonceSession(enclave) };
}

const seal = (session: NonceSession, count: number): NonceMessage[] =>
  Array.from({ length: count }, (_, i) => session.seal(utf8(`${i}`), utf8("aad")));

test("messages say their nonces, from 0 on", async () => {
  const { router } = await ends();
  expect(seal(router, 3).map(({ nonce }) => nonce)).toEqual([0n, 1n, 2n]);
});

test("messages open in any order, each once", async () => {
  const { router, store } = await ends();
  const messages = seal(router, 20);
  for (const i of [7, 0, 19, 3, 18, 1]) {
    expect(store.open(messages[i] as NonceMessage)).toEqual(utf8(`${i}`));
    expectCode("nonce-seen", () => store.open(messages[i] as NonceMessage));
  }
  const left = messages.filter((message) => codeOf(() => store.open(message)) === undefined);
  expect(left).toHaveLength(14);
});

test("a message opens 1023 below the highest nonce seen, and not 1024 below", async () => {
  const { router, store } = await ends();
  const messages = seal(router, REPLAY_WINDOW_MAX + 1);
  const at = (i: number): NonceMessage => messages[i] as NonceMessage;
  store.open(at(REPLAY_WINDOW_MAX));
  expectCode("nonce-below-window", () => store.open(at(0)));
  expect(store.open(at(1))).toEqual(utf8("1"));
  expectCode("nonce-seen", () => store.open(at(1)));
});

test("a forged nonce does not decrypt and moves nothing", async () => {
  const { router, store } = await ends();
  const [first, second] = seal(router, 2) as [NonceMessage, NonceMessage];
  expectCode("message-not-decrypted", () => store.open({ ...first, nonce: 2n ** 63n }));
  expectCode("message-not-decrypted", () => store.open({ ...first, nonce: 0x0100000000000000n }));
  expectCode("rekey-needed", () => store.open({ ...first, nonce: U64_MAX }));
  expectCode("message-not-decrypted", () => store.open({ ...second, data: flipBit(second.data, 0) }));
  expect(store.open(first)).toEqual(utf8("0"));
  expect(store.open(second)).toEqual(utf8("1"));
});

test("messages of another session, in the other direction, cut or with other additional data do not open", async () => {
  const { router, store } = await ends("one");
  const { router: stranger } = await ends("other");
  const message = router.seal(utf8("hello"));
  expectCode("channel-id-mismatch", () => store.open(stranger.seal(utf8("hello"))));
  expectCode("message-not-decrypted", () => store.open({ ...stranger.seal(utf8("hi")), channelId: store.channelId }));
  expectCode("message-not-decrypted", () => router.open(message));
  expectCode("message-not-decrypted", () => store.open({ ...message, aad: utf8("aad") }));
  expectCode("message-too-short", () => store.open({ ...message, data: message.data.subarray(0, 15) }));
  expect(store.open(message)).toEqual(utf8("hello"));
});

test("closing overwrites both keys and ends the session", async () => {
  const { client: keys, enclave } = await channelKeys("closed");
  const message = new NonceSession(enclave).seal(utf8("late"));
  const session = new NonceSession(keys);
  session.close();
  expect(keys.sendKey).toEqual(new Uint8Array(32));
  expect(keys.receiveKey).toEqual(new Uint8Array(32));
  expectCode("session-closed", () => session.seal(utf8("late")));
  expectCode("session-closed", () => session.open(message));
});

test("the window answers as a set of all nonces seen does", () => {
  const near = fc.integer({ min: -1100, max: 1100 });
  const far = fc.constantFrom(-5000, 1023, 1024, 1025, 2047, 2048, 5000, 1_000_000);
  const steps = fc.array(fc.oneof({ weight: 4, arbitrary: near }, far), { maxLength: 80 });
  fc.assert(
    fc.property(steps, fc.constantFrom(0n, 31n, 1023n, 2n ** 40n, U64_MAX - 10_000_000n), (moves, start) => {
      const window = new ReplayWindow();
      const seen = new Set<bigint>();
      let highest = -1n;
      let nonce = start;
      for (const move of moves) {
        nonce = nonce + BigInt(move) < 0n ? 0n : nonce + BigInt(move);
        const expected = nonce <= highest - 1024n ? "nonce-below-window" : seen.has(nonce) ? "nonce-seen" : undefined;
        expect(codeOf(() => window.assertFresh(nonce))).toBe(expected);
        if (expected !== undefined) continue;
        window.accept(nonce);
        seen.add(nonce);
        if (nonce > highest) highest = nonce;
      }
    }),
    { numRuns: 300 },
  );
});
