// Where the settings of a node come from (spec 05 §4.3): flags first, then the environment, then the node's file.
import { dirname, resolve } from "node:path";
import { ConfigError, type ConfigPlace } from "./error.ts";
import { NODE_SETTINGS, type SettingName } from "./node-settings.ts";
import { Table } from "./table.ts";

/** What a node is told. */
export interface SettingSources {
  /** By name, such as `chain-id`; empty text counts as nothing. */
  readonly flags: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Variables such as `MC_CHAIN_ID`; lists are separated by commas. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The node's file, with fields such as `chain_id`; paths in it start at its folder. */
  readonly file?: { readonly path: string; readonly text: string } | undefined;
}

/** The name of the variable for a setting. */
export function variableOf(name: SettingName): string {
  return `MC_${name.replaceAll("-", "_").toUpperCase()}`;
}

/** The settings of a node, by name, from wherever they come. */
export class Settings {
  readonly #flags: SettingSources["flags"];
  readonly #env: SettingSources["env"];
  readonly #table: Table | undefined;

  /** Throws `unknown-extension`, `malformed-file`, `unknown-field`. */
  constructor({ flags, env, file }: SettingSources) {
    this.#flags = flags;
    this.#env = env;
    this.#table = file && Table.parse(file.text, file.path);
    this.#table?.end(Object.keys(NODE_SETTINGS).map(fieldOf));
  }

  /** Where a setting is, or would be. */
  place(name: SettingName): ConfigPlace {
    if (this.#flag(name) !== undefined || (this.#table === undefined && this.#variable(name) === undefined)) {
      return { file: "command line", field: `--${name}` };
    }
    if (this.#variable(name) !== undefined) return { file: "environment", field: variableOf(name) };
    return { file: this.#table?.file ?? "", field: fieldOf(name) };
  }

  /** An error about a setting. */
  error(code: ConfigError["code"], name: SettingName, message: string, values: readonly string[] = []): ConfigError {
    return new ConfigError(code, this.place(name), message, { values });
  }

  /** Text; the default of the setting, or undefined, when it is not there. Throws `wrong-type`. */
  text(name: SettingName): string | undefined {
    const own = this.#flag(name) ?? this.#variable(name) ?? (this.#table?.text(fieldOf(name)) || undefined);
    return own ?? NODE_SETTINGS[name].default;
  }

  /** Text that must be there. Throws `missing-field`, `wrong-type`. */
  required(name: SettingName): string {
    const value = this.text(name);
    if (value !== undefined) return value;
    const message = `It is missing: --${name}, ${variableOf(name)}, or ${fieldOf(name)} in the node's file.`;
    throw this.error("missing-field", name, message);
  }

  /** One of some words. Throws `out-of-range`, `missing-field`. */
  choice<Choice extends string>(name: SettingName, choices: readonly Choice[]): Choice {
    const value = this.required(name);
    const found = choices.find((each) => each === value);
    if (found !== undefined) return found;
    const expected = choices.join(", ");
    throw this.error("out-of-range", name, `It is one of ${expected}, and not ${value}.`, [value, expected]);
  }

  /** A path, absolute or from the working folder; undefined when there is none. */
  path(name: SettingName): string | undefined {
    const direct = this.#flag(name) ?? this.#variable(name);
    if (direct !== undefined) return resolve(direct);
    const inFile = this.#table?.text(fieldOf(name)) || undefined;
    if (inFile === undefined || this.#table === undefined) return undefined;
    return resolve(dirname(this.#table.file), inFile);
  }

  /** A path that must be there. Throws `missing-field`. */
  requiredPath(name: SettingName): string {
    const path = this.path(name);
    if (path !== undefined) return path;
    this.required(name); // Throws: paths have no defaults.
    throw this.error("missing-field", name, "It is missing.");
  }

  /** A whole number within bounds; undefined when there is none and no default. Throws `out-of-range`, `wrong-type`. */
  integer(name: SettingName, { min, max }: { readonly min: number; readonly max: number }): number | undefined {
    const text = this.#flag(name) ?? this.#variable(name) ?? this.#tableInteger(name) ?? NODE_SETTINGS[name].default;
    if (text === undefined) return undefined;
    const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : -1;
    if (value >= min && value <= max) return value;
    throw this.error("out-of-range", name, `It is a whole number from ${min} to ${max}, and not ${text}.`, [
      text,
      `${min}..${max}`,
    ]);
  }

  /** Yes or no; no unless said. Throws `out-of-range`, `wrong-type`. */
  flag(name: SettingName): boolean {
    const text = this.#flag(name) ?? this.#variable(name);
    if (text === undefined) return this.#table?.flag(fieldOf(name)) ?? false;
    if (text === "1" || text === "true") return true;
    if (text === "0" || text === "false") return false;
    throw this.error("out-of-range", name, `It is true or false, and not ${text}.`, [text, "true or false"]);
  }

  /** Several texts. Throws `wrong-type`. */
  list(name: SettingName): readonly string[] {
    const flag = this.#flags[name];
    if (Array.isArray(flag) && flag.length > 0) return flag;
    const direct = this.#flag(name) ?? this.#variable(name);
    if (direct !== undefined) return direct.split(",").map((each) => each.trim());
    return this.#table?.texts(fieldOf(name), LIST_ITEMS) ?? [];
  }

  #flag(name: SettingName): string | undefined {
    const value = this.#flags[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  #variable(name: SettingName): string | undefined {
    return this.#env[variableOf(name)] || undefined;
  }

  #tableInteger(name: SettingName): string | undefined {
    const value = this.#table?.integer(fieldOf(name));
    return value === undefined ? undefined : `${value}`;
  }
}

const LIST_ITEMS = 64;

const fieldOf = (name: string): string => name.replaceAll("-", "_");
