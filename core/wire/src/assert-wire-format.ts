// A strict reading of the protobuf wire format (protobuf.dev, "Encoding"). The runtime that builds our messages trusts
// wire types and nested lengths; this walk refuses what it would misread, before anything is built.
import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { WireType } from "@bufbuild/protobuf/wire";
import { WireError } from "./error.ts";

/** Messages may be nested this deep, the outermost counting as 1. */
export const DEPTH_MAX = 16;

/** Fields that the schema does not know are tolerated up to this number in one outermost message. */
const UNKNOWN_FIELDS_MAX = 64;

/**
 * Nested messages and elements of lists in one outermost message. Each becomes an object of some 300 bytes, and needs
 * only two on the wire: without this bound a large message would be more than memory holds. The largest block of the
 * network has 640 000: 80 000 outputs of seven messages each, and as many key images.
 */
const ELEMENTS_MAX = 1_000_000;

/** Throws `malformed-message` unless `bytes` are a message of `schema`, every field with its own wire type and length. */
export function assertWireFormat(schema: DescMessage, bytes: Uint8Array): void {
  new WireWalk(bytes).message(schema, bytes.length, 1);
}

/** One field's values as the walk sees them. */
interface Element {
  readonly wireType: WireType;
  readonly scalar?: ScalarType | undefined;
  readonly message?: DescMessage | undefined;
  readonly listed?: boolean;
  readonly map?: (DescField & { readonly fieldKind: "map" }) | undefined;
}

class WireWalk {
  readonly #bytes: Uint8Array;
  #position = 0;
  #unknownFields = 0;
  #elements = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Walks the fields up to `end`. */
  message(schema: DescMessage, end: number, depth: number): void {
    if (depth > DEPTH_MAX) {
      throw malformed(`it is nested more than ${DEPTH_MAX} deep`);
    }
    const fields = new Map(schema.fields.map((field) => [field.number, field]));
    while (this.#position < end) {
      const { number, wireType } = this.#tag(end);
      const field = fields.get(number);
      if (field === undefined) {
        this.#unknown(wireType, end);
        continue;
      }
      const element = elementOf(field);
      if (wireType === element.wireType) {
        this.#value(element, end, depth);
      } else if (wireType === WireType.LengthDelimited && field.fieldKind === "list") {
        this.#packed(element, end, depth);
      } else {
        throw malformed(`field ${number} has a foreign wire type`);
      }
    }
  }

  #tag(end: number): { number: number; wireType: WireType } {
    const tag = this.#varint(end);
    const number = Math.floor(tag / 8);
    if (tag >= 2 ** 32 || number === 0) {
      throw malformed("a field number is out of range");
    }
    return { number, wireType: tag % 8 };
  }

  #unknown(wireType: WireType, end: number): void {
    this.#unknownFields += 1;
    if (this.#unknownFields > UNKNOWN_FIELDS_MAX) {
      throw malformed(`it has more than ${UNKNOWN_FIELDS_MAX} unknown fields`);
    }
    this.#value({ wireType }, end, 0);
  }

  #packed(element: Element, end: number, depth: number): void {
    const packedEnd = this.#lengthPrefix(end);
    while (this.#position < packedEnd) {
      this.#value(element, packedEnd, depth);
    }
  }

  #value(element: Element, end: number, depth: number): void {
    this.#elements += element.message !== undefined || element.listed === true ? 1 : 0;
    if (this.#elements > ELEMENTS_MAX) {
      throw malformed(`it has more than ${ELEMENTS_MAX} parts`);
    }
    switch (element.wireType) {
      case WireType.Varint: {
        const value = this.#varint(end);
        if (element.scalar === ScalarType.UINT32 && value >= 2 ** 32) {
          throw malformed("a 32-bit integer is out of range");
        }
        return;
      }
      case WireType.Bit64:
        this.#skip(8, end);
        return;
      case WireType.Bit32:
        this.#skip(4, end);
        return;
      case WireType.LengthDelimited: {
        const valueEnd = this.#lengthPrefix(end);
        if (element.message !== undefined) {
          this.message(element.message, valueEnd, depth + 1);
        } else if (element.map !== undefined) {
          this.#mapEntry(element.map, valueEnd, depth);
        } else {
          this.#position = valueEnd;
        }
        return;
      }
      default:
        throw malformed("it uses groups, or a wire type that does not exist");
    }
  }

  /** A map entry is a message with its key at 1 and its value at 2. */
  #mapEntry(map: DescField & { readonly fieldKind: "map" }, end: number, depth: number): void {
    const key: Element = { wireType: wireTypeOf(map.mapKey), scalar: map.mapKey };
    const value = elementOfKind(map.mapKind, map.scalar, map.message);
    while (this.#position < end) {
      const { number, wireType } = this.#tag(end);
      const element = number === 1 ? key : value;
      if (number > 2 || wireType !== element.wireType) {
        throw malformed("a map entry has a foreign field");
      }
      this.#value(element, end, depth);
    }
  }

  #skip(length: number, end: number): void {
    if (this.#position + length > end) {
      throw malformed("it ends inside a value");
    }
    this.#position += length;
  }

  /** Reads a length and returns where the value it announces ends. */
  #lengthPrefix(end: number): number {
    const length = this.#varint(end);
    if (length > end - this.#position) {
      throw malformed("a length exceeds what holds it");
    }
    return this.#position + length;
  }

  /** A base-128 integer. Above 2⁵³ the result is rounded, which no comparison here can notice. */
  #varint(end: number): number {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      if (this.#position >= end) {
        throw malformed("it ends inside an integer");
      }
      const byte = this.#bytes[this.#position++] as number; // Below `end`, so within the bytes.
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80 && (i < 9 || byte <= 1)) {
        return value;
      }
    }
    throw malformed("an integer is longer than 64 bits");
  }
}

function elementOf(field: DescField): Element {
  switch (field.fieldKind) {
    case "scalar":
    case "enum":
    case "message":
      return elementOfKind(field.fieldKind, field.scalar, field.message);
    case "list":
      return { ...elementOfKind(field.listKind, field.scalar, field.message), listed: true };
    case "map":
      return { wireType: WireType.LengthDelimited, map: field };
  }
}

function elementOfKind(
  kind: "scalar" | "enum" | "message",
  scalar: ScalarType | undefined,
  message: DescMessage | undefined,
): Element {
  const wireType = kind === "message" ? WireType.LengthDelimited : wireTypeOf(scalar);
  return { wireType, scalar, message };
}

/** The wire type of a scalar; an enum has none and is a varint. */
function wireTypeOf(scalar: ScalarType | undefined): WireType {
  switch (scalar) {
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
    case ScalarType.DOUBLE:
      return WireType.Bit64;
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
    case ScalarType.FLOAT:
      return WireType.Bit32;
    case ScalarType.BYTES:
    case ScalarType.STRING:
      return WireType.LengthDelimited;
    default:
      return WireType.Varint;
  }
}

function malformed(reason: string): WireError {
  return new WireError("malformed-message", `These bytes are not the expected message: ${reason}.`);
}
