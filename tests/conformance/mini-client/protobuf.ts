// As much of protobuf's wire format as the messages of Fog need.

/** A field as it was read: a number for varints and fixed fields, bytes for everything with a length. */
export type Value = bigint | Uint8Array;

/** Fields by their number, each with all that came, in its order. */
export type Fields = ReadonlyMap<number, readonly Value[]>;

const MASK = 0xffff_ffff_ffff_ffffn;

/** A message under way. Fields that are zero or empty are left out, as proto3 does. */
export class Message {
  readonly #parts: Uint8Array[] = [];

  varint(field: number, value: bigint | number): this {
    if (BigInt(value) === 0n) return this;
    this.#parts.push(varint(BigInt(field) << 3n), varint(BigInt(value) & MASK));
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    if (value.length === 0) return this;
    return this.message(field, value);
  }

  /** Also an empty one: that it is there says something. */
  message(field: number, value: Uint8Array): this {
    this.#parts.push(varint((BigInt(field) << 3n) | 2n), varint(BigInt(value.length)), value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  encode(): Uint8Array {
    return Uint8Array.from(Buffer.concat(this.#parts));
  }
}

/** Reads a message. Throws for what is none. */
export function read(encoded: Uint8Array): Fields {
  const fields = new Map<number, Value[]>();
  let at = 0;
  const next = (length: number): Uint8Array => {
    if (length < 0 || at + length > encoded.length) throw new Error("The message is cut short.");
    at += length;
    return encoded.subarray(at - length, at);
  };
  const nextVarint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const [byte = 0] = next(1);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value & MASK;
    }
    throw new Error("A number is too long.");
  };
  while (at < encoded.length) {
    const tag = nextVarint();
    const field = Number(tag >> 3n);
    const values = fields.get(field) ?? [];
    fields.set(field, values);
    switch (tag & 7n) {
      case 0n:
        values.push(nextVarint());
        break;
      case 1n:
        values.push(littleEndian(next(8)));
        break;
      case 2n:
        values.push(next(Number(nextVarint())));
        break;
      case 5n:
        values.push(littleEndian(next(4)));
        break;
      default:
        throw new Error("A field is of no known kind.");
    }
  }
  return fields;
}

/** The last number of a field, else 0. */
export function number(fields: Fields, field: number): bigint {
  const value = fields.get(field)?.at(-1);
  return typeof value === "bigint" ? value : 0n;
}

/** The last bytes of a field, else none. */
export function bytes(fields: Fields, field: number): Uint8Array {
  const value = fields.get(field)?.at(-1);
  return value instanceof Uint8Array ? value : new Uint8Array();
}

/** All messages of a repeated field. */
export function messages(fields: Fields, field: number): Fields[] {
  return (fields.get(field) ?? []).flatMap((value) => (value instanceof Uint8Array ? [read(value)] : []));
}

/** A message inside another, empty where there is none. */
export const message = (fields: Fields, field: number): Fields => read(bytes(fields, field));

export const text = (fields: Fields, field: number): string => new TextDecoder().decode(bytes(fields, field));

/** Bytes as an unsigned number, the lowest first. */
export function littleEndian(encoded: Uint8Array): bigint {
  return encoded.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** An unsigned number as bytes, the lowest first. */
export function toLittleEndian(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

function varint(value: bigint): Uint8Array {
  const out: number[] = [];
  let rest = value;
  do {
    out.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(out);
}
