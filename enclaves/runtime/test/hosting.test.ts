import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { concatBytes, fromUtf8, utf8 } from "@fogbow/core-bytes";
import {
  buildBundle,
  type EnclaveExit,
  type EnclaveHost,
  type Hosting,
  openPlatform,
  startEnclave,
  systemFiles,
  writeBundle,
} from "@fogbow/runtime-enclave";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { encodeCall, FRAME_KINDS, FrameReader, packFrames } from "../src/door/frames.ts";
import { launcherUrl } from "../src/host/launcher-url.ts";
import { seededRandom } from "./test-parts.ts";
import { writeEnclave } from "./write-enclave.ts";

const folder = mkdtempSync(join(tmpdir(), "fogbow-test-"));
const bundle = join(folder, "bundle");
const hosts: EnclaveHost[] = [];
afterAll(async () => {
  await Promise.all(hosts.map((host) => host.close()));
  rmSync(folder, { recursive: true });
});

/** An enclave that does whatever its first byte says. */
const SOURCE = `({ random, counter, sealing, state, config, measurement }) => ({
  call: (entryPoint, input) => {
    if (entryPoint === "long") return new Uint8Array(2000);
    const rest = input.subarray(1);
    switch (input[0]) {
      case 0: return rest;
      case 1: throw Object.assign(new Error("No such thing."), { code: "no-such-thing" });
      case 2: throw new TypeError("a secret");
      case 3: return new Promise(() => {});
      case 4: for (;;) {}
      case 5: return "text";
      case 6: return Promise.resolve(rest);
      case 7: Promise.reject(new Error("unhandled")); return rest;
      case 8: return random(8);
      case 9: return state.seal(rest, "measurement");
      case 10: state.stored(); return rest;
      case 11: return state.open(rest);
      case 12: return sealing.unseal(rest, new Uint8Array(0));
      case 13: return config;
      case 14: return new TextEncoder().encode(counter.strength + counter.read());
      case 15: { const all = []; for (;;) all.push(new Array(1e6).fill(all.length)); }
      case 16: return new TextEncoder().encode(Object.getOwnPropertyNames(globalThis).sort().join());
      default: return measurement;
    }
  },
})`;

beforeAll(async () => {
  const entryPoints = [
    { name: "call", inputBytesMin: 1, inputBytesMax: 1_048_576, outputBytesMax: 1_048_576 },
    { name: "long", inputBytesMax: 10, outputBytesMax: 1000 },
  ];
  const source = writeEnclave(join(folder, "source"), SOURCE, { entryPoints });
  await writeBundle(bundle, await buildBundle(source));
});

const random = seededRandom();
const simulatedHere = { openPlatform: openHere, random, now: Date.now } as const;
function openHere(identity: Parameters<typeof openPlatform>[1]) {
  return openPlatform({ kind: "simulated" }, identity, { files: systemFiles, random, now: Date.now });
}

async function start(
  hosting: Hosting,
  options: Partial<Parameters<typeof startEnclave>[0]> = {},
): Promise<EnclaveHost> {
  const host = await startEnclave({ bundle, platform: { kind: "simulated" }, hosting, restartMsMin: 1, ...options });
  hosts.push(host);
  return host;
}

const does = (first: number, rest: Uint8Array = new Uint8Array(0)): Uint8Array =>
  concatBytes(Uint8Array.of(first), rest);
const refusedAs = (code: string) => expect.objectContaining({ code });
const hostings: Hosting[] = [{ kind: "worker" }, { kind: "child" }, { kind: "in-process", ...simulatedHere }];

describe.each(hostings)("an enclave hosted by $kind", (hosting) => {
  let host: EnclaveHost;
  beforeAll(async () => {
    host = await start(hosting, { config: utf8("configured") });
  });

  test("answers, at once or later", async () => {
    expect(await host.call("call", does(0, utf8("now")))).toEqual(utf8("now"));
    expect(await host.call("call", does(6, utf8("later")))).toEqual(utf8("later"));
    const large = new Uint8Array(1_000_000).fill(7);
    expect(Buffer.compare(await host.call("call", does(0, large)), large)).toBe(0);
  });

  test("answers many calls at a time, each its own", async () => {
    const texts = Array.from({ length: 500 }, (_, i) => `call ${i}`);
    const answers = await Promise.all(texts.map((text, i) => host.call("call", does((i % 2) * 6, utf8(text)))));
    expect(answers.map(fromUtf8)).toEqual(texts);
  });

  test("is told its configuration, and knows its own measurement", async () => {
    expect(await host.call("call", does(13))).toEqual(utf8("configured"));
    expect(await host.call("call", does(99))).toEqual(host.measurement);
  });

  test("refuses with its own code, and faults without telling why", async () => {
    await expect(host.call("call", does(1))).rejects.toMatchObject({ code: "call-refused", reason: "no-such-thing" });
    await expect(host.call("call", does(2))).rejects.toEqual(refusedAs("enclave-fault"));
    await expect(host.call("call", does(5))).rejects.toEqual(refusedAs("enclave-fault"));
    await expect(host.call("long", does(0))).rejects.toEqual(refusedAs("output-too-long"));
    expect(await host.call("call", does(0, utf8("still there")))).toEqual(utf8("still there"));
  });

  test("has the language, WebAssembly and what the runtime gives, and no other global", async () => {
    const names = fromUtf8(await host.call("call", does(16))).split(",");
    const given = ["TextDecoder", "TextEncoder", "WebAssembly", "atob", "crypto", "kernelWasmBase64"];
    expect(names).toEqual(expect.arrayContaining(given));
    const language =
      /^(?:[A-Z]\w*Error|(?:Big)?(?:Ui|I)nt\d+(?:Clamped)?Array|Float\d+Array|(?:de|en)codeURI(?:Component)?|Error)$/;
    const others = names.filter((name) => !language.test(name) && !given.includes(name));
    expect(others.join(" ")).toBe(
      "Array ArrayBuffer BigInt Boolean DataView Function Infinity JSON Map Math NaN Number Object Promise Proxy Reflect " +
        "RegExp Set String Symbol WeakMap WeakSet globalThis isFinite isNaN parseFloat parseInt undefined",
    );
  });

  test("keeps no call alive past its deadline", async () => {
    await expect(host.call("call", does(3), { deadlineMs: 5 })).rejects.toEqual(refusedAs("deadline-exceeded"));
    expect(await host.call("call", does(0, utf8("still there")))).toEqual(utf8("still there"));
  });

  test("cannot seal or count without a folder of state, and says so", async () => {
    await expect(host.call("call", does(9))).rejects.toMatchObject({ reason: "counter-unavailable" });
    expect(host.platform).toEqual({ kind: "simulated", counterStrength: "none", canSeal: false });
    expect(host.evidence).toBeUndefined();
    await expect(host.refreshEvidence()).rejects.toEqual(refusedAs("evidence-unavailable"));
  });

  test("is closed cleanly, and answers nothing after that", async () => {
    const other = await start(hosting);
    const call = other.call("call", does(3));
    await Promise.all([expect(call).rejects.toEqual(refusedAs("enclave-closed")), other.close()]);
    await expect(other.call("call", does(0))).rejects.toEqual(refusedAs("enclave-closed"));
  });

  test("is not started from another bundle than the expected one", async () => {
    const starting = start(hosting, { expected: new Uint8Array(32) });
    await expect(starting).rejects.toEqual(refusedAs("measurement-mismatch"));
  });
});

describe.each(hostings.slice(0, 2))("an enclave hosted by $kind that fails", (hosting) => {
  test("in mid-call is contained, reported by a code of its own, and started again", async () => {
    const host = await start(hosting);
    const exits: EnclaveExit[] = [];
    host.onExit((exit) => exits.push(exit));
    const waiting = host.call("call", does(3));
    const crashing = host.call("call", does(7)).catch(() => {}); // It may be answered before the crash.
    await expect(waiting).rejects.toEqual(refusedAs("enclave-crashed"));
    await crashing;
    expect(exits).toMatchObject([{ code: "enclave-crashed", restartInMs: 1 }]);
    await vi.waitFor(async () => expect(await host.call("call", does(0, utf8("back")))).toEqual(utf8("back")), 20_000);
  });

  test("by never ending is ended after its deadline, and started again", async () => {
    const host = await start(hosting, { silenceMsMax: 200 });
    const endless = host.call("call", does(4), { deadlineMs: 50 });
    const behind = host.call("call", does(0));
    await expect(endless).rejects.toEqual(refusedAs("deadline-exceeded"));
    await expect(behind).rejects.toEqual(refusedAs("enclave-unresponsive"));
    await vi.waitFor(async () => expect(await host.call("call", does(0, utf8("back")))).toEqual(utf8("back")), 20_000);
  });
});

describe("sealed state on the simulated platform", () => {
  const stateOf = (name: string): string => {
    const state = join(folder, name);
    mkdirSync(state, { recursive: true });
    return state;
  };
  const startOn = (stateFolder: string, of = bundle): Promise<EnclaveHost> =>
    start({ kind: "worker" }, { bundle: of, platform: { kind: "simulated", stateFolder } });

  test("survives the enclave, and only the newest is opened again", async () => {
    const state = stateOf("survives");
    const first = await startOn(state);
    expect(first.platform.canSeal).toBe(true);
    const old = await first.call("call", does(9, utf8("old")));
    await first.call("call", does(10));
    const newest = await first.call("call", does(9, utf8("newest")));
    await first.call("call", does(10));
    await first.close();

    const second = await startOn(state);
    expect(await second.call("call", does(11, newest))).toEqual(utf8("newest"));
    await expect(second.call("call", does(11, old))).rejects.toMatchObject({ reason: "state-rolled-back" });
    expect(fromUtf8(await second.call("call", does(14)))).toBe("none2");
  });

  test("that was swapped for data sealed otherwise, or altered, is refused", async () => {
    const host = await startOn(stateOf("swapped"));
    const state = await host.call("call", does(9, utf8("state")));
    await expect(host.call("call", does(12, state))).rejects.toMatchObject({ reason: "unseal-failed" });
    state[20] = (state[20] ?? 0) ^ 1;
    await expect(host.call("call", does(11, state))).rejects.toMatchObject({ reason: "unseal-failed" });
  });

  test("does not move to another measurement", async () => {
    const state = stateOf("moved");
    const sealed = await (await startOn(state)).call("call", does(9, utf8("state")));
    const other = join(folder, "other");
    const source = writeEnclave(join(folder, "other-source"), `${SOURCE.slice(0, -2)}other: 1 })`, {
      entryPoints: [{ name: "call", inputBytesMax: 1000, outputBytesMax: 1000 }],
    });
    await writeBundle(other, await buildBundle(source));
    const moved = await startOn(state, other);
    await expect(moved.call("call", does(11, sealed))).rejects.toMatchObject({ reason: "unseal-failed" });
  });
});

describe("an enclave in a process of its own", () => {
  /** A process that writes its number down, so that a hostile host can be played. */
  async function startNoted(name: string) {
    const note = join(folder, name);
    const address = `unix:${join(folder, `${name}.sock`)}`;
    const launcher = fileURLToPath(launcherUrl);
    const script = `echo $$ > ${note}; exec ${process.execPath} ${launcher} --bundle=${bundle} --connect=${address} --platform=simulated`;
    const host = await start({ kind: "child", command: ["/bin/sh", "-c", script], address });
    return { host, pid: () => Number(readFileSync(note, "utf8")) };
  }

  test("that is killed in mid-call fails the call with a code of its own, and starts again in a new process", async () => {
    const { host, pid } = await startNoted("killed");
    const before = pid();
    const call = host.call("call", does(3));
    await host.call("call", does(0));
    process.kill(before, "SIGKILL");
    await expect(call).rejects.toEqual(refusedAs("enclave-crashed"));
    await vi.waitFor(async () => expect(await host.call("call", does(0, utf8("back")))).toEqual(utf8("back")), 20_000);
    expect(pid()).not.toBe(before);
  });

  test("is gone when its door is closed", async () => {
    const { host, pid } = await startNoted("gone");
    await host.close();
    expect(() => process.kill(pid(), 0)).toThrow(expect.objectContaining({ code: "ESRCH" }));
  });

  test("may be started by something else, which connects to the address", async () => {
    const address = `unix:${join(folder, "elsewhere.sock")}`;
    const starting = start({ kind: "child", command: [], address });
    const arguments_ = [
      fileURLToPath(launcherUrl),
      `--bundle=${bundle}`,
      `--connect=${address}`,
      "--platform=simulated",
    ];
    await vi.waitFor(() => expect(existsSync(join(folder, "elsewhere.sock"))).toBe(true));
    const elsewhere = spawn(process.execPath, arguments_, { env: {}, stdio: "ignore" });
    const gone = new Promise((resolve) => elsewhere.on("exit", resolve));
    const host = await starting;
    expect(await host.call("call", does(0, utf8("from elsewhere")))).toEqual(utf8("from elsewhere"));
    await host.close();
    await gone;
  });

  test("leaves with one line when nobody listens where it is told to connect", async () => {
    const args = [
      fileURLToPath(launcherUrl),
      `--bundle=${bundle}`,
      `--connect=unix:${join(folder, "nobody.sock")}`,
      "--platform=simulated",
    ];
    const child = spawn(process.execPath, args, { env: {}, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(1);
    expect(said).toMatch(/^fogbow enclave: connect ENOENT [^\n]*\n$/);
  });

  test("asks for no more calls while its host reads no answers", async () => {
    const path = join(folder, "unread.sock");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const connected = new Promise<Socket>((resolve) => server.once("connection", resolve));
    const args = [fileURLToPath(launcherUrl), `--bundle=${bundle}`, `--connect=unix:${path}`, "--platform=simulated"];
    const child = spawn(process.execPath, args, { env: {}, stdio: "ignore" });
    const gone = new Promise((resolve) => child.on("exit", resolve));
    const socket = await connected;
    socket.write(packFrames([{ kind: FRAME_KINDS.begin, id: 0, body: new Uint8Array(0) }]));
    await new Promise((resolve) => socket.once("readable", resolve));
    // Far more than the socket's own buffers hold: what stays here was not read by the enclave.
    const body = encodeCall("call", does(0, new Uint8Array(1_000_000)));
    for (let id = 1; id <= 32; id++) socket.write(packFrames([{ kind: FRAME_KINDS.call, id, body }]));
    let waiting = -1;
    await vi.waitFor(
      () => {
        const before = waiting;
        waiting = socket.writableLength;
        expect(waiting).toBe(before); // It settled.
      },
      { timeout: 20_000, interval: 300 },
    );
    expect(waiting).toBeGreaterThan(16_000_000);
    // Once the host reads, everything is answered.
    const reader = new FrameReader();
    const answered = new Promise<void>((resolve) => {
      let answers = 0;
      socket.on("data", (bytes) => {
        answers += reader.push(bytes).filter(({ kind }) => kind === FRAME_KINDS.answer).length;
        if (answers === 32) resolve();
      });
    });
    await answered;
    socket.destroy();
    server.close();
    await gone;
  });

  test.each(["nowhere", "tcp:127.0.0.1:99999", `unix:${folder}/${"x".repeat(200)}`])(
    "is not started at the address %s, and leaves nothing waiting",
    async (address) => {
      const timers = process.getActiveResourcesInfo().filter((each) => each === "Timeout").length;
      await expect(start({ kind: "child", address })).rejects.toEqual(refusedAs("enclave-start-failed"));
      expect(process.getActiveResourcesInfo().filter((each) => each === "Timeout").length).toBeLessThanOrEqual(timers);
    },
  );

  test("has no environment", async () => {
    const note = join(folder, "environment");
    const command = ["/bin/sh", "-c", `/usr/bin/env > ${note}; exit 3`];
    await expect(start({ kind: "child", command })).rejects.toEqual(refusedAs("enclave-start-failed"));
    expect(readFileSync(note, "utf8")).not.toMatch(/HOME|PATH=.*node|FOGBOW|VITEST/);
  });

  test("says on standard error why it did not start", async () => {
    const other = join(folder, "broken");
    mkdirSync(other);
    writeFileSync(join(other, "enclave.mjs"), "");
    const launcher = fileURLToPath(launcherUrl);
    const command = [
      process.execPath,
      launcher,
      `--bundle=${other}`,
      "--connect=tcp:127.0.0.1:1",
      "--platform=simulated",
    ];
    await expect(start({ kind: "child", command })).rejects.toMatchObject({
      message: expect.stringMatching(/ended with code 1/),
    });
  });
});
