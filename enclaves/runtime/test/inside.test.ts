// A hostile host: what it can send without the door's other half, which would refuse to.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { concatBytes, le32, utf8 } from "@fogbow/core-bytes";
import { type BundleFiles, buildBundle, identityOf, measureBundle } from "@fogbow/runtime-enclave";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { decodeFailure, encodeCall, FRAME_KINDS, type Frame, FrameReader, packFrames } from "../src/door/frames.ts";
import { Inside } from "../src/inside/inside.ts";
import { spawnHere } from "../src/inside/threads.ts";
import { openPlatform } from "../src/platform/open-platform.ts";
import { noFiles } from "./fake-kernel.ts";
import { seededRandom } from "./test-parts.ts";
import { writeEnclave } from "./write-enclave.ts";

const folder = mkdtempSync(join(tmpdir(), "fogbow-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const none = new Uint8Array(0);
let files: BundleFiles;
beforeAll(async () => {
  const source = `() => ({ call: (_, input) => input[0] === 9 ? new Promise(() => {}) : input })`;
  const entryPoints = [{ name: "call", inputBytesMin: 2, inputBytesMax: 8, outputBytesMax: 8 }];
  files = await buildBundle(writeEnclave(join(folder, "source"), source, { entryPoints }));
});

/** An inside that only the test's host speaks with. */
async function inside({
  begin = true,
  expected = undefined as Uint8Array | undefined,
  bundle = files,
  proveAs = undefined as Uint8Array | undefined,
} = {}) {
  const said: Frame[] = [];
  const reader = new FrameReader();
  const random = seededRandom();
  const now = (): number => Date.parse("2026-01-01T00:00:00Z");
  const enclave = new Inside({
    files: bundle,
    expected,
    openPlatform: async (identity) => {
      const platform = await openPlatform({ kind: "simulated" }, identity, { files: noFiles, random, now });
      if (proveAs === undefined) return platform;
      return { ...platform, identity: identityOf(proveAs), proveFirst: true };
    },
    random,
    spawnThread: spawnHere,
    now,
    send: (packet) => said.push(...reader.push(packet)),
  });
  const send = (kind: Frame["kind"], id: number, body: Uint8Array = none): void =>
    enclave.receive(packFrames([{ kind, id, body }]));
  if (begin) {
    send(FRAME_KINDS.begin, 0);
    await vi.waitFor(() => expect(said).toHaveLength(1));
  }
  const answer = async (id: number): Promise<Frame> =>
    vi.waitFor(() => {
      const found = said.find((frame) => frame.id === id);
      if (found === undefined) throw new Error("No answer yet.");
      return found;
    });
  const code = async (id: number): Promise<string> => decodeFailure((await answer(id)).body).code;
  return { enclave, send, said, answer, code };
}

const call = (name: string, input: Uint8Array): Uint8Array => encodeCall(name, input);
const malformed = expect.objectContaining({ code: "malformed-frame" });

describe("an enclave whose host leaves out the door", () => {
  test("answers calls of the sizes that its manifest allows, and refuses all others with a code", async () => {
    const { send, answer, code } = await inside();
    send(FRAME_KINDS.call, 1, call("call", Uint8Array.of(1, 2)));
    send(FRAME_KINDS.call, 2, call("call", Uint8Array.of(1)));
    send(FRAME_KINDS.call, 3, call("call", new Uint8Array(9)));
    send(FRAME_KINDS.call, 4, call("other", new Uint8Array(4)));
    send(FRAME_KINDS.call, 5, call("constructor", new Uint8Array(4)));
    send(FRAME_KINDS.refresh, 6);
    expect((await answer(1)).body).toEqual(Uint8Array.of(1, 2));
    expect(await code(2)).toBe("input-too-short");
    expect(await code(3)).toBe("input-too-long");
    expect(await code(4)).toBe("unknown-entry-point");
    expect(await code(5)).toBe("unknown-entry-point");
    expect(await code(6)).toBe("evidence-unavailable");
  });

  test("holds as many unanswered calls as the bound, and refuses more", async () => {
    const { send, code } = await inside();
    for (let id = 1; id <= 1024; id++) send(FRAME_KINDS.call, id, call("call", Uint8Array.of(9, 0)));
    send(FRAME_KINDS.call, 2000, call("call", Uint8Array.of(1, 2)));
    expect(await code(2000)).toBe("enclave-busy");
  });

  test("ends at a call with the number of one in flight, which the bound would count once", async () => {
    const { send } = await inside();
    send(FRAME_KINDS.call, 1, call("call", Uint8Array.of(9, 0)));
    expect(() => send(FRAME_KINDS.call, 1, call("call", Uint8Array.of(9, 0)))).toThrow(malformed);
    expect(() => send(FRAME_KINDS.refresh, 1)).toThrow(malformed);
  });

  test("refuses to make evidence for more callers than the bound", async () => {
    const { send, code } = await inside();
    for (let id = 1; id <= 1024; id++) send(FRAME_KINDS.call, id, call("call", Uint8Array.of(9, 0)));
    send(FRAME_KINDS.refresh, 2000);
    expect(await code(2000)).toBe("enclave-busy");
  });

  test("tells nothing of how taking evidence failed, unless the enclave gives it a code", async () => {
    const starts = async (name: string, failure: string): Promise<unknown> => {
      const source = `() => ({
        attests: { key: new Uint8Array(32).fill(9) },
        takeEvidence: () => { throw ${failure}; },
        call: (_, input) => input,
      })`;
      const { said } = await inside({ bundle: await buildBundle(writeEnclave(join(folder, name), source)) });
      return decodeFailure((said[0] as Frame).body);
    };
    const fault = { code: "enclave-fault", reason: "", message: "The enclave failed at this call." };
    expect(await starts("fault", "new Error('a secret')")).toEqual(fault);
    const coded = "Object.assign(new Error('for all to read'), { code: 'no-evidence-today' })";
    const refusal = { code: "call-refused", reason: "no-evidence-today", message: "for all to read" };
    expect(await starts("refusal", coded)).toEqual(refusal);
  });

  test("answers every cancellation, also of calls that there are not", async () => {
    const { send, code } = await inside();
    send(FRAME_KINDS.cancel, 7);
    expect(await code(7)).toBe("call-cancelled");
  });

  test("takes a change of the input after it was sent for nothing", async () => {
    const { enclave, answer } = await inside();
    const packet = packFrames([{ kind: FRAME_KINDS.call, id: 1, body: call("call", Uint8Array.of(1, 2, 3)) }]);
    enclave.receive(packet);
    packet.fill(0);
    expect((await answer(1)).body).toEqual(Uint8Array.of(1, 2, 3));
  });

  test("does not start another bundle than it was measured to expect", async () => {
    const { said } = await inside({ expected: new Uint8Array(32) });
    expect(decodeFailure((said[0] as Frame).body).code).toBe("measurement-mismatch");
  });

  test("runs no code before the platform has proven what its host said about the bundle", async () => {
    const told = async (proveAs: Uint8Array): Promise<Frame> => (await inside({ proveAs })).said[0] as Frame;
    expect((await told(measureBundle(files))).kind).toBe(FRAME_KINDS.ready);
    expect(decodeFailure((await told(new Uint8Array(32).fill(7))).body).code).toBe("evidence-refused");
  });

  test.each<[string, (send: (kind: Frame["kind"], id: number, body?: Uint8Array) => void) => void]>([
    ["a second beginning", (send) => send(FRAME_KINDS.begin, 0)],
    ["a frame that only goes out", (send) => send(FRAME_KINDS.answer, 1)],
    ["a call without a name", (send) => send(FRAME_KINDS.call, 1)],
    ["a call whose name is cut", (send) => send(FRAME_KINDS.call, 1, Uint8Array.of(5, 97))],
  ])("ends at %s", async (_, act) => {
    const { send } = await inside();
    expect(() => act(send)).toThrow(malformed);
  });

  test("ends at a call before it was begun, and at a frame of an impossible length", async () => {
    const { send } = await inside({ begin: false });
    expect(() => send(FRAME_KINDS.call, 1, call("call", Uint8Array.of(1, 2)))).toThrow(malformed);
    const { enclave } = await inside();
    expect(() => enclave.receive(concatBytes(le32(0xffff_ffff), utf8("x")))).toThrow(malformed);
  });

  test("either answers or ends with the one code, whatever bytes it is sent", async () => {
    const { enclave } = await inside();
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(FRAME_KINDS)),
        fc.nat(),
        fc.uint8Array({ maxLength: 40 }),
        (kind, id, body) => {
          try {
            enclave.receive(packFrames([{ kind, id: id % 0xffff_ffff, body }]));
          } catch (error) {
            expect(error).toMatchObject({ code: "malformed-frame" });
          }
        },
      ),
    );
  });
});
