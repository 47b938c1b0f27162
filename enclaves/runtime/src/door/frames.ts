// What goes through the door, in both directions and over every hosting: LE32 length of the rest ‖ kind u8 ‖ call LE32 ‖ body.
import { concatBytes, fromUtf8, readLe32, utf8 } from "@fogbow/core-bytes";
import { MESSAGE_BYTES_MAX, NAME_BYTES_MAX } from "../bundle/manifest.ts";
import { RuntimeError } from "../error.ts";

/** Bytes of one frame after its length: a message with the longest name before it. */
const FRAME_BYTES_MAX: number = MESSAGE_BYTES_MAX + 1024;

/** What a frame says. Those below 16 go in, the others come out. */
export const FRAME_KINDS = {
  begin: 0, // Start the enclave; the body is its configuration. Once, before everything else.
  call: 1, // Name and input of a call.
  cancel: 2, // The caller no longer waits. Always answered, so that silence means something.
  refresh: 3, // Make new evidence; answered like a call.
  collateral: 4, // The answer to `collateralWanted`.
  noCollateral: 5, // The host has none; the body is a message.
  answer: 16, // The output of a call.
  failure: 17, // Why there is none.
  ready: 18, // The enclave runs; the body is JSON about it.
  collateralWanted: 19, // The body is a quote.
} as const;

/** One of them, by its number. */
export type FrameKind = (typeof FRAME_KINDS)[keyof typeof FRAME_KINDS];

/** A frame. Its body may be a view of what was received: copy it before keeping it. */
export interface Frame {
  readonly kind: FrameKind;
  /** Which call it belongs to: chosen by who asks, unsigned 32 bits. */
  readonly id: number;
  readonly body: Uint8Array;
}

const LENGTH_BYTES = 4;
const HEAD_BYTES = 5;
const KINDS: ReadonlySet<number> = new Set(Object.values(FRAME_KINDS));

/** Frames one after another in one new buffer, which can be transferred. */
export function packFrames(frames: readonly Frame[]): Uint8Array<ArrayBuffer> {
  const length = frames.reduce((sum, { body }) => sum + LENGTH_BYTES + HEAD_BYTES + body.length, 0);
  const packet = new Uint8Array(length);
  const view = new DataView(packet.buffer);
  let offset = 0;
  for (const { kind, id, body } of frames) {
    view.setUint32(offset, HEAD_BYTES + body.length, true);
    packet[offset + LENGTH_BYTES] = kind;
    view.setUint32(offset + LENGTH_BYTES + 1, id, true);
    packet.set(body, offset + LENGTH_BYTES + HEAD_BYTES);
    offset += LENGTH_BYTES + HEAD_BYTES + body.length;
  }
  return packet;
}

/** Cuts a stream of bytes into frames. Holds at most one unfinished frame. */
export class FrameReader {
  #chunks: Uint8Array[] = [];
  #held = 0;

  /** The frames that are complete with these bytes. Throws {@link RuntimeError} `malformed-frame`; then stop reading. */
  push(bytes: Uint8Array): Frame[] {
    // A socket gives Buffers, whose `slice` does not copy.
    this.#chunks.push(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    this.#held += bytes.length;
    const frames: Frame[] = [];
    for (;;) {
      const wanted = this.#wanted();
      if (wanted === undefined || this.#held < wanted) return frames;
      const all = this.#joined();
      frames.push(parseFrame(all.subarray(LENGTH_BYTES, wanted)));
      this.#held = all.length - wanted;
      this.#chunks = this.#held === 0 ? [] : [all.subarray(wanted)];
    }
  }

  /** How long the first held frame is with its length, as soon as that is known. */
  #wanted(): number | undefined {
    if (this.#held < LENGTH_BYTES) return undefined;
    // Only the first bytes are joined here: a large frame in many chunks is copied once, when it is complete.
    const [first] = this.#chunks as [Uint8Array]; // There is one, as bytes are held.
    const length = readLe32(first.length >= LENGTH_BYTES ? first : this.#joined());
    if (length < HEAD_BYTES || length > FRAME_BYTES_MAX) {
      throw new RuntimeError("malformed-frame", `A frame has ${HEAD_BYTES} to ${FRAME_BYTES_MAX} bytes.`);
    }
    return LENGTH_BYTES + length;
  }

  #joined(): Uint8Array {
    const [only] = this.#chunks;
    if (only !== undefined && this.#chunks.length === 1) return only;
    const all = concatBytes(...this.#chunks);
    this.#chunks = [all];
    return all;
  }
}

function parseFrame(bytes: Uint8Array): Frame {
  const kind = bytes[0] as number; // The length was checked.
  if (!KINDS.has(kind)) throw new RuntimeError("malformed-frame", "A frame of an unknown kind came through the door.");
  return { kind: kind as FrameKind, id: readLe32(bytes, 1), body: bytes.subarray(HEAD_BYTES) };
}

/** The body of a `call`: length of the name u8 ‖ name ‖ input. */
export function encodeCall(entryPoint: string, input: Uint8Array): Uint8Array {
  const name = utf8(entryPoint);
  const body = new Uint8Array(1 + name.length + input.length);
  body[0] = name.length;
  body.set(name, 1);
  body.set(input, 1 + name.length);
  return body;
}

/** Name and input of a `call`; the input is a view. Throws {@link RuntimeError} `malformed-frame`. */
export function decodeCall(body: Uint8Array): { readonly entryPoint: string; readonly input: Uint8Array } {
  const nameBytes = body[0];
  if (nameBytes === undefined || nameBytes > NAME_BYTES_MAX || body.length < 1 + nameBytes) {
    throw new RuntimeError("malformed-frame", "A call without a whole name came through the door.");
  }
  const name = body.subarray(1, 1 + nameBytes);
  // Names are ASCII: anything else names no entry point, and need not be decoded.
  return { entryPoint: String.fromCharCode(...name), input: body.subarray(1 + nameBytes) };
}

/** Why a call has no answer. */
export interface Failure {
  readonly code: string;
  /** The enclave's own code, or empty. */
  readonly reason: string;
  readonly message: string;
}

/** The body of a `failure`: JSON. */
export function encodeFailure({ code, reason, message }: Failure): Uint8Array {
  // A message may hold half a surrogate pair, which JSON escapes.
  return utf8(JSON.stringify({ code, reason, message }));
}

/** A `failure`. Throws {@link RuntimeError} `malformed-frame`. */
export function decodeFailure(body: Uint8Array): Failure {
  const { code, reason, message } = decodeJson(body);
  if (typeof code !== "string" || typeof reason !== "string" || typeof message !== "string") {
    throw new RuntimeError("malformed-frame", "A failure without code, reason and message came through the door.");
  }
  return { code, reason, message };
}

/** A JSON object in a body. Throws {@link RuntimeError} `malformed-frame`. */
export function decodeJson(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(fromUtf8(body));
    if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>; // Every object is one.
  } catch (cause) {
    throw new RuntimeError("malformed-frame", "A body that should be JSON came through the door.", { cause });
  }
  throw new RuntimeError("malformed-frame", "A body that should be a JSON object came through the door.");
}
