// The host's half of the door: numbers calls, bounds and times them, packs what one turn has into one packet, and starts
// a crashed enclave again.
import type { EvidenceMessage } from "@fogbow/core-attest";
import { toHex } from "@fogbow/core-bytes";
import type { EntryPoint, Manifest } from "../bundle/manifest.ts";
import { type Collateral, encodeCollateral } from "../door/collateral.ts";
import {
  decodeFailure,
  encodeCall,
  type Failure,
  FRAME_KINDS,
  type Frame,
  FrameReader,
  packFrames,
} from "../door/frames.ts";
import { decodeEvidenceMessage, parseReady, type Ready } from "../door/ready.ts";
import { RuntimeError, type RuntimeErrorCode } from "../error.ts";
import type { CallOptions, EnclaveExit, EnclaveHost, PlatformFacts } from "./enclave-host.ts";
import { CALLS_MAX, RESTART_MS_MIN, RESTARTS_MAX, SILENCE_MS_MAX, START_MS_MAX } from "./limits.ts";
import type { Link, OpenLink } from "./link.ts";
import { PendingCalls } from "./pending-calls.ts";
import { Restarts } from "./restarts.ts";

/** What a door can be told, each with the default of `limits.ts`. */
export interface DoorOptions {
  readonly callsMax?: number;
  readonly startMsMax?: number;
  readonly silenceMsMax?: number;
  readonly restartsMax?: number;
  readonly restartMsMin?: number;
}

/** What a door works with. */
export interface DoorParts {
  readonly measurement: Uint8Array;
  readonly manifest: Manifest;
  /** What the enclave is told at every start. */
  readonly config: Uint8Array;
  readonly open: OpenLink;
  /** Gets what a vendor says about a quote's machine; for platforms that do not say it themselves. */
  readonly collateral?: (quote: Uint8Array) => Promise<Collateral>;
}

/** Starts the enclave and resolves when it is ready. Rejects with {@link RuntimeError} `enclave-start-failed`. */
export async function openDoor(options: DoorOptions, parts: DoorParts): Promise<EnclaveHost> {
  const door = new Door(options, parts);
  await door.started;
  return door;
}

class Door implements EnclaveHost {
  readonly measurement: Uint8Array;
  readonly manifest: Manifest;
  readonly started: Promise<void>;
  readonly #options: Required<DoorOptions>;
  readonly #parts: DoorParts;
  readonly #entryPoints: ReadonlyMap<string, EntryPoint>;
  readonly #listeners = new Set<(exit: EnclaveExit) => void>();
  readonly #pending: PendingCalls;
  readonly #restarts: Restarts;
  #platform: PlatformFacts | undefined;
  #evidence: EvidenceMessage | undefined;
  #state: "starting" | "running" | "waiting" | "ending" | "down" = "starting";
  #link: Link | undefined;
  #reader = new FrameReader();
  #outbox: Frame[] = [];
  #flushing = false;
  #heardAt = 0;
  #ending: { readonly code: EnclaveExit["code"]; readonly detail: string } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #watchdog: NodeJS.Timeout | undefined;
  #closing = false;
  #closed: Promise<void> | undefined;
  #tellStarted: { readonly resolve: () => void; readonly reject: (error: RuntimeError) => void };
  #tellDown: () => void = () => {};

  constructor(options: DoorOptions, parts: DoorParts) {
    this.#options = {
      callsMax: CALLS_MAX,
      startMsMax: START_MS_MAX,
      silenceMsMax: SILENCE_MS_MAX,
      restartsMax: RESTARTS_MAX,
      restartMsMin: RESTART_MS_MIN,
      ...options,
    };
    this.#parts = parts;
    this.measurement = parts.measurement;
    this.manifest = parts.manifest;
    this.#entryPoints = new Map(parts.manifest.entryPoints.map((each) => [each.name, each]));
    this.#pending = new PendingCalls(this.#options.callsMax, (id, code) => {
      this.#push({ kind: FRAME_KINDS.cancel, id, body: new Uint8Array(0) });
      if (code === "deadline-exceeded") this.#watch();
    });
    this.#restarts = new Restarts(this.#options.restartsMax, this.#options.restartMsMin);
    const { promise, resolve, reject } = withResolvers<void>();
    this.started = promise;
    this.#tellStarted = { resolve, reject };
    this.#start();
  }

  get platform(): PlatformFacts {
    return this.#platform as PlatformFacts; // Known before anybody gets the door.
  }

  get evidence(): EvidenceMessage | undefined {
    return this.#evidence;
  }

  call(entryPoint: string, input: Uint8Array, options: CallOptions = {}): Promise<Uint8Array> {
    const wrong = this.#wrongInput(entryPoint, input);
    if (wrong !== undefined) return Promise.reject(wrong);
    return this.#ask(options, FRAME_KINDS.call, () => encodeCall(entryPoint, input), input.length);
  }

  async refreshEvidence(options: CallOptions = {}): Promise<EvidenceMessage> {
    const body = await this.#ask(options, FRAME_KINDS.refresh, () => new Uint8Array(0));
    this.#evidence = decodeEvidenceMessage(body);
    return this.#evidence;
  }

  onExit(listener: (exit: EnclaveExit) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    this.#closing = true; // Before anything ends: what ends from now on is not started again.
    this.#closed ??= new Promise((resolve) => {
      this.#tellDown = resolve;
      if (this.#state === "down") resolve();
      else if (this.#state === "waiting") this.#ended("closed while it waited to start again");
      else this.#end("enclave-closed", "closed by its host");
    });
    return this.#closed;
  }

  #wrongInput(entryPoint: string, input: Uint8Array): RuntimeError | undefined {
    const { name } = this.manifest;
    const known = this.#entryPoints.get(entryPoint);
    if (known === undefined) {
      return new RuntimeError("unknown-entry-point", `The enclave ${name} has no such entry point.`);
    }
    if (!(input instanceof Uint8Array)) return new RuntimeError("invalid-input", "An input is a Uint8Array.");
    if (input.length < known.inputBytesMin) {
      const message = `${entryPoint} takes at least ${known.inputBytesMin} bytes, not ${input.length}.`;
      return new RuntimeError("input-too-short", message);
    }
    if (input.length > known.inputBytesMax) {
      const message = `${entryPoint} takes at most ${known.inputBytesMax} bytes, not ${input.length}.`;
      return new RuntimeError("input-too-long", message);
    }
    return undefined;
  }

  #ask(options: CallOptions, kind: Frame["kind"], body: () => Uint8Array, bytes = 0): Promise<Uint8Array> {
    const refused = this.#refusal(bytes, options.signal);
    if (refused !== undefined) return Promise.reject(refused);
    const { id, answer } = this.#pending.add(bytes, options);
    this.#push({ kind, id, body: body() });
    return answer;
  }

  #refusal(bytes: number, signal: AbortSignal | undefined): RuntimeError | undefined {
    if (signal?.aborted === true) return new RuntimeError("call-cancelled", "The caller ended the call.");
    if (this.#closing || this.#state === "down") return new RuntimeError("enclave-closed", "The enclave is closed.");
    if (this.#state !== "running") {
      return new RuntimeError("enclave-restarting", "The enclave is being started again; try again later.");
    }
    if (!this.#pending.hasRoom(bytes)) {
      return new RuntimeError("enclave-busy", "The enclave has as many calls as it takes; try again later.");
    }
    return undefined;
  }

  #push(frame: Frame): void {
    this.#outbox.push(frame);
    if (this.#flushing) return;
    this.#flushing = true;
    // After the microtasks: whatever the answers of one packet make their callers ask goes out as one packet again.
    process.nextTick(() => {
      this.#flushing = false;
      const frames = this.#outbox;
      this.#outbox = [];
      if (this.#state === "running") this.#link?.send(packFrames(frames));
    });
  }

  #start(): void {
    this.#state = "starting";
    this.#ending = undefined;
    this.#reader = new FrameReader();
    this.#timer = setTimeout(
      () => this.#end("enclave-start-failed", `not ready within ${this.#options.startMsMax} ms`),
      this.#options.startMsMax,
    );
    let over = false;
    const ended = (detail: string): void => {
      if (over) return;
      over = true;
      this.#ended(detail);
    };
    try {
      this.#link = this.#parts.open({
        received: (bytes) => {
          if (!over) this.#received(bytes);
        },
        ended,
      });
    } catch (error) {
      ended(error instanceof Error ? error.message : "unknown"); // Nothing was started: a restart may do better.
      return;
    }
    this.#link.send(packFrames([{ kind: FRAME_KINDS.begin, id: 0, body: this.#parts.config }]));
  }

  #received(bytes: Uint8Array): void {
    if (this.#state === "ending") return; // What it still says is said too late.
    this.#heardAt = performance.now();
    try {
      for (const frame of this.#reader.push(bytes)) this.#frame(frame);
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
      this.#end("enclave-crashed", error.message); // An enclave that speaks in other frames is none of ours any more.
    }
  }

  #frame({ kind, id, body }: Frame): void {
    switch (kind) {
      case FRAME_KINDS.answer:
        this.#pending.resolve(id, body.slice());
        break;
      case FRAME_KINDS.failure:
        this.#failure(id, decodeFailure(body));
        break;
      case FRAME_KINDS.ready:
        if (this.#state !== "starting") throw new RuntimeError("malformed-frame", "An enclave became ready twice.");
        this.#ready(parseReady(body));
        break;
      case FRAME_KINDS.collateralWanted:
        void this.#bringCollateral(id, body.slice());
        break;
      default:
        throw new RuntimeError("malformed-frame", "A frame came out of the door that only goes in.");
    }
  }

  #failure(id: number, { code, reason, message }: Failure): void {
    if (this.#state === "starting") {
      this.#end("enclave-start-failed", `${message} (${code})`);
      return;
    }
    // Codes come from our own inside half; a strange one is only ever shown.
    const options = reason === "" ? {} : { reason };
    this.#pending.reject(id, new RuntimeError(code as RuntimeErrorCode, message, options));
  }

  #ready({ measurement, platform, evidence }: Ready): void {
    if (toHex(measurement) !== toHex(this.measurement)) {
      this.#end("enclave-start-failed", `it measured ${toHex(measurement)}, not ${toHex(this.measurement)}`);
      return;
    }
    clearTimeout(this.#timer);
    this.#platform = platform;
    this.#evidence = evidence;
    this.#state = "running";
    this.#restarts.ready();
    this.#tellStarted.resolve();
  }

  async #bringCollateral(id: number, quote: Uint8Array): Promise<void> {
    const link = this.#link;
    const get = this.#parts.collateral;
    let frame: Frame;
    try {
      if (get === undefined) throw new RuntimeError("evidence-unavailable", "The host has no source of collateral.");
      frame = { kind: FRAME_KINDS.collateral, id, body: encodeCollateral(await get(quote)) };
    } catch (error) {
      const message = error instanceof Error ? error.message : "unknown";
      frame = { kind: FRAME_KINDS.noCollateral, id, body: new TextEncoder().encode(message) };
    }
    link?.send(packFrames([frame])); // To the run that asked; a later one has its own question.
  }

  /** After a missed deadline: an enclave that then stays silent, though a cancellation is always answered, hangs. */
  #watch(): void {
    if (this.#watchdog !== undefined || this.#state !== "running") return;
    const since = performance.now();
    this.#watchdog = setTimeout(() => {
      this.#watchdog = undefined;
      if (this.#state === "running" && this.#heardAt < since) {
        this.#end("enclave-unresponsive", `silent for ${this.#options.silenceMsMax} ms after a missed deadline`);
      }
    }, this.#options.silenceMsMax);
  }

  #end(code: EnclaveExit["code"], detail: string): void {
    this.#ending ??= { code, detail };
    this.#state = "ending";
    this.#pending.rejectAll(code, lost(detail));
    this.#link?.end();
  }

  #ended(systemDetail: string): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    this.#watchdog = undefined;
    this.#link = undefined;
    this.#outbox = [];
    this.#pending.rejectAll(this.#exitCode(), lost(this.#ending?.detail ?? systemDetail));
    const detail = this.#closing ? "closed by its host" : (this.#ending?.detail ?? systemDetail);
    const neverRan = this.#platform === undefined;
    const restartInMs = this.#closing || neverRan ? undefined : this.#restarts.crashed();
    this.#state = restartInMs === undefined ? "down" : "waiting";
    if (restartInMs !== undefined) this.#timer = setTimeout(() => this.#start(), restartInMs);
    for (const listener of this.#listeners) listener({ code: this.#exitCode(), detail, restartInMs });
    if (neverRan) {
      this.#tellStarted.reject(
        new RuntimeError("enclave-start-failed", `The enclave did not start: ${detail.replace(/\.$/, "")}.`),
      );
    }
    if (restartInMs === undefined) this.#tellDown();
  }

  #exitCode(): EnclaveExit["code"] {
    if (this.#closing) return "enclave-closed";
    return this.#ending?.code ?? (this.#platform === undefined ? "enclave-start-failed" : "enclave-crashed");
  }
}

function lost(detail: string): string {
  return `The enclave ended while the call was in flight: ${detail}.`;
}

/** A promise with what settles it; the `es2023` library has it not. */
function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: RuntimeError) => void = () => {};
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
