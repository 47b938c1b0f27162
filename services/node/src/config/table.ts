// A table of a configuration file, TOML or JSON, read field by field: whatever nobody read is refused in the end, so that a
// misspelt field is an error and not a default.
import { parse as parseToml, TomlError } from "smol-toml";
import { ConfigError, type ConfigErrorCode, type ConfigPlace } from "./error.ts";

/** What is in a file, before anything is known about it. */
type Fields = Readonly<Record<string, unknown>>;

/** A table, and where it is. */
export class Table {
  readonly file: string;
  readonly #path: string;
  readonly #fields: Fields;
  readonly #read = new Set<string>();

  private constructor(fields: Fields, { file, field }: ConfigPlace) {
    this.#fields = fields;
    this.file = file;
    this.#path = field;
  }

  /** The text of a file whose name says what it is. Throws `unknown-extension`, `malformed-file`. */
  static parse(text: string, file: string): Table {
    const place = { file, field: "" };
    const extension = /\.[^./\\]*$/.exec(file)?.[0] ?? "";
    if (extension !== ".toml" && extension !== ".json") {
      throw new ConfigError("unknown-extension", place, "A configuration is a file in .toml or .json.", {
        values: [extension, ".toml or .json"],
      });
    }
    return Table.#of(extension === ".toml" ? fromToml(text, place) : fromJson(text, place), place);
  }

  static #of(value: unknown, place: ConfigPlace): Table {
    if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Date) {
      throw wrongType(place, "a table", value);
    }
    return new Table(value as Fields, place); // Every object can be read by name.
  }

  /** Where a field of this table is. */
  place(name: string): ConfigPlace {
    return { file: this.file, field: this.#path === "" ? name : `${this.#path}.${name}` };
  }

  /** An error about a field. */
  error(code: ConfigErrorCode, name: string, message: string, values: readonly string[] = []): ConfigError {
    return new ConfigError(code, this.place(name), message, { values });
  }

  /** Text; undefined when it is not there. Throws `wrong-type`. */
  text(name: string): string | undefined {
    const value = this.#get(name);
    if (value === undefined || typeof value === "string") return value;
    throw wrongType(this.place(name), "text", value);
  }

  /** Yes or no; undefined when it is not there. Throws `wrong-type`. */
  flag(name: string): boolean | undefined {
    const value = this.#get(name);
    if (value === undefined || typeof value === "boolean") return value;
    throw wrongType(this.place(name), "true or false", value);
  }

  /**
   * An integer from 0 to 2⁶⁴ − 1; undefined when it is not there. Those that JSON would round may be written as text.
   * Throws `wrong-type`, `out-of-range`.
   */
  integer(name: string): bigint | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    const isText = typeof value === "string" && /^[0-9]{1,20}$/.test(value);
    if (typeof value !== "number" && typeof value !== "bigint" && !isText) {
      throw wrongType(this.place(name), "an integer", value);
    }
    const isExact = typeof value !== "number" || Number.isSafeInteger(value);
    const integer = isExact ? BigInt(value) : -1n;
    if (integer < 0n || integer >= 1n << 64n) {
      const message = "It is not a whole number from 0 to 2⁶⁴ − 1 that can be told exactly.";
      throw this.error("out-of-range", name, message, [String(value), "0 to 18446744073709551615"]);
    }
    return integer;
  }

  /** Texts; none when they are not there. Throws `wrong-type`, `out-of-range`. */
  texts(name: string, countMax: number): readonly string[] {
    return this.#list(name, countMax).map((value, i) => {
      if (typeof value === "string") return value;
      throw wrongType(this.place(`${name}[${i}]`), "text", value);
    });
  }

  /** A table inside this one; undefined when it is not there. Throws `wrong-type`. */
  table(name: string): Table | undefined {
    const value = this.#get(name);
    return value === undefined ? undefined : Table.#of(value, this.place(name));
  }

  /** Tables inside this one; none when they are not there. Throws `wrong-type`, `out-of-range`. */
  tables(name: string, countMax: number): readonly Table[] {
    return this.#list(name, countMax).map((value, i) => Table.#of(value, this.place(`${name}[${i}]`)));
  }

  /** Tables inside this one by their names. Throws `wrong-type`. */
  namedTables(name: string): ReadonlyMap<string, Table> {
    const table = this.table(name);
    const fields = table === undefined ? {} : table.#fields;
    return new Map(Object.entries(fields).map(([key, each]) => [key, Table.#of(each, this.place(`${name}.${key}`))]));
  }

  /** What is there, or an error. Throws `missing-field`. */
  required<Value>(name: string, value: Value | undefined): Value {
    if (value !== undefined) return value;
    throw this.error("missing-field", name, "It is missing.");
  }

  /** Says that every field has been read, or is one of those that may be. Throws `unknown-field`. */
  end(others: readonly string[] = []): void {
    const expected = new Set([...this.#read, ...others]);
    const unknown = Object.keys(this.#fields).find((name) => !expected.has(name));
    if (unknown === undefined) return;
    const known = [...expected].sort().join(", ");
    throw this.error("unknown-field", unknown, `There is no such field here; there are ${known}.`, [unknown, known]);
  }

  #get(name: string): unknown {
    this.#read.add(name);
    return this.#fields[name] ?? undefined; // JSON's null is nothing.
  }

  #list(name: string, countMax: number): readonly unknown[] {
    const value = this.#get(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw wrongType(this.place(name), "a list", value);
    if (value.length > countMax) {
      throw this.error("out-of-range", name, `It has ${value.length} items, at most ${countMax} are allowed.`, [
        `${value.length}`,
        `${countMax}`,
      ]);
    }
    return value;
  }
}

function fromToml(text: string, place: ConfigPlace): unknown {
  try {
    return parseToml(text, { integersAsBigInt: true });
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    // The library's message quotes the lines around, which may hold a key: only the place is passed on.
    throw new ConfigError("malformed-file", place, `It is no TOML: line ${cause.line}, column ${cause.column}.`);
  }
}

function fromJson(text: string, place: ConfigPlace): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError("malformed-file", place, "It is no JSON."); // The engine's message quotes the text.
  }
}

function wrongType(place: ConfigPlace, expected: string, value: unknown): ConfigError {
  const actual = Array.isArray(value) ? "a list" : value === null ? "nothing" : typeof value;
  return new ConfigError("wrong-type", place, `It should be ${expected}, and is ${actual}.`, {
    values: [actual, expected],
  });
}
