// Falling behind and catching up (spec 05 §3.1).
import { expect, test } from "vitest";
import { CatchingUp } from "../../src/replica/catching-up.ts";
import { VirtualClock } from "../virtual-clock.ts";

function make() {
  const clock = new VirtualClock();
  const world = { own: 10n, network: 10n };
  const log: string[] = [];
  const note = (what: string) => () => void log.push(what);
  const catchingUp = new CatchingUp(
    { graceMs: 2_500, askAgainMs: 1_000 },
    {
      clock,
      network: { isBehind: (count: bigint) => world.network > count, blockCount: () => world.network } as never,
      blockCount: () => world.own,
      askForDecision: note("ask"),
      suspend: note("suspend"),
      attempt: note("attempt"),
      resume: note("resume"),
    },
  );
  return { clock, world, log, catchingUp };
}

test("a node that misses one decision asks for it, again and again, and goes on when it has it", async () => {
  const { clock, world, log, catchingUp } = make();
  catchingUp.advance();
  expect([catchingUp.standing, log]).toEqual(["in-sync", []]);
  world.network = 11n;
  catchingUp.advance();
  expect([catchingUp.standing, log]).toEqual(["maybe-behind", ["ask"]]);
  await clock.advance(1_000);
  catchingUp.advance();
  catchingUp.advance();
  expect(log).toEqual(["ask", "ask"]);
  world.own = 11n;
  catchingUp.decided();
  expect(catchingUp.standing).toBe("in-sync");
});

test("after a while it stops taking part, fetches blocks, and takes part again", async () => {
  const { clock, world, log, catchingUp } = make();
  world.network = 12n;
  catchingUp.advance();
  await clock.advance(2_500);
  catchingUp.advance();
  expect([catchingUp.standing, log]).toEqual(["behind", ["ask", "suspend", "attempt"]]);
  catchingUp.advance(); // One attempt at a time.
  expect(log).toHaveLength(3);
  world.own = 12n;
  catchingUp.attempted(2);
  expect([catchingUp.standing, log.slice(3)]).toEqual(["in-sync", ["resume"]]);
});

test("a node that is further behind than anybody remembers does not wait", () => {
  const { world, log, catchingUp } = make();
  world.network = 21n;
  catchingUp.advance();
  expect(log).toEqual(["suspend", "attempt"]);
});

test("attempts that lead to nothing are made at growing intervals, those that help at once", async () => {
  const { clock, world, log, catchingUp } = make();
  world.network = 1_000n;
  catchingUp.advance();
  catchingUp.attempted(0);
  await clock.advance(999);
  catchingUp.advance();
  expect(log).toEqual(["suspend", "attempt"]);
  await clock.advance(1);
  catchingUp.advance();
  expect(log).toHaveLength(3);
  catchingUp.attempted(0);
  await clock.advance(1_000);
  catchingUp.advance();
  expect(log).toHaveLength(3);
  await clock.advance(1_000);
  catchingUp.advance();
  expect(log).toHaveLength(4);
  world.own = 110n;
  catchingUp.attempted(100);
  expect(log).toHaveLength(5);
});
