// From bytes to a generated message: bounded, strict, or a WireError.
import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import { assertWireFormat, DEPTH_MAX } from "./assert-wire-format.ts";
import { WireError } from "./error.ts";
import { useStrictText } from "./strict-text.ts";

/** Limits of one decoding, and of the encoding that it must be able to read. */
export interface DecodeLimits {
  /** The most bytes this message may have. */
  readonly bytesMax: number;
}

/**
 * Decodes one message. Unknown fields are dropped; at most 64 are tolerated. Byte fields of the result are views of
 * `bytes`: copy what must outlive them. Throws `message-too-large` or `malformed-message`.
 */
export function decodeMessage<Schema extends DescMessage>(
  schema: Schema,
  bytes: Uint8Array,
  { bytesMax }: DecodeLimits,
): MessageShape<Schema> {
  if (!(bytes instanceof Uint8Array)) {
    throw new WireError("malformed-message", `A ${schema.name} is read from a Uint8Array.`);
  }
  if (bytes.length > bytesMax) {
    throw new WireError("message-too-large", `A ${schema.name} has at most ${bytesMax} bytes here.`);
  }
  // A plain view, so that byte fields are no subclass (such as Node's Buffer, whose `slice` does not copy).
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  assertWireFormat(schema, plain);
  useStrictText();
  try {
    return fromBinary(schema, plain, { readUnknownFields: false, recursionLimit: DEPTH_MAX });
  } catch {
    // Only text can still be wrong. The runtime's own message is dropped: it could quote the bytes.
    throw new WireError("malformed-message", `These bytes are not a ${schema.name}: its text is not UTF-8.`);
  }
}
