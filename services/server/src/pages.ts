// Pages of text for plain `GET`, and `POST` for what a page does, bounded as RPCs are: the figures for Prometheus are large,
// and anybody may ask for them.
import type { OutgoingHttpHeaders } from "node:http";
import type { AnyResponse, CallConnection } from "./connection.ts";
import { Gate } from "./gate.ts";
import { PAGE_QUEUE_MAX, PAGES_MAX } from "./limits.ts";
import type { Patience } from "./patience.ts";

/** Answers a path with text. */
export interface Page {
  /** `POST` for a page that changes something; what is posted is not read. `GET` unless told otherwise. */
  readonly method?: "GET" | "POST";
  readonly path: string;
  readonly contentType: string;
  readonly text: () => Promise<string> | string;
}

/** Shows pages: some at a time, to readers who read. */
export function pagePresenter({
  pageMs,
}: Patience): (page: Page, response: AnyResponse, connection: CallConnection) => Promise<void> {
  const gate = new Gate({ concurrencyMax: PAGES_MAX, queueMax: PAGE_QUEUE_MAX });
  return async (page, response, { closed, breakOff }) => {
    const gone = new AbortController();
    const timer = setTimeout(breakOff, pageMs);
    const entering = gate.enter(gone.signal);
    void closed.then(async () => {
      clearTimeout(timer);
      gone.abort();
      (await entering.catch(() => undefined))?.();
    });
    try {
      if ((await entering) === undefined) return endWith(response, 503);
      endWith(response, 200, { "content-type": page.contentType }, await page.text());
    } catch {
      if (!response.headersSent) endWith(response, 500);
    }
  };
}

/** Sends a whole response. Both kinds are written alike; their types cannot be called as one. */
export function endWith(response: AnyResponse, status: number, headers: OutgoingHttpHeaders = {}, text = ""): void {
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
  response.statusCode = status;
  response.end(text);
}
