// One known answer: named fields in the encodings that the vector files use, read strictly.
import { equalBytes, fromHex, u64 } from "@fogbow/core-bytes";
import { isJsonObject, type Json, type JsonObject } from "./lossless-json.ts";

/** A known answer that our code does not reproduce, or a case that is not of its format. */
export class VectorError extends Error {
  override readonly name = "VectorError";
}

/** Where a case stands and what its file says about all cases. */
export interface CasePlace {
  /** Its number among the cases of the file, from 1. */
  readonly number: number;
  /** Whether the file's name already says that nothing in it may match. */
  readonly negativeFile: boolean;
}

/** One case. Its readers throw {@link VectorError} when a field is missing or not of the stated form. */
export class Case {
  /** Its number among the cases of the file, from 1. */
  readonly number: number;
  /** Whether the case shows what must **not** match: its file or one of its fields is called incorrect or spurious. */
  readonly mustNotMatch: boolean;
  /** What of the case could not be checked. */
  readonly leftOut: string[] = [];
  readonly #fields: ReadonlyMap<string, Json>;

  constructor(fields: JsonObject, { number, negativeFile }: CasePlace) {
    const renamed = Object.entries(fields).map(([name, value]) => [positiveName(name), value] as const);
    this.number = number;
    this.mustNotMatch = negativeFile || Object.keys(fields).some((name) => positiveName(name) !== name);
    this.#fields = new Map(renamed);
  }

  /** A part of a case: an object with fields of its own. Throws {@link VectorError} for any other value. */
  static of(json: Json, what: string): Case {
    if (!isJsonObject(json)) {
      throw new VectorError(`${what} is not an object`);
    }
    return new Case(json, { number: 1, negativeFile: false });
  }

  /** Whether the case has this field. Fields of negative cases go by the name they have in positive ones. */
  has(field: string): boolean {
    return this.#fields.has(field);
  }

  /** A string. */
  text(field: string): string {
    const value = this.#value(field);
    if (typeof value !== "string") {
      throw new VectorError(`${field} is not a string`);
    }
    return value;
  }

  /** Bytes in hexadecimal. */
  hex(field: string): Uint8Array {
    try {
      return fromHex(this.text(field));
    } catch (cause) {
      throw new VectorError(`${field} is not hexadecimal`, { cause });
    }
  }

  /** A list of bytes in hexadecimal. */
  hexList(field: string): Uint8Array[] {
    return this.list(field).map((item) => Case.of({ item }, field).hex("item"));
  }

  /** Bytes as a list of numbers from 0 to 255. */
  byteList(field: string): Uint8Array {
    const numbers = this.list(field);
    if (!numbers.every(isByte)) {
      throw new VectorError(`${field} is not a list of bytes`);
    }
    return Uint8Array.from(numbers);
  }

  /** An unsigned 64-bit integer, as a number or as decimal digits in a string. */
  integer(field: string): bigint {
    const value = this.#value(field);
    const digits = typeof value === "number" ? `${value}` : value;
    if (typeof digits !== "string" || !/^(?:0|[1-9]\d*)$/.test(digits)) {
      throw new VectorError(`${field} is not an unsigned integer`);
    }
    try {
      return u64(BigInt(digits));
    } catch (cause) {
      throw new VectorError(`${field} does not fit 64 bits`, { cause });
    }
  }

  /** A list. */
  list(field: string): readonly Json[] {
    const value = this.#value(field);
    if (!isList(value)) {
      throw new VectorError(`${field} is not a list`);
    }
    return value;
  }

  /** An object. */
  part(field: string): Case {
    return Case.of(this.#value(field), field);
  }

  /** A list of objects. */
  parts(field: string): Case[] {
    return this.list(field).map((item) => Case.of(item, `an item of ${field}`));
  }

  /** Any value. */
  json(field: string): Json {
    return this.#value(field);
  }

  #value(field: string): Json {
    const value = this.#fields.get(field);
    if (value === undefined) {
      throw new VectorError(`${field} is missing`);
    }
    return value;
  }
}

/** Throws {@link VectorError} unless our result equals the known answer, naming the field it stands in. */
export function expectEqual(field: string, actual: Uint8Array | string | bigint, expected: typeof actual): void {
  const equal =
    actual instanceof Uint8Array && expected instanceof Uint8Array ? equalBytes(actual, expected) : actual === expected;
  if (!equal) {
    throw new VectorError(`${field} differs`);
  }
}

/** Throws {@link VectorError} with this reason unless the condition holds. */
export function expectThat(condition: boolean, otherwise: string): asserts condition {
  if (!condition) {
    throw new VectorError(otherwise);
  }
}

/** Negative cases have the fields of positive ones with a word in front that says so. */
function positiveName(field: string): string {
  return field.replace(/^incorrect_/, "").replace(/^spurious_/, "recipient_");
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isByte(value: Json): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xff;
}
