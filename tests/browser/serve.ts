// Serves the bundled page on loopback under a content security policy.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { bundlePage } from "./bundle-page.ts";

/** All that an application has to allow: its own scripts, its own server, and compiling WebAssembly. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/** A running server with its two pages, which differ in their policy only. */
export interface PageServer {
  readonly url: string;
  /** The same page, forbidden to compile WebAssembly. */
  readonly urlWithoutWasm: string;
  close(): Promise<void>;
}

const HTML = '<!doctype html><html lang="en"><title>Fogbow</title><body><script type="module" src="/page.js"></script>';

/** Bundles `page.ts` for browsers and serves it until it is closed. */
export async function servePage(): Promise<PageServer> {
  const script = await bundlePage(new URL("page.ts", import.meta.url));
  const server = createServer(({ url }, response) => {
    if (url === "/page.js") {
      response.setHeader("Content-Type", "text/javascript").end(script);
    } else if (url === "/" || url === "/without-wasm") {
      const policy = url === "/" ? POLICY : POLICY.replace(" 'wasm-unsafe-eval'", "");
      response.setHeader("Content-Security-Policy", policy).setHeader("Content-Type", "text/html").end(HTML);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // It listens on a port, not on a pipe.
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    urlWithoutWasm: `${url}without-wasm`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
