// Reads the members of parsed JSON that must be there and of one form; says which is not.
import { fromHex } from "@fogbow/core-bytes";
import { AttestError, type AttestErrorCode } from "../error.ts";
import { tryParseInstant } from "./instant.ts";

/** A JSON object whose readers throw the code it was made with, naming the member. */
export class JsonFields {
  readonly #fields: ReadonlyMap<string, unknown>;
  readonly #code: AttestErrorCode;
  readonly #what: string;

  /** Throws `code` unless the value is an object. `what` begins the sentences of the errors. */
  constructor(value: unknown, code: AttestErrorCode, what: string) {
    this.#code = code;
    this.#what = what;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new AttestError(code, `${what} is not a JSON object.`);
    }
    this.#fields = new Map(Object.entries(value));
  }

  /** Throws unless every member is one of these. */
  assertMembers(...names: readonly string[]): this {
    const unknown = [...this.#fields.keys()].find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new AttestError(this.#code, `${this.#what} has a member ${JSON.stringify(unknown)} that it cannot have.`);
    }
    return this;
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  text(name: string): string {
    const value = this.#fields.get(name);
    return typeof value === "string" ? value : this.#fail(name, "text");
  }

  /** An integer from 0 to `max`. */
  integer(name: string, max: number): number {
    const value = this.#fields.get(name);
    return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max
      ? value
      : this.#fail(name, `an integer from 0 to ${max}`);
  }

  /** Bytes in hexadecimal of either case: Intel changed the case over time. */
  hex(name: string, length: number): Uint8Array {
    const value = this.#fields.get(name);
    return typeof value === "string" && value.length === 2 * length && /^[0-9a-f]*$/i.test(value)
      ? fromHex(value)
      : this.#fail(name, `${length} bytes in hexadecimal`);
  }

  /** An instant, in milliseconds since 1970. */
  instant(name: string): number {
    return tryParseInstant(this.text(name)) ?? this.#fail(name, "an instant such as 2025-06-19T10:56:11Z");
  }

  list(name: string, lengthMax: number): readonly unknown[] {
    const value: unknown = this.#fields.get(name);
    return Array.isArray(value) && value.length <= lengthMax
      ? value
      : this.#fail(name, `a list of at most ${lengthMax}`);
  }

  /** A list of texts; empty when there is no such member. */
  optionalTexts(name: string, lengthMax: number): readonly string[] {
    const items = this.has(name) ? this.list(name, lengthMax) : [];
    const texts = items.filter((item) => typeof item === "string");
    return texts.length === items.length ? texts : this.#fail(name, "a list of texts");
  }

  object(name: string): JsonFields {
    return new JsonFields(this.#fields.get(name), this.#code, `${this.#what}'s ${name}`);
  }

  objects(name: string, lengthMax: number): readonly JsonFields[] {
    return this.list(name, lengthMax).map(
      (item, index) => new JsonFields(item, this.#code, `${this.#what}'s ${name}[${index}]`),
    );
  }

  #fail(name: string, form: string): never {
    throw new AttestError(this.#code, `${this.#what}'s ${name} is not ${form}.`);
  }
}
