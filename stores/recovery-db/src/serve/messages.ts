// The frames of PostgreSQL's protocol, version 3: a type, a length that counts itself, and a body. What a frame holds is
// PostgreSQL's business; here they are only told apart.
import { RecoveryDbError } from "../error.ts";
import { WIRE_MESSAGE_BYTES_MAX } from "../limits.ts";

/** A message of a client. */
export interface ClientMessage {
  /** One character, such as Q for a query; empty for what comes before a session has begun. */
  readonly type: string;
  /** All of it. */
  readonly bytes: Uint8Array;
}

/** What a client sends before its session begins, by the number that stands for a version. */
export const OPENING = { startup: 196_608, tls: 80_877_103, gss: 80_877_104 } as const;

/** An opening is this long at most, in bytes. */
const OPENING_BYTES = 10_000;
const UNTYPED_HEADER_BYTES = 4;
const HEADER_BYTES = 5;

/** Cuts what a client sends into messages. `isOpen` says whether its session has begun: until then they have no type. */
export async function* clientMessages(
  chunks: AsyncIterable<Uint8Array>,
  isOpen: () => boolean,
): AsyncGenerator<ClientMessage, void, undefined> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    held += chunk.length;
    for (;;) {
      const header = isOpen() ? HEADER_BYTES : UNTYPED_HEADER_BYTES;
      if (held < header) break;
      parts = [Buffer.concat(parts)];
      const seen = Buffer.from(parts[0] as Buffer); // Put there just now.
      const length = header - UNTYPED_HEADER_BYTES + seen.readUInt32BE(header - UNTYPED_HEADER_BYTES);
      if (length < header || length > (isOpen() ? WIRE_MESSAGE_BYTES_MAX : OPENING_BYTES)) {
        throw new RecoveryDbError("invalid-argument", "A client sent a message of an impossible length.");
      }
      if (held < length) break;
      const type = isOpen() ? String.fromCharCode(seen[0] ?? 0) : "";
      parts = [seen.subarray(length)];
      held -= length;
      yield { type, bytes: seen.subarray(0, length) };
    }
  }
}

/** What a database answered, sorted. */
export interface Answer {
  /** For whoever asked. */
  readonly reply: Uint8Array;
  /** For whoever listens. */
  readonly notifications: readonly Uint8Array[];
  /** Whether the database waits for a next question, and no transaction is open. Undefined while it is not done. */
  readonly isIdle: boolean | undefined;
}

/** Sorts an answer of whole messages. */
export function sortAnswer(bytes: Uint8Array): Answer {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const [reply, notifications]: [Uint8Array[], Uint8Array[]] = [[], []];
  let isIdle: boolean | undefined;
  for (let at = 0; at + HEADER_BYTES <= all.length; ) {
    const end = at + 1 + all.readUInt32BE(at + 1);
    const message = all.subarray(at, end);
    const type = String.fromCharCode(all[at] ?? 0);
    if (type === "A") notifications.push(message);
    else reply.push(message);
    isIdle = type === "Z" ? String.fromCharCode(all[at + HEADER_BYTES] ?? 0) === "I" : isIdle;
    at = end;
  }
  return { reply: Buffer.concat(reply), notifications, isIdle };
}

/** What a client is told when its session begins: that it is welcome, how values are written, and that it may ask. */
export function greeting(session: number, serverVersion: string): Uint8Array {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(UNTYPED_HEADER_BYTES);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const message = (type: string, body: Uint8Array): Buffer =>
    Buffer.concat([Buffer.from(type), number(body.length + UNTYPED_HEADER_BYTES), body]);
  const parameter = (name: string, value: string): Buffer => message("S", Buffer.from(`${name}\0${value}\0`));
  return Buffer.concat([
    message("R", number(0)),
    parameter("server_version", serverVersion),
    parameter("server_encoding", "UTF8"),
    parameter("client_encoding", "UTF8"),
    parameter("DateStyle", "ISO, MDY"),
    parameter("integer_datetimes", "on"),
    parameter("standard_conforming_strings", "on"),
    message("K", Buffer.concat([number(session), number(0)])),
    message("Z", Buffer.from("I")),
  ]);
}
