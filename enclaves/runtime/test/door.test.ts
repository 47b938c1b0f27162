import { fromUtf8, utf8 } from "@fogbow/core-bytes";
import type { EnclaveExit, EnclaveHost } from "@fogbow/runtime-enclave";
import { describe, expect, test, vi } from "vitest";
import { decodeCall, encodeFailure, FRAME_KINDS, type Frame, FrameReader, packFrames } from "../src/door/frames.ts";
import { encodeReady } from "../src/door/ready.ts";
import { type DoorOptions, openDoor } from "../src/host/door.ts";
import type { LinkEvents } from "../src/host/link.ts";

const measurement = new Uint8Array(32).fill(1);
const manifest = {
  name: "test",
  productId: 1,
  securityVersion: 1,
  entryPoints: [{ name: "call", inputBytesMin: 1, inputBytesMax: 16, outputBytesMax: 16 }],
};
const platform = { kind: "simulated", counterStrength: "none", canSeal: false } as const;
const refusedAs = (code: string) => expect.objectContaining({ code });

/** An enclave that a test plays itself: what it was sent, and what it says. */
class Played {
  readonly frames: Frame[] = [];
  packets = 0;
  ends = 0;
  /** Of an enclave that does not leave when it is ended. */
  stubborn = false;
  readonly #events: LinkEvents;

  constructor(events: LinkEvents) {
    this.#events = events;
  }

  say(kind: Frame["kind"], id: number, body: Uint8Array = new Uint8Array(0)): void {
    this.#events.received(packFrames([{ kind, id, body }]));
  }

  ready(): void {
    this.say(FRAME_KINDS.ready, 0, encodeReady({ measurement, platform, evidence: undefined }));
  }

  answer(id: number): void {
    this.say(FRAME_KINDS.answer, id, utf8(`answer ${id}`));
  }

  bytes(bytes: Uint8Array): void {
    this.#events.received(bytes);
  }

  leave(detail: string): void {
    this.#events.ended(detail);
  }

  get calls(): Frame[] {
    return this.frames.filter(({ kind }) => kind === FRAME_KINDS.call);
  }
}

/** A door to played enclaves, one for each start. */
async function open(
  options: DoorOptions = {},
  behave: (enclave: Played, run: number) => void = (each) => each.ready(),
  runsMax = Number.POSITIVE_INFINITY,
) {
  const runs: Played[] = [];
  const opening = openDoor(options, {
    measurement,
    manifest,
    config: utf8("config"),
    open: (events) => {
      if (runs.length >= runsMax) throw new Error("no more");
      const enclave = new Played(events);
      const reader = new FrameReader();
      runs.push(enclave);
      const run = runs.length;
      process.nextTick(() => behave(enclave, run));
      return {
        send: (packet) => {
          enclave.packets++;
          enclave.frames.push(...reader.push(packet));
        },
        end: () => {
          enclave.ends++;
          if (!enclave.stubborn) process.nextTick(() => enclave.leave("was ended"));
        },
      };
    },
  });
  const host: EnclaveHost = await opening;
  const exits: EnclaveExit[] = [];
  host.onExit((exit) => exits.push(exit));
  return { host, runs, exits, first: runs[0] as Played };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a call", () => {
  test("is answered whatever the order of the answers", async () => {
    const { host, first } = await open();
    const calls = ["a", "b"].map((text) => host.call("call", utf8(text)));
    await turn();
    expect(first.calls.map(({ body }) => decodeCall(body).entryPoint)).toEqual(["call", "call"]);
    for (const { id } of first.calls.toReversed()) first.answer(id);
    expect((await Promise.all(calls)).map(fromUtf8)).toEqual(first.calls.map(({ id }) => `answer ${id}`));
  });

  test("of one turn shares a packet with the others", async () => {
    const { host, first } = await open();
    const before = first.packets;
    const calls = Array.from({ length: 64 }, () => host.call("call", utf8("x")));
    await turn();
    expect(first.calls.length).toBe(64);
    expect(first.packets - before).toBe(1);
    for (const { id } of first.calls) first.answer(id);
    await Promise.all(calls);
  });

  test.each([
    ["of an entry point that there is not", "other", utf8("x"), "unknown-entry-point"],
    ["of an entry point that every object has", "constructor", utf8("x"), "unknown-entry-point"],
    ["with too few bytes", "call", new Uint8Array(0), "input-too-short"],
    ["with too many bytes", "call", new Uint8Array(17), "input-too-long"],
    ["with text", "call", "text" as unknown as Uint8Array, "invalid-input"],
    ["with an ArrayBuffer", "call", new ArrayBuffer(4) as unknown as Uint8Array, "invalid-input"],
    ["with other words", "call", new Uint16Array(4) as unknown as Uint8Array, "invalid-input"],
  ])("%s is refused before it is sent", async (_, entryPoint, input, code) => {
    const { host, first } = await open();
    await expect(host.call(entryPoint, input)).rejects.toEqual(refusedAs(code));
    await turn();
    expect(first.calls).toEqual([]);
  });

  test("beyond the bound is refused at once, and taken again when one was answered", async () => {
    const { host, first } = await open({ callsMax: 2 });
    const [one, two] = [host.call("call", utf8("1")), host.call("call", utf8("2"))];
    await expect(host.call("call", utf8("3"))).rejects.toEqual(refusedAs("enclave-busy"));
    await turn();
    first.answer(first.calls[0]?.id ?? 0);
    await one;
    const three = host.call("call", utf8("3"));
    await turn();
    for (const { id } of first.calls) first.answer(id);
    await Promise.all([two, three]);
  });

  test("that the enclave refuses carries the enclave's own code", async () => {
    const { host, first } = await open();
    const call = host.call("call", utf8("x"));
    await turn();
    const failure = encodeFailure({ code: "call-refused", reason: "unknown-channel", message: "No such channel." });
    first.say(FRAME_KINDS.failure, first.calls[0]?.id ?? 0, failure);
    await expect(call).rejects.toEqual(expect.objectContaining({ code: "call-refused", reason: "unknown-channel" }));
  });

  test("that misses its deadline is rejected, cancelled, and its late answer dropped", async () => {
    const { host, first } = await open();
    await expect(host.call("call", utf8("x"), { deadlineMs: 1 })).rejects.toEqual(refusedAs("deadline-exceeded"));
    await turn();
    const [{ id } = { id: 0 }] = first.calls;
    expect(first.frames.at(-1)).toMatchObject({ kind: FRAME_KINDS.cancel, id });
    first.answer(id);
    const next = host.call("call", utf8("y"));
    await turn();
    first.answer(first.calls[1]?.id ?? 0);
    expect(fromUtf8(await next)).toBe(`answer ${first.calls[1]?.id}`);
  });

  test("ends with its caller's signal, before and after it was sent", async () => {
    const { host, first } = await open();
    const controller = new AbortController();
    const call = host.call("call", utf8("x"), { signal: controller.signal });
    await turn();
    controller.abort();
    await expect(call).rejects.toEqual(refusedAs("call-cancelled"));
    await expect(host.call("call", utf8("x"), { signal: controller.signal })).rejects.toEqual(
      refusedAs("call-cancelled"),
    );
    await turn();
    expect(first.frames.map(({ kind }) => kind)).toEqual([FRAME_KINDS.begin, FRAME_KINDS.call, FRAME_KINDS.cancel]);
  });
});

describe("an enclave that ends", () => {
  test("rejects what was in flight with a code of its own, and is started again", async () => {
    const { host, runs, exits, first } = await open({ restartMsMin: 1 });
    const calls = [host.call("call", utf8("1")), host.call("call", utf8("2"))];
    await turn();
    first.leave("killed");
    for (const call of calls) await expect(call).rejects.toEqual(refusedAs("enclave-crashed"));
    await expect(host.call("call", utf8("3"))).rejects.toEqual(refusedAs("enclave-restarting"));
    await vi.waitFor(() => expect(runs.length).toBe(2));
    await vi.waitFor(() => void host.call("call", utf8("4")).catch(() => {}));
    expect(exits).toEqual([{ code: "enclave-crashed", detail: "killed", restartInMs: 1 }]);
    const again = await vi.waitFor(async () => {
      const call = host.call("call", utf8("5"));
      await turn();
      for (const { id } of runs[1]?.calls ?? []) runs[1]?.answer(id);
      return call;
    });
    expect(fromUtf8(again)).toMatch(/^answer/);
  });

  test("waits twice as long before each start, and stays down after the last", async () => {
    const crash = (enclave: Played, run: number): void => (run === 1 ? enclave.ready() : enclave.leave("again"));
    const { host, runs, exits, first } = await open({ restartMsMin: 1, restartsMax: 3 }, crash);
    first.leave("once");
    await vi.waitFor(() => expect(exits.at(-1)?.restartInMs).toBeUndefined());
    expect(exits.map(({ restartInMs }) => restartInMs)).toEqual([1, 2, 4, undefined]);
    expect(runs.length).toBe(4);
    await expect(host.call("call", utf8("x"))).rejects.toEqual(refusedAs("enclave-closed"));
    await host.close();
  });

  test("begins with its configuration at every start", async () => {
    const { runs, first } = await open({ restartMsMin: 1 });
    first.leave("killed");
    await vi.waitFor(() => expect(runs[1]?.frames.length).toBe(1));
    for (const { frames } of runs) expect(frames[0]).toMatchObject({ kind: FRAME_KINDS.begin, body: utf8("config") });
  });

  test.each([
    ["a frame of an unknown kind", Uint8Array.of(5, 0, 0, 0, 200, 0, 0, 0, 0)],
    ["a frame that only goes in", packFrames([{ kind: FRAME_KINDS.call, id: 1, body: new Uint8Array(0) }])],
    ["a frame that is too long", Uint8Array.of(255, 255, 255, 255)],
    ["a frame that is too short", Uint8Array.of(1, 0, 0, 0)],
    ["a failure that is no JSON", packFrames([{ kind: FRAME_KINDS.failure, id: 1, body: utf8("{") }])],
  ])("by sending %s is ended, once", async (_, bytes) => {
    const { host, first, exits } = await open({ restartMsMin: 1 });
    const call = host.call("call", utf8("x"));
    first.bytes(bytes);
    first.bytes(bytes);
    expect(first.ends).toBe(1);
    await expect(call).rejects.toEqual(refusedAs("enclave-crashed"));
    await vi.waitFor(() => expect(exits.length).toBe(1));
    await host.close();
  });

  test("by silence after a missed deadline is told apart from a slow one", async () => {
    const { host, first, exits } = await open({ silenceMsMax: 20, restartMsMin: 1 });
    const slow = host.call("call", utf8("slow"), { deadlineMs: 1 });
    const other = host.call("call", utf8("other"));
    await expect(slow).rejects.toEqual(refusedAs("deadline-exceeded"));
    await expect(other).rejects.toEqual(refusedAs("enclave-unresponsive"));
    expect(first.ends).toBe(1);
    await vi.waitFor(() => expect(exits[0]?.code).toBe("enclave-unresponsive"));
    await host.close();
  });
});

test("an enclave that becomes ready twice is ended, and nothing that it says after that counts", async () => {
  const { host, first, exits } = await open({ restartMsMin: 1000 });
  first.stubborn = true;
  const call = host.call("call", utf8("x"));
  await turn();
  first.ready();
  await expect(call).rejects.toEqual(refusedAs("enclave-crashed"));
  first.ready();
  first.answer(first.calls[0]?.id ?? 0);
  await expect(host.call("call", utf8("x"))).rejects.toEqual(refusedAs("enclave-restarting"));
  first.leave("gone");
  expect(exits).toMatchObject([{ code: "enclave-crashed", restartInMs: 1000 }]);
  await host.close();
});

test("an enclave that is ready too late has not started", async () => {
  let late: Played | undefined;
  const opening = open({ startMsMax: 5 }, (enclave) => {
    late = enclave;
    enclave.stubborn = true;
  });
  await vi.waitFor(() => expect(late?.ends).toBe(1));
  late?.ready();
  late?.leave("gone");
  await expect(opening).rejects.toEqual(refusedAs("enclave-start-failed"));
});

test("an enclave that callers give up on, and that stays silent, is ended, and never sent more than the door holds", async () => {
  const { host, first, exits } = await open({ silenceMsMax: 20, restartMsMin: 1000, callsMax: 2 });
  const controller = new AbortController();
  const options = { signal: controller.signal, deadlineMs: 10 };
  const calls = [host.call("call", utf8("1"), options), host.call("call", utf8("2"), options)];
  controller.abort();
  for (const call of calls) await expect(call).rejects.toEqual(refusedAs("call-cancelled"));
  await expect(host.call("call", utf8("3"))).rejects.toEqual(refusedAs("enclave-busy"));
  await vi.waitFor(() => expect(exits[0]?.code).toBe("enclave-unresponsive"));
  expect(first.calls.length).toBe(2);
  await host.close();
});

describe("a start", () => {
  test("that cannot even be tried fails, first or again, and leaves its host alone", async () => {
    const never = {
      measurement,
      manifest,
      config: utf8("config"),
      open: () => {
        throw new Error("no thread is left");
      },
    };
    await expect(openDoor({ startMsMax: 60_000 }, never)).rejects.toMatchObject({
      code: "enclave-start-failed",
      message: "The enclave did not start: no thread is left.",
    });
    const { host, first, exits } = await open(
      { restartMsMin: 1, restartsMax: 2 },
      (each, run) => {
        if (run === 1) each.ready();
      },
      1,
    );
    first.leave("killed");
    await vi.waitFor(() => expect(exits.map(({ detail }) => detail)).toEqual(["killed", "no more", "no more"]));
    await host.close();
  });

  test("that fails says why, and is not tried again", async () => {
    const failure = encodeFailure({ code: "bundle-not-bound", reason: "", message: "Another bundle." });
    const opening = open({}, (enclave) => enclave.say(FRAME_KINDS.failure, 0, failure));
    await expect(opening).rejects.toEqual(
      expect.objectContaining({ code: "enclave-start-failed", message: expect.stringContaining("bundle-not-bound") }),
    );
  });

  test("that takes too long, or ends early, fails", async () => {
    await expect(open({ startMsMax: 5 }, () => {})).rejects.toEqual(refusedAs("enclave-start-failed"));
    await expect(open({}, (enclave) => enclave.leave("gone"))).rejects.toEqual(refusedAs("enclave-start-failed"));
  });

  test("of an enclave that measured something else fails", async () => {
    const other = encodeReady({ measurement: new Uint8Array(32).fill(2), platform, evidence: undefined });
    const opening = open({}, (enclave) => enclave.say(FRAME_KINDS.ready, 0, other));
    await expect(opening).rejects.toEqual(refusedAs("enclave-start-failed"));
  });
});

describe("closing", () => {
  test("rejects what is in flight, resolves when the enclave is gone, and may be repeated", async () => {
    const { host, first, exits } = await open();
    first.stubborn = true;
    const call = host.call("call", utf8("x"));
    let closed = false;
    const closing = host.close().then(() => {
      closed = true;
    });
    await expect(call).rejects.toEqual(refusedAs("enclave-closed"));
    await turn();
    expect(closed).toBe(false);
    first.leave("left");
    await closing;
    await host.close();
    expect(exits).toEqual([{ code: "enclave-closed", detail: "closed by its host", restartInMs: undefined }]);
    await expect(host.call("call", utf8("x"))).rejects.toEqual(refusedAs("enclave-closed"));
  });

  test("while it waits to start again starts nothing any more", async () => {
    const { host, runs, first } = await open({ restartMsMin: 30 });
    first.leave("killed");
    await host.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(runs.length).toBe(1);
  });
});
