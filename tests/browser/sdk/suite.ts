// The SDK's own tests in a page: the same files as in Node, bundled, with what they import as `vitest` from beside this.
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { listen } from "../visit.ts";
import type { SuiteReport } from "./vitest-in-page.ts";

const TESTS = new URL("../../../wallets/sdk/test/", import.meta.url);
/** Makes certificates, which only Node's library does. */
const ONLY_IN_NODE = ["report-resolver.test.ts"];
const WAIT_MS = 180_000;
/** What Chromium complains of when a test calls a server that is not there. */
const UNREACHED = "Failed to load resource";
const HTML = '<!doctype html><html lang="en"><title>SDK</title><body><script type="module" src="/suite.js"></script>';

/** Runs them; rejects when the page ends in another way than with a report. */
export async function runSdkSuite(browser: Browser): Promise<SuiteReport> {
  const script = await bundle();
  const server = createServer(({ url }, response) => {
    if (url === "/suite.js") response.setHeader("Content-Type", "text/javascript").end(script);
    else response.setHeader("Content-Type", "text/html").end(HTML);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const complaints = await listen(page);
    const { port } = server.address() as AddressInfo; // It listens on a port, not on a pipe.
    await page.goto(`http://127.0.0.1:${port}/`);
    const text = await page.locator("body:has-text('}')").innerText({ timeout: WAIT_MS });
    const report = JSON.parse(text) as SuiteReport; // The page writes nothing else.
    const others = complaints.filter((message) => !message.startsWith(UNREACHED));
    return { ...report, failed: [...report.failed, ...others.map((message) => ({ name: "the page", message }))] };
  } finally {
    await context.close();
    server.closeAllConnections();
    server.close();
  }
}

async function bundle(): Promise<Uint8Array> {
  const files = readdirSync(TESTS)
    .filter((name) => name.endsWith(".test.ts") && !ONLY_IN_NODE.includes(name))
    .map((name) => fileURLToPath(new URL(name, TESTS)));
  const all = [...files, fileURLToPath(new URL("indexed-db-store.ts", import.meta.url))];
  const shim = fileURLToPath(new URL("vitest-in-page.ts", import.meta.url));
  const contents = [
    `import { beginFile, runAll } from ${JSON.stringify(shim)};`,
    ...all.map((file) => `beginFile();\nawait import(${JSON.stringify(file)});`),
    "document.body.innerText = JSON.stringify(await runAll());",
  ].join("\n");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(TESTS) },
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    alias: { vitest: shim },
    external: ["lmdb", "node:*"], // Imported by what no test uses: nothing of it is left in the bundle.
    write: false,
    logLevel: "error",
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error("esbuild made no bundle.");
  return script.contents;
}
