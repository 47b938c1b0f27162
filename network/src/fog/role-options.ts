// Options that several roles of Fog take: `--name value`, `--name=value`, or a variable of the environment.

import { fromHex } from "@fogbow/core-bytes";
import {
  createLog,
  type Log,
  type LogLevel,
  parseServiceUri,
  type ServiceUri,
  type TokenAuthOptions,
} from "@fogbow/server";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import type { Surroundings } from "../surroundings.ts";

/** Reads options by their flags' names; a value that is empty counts as nothing. */
export class RoleOptions {
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #env: Surroundings["env"];

  constructor(command: Command, env: Surroundings["env"]) {
    this.#given = command.opts();
    this.#env = env;
  }

  /** Text from the flag `--name`, else from `FOGBOW_NAME`, `MC_NAME`, or another variable that is named. */
  text(name: string, variable?: string): string | undefined {
    const camel = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const upper = name.replaceAll("-", "_").toUpperCase();
    const given = this.#given[camel];
    const values = [given, this.#env[`FOGBOW_${upper}`], this.#env[`MC_${upper}`], variable && this.#env[variable]];
    return values.find((value): value is string => typeof value === "string" && value !== "");
  }

  /** Throws `invalid-argument` where there is none. */
  required(name: string, variable?: string): string {
    const value = this.text(name, variable);
    if (value === undefined) throw new CommandError("invalid-argument", `--${name} is missing.`);
    return value;
  }

  /** A whole number. Throws `invalid-argument`. */
  count(name: string, usual: number): number {
    const value = this.text(name);
    if (value === undefined) return usual;
    if (!/^\d{1,15}$/.test(value)) {
      throw new CommandError("invalid-argument", `--${name} is a whole number, not ${value}.`);
    }
    return Number(value);
  }

  /** Values between commas. */
  list(name: string): readonly string[] {
    return (this.text(name) ?? "").split(",").filter((value) => value !== "");
  }

  /** Whether it is `1` or `true`, or a flag without a value. */
  flag(name: string): boolean {
    const camel = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (this.#given[camel] === true) return true;
    return ["1", "true"].includes(this.text(name) ?? "");
  }

  /** A URI of a scheme. Throws `invalid-argument` where there is none, ServerError `invalid-uri`. */
  uri(name: string, ...schemes: readonly string[]): ServiceUri {
    return parseServiceUri(this.required(name), ...schemes);
  }

  /** What asks for tokens, unless everybody may call: 64 hexadecimal digits. Throws `invalid-argument`. */
  tokens(): TokenAuthOptions | undefined {
    const secret = this.text("auth-token-secret", "MC_CLIENT_AUTH_TOKEN_SECRET");
    if (secret === undefined) return undefined;
    if (!/^[0-9a-fA-F]{64}$/.test(secret)) {
      throw new CommandError("invalid-argument", "--auth-token-secret is 64 hexadecimal digits.");
    }
    const lifetime = this.count("auth-token-max-lifetime", 86_400);
    return { sharedSecret: fromHex(secret), lifetimeSeconds: lifetime };
  }

  /** The log of a role, on standard error. */
  log(role: string, { stderr }: Surroundings): Log {
    const level = LEVELS.find((each) => each === this.text("log-level")) ?? "info";
    return createLog({ name: role, level }, { destination: { write: (line) => stderr.write(line) } });
  }
}

const LEVELS: readonly LogLevel[] = ["silent", "error", "warn", "info", "debug", "trace"];
