// The example, running: both servers, and the page bundled for them and served under a strict content security policy.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fromUtf8 } from "@fogbow/core-bytes";
import { encodeMeasurements, identityOf } from "@fogbow/runtime-enclave";
import { bundlePage } from "../bundle-page.ts";
import type { EchoSettings } from "./scenarios.ts";
import { type EchoServers, publishedMeasurement, RESPONDER_ID, startEchoServers } from "./servers.ts";

/** The page and its servers. */
export interface Example {
  readonly url: string;
  readonly servers: EchoServers;
  /** Of the page's JavaScript, minified: the kernel is in it. */
  readonly scriptBytes: number;
  close(): Promise<void>;
}

const HEADERS = { "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store" };

/** Starts everything on loopback. */
export async function startExample(): Promise<Example> {
  const files = new Map<string, { readonly type: string; readonly content: Uint8Array }>();
  let policy = "";
  const pageServer = createServer(({ url }, response) => {
    const file = files.get(url ?? "");
    if (file === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { ...HEADERS, "Content-Type": file.type, "Content-Security-Policy": policy });
    response.end(file.content);
  });
  await new Promise<void>((resolve) => pageServer.listen(0, "127.0.0.1", resolve));
  const closePage = async (): Promise<void> => {
    pageServer.closeAllConnections();
    await new Promise((resolve) => pageServer.close(resolve));
  };
  try {
    const { port } = pageServer.address() as AddressInfo; // It listens on a port, not on a pipe.
    const origin = `http://127.0.0.1:${port}`;
    const servers = await startEchoServers(origin);
    const urls = { published: servers.published.url, tampered: servers.tampered.url };
    policy = contentSecurityPolicy(Object.values(urls));
    const script = await bundlePage(new URL("page.ts", import.meta.url), {
      ECHO_SETTINGS: {
        servers: urls,
        responderId: RESPONDER_ID,
        measurements: fromUtf8(encodeMeasurements(new Map([["built", await publishedIdentity()]]))),
      } satisfies EchoSettings,
    });
    const read = (name: string): Promise<Uint8Array> => readFile(new URL(name, import.meta.url));
    files.set("/", { type: "text/html; charset=utf-8", content: await read("index.html") });
    files.set("/style.css", { type: "text/css; charset=utf-8", content: await read("style.css") });
    files.set("/icon.svg", { type: "image/svg+xml", content: await read("icon.svg") });
    files.set("/page.js", { type: "text/javascript; charset=utf-8", content: script });
    return {
      url: `${origin}/`,
      servers,
      scriptBytes: script.length,
      async close() {
        await closePage();
        await servers.close();
      },
    };
  } catch (error) {
    await closePage();
    throw error;
  }
}

/** Only what the page needs: its own files, WebAssembly, and the two servers. */
function contentSecurityPolicy(servers: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src ${servers.join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

/** What the page is told to trust: the bundle as it was built. */
async function publishedIdentity(): Promise<Map<string, ReturnType<typeof identityOf>>> {
  return new Map([["echo", identityOf(await publishedMeasurement())]]);
}
