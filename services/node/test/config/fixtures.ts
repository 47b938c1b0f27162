// Keys and texts of configuration for tests.
import { toHex } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { expect } from "vitest";
import { ConfigError, formatMessageKey } from "../../src/index.ts";

/** The key of node i. */
export const keyAt = (i: number): Ed25519PrivateKey => new Ed25519PrivateKey(new Uint8Array(32).fill(i + 1));

/** Its public key as URIs have it. */
export const publicKeyAt = (i: number): string => formatMessageKey(keyAt(i).publicKey());

/** Its public key in hex. */
export const publicHexAt = (i: number): string => toHex(keyAt(i).publicKey());

/** The URI of peer i. */
export const peerUri = (i: number, key: string = publicKeyAt(i)): string =>
  `insecure-mcp://n${i}.test:8080/?consensus-msg-key=${key}`;

/** What a refused configuration says. */
export interface Refusal {
  readonly code: string;
  readonly file: string;
  readonly field: string;
  readonly values: readonly string[];
}

/** What must be refused: where, and what was compared. */
export async function refused(act: () => unknown): Promise<Refusal> {
  try {
    await act();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const { code, file, field, values, message } = error as ConfigError; // It is one.
    expect(message).toContain(file);
    expect(message).toContain(field);
    return { code, file, field, values };
  }
  throw new Error("It was accepted.");
}
