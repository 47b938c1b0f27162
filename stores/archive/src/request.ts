// One request to a server, bounded in bytes and time, and answered by that server or not at all.
import { concatBytes } from "@fogbow/core-bytes";
import { ArchiveError } from "./error.ts";
import { REFUSAL_BYTES_MAX, REQUEST_MS_MAX } from "./limits.ts";
import { tooLarge } from "./read-bounded.ts";

/** What is asked of a server. */
export interface Request {
  readonly url: string;
  readonly method: "GET" | "HEAD" | "PUT";
  readonly headers?: Headers;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** Bytes of the body of an answer of status 200, as the application sees it: a compressed one counts unpacked. */
  readonly bytesMax: number;
  /** How long the server may be silent. In all, a request takes no longer than `REQUEST_MS_MAX`. */
  readonly silenceMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What a server answered. */
export interface Answer {
  readonly status: number;
  /** Empty unless the status is 200. */
  readonly body: Uint8Array;
}

/**
 * Asks a server. Rejects with `source-timeout`, `redirect-refused`, `file-too-large`, `source-failure`, and with the
 * signal's reason.
 */
export async function request({ url, bytesMax, silenceMs, signal, ...init }: Request): Promise<Answer> {
  const controller = new AbortController();
  const expire = (): void => controller.abort();
  const total = setTimeout(expire, REQUEST_MS_MAX);
  const silence = setTimeout(expire, silenceMs);
  signal?.addEventListener("abort", expire);
  try {
    signal?.throwIfAborted();
    const response = await fetch(url, { ...init, redirect: "manual", signal: controller.signal });
    if (response.status >= 300 && response.status < 400) {
      throw new ArchiveError("redirect-refused", `${url}: the server points elsewhere; name that address instead.`);
    }
    const onPart = (): void => void silence.refresh();
    const isFound = response.status === 200;
    const reading = readBody(response, { url, bytesMax: isFound ? bytesMax : REFUSAL_BYTES_MAX, onPart });
    // A short refusal is read to its end, so that the connection can be used again.
    return { status: response.status, body: isFound ? await reading : await reading.then(nothing, nothing) };
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof ArchiveError) {
      throw cause;
    }
    throw controller.signal.aborted
      ? new ArchiveError("source-timeout", `${url}: the server did not answer in time.`, { cause })
      : new ArchiveError("source-failure", `${url}: ${reasonOf(cause)}.`, { cause });
  } finally {
    clearTimeout(total);
    clearTimeout(silence);
    signal?.removeEventListener("abort", expire);
    controller.abort(); // Lets go of what was not read.
  }
}

interface BodyReading {
  readonly url: string;
  readonly bytesMax: number;
  /** Told whenever bytes arrive. */
  readonly onPart: () => void;
}

const nothing = (): Uint8Array => new Uint8Array();

async function readBody({ headers, body }: Response, { url, bytesMax, onPart }: BodyReading): Promise<Uint8Array> {
  if (body !== null && Number(headers.get("content-length")) > bytesMax) {
    throw tooLarge(url, bytesMax);
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    onPart();
    length += part.length;
    if (length > bytesMax) {
      throw tooLarge(url, bytesMax);
    }
    parts.push(part);
  }
  return concatBytes(...parts);
}

/** What failed, in a few words: the cause that `fetch` names, such as ECONNREFUSED. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause ? String(cause.code) : "the connection failed";
}

/** The error for a status that is not expected. */
export function unexpectedStatus(url: string, status: number): ArchiveError {
  return new ArchiveError("unexpected-status", `${url}: the server answered ${status}.`);
}
