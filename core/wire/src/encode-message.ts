// From a message to its bytes.
import { create, type DescMessage, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { wipeBytes } from "@fogbow/core-bytes";
import type { DecodeLimits } from "./decode-message.ts";
import { WireError } from "./error.ts";
import { useStrictText } from "./strict-text.ts";

/**
 * Encodes one message in ascending field order. A field without explicit presence is omitted when it is zero or
 * empty; an `optional` field and a member of a oneof are written whenever they are set. Give the limits of the reader,
 * where it has any: what could not be read again is not written. Throws `unencodable-message` or `message-too-large`.
 */
export function encodeMessage<Schema extends DescMessage>(
  schema: Schema,
  message: MessageInitShape<Schema>,
  { bytesMax }: DecodeLimits = NO_LIMITS,
): Uint8Array {
  useStrictText();
  const bytes = encode(schema, message);
  if (bytes.length > bytesMax) {
    wipeBytes(bytes); // It may be a secret.
    throw new WireError("message-too-large", `A ${schema.name} has at most ${bytesMax} bytes here.`);
  }
  return bytes;
}

const NO_LIMITS: DecodeLimits = { bytesMax: Number.POSITIVE_INFINITY };

function encode<Schema extends DescMessage>(schema: Schema, message: MessageInitShape<Schema>): Uint8Array {
  try {
    return toBinary(schema, create(schema, message), { writeUnknownFields: false });
  } catch {
    // The runtime's own message is dropped: it quotes the value, which may be secret.
    throw new WireError("unencodable-message", `A value does not fit its field in this ${schema.name}.`);
  }
}
