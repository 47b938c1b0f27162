// Watches which byte strings are overwritten with zeros during a call, and what they held.
import { toHex } from "@fogbow/core-bytes";
import { vi } from "vitest";

/** What every byte string that `body` wiped had held before, in hex. */
export function wipedBy(body: () => unknown): string[] {
  const held: string[] = [];
  const fill = Uint8Array.prototype.fill;
  const spy = vi.spyOn(Uint8Array.prototype, "fill").mockImplementation(function (this: Uint8Array, ...args) {
    const [value, ...range] = args;
    if (value === 0 && range.length === 0) held.push(toHex(this));
    return fill.apply(this, args);
  });
  try {
    body();
  } finally {
    spy.mockRestore();
  }
  return held;
}
