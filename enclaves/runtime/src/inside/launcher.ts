// What runs in the enclave's own thread or process: reads the bundle once, measures it, and serves it. Built into one file,
// `launcher.mjs`, so that an operator has one more file to measure.
import { randomFillSync } from "node:crypto";
import { connect, type NetConnectOpts } from "node:net";
import { parseArgs } from "node:util";
import { isMainThread, type MessagePort, parentPort, workerData } from "node:worker_threads";
import { fromHex } from "@fogbow/core-bytes";
import { readBundle } from "../bundle/bundle-folder.ts";
import { RuntimeError } from "../error.ts";
import { systemFiles } from "../platform/file-operations.ts";
import { openPlatform, type PlatformOptions } from "../platform/open-platform.ts";
import { keepHeapClean } from "./heap-cleaner.ts";
import { Inside } from "./inside.ts";
import { PLATFORM_ARGUMENTS, platformFromArguments } from "./platform-arguments.ts";
import { type HelperOptions, serveHelper, workerThreads } from "./worker-threads.ts";

/** What a worker thread is told by its host. */
export interface LaunchOptions {
  /** Folder of the bundle. */
  readonly folder: string;
  readonly platform: PlatformOptions;
  /** The measurement that the bundle must have. */
  readonly expected?: Uint8Array;
  /** Milliseconds after which the heaps of the enclave's threads are cleaned, again and again; never unless given. */
  readonly cleanHeapMs?: number | undefined;
}

/** The system's generator: where production's randomness comes from. */
const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

async function insideOf(options: LaunchOptions, send: (packet: Uint8Array<ArrayBuffer>) => void): Promise<Inside> {
  if (options.cleanHeapMs !== undefined) keepHeapClean(options.cleanHeapMs);
  return new Inside({
    files: await readBundle(options.folder),
    expected: options.expected,
    openPlatform: (identity) => openPlatform(options.platform, identity, { files: systemFiles, random, now: Date.now }),
    random,
    spawnThread: workerThreads(new URL(import.meta.url), options),
    now: Date.now,
    send,
  });
}

async function runInThread(port: MessagePort, options: LaunchOptions): Promise<void> {
  const inside = await insideOf(options, (packet) => port.postMessage(packet, [packet.buffer]));
  port.on("message", (packet: Uint8Array) => inside.receive(packet));
}

async function serve(port: MessagePort, told: LaunchOptions | HelperOptions): Promise<void> {
  if ("helperOf" in told) serveHelper(port, told);
  else await runInThread(port, told);
}

async function runInProcess(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ...PLATFORM_ARGUMENTS,
      bundle: { type: "string" },
      connect: { type: "string" },
      expect: { type: "string" },
      "clean-heap-ms": { type: "string" },
    },
  });
  if (values.bundle === undefined || values.connect === undefined) {
    throw new RuntimeError("enclave-start-failed", "Name --bundle=FOLDER and --connect=unix:PATH or tcp:HOST:PORT.");
  }
  const socket = connect(addressOf(values.connect));
  socket.on("error", leave);
  socket.on("close", () => process.exit(0)); // An enclave without a host is of no use to anybody.
  const inside = await insideOf(
    {
      folder: values.bundle,
      platform: platformFromArguments(values),
      ...(values.expect === undefined ? {} : { expected: fromHex(values.expect) }),
      cleanHeapMs: millisecondsOf(values["clean-heap-ms"]),
    },
    (packet) => {
      if (!socket.write(packet)) socket.pause(); // A host that reads no answers is asked for no more calls.
    },
  );
  socket.on("drain", () => socket.resume());
  socket.on("data", (bytes) => {
    try {
      inside.receive(bytes);
    } catch (error) {
      leave(error); // The host speaks in other frames: nothing it says can be answered any more.
    }
  });
}

function millisecondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  throw new RuntimeError("enclave-start-failed", "--clean-heap-ms is a number of milliseconds.");
}

function addressOf(text: string): NetConnectOpts {
  const tcp = /^tcp:([^:]+):([0-9]{1,5})$/.exec(text);
  if (tcp !== null) return { host: tcp[1] as string, port: Number(tcp[2]) }; // Both groups take part in every match.
  if (text.startsWith("unix:")) return { path: text.slice("unix:".length) };
  throw new RuntimeError("enclave-start-failed", "An address is unix:PATH or tcp:HOST:PORT.");
}

function leave(error: unknown): void {
  const { message } = error instanceof Error ? error : { message: "unknown" };
  const code = error instanceof RuntimeError ? ` (${error.code})` : "";
  process.stderr.write(`fogbow enclave: ${message}${code}\n`, () => process.exit(1));
}

if (isMainThread) runInProcess().catch(leave);
else if (parentPort !== null) await serve(parentPort, workerData); // Only worker-link.ts and worker-threads.ts start us.
