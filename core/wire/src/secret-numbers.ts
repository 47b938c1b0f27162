// Numbers in a message that nobody is to read: where they are in it is public, and their bytes are only moved.
import type { DescMessage } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
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
  const found: Uint8Array[] = [];
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number !== field) reader.skip(wireType, number);
    else found.push(wireType === WireType.LengthDelimited ? reader.bytes() : reader.skip(wireType, number));
  }
  const values = new Uint8Array(found.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const some of found) {
    values.set(some, end);
    end += some.length;
  }
  return values;
}
