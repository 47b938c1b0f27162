// Archive files of a web server: each request bounded in bytes and time, and answered by that server or not at all.
import { archiveUrl } from "@fogbow/core-block";
import { concatBytes } from "@fogbow/core-bytes";
import { CommandError } from "../error.ts";
import type { ArchiveSource } from "./archive-source.ts";
import { REQUEST_MS_MAX } from "./limits.ts";
import { tooLarge } from "./read-bounded.ts";

/**
 * The files below an HTTP address. 404 means that a file is not there. A server may be silent for so many milliseconds,
 * and a request takes no longer than `REQUEST_MS_MAX`. Throws `invalid-argument`; reading rejects with
 * `source-timeout`, `unexpected-status`, `redirect-refused`, `file-too-large`, `source-failure`.
 */
export function httpSource(baseUrl: string, silenceMs: number): ArchiveSource {
  assertBaseUrl(baseUrl);
  return { read: (path, bytesMax) => download(archiveUrl(baseUrl, path), bytesMax, silenceMs) };
}

function assertBaseUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "" || /[?#]/.test(text)) {
    throw new CommandError("invalid-argument", "A base address has a host and a path: no user, query or fragment.");
  }
}

async function download(url: string, bytesMax: number, silenceMs: number): Promise<Uint8Array | undefined> {
  const controller = new AbortController();
  const expire = (): void => controller.abort();
  const total = setTimeout(expire, REQUEST_MS_MAX);
  const silence = setTimeout(expire, silenceMs);
  try {
    const response = await fetch(url, { redirect: "manual", signal: controller.signal });
    if (response.status === 404) {
      return undefined;
    }
    assertAnswer(response, url);
    return await readBody(response, { url, bytesMax, onPart: () => silence.refresh() });
  } catch (cause) {
    if (cause instanceof CommandError) {
      throw cause;
    }
    throw controller.signal.aborted
      ? new CommandError("source-timeout", `${url}: the server did not answer in time.`, { cause })
      : new CommandError("source-failure", `${url}: ${reasonOf(cause)}.`, { cause });
  } finally {
    clearTimeout(total);
    clearTimeout(silence);
    controller.abort(); // Lets go of what was not read.
  }
}

function assertAnswer({ status }: Response, url: string): void {
  if (status >= 300 && status < 400) {
    throw new CommandError("redirect-refused", `${url}: the server points elsewhere; name that address instead.`);
  }
  if (status !== 200) {
    throw new CommandError("unexpected-status", `${url}: the server answered ${status}.`);
  }
}

interface BodyReading {
  readonly url: string;
  readonly bytesMax: number;
  /** Told whenever bytes arrive. */
  readonly onPart: () => void;
}

/** The body as the application sees it: a compressed one counts unpacked. */
async function readBody({ headers, body }: Response, { url, bytesMax, onPart }: BodyReading): Promise<Uint8Array> {
  if (Number(headers.get("content-length")) > bytesMax) {
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
