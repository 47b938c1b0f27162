// Attested channels to peers.
import { create } from "@bufbuild/protobuf";
import { AuthMessageSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import type { EnclaveDoor } from "../../../src/replica/enclave-door.ts";
import { PeerChannel } from "../../../src/replica/peers/peer-channel.ts";
import type { PeerRpc } from "../../../src/rpc/peer-rpc.ts";
import { VirtualClock } from "../../virtual-clock.ts";

function make() {
  const clock = new VirtualClock();
  const world = { isUp: true, handshakes: 0 };
  const rpc = {
    auth: async () => {
      world.handshakes++;
      await clock.wait(10);
      if (!world.isUp) throw new Error("It is down.");
      return create(AuthMessageSchema);
    },
  } as unknown as PeerRpc;
  const door = {
    peerBegin: async () => create(AuthMessageSchema),
    peerFinish: async () => new Uint8Array(64).fill(world.handshakes),
  } as unknown as EnclaveDoor;
  const random = () => new Uint8Array([255]);
  return { clock, world, channel: new PeerChannel("peer:1", { rpc, door, clock, random, metrics: undefined }) };
}

test("there is one handshake, however many want the channel", async () => {
  const { clock, world, channel } = make();
  const ids = await clock.resolve(Promise.all([channel.id(), channel.id(), channel.id()]));
  expect([world.handshakes, channel.isOpen, new Set(ids.map((id) => id[0])).size]).toEqual([1, true, 1]);
});

test("a channel that is dropped is made anew; one that was replaced is not dropped again", async () => {
  const { clock, world, channel } = make();
  const first = channel.id();
  await clock.resolve(first);
  channel.drop(first);
  expect(channel.isOpen).toBe(false);
  const second = channel.id();
  await clock.resolve(second);
  channel.drop(first);
  expect([world.handshakes, channel.isOpen]).toEqual([2, true]);
});

test("a peer that cannot be attested is left alone for a while", async () => {
  const { clock, world, channel } = make();
  world.isUp = false;
  await expect(clock.resolve(channel.id())).rejects.toThrow("It is down.");
  await expect(channel.id()).rejects.toThrow("a moment ago");
  expect(world.handshakes).toBe(1);
  world.isUp = true;
  await clock.advance(1_000);
  await clock.resolve(channel.id());
  expect(world.handshakes).toBe(2);
});
