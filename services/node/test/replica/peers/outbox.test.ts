// Consensus messages on their way to a peer.
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ConsensusMsgResponseSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { MESSAGE_AGE_MS_MAX, OUTBOX_IN_FLIGHT_MAX, OUTBOX_MAX, SEND_ATTEMPTS_MAX } from "../../../src/limits.ts";
import { Outbox } from "../../../src/replica/peers/outbox.ts";
import type { PeerRpc } from "../../../src/rpc/peer-rpc.ts";
import { VirtualClock } from "../../virtual-clock.ts";

function make() {
  const clock = new VirtualClock();
  const sent: number[] = [];
  const backs: boolean[] = [];
  const world = { isUp: true, delayMs: 10 };
  const rpc = {
    sendConsensusMsg: async ({ payload }: { payload: Uint8Array }) => {
      sent.push(payload[0] as number);
      await clock.wait(world.delayMs);
      if (!world.isUp) throw new ConnectError("down", Code.Unavailable);
      return create(ConsensusMsgResponseSchema);
    },
  } as unknown as PeerRpc;
  const random = () => new Uint8Array([255]);
  const outbox = new Outbox("me:1", { rpc, clock, random, metrics: undefined, onAnswer: (back) => backs.push(back) });
  const send = (subject: string, n: number): void => outbox.send({ subject, payload: new Uint8Array([n]) });
  return { clock, sent, backs, world, outbox, send };
}

test("messages are sent at once, side by side", () => {
  const { sent, send } = make();
  for (const n of [1, 2, 3]) send(`slot ${n}`, n);
  expect(sent).toEqual([1, 2, 3]);
});

test("a message that waits is not sent when its sender has said more", async () => {
  const { clock, sent, send, outbox } = make();
  for (let n = 0; n < OUTBOX_IN_FLIGHT_MAX; n++) send(`other ${n}`, 100 + n);
  send("slot 5", 1);
  send("slot 6", 2);
  send("slot 5", 3);
  expect(outbox.length).toBe(2);
  await clock.advance(100);
  expect(sent.slice(OUTBOX_IN_FLIGHT_MAX)).toEqual([2, 3]);
});

test("when too many wait, the oldest is dropped", async () => {
  const { clock, sent, send, outbox } = make();
  for (let n = 0; n < OUTBOX_IN_FLIGHT_MAX + OUTBOX_MAX + 1; n++) send(`subject ${n}`, n & 255);
  expect(outbox.length).toBe(OUTBOX_MAX);
  await clock.advance(10_000);
  expect(sent).toHaveLength(OUTBOX_IN_FLIGHT_MAX + OUTBOX_MAX);
});

test("what fails is tried again after a while, three times in all", async () => {
  const { clock, sent, world, send } = make();
  world.isUp = false;
  send("slot 5", 1);
  await clock.advance(20);
  expect(sent).toEqual([1]);
  await clock.advance(20_000);
  expect(sent).toEqual(Array(SEND_ATTEMPTS_MAX).fill(1));
});

test("what fails is not tried again when there is something newer, and the peer's return is noticed", async () => {
  const { clock, sent, backs, world, send } = make();
  world.isUp = false;
  send("slot 5", 1);
  await clock.advance(5);
  send("slot 5", 2); // In flight beside the first.
  await clock.advance(20);
  send("slot 5", 3);
  world.isUp = true;
  await clock.advance(5_000);
  expect(sent.at(-1)).toBe(3);
  expect(backs[0]).toBe(true);
  send("slot 6", 4);
  await clock.advance(100);
  expect(backs.at(-1)).toBe(false);
});

test("old messages are not sent", async () => {
  const { clock, sent, world, send } = make();
  world.isUp = false;
  world.delayMs = MESSAGE_AGE_MS_MAX + 1_000;
  send("slot 5", 1);
  await clock.advance(2 * MESSAGE_AGE_MS_MAX);
  expect(sent).toEqual([1]);
});

test("a closed outbox sends nothing", async () => {
  const { clock, sent, outbox, send } = make();
  outbox.close();
  send("slot 5", 1);
  await clock.advance(1_000);
  expect(sent).toEqual([]);
});
