// From a message to its bytes.
import { create, type DescMessage, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { WireError } from "./error.ts";
import { useStrictText } from "./strict-text.ts";

/**
 * Encodes one message in ascending field order. A field without explicit presence is omitted when it is zero or
 * empty; an `optional` field and a member of a oneof are written whenever they are set. Throws `unencodable-message`.
 */
export function encodeMessage<Schema extends DescMessage>(
  schema: Schema,
  message: MessageInitShape<Schema>,
): Uint8Array {
  useStrictText();
  try {
    return toBinary(schema, create(schema, message), { writeUnknownFields: false });
  } catch {
    // The runtime's own message is dropped: it quotes the value, which may be secret.
    throw new WireError("unencodable-message", `A value does not fit its field in this ${schema.name}.`);
  }
}
