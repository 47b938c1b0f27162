// Archive files of a web server.
import { archiveUrl } from "@fogbow/core-block";
import type { ArchiveFiles } from "./archive-files.ts";
import { ArchiveError } from "./error.ts";
import { request, unexpectedStatus } from "./request.ts";

/** How to ask a web server. */
export interface HttpOptions {
  /** How long the server may be silent, in milliseconds. */
  readonly silenceMs: number;
  /** The statuses by which the server says that a file is not there; 404 unless given. */
  readonly absent?: readonly number[];
}

/**
 * The files below an HTTP address. 404 means that a file is not there. Throws `invalid-address`; reading rejects with
 * `source-timeout`, `unexpected-status`, `redirect-refused`, `file-too-large`, `source-failure`.
 */
export function httpFiles(baseUrl: string, { silenceMs, absent = [404] }: HttpOptions): ArchiveFiles {
  assertBaseUrl(baseUrl);
  return {
    name: baseUrl,
    read: async (path, bytesMax, signal) => {
      const url = archiveUrl(baseUrl, path);
      const { status, body } = await request({ url, method: "GET", bytesMax, silenceMs, signal });
      if (absent.includes(status)) return undefined;
      if (status !== 200) throw unexpectedStatus(url, status);
      return body;
    },
  };
}

function assertBaseUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "" || /[?#]/.test(text)) {
    throw new ArchiveError("invalid-address", "A base address has a host and a path: no user, query or fragment.");
  }
}
