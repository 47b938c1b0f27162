// Numbers in a message that nobody is to read: where they are in it is public, and their bytes are only moved.
import { type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { concatBytes } from "@fogbow/core-bytes";
import { assertWireFormat } from "./assert-wire-format.ts";
import type { DecodeLimits } from "./decode-message.ts";
import { WireError } from "./error.ts";

/**
 * The values of a repeated `fixed64` field by its number, 8 bytes each, little-endian, in their order, packed or one by one. The
 * message is as strictly looked at as `decodeMessage` does. Throws `message-too-large`, `malformed-message`.
 */
export function readSecretFixed64s(
  schema: DescMessage,
  bytes: Uint8Array,
  field: number,
  { bytesMax }: DecodeLimits,
): Uint8Array {
  if (bytes.length > bytesMax) {
    throw new WireError("message-too-large", `A ${schema.name} has at most ${bytesMax} bytes here.`);
  }
  assertWireFormat(schema, bytes);
  // To a message without fields all fields are unknown, and stay bytes.
  const { $unknown: fields = [] } = fromBinary(EmptySchema, bytes);
  const found = fields
    .filter(({ no }) => no === field)
    .map(({ wireType, data }) => (wireType === WireType.LengthDelimited ? new BinaryReader(data).bytes() : data));
  return concatBytes(...found);
}
