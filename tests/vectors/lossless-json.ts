// JSON (RFC 8259) without loss: 64-bit integers stand in known-answer files as bare digits, which `JSON.parse` rounds.

/** A JSON value. An integer that a JavaScript number cannot hold exactly is a string of its decimal digits. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [field: string]: Json;
}

/** Parses a JSON text. Throws SyntaxError. */
export function parseLosslessJson(text: string): Json {
  return JSON.parse(text.replace(STRING_OR_NUMBER, quoteIfUnsafe));
}

/** Whether a value is an object, not a list. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// Strings are matched too, so that digits inside them are passed over.
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

function quoteIfUnsafe(token: string): string {
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}
