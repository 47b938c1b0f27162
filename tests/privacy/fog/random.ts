// Reproducible bytes.
import { createHash } from "node:crypto";
import type { Random } from "@fogbow/core-bytes";

/** Bytes that follow from a name, a new lot each time. */
export function randomFrom(name: string): Random {
  let drawn = 0;
  return (length) =>
    new Uint8Array(createHash("shake256", { outputLength: length }).update(`${name} ${drawn++}`).digest());
}
