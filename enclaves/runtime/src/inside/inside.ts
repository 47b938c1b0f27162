// The enclave's half of the door. Everything that comes in is assumed hostile: sizes and names are checked again here.
import type { EvidenceMessage } from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";
import { type BundleFiles, expectMeasurement, measureBundle } from "../bundle/bundle.ts";
import { type EntryPoint, parseManifest } from "../bundle/manifest.ts";
import { decodeCall, encodeFailure, FRAME_KINDS, type Frame, FrameReader, packFrames } from "../door/frames.ts";
import { encodeEvidenceMessage, encodeReady } from "../door/ready.ts";
import type { Attested } from "../enclave.ts";
import { RuntimeError } from "../error.ts";
import { CALLS_MAX } from "../host/limits.ts";
import type { PlatformIdentity } from "../platform/open-platform.ts";
import type { Platform } from "../platform/platform.ts";
import type { RealmEnclave } from "../realm/prepare-realm.ts";
import { copyOut, startInRealm } from "../realm/realm.ts";
import { createSealedState } from "../sealing/sealed-state.ts";
import { createSealing } from "../sealing/sealing.ts";
import { makeEvidence } from "./evidence.ts";
import { boundThreads, type SpawnThread } from "./threads.ts";

/** What the inside works with. */
export interface InsideParts {
  readonly files: BundleFiles;
  /** The measurement that the bundle must have, when whoever starts the inside is measured and names one. */
  readonly expected: Uint8Array | undefined;
  readonly openPlatform: (identity: PlatformIdentity) => Promise<Platform>;
  readonly random: Random;
  /** Starts a thread that runs the helper of these files. */
  readonly spawnThread: SpawnThread;
  /** Milliseconds since the epoch, to judge the own evidence by. The host's clock, so it proves nothing to anybody. */
  readonly now: () => number;
  /** Sends whole frames to the host; takes the buffer. */
  readonly send: (packet: Uint8Array<ArrayBuffer>) => void;
}

/** Serves one enclave for as long as its thread or process lives. */
export class Inside {
  readonly #parts: InsideParts;
  readonly #reader = new FrameReader();
  readonly #collateral = new Map<number, { resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void }>();
  /** Calls that are being answered; false once their caller no longer waits. */
  readonly #calls = new Map<number, boolean>();
  #begun = false;
  #running: Running | undefined;
  #outbox: Frame[] = [];
  #flushing = false;
  #nextQuestion = 1;

  constructor(parts: InsideParts) {
    this.#parts = parts;
  }

  /** Starts the enclave and says that it is ready, or why not. */
  async #begin(config: Uint8Array): Promise<void> {
    try {
      this.#running = await this.#open(config);
      const { measurement, platform, evidence } = this.#running;
      const facts = {
        kind: platform.kind,
        counterStrength: platform.counter.strength,
        canSeal: platform.sealingKeys !== undefined,
      };
      this.#push({ kind: FRAME_KINDS.ready, id: 0, body: encodeReady({ measurement, platform: facts, evidence }) });
    } catch (error) {
      this.#fail(0, error);
    }
  }

  /** Takes what the host sent. Throws {@link RuntimeError} `malformed-frame`, after which the enclave should end. */
  receive(bytes: Uint8Array): void {
    for (const frame of this.#reader.push(bytes)) this.#frame(frame);
  }

  async #open(config: Uint8Array): Promise<Running> {
    const { files, expected, random, openPlatform, spawnThread } = this.#parts;
    const measurement = measureBundle(files);
    if (expected !== undefined) expectMeasurement(measurement, expected);
    const manifest = parseManifest(files["manifest.json"]);
    const { productId, securityVersion } = manifest;
    const platform = await openPlatform({ measurement, productId, securityVersion });
    const sealing = createSealing({ platform: platform.kind, securityVersion }, { keys: platform.sealingKeys, random });
    if (platform.proveFirst === true) await this.#prove({ key: random(32) }, platform);
    const { counter } = platform;
    const state = createSealedState(sealing, counter);
    const peer = { identity: platform.identity, platform: platform.evidencePlatform };
    const threads = boundThreads(() => spawnThread(files, random));
    const enclave = startInRealm(files, { measurement, peer, config, random, sealing, counter, state, threads });
    const running: Running = {
      measurement,
      platform,
      enclave,
      entryPoints: new Map(manifest.entryPoints.map((each) => [each.name, each])),
      evidence: undefined,
    };
    if (enclave.attests() !== undefined) await this.#refresh(running);
    return running;
  }

  #frame({ kind, id, body }: Frame): void {
    switch (kind) {
      case FRAME_KINDS.begin:
        if (this.#begun) throw new RuntimeError("malformed-frame", "An enclave begins once.");
        this.#begun = true;
        void this.#begin(body.slice());
        break;
      case FRAME_KINDS.call:
        this.#call(id, body);
        break;
      case FRAME_KINDS.cancel:
        if (this.#calls.has(id)) this.#calls.set(id, false);
        this.#fail(id, new RuntimeError("call-cancelled", "The caller ended the call."));
        break;
      case FRAME_KINDS.refresh:
        this.#refreshLater(id, this.#mustRun());
        break;
      case FRAME_KINDS.collateral:
        this.#questionOf(id)?.resolve(body.slice());
        break;
      case FRAME_KINDS.noCollateral: {
        const message = `The host has no collateral: ${new TextDecoder().decode(body)}`; // Only ever shown.
        this.#questionOf(id)?.reject(new RuntimeError("evidence-unavailable", message));
        break;
      }
      default:
        throw new RuntimeError("malformed-frame", "A frame came in that only goes out.");
    }
  }

  #refreshLater(id: number, running: Running): void {
    const refusal = this.#crowded(id);
    if (refusal === undefined) this.#answerLater(id, undefined, this.#refresh(running).then(encodeEvidenceMessage));
    else this.#fail(id, refusal);
  }

  #call(id: number, body: Uint8Array): void {
    const { entryPoint, input } = decodeCall(body);
    const { enclave, entryPoints } = this.#mustRun();
    const known = entryPoints.get(entryPoint);
    const refusal = this.#refusal(known, input) ?? this.#crowded(id);
    if (known === undefined || refusal !== undefined) {
      this.#fail(id, refusal);
      return;
    }
    try {
      const output: unknown = enclave.call(entryPoint, input);
      if (isThenable(output)) this.#answerLater(id, known, Promise.resolve(output));
      else this.#answer(id, known, output);
    } catch (error) {
      this.#fail(id, this.#fault(error));
    }
  }

  #refusal(known: EntryPoint | undefined, input: Uint8Array): RuntimeError | undefined {
    if (known === undefined) return new RuntimeError("unknown-entry-point", "The enclave has no such entry point.");
    if (input.length < known.inputBytesMin) return new RuntimeError("input-too-short", "The input is too short.");
    if (input.length > known.inputBytesMax) return new RuntimeError("input-too-long", "The input is too long.");
    return undefined;
  }

  /** Two calls of one number would count as one, and the bound would bind nobody. */
  #crowded(id: number): RuntimeError | undefined {
    if (this.#calls.has(id)) throw new RuntimeError("malformed-frame", "A call has the number of one in flight.");
    if (this.#calls.size >= CALLS_MAX) return new RuntimeError("enclave-busy", "The enclave has too many calls.");
    return undefined;
  }

  #answerLater(id: number, known: EntryPoint | undefined, output: Promise<unknown>): void {
    this.#calls.set(id, true);
    const wanted = (): boolean => {
      const waits = this.#calls.get(id) === true;
      this.#calls.delete(id);
      return waits;
    };
    output.then(
      (value) => {
        if (wanted()) this.#answer(id, known, value);
      },
      (error) => {
        if (wanted()) this.#fail(id, known === undefined ? error : this.#fault(error));
      },
    );
  }

  #answer(id: number, known: EntryPoint | undefined, value: unknown): void {
    const output = copyOut(value);
    if (output === undefined) {
      this.#fail(id, this.#fault(new Error("It answered with something else than bytes.")));
    } else if (known !== undefined && output.length > known.outputBytesMax) {
      this.#fail(id, new RuntimeError("output-too-long", "The enclave's answer is longer than its manifest says."));
    } else {
      this.#push({ kind: FRAME_KINDS.answer, id, body: output });
    }
  }

  /** An error that enclave code threw, as far as the host may know it. */
  #fault(error: unknown): RuntimeError {
    const { code, message } = asRecord(error);
    if (typeof code === "string") {
      const text = typeof message === "string" ? message : "The enclave refused the call.";
      return new RuntimeError("call-refused", text.slice(0, REFUSAL_CHARACTERS_MAX), {
        reason: code.slice(0, REFUSAL_CHARACTERS_MAX),
      });
    }
    // Of a simulated enclave everything is known anyway, and who writes one needs it.
    const detail = this.#running?.platform.kind === "simulated" ? ` ${asRecord(error).stack ?? message}` : "";
    return new RuntimeError("enclave-fault", `The enclave failed at this call.${detail}`);
  }

  #fail(id: number, error: unknown): void {
    const known = error instanceof RuntimeError ? error : undefined;
    const { message } = asRecord(error);
    const failure = {
      code: known?.code ?? "platform-failure",
      reason: known?.reason ?? "",
      message: typeof message === "string" ? message : "unknown",
    };
    this.#push({ kind: FRAME_KINDS.failure, id, body: encodeFailure(failure) });
  }

  /** New evidence for the key that the enclave has: sessions and handshakes under way are not disturbed (T18). */
  async #refresh(running: Running): Promise<EvidenceMessage> {
    const attests = running.enclave.attests();
    const key = copyOut(attests?.key);
    if (attests === undefined || key === undefined) {
      throw new RuntimeError("evidence-unavailable", "The enclave attests nothing.");
    }
    const customIdentity = copyOut(attests.customIdentity);
    const attested = customIdentity === undefined ? { key } : { key, customIdentity };
    const evidence = await this.#prove(attested, running.platform);
    try {
      running.enclave.takeEvidence(evidence);
    } catch (error) {
      throw this.#fault(error); // It is enclave code's, and may say what the host must not know.
    }
    running.evidence = evidence;
    return evidence;
  }

  #prove(attested: Attested, platform: Platform): Promise<EvidenceMessage> {
    const { random, now } = this.#parts;
    return makeEvidence(attested, { platform, random, now, collateral: (quote) => this.#askForCollateral(quote) });
  }

  #askForCollateral(quote: Uint8Array): Promise<Uint8Array> {
    const id = this.#nextQuestion++;
    this.#push({ kind: FRAME_KINDS.collateralWanted, id, body: quote });
    return new Promise((resolve, reject) => this.#collateral.set(id, { resolve, reject }));
  }

  #questionOf(id: number) {
    const question = this.#collateral.get(id);
    this.#collateral.delete(id);
    return question;
  }

  #mustRun(): Running {
    if (this.#running === undefined)
      throw new RuntimeError("malformed-frame", "A call came before the enclave was ready.");
    return this.#running;
  }

  #push(frame: Frame): void {
    this.#outbox.push(frame);
    if (this.#outbox.length >= PACKET_FRAMES_MAX) this.#flush();
    if (this.#flushing) return;
    this.#flushing = true;
    process.nextTick(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    const frames = this.#outbox;
    this.#outbox = [];
    if (frames.length > 0) this.#parts.send(packFrames(frames));
  }
}

interface Running {
  readonly measurement: Uint8Array;
  readonly platform: Platform;
  readonly enclave: RealmEnclave;
  readonly entryPoints: ReadonlyMap<string, EntryPoint>;
  evidence: EvidenceMessage | undefined;
}

/** Answers in one packet: while the host reads them the enclave makes the next. */
const PACKET_FRAMES_MAX = 16;

/** Characters of an enclave's own code or message that leave it. */
const REFUSAL_CHARACTERS_MAX = 512;

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof asRecord(value).then === "function";
}

/** The properties of anything that is thrown or returned. */
function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
