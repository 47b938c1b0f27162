// The log: one line of JSON for each event, on stderr, so that stdout belongs to what a command prints. What may be
// written is decided by its type: text, numbers and flags are, bytes and anything that holds a secret are not.
import { CodedError, Secret } from "@fogbow/core-bytes";
import { type DestinationStream, destination, type Logger as Pino, pino } from "pino";
import { LOG_ITEMS_MAX, LOG_TEXT_MAX } from "./limits.ts";

/** From the one that says least to the one that says most. */
export type LogLevel = "silent" | "error" | "warn" | "info" | "debug" | "trace";

/** Writes events. Fields that are no text, number, bigint, boolean, error or plain list or record of such are redacted. */
export interface Log {
  level: LogLevel;
  readonly error: (event: string, fields?: LogFields) => void;
  readonly warn: (event: string, fields?: LogFields) => void;
  readonly info: (event: string, fields?: LogFields) => void;
  readonly debug: (event: string, fields?: LogFields) => void;
}

/** What is said about an event, by name. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A log for a service. Writes synchronously: the last line before an end is not lost. */
export function createLog(
  options: { readonly name: string; readonly level?: LogLevel },
  parts: { readonly destination?: DestinationStream } = {},
): Log {
  const { name, level = "info" } = options;
  const out = parts.destination ?? destination({ dest: 2, sync: true });
  const logger: Pino = pino(
    { name, level, base: { name }, timestamp: () => `,"time":"${new Date().toISOString()}"` },
    out,
  );
  const write =
    (method: "error" | "warn" | "info" | "debug") =>
    (event: string, fields: LogFields = {}): void =>
      logger[method](loggable(fields), event);
  return {
    get level() {
      return logger.level as LogLevel; // Set from one.
    },
    set level(level: LogLevel) {
      logger.level = level;
    },
    error: write("error"),
    warn: write("warn"),
    info: write("info"),
    debug: write("debug"),
  };
}

const DEPTH = 4;

/** What of a value may be written. Never throws, whatever the value does when it is looked at. */
export function loggable(value: unknown, depth: number = DEPTH): unknown {
  try {
    return redacted(value, depth);
  } catch {
    return `[${typeof value}]`;
  }
}

function redacted(value: unknown, depth: number): unknown {
  if (typeof value === "string") return shortened(value);
  if (value === null || ["number", "boolean", "undefined"].includes(typeof value)) return value;
  if (typeof value === "bigint") return shortened(value.toString());
  if (value instanceof Secret) return "[secret]";
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  // The message of somebody else's error may quote what it was given; its name and code do not.
  if (value instanceof CodedError) {
    return { name: shortened(value.name), code: loggable(value.code, 0), message: shortened(value.message) };
  }
  if (value instanceof Error) {
    return { name: shortened(value.name), code: "code" in value ? loggable(value.code, 0) : undefined };
  }
  if (depth === 0) return "[…]";
  if (Array.isArray(value)) {
    const items = Array.from(value.slice(0, LOG_ITEMS_MAX), (each) => loggable(each, depth - 1));
    const more = value.length - items.length;
    return more > 0 ? [...items, `[${more} more]`] : items;
  }
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value);
    const shown = entries.slice(0, LOG_ITEMS_MAX).map(([key, each]) => [shortened(key), loggable(each, depth - 1)]);
    const more = entries.length - shown.length;
    return Object.fromEntries(more > 0 ? [...shown, ["…", `[${more} more]`]] : shown);
  }
  return `[${typeof value}]`;
}

const shortened = (text: string): string => (text.length > LOG_TEXT_MAX ? `${text.slice(0, LOG_TEXT_MAX)}…` : text);
