// How many streams are open.
import { ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { WATCHES_PER_CLIENT_MAX } from "../../src/limits.ts";
import { Streams } from "../../src/replica/streams.ts";

test("a client has so many streams and no more, until one of them is closed", () => {
  const streams = new Streams();
  const close = Array.from({ length: WATCHES_PER_CLIENT_MAX }, () => streams.open("a"));
  expect(() => streams.open("a")).toThrow(ConnectError);
  streams.open("b");
  close[0]?.();
  close[0]?.(); // Closing twice closes one.
  streams.open("a");
  expect(() => streams.open("a")).toThrow("Too many streams");
});
