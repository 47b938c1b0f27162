// Asks a vendor's service for one thing, over HTTP.
import { COLLATERAL_ANSWER_BYTES_MAX, type CollateralAnswer } from "@fogbow/core-attest";
import { concatBytes } from "@fogbow/core-bytes";
import { RuntimeError } from "../error.ts";

/** Milliseconds that a service has for one answer. */
const ANSWER_MS_MAX = 10_000;

/** Asks an address, and takes an answer of no other. Rejects with {@link RuntimeError} `platform-unavailable`. */
export async function getAnswer(url: string): Promise<CollateralAnswer> {
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(ANSWER_MS_MAX) }).catch(
    (cause: unknown) => {
      throw unavailable(`${url}: the server does not answer.`, { cause });
    },
  );
  if (response.status !== 200) throw unavailable(`${url}: the server answered ${response.status}.`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > COLLATERAL_ANSWER_BYTES_MAX) throw unavailable(`${url}: the answer is too long.`);
    parts.push(part);
  }
  return { body: concatBytes(...parts), header: (name) => response.headers.get(name) ?? undefined };
}

function unavailable(message: string, options?: ErrorOptions): RuntimeError {
  return new RuntimeError("platform-unavailable", message, options);
}
