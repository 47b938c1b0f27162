// No log line may tell of a transaction what the host may not know (spec 05 §5 g): bytes in a line, in any usual writing, are
// looked for in every transaction of the pool, but for what a host is told: hashes, key images and output keys.

import type { LogLine } from "../world/node.ts";
import { pooledTxs } from "../world/tx-pool.ts";
import { Violation } from "./violation.ts";

/** Bytes from which on a piece of a transaction is taken for more than chance. */
const WINDOW = 16;
const HEX = /[0-9a-f]{32,}/gi;
const BASE64 = /[A-Za-z0-9+/_-]{22,}/g;

/** Throws a violation when a line holds 16 bytes of a transaction in a row that a host is not told. */
export function assertNoSecrets(node: number, { event, fields }: LogLine): void {
  const text = `${event} ${textOf(fields)}`;
  const pieces = [
    ...(text.match(HEX) ?? []).flatMap((hex) => [Buffer.from(hex, "hex"), Buffer.from(hex.slice(1), "hex")]),
    ...(text.match(BASE64) ?? []).map((each) => Buffer.from(each, "base64")),
  ];
  for (const piece of pieces) {
    for (const window of windowsOf(piece)) {
      const tx = pooledTxs().find(({ bytes, isPublic }) => bytes.includes(window) && !isPublic(window));
      if (tx !== undefined) throw new Violation("secrets", `Node ${node} logged a piece of ${tx.name}: ${text}`);
    }
  }
}

function* windowsOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at + WINDOW <= bytes.length; at += 1) yield bytes.subarray(at, at + WINDOW);
}

function textOf(value: unknown): string {
  if (value instanceof Error) return `${value.message} ${textOf(value.cause)} ${textOf({ ...value })}`;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .map(([key, each]) => `${key}=${textOf(each)}`)
      .join(" ");
  return String(value);
}
