// `npm run test:browser`: kernel and core in a real Chromium under a strict content security policy, one clear error
// wherever a browser lacks what they need, the attested echo, and the SDK's own tests. Prints a line per promise; exit code 1 when one is
// broken. With `-- --open` it tests nothing and keeps the attested echo running for a person to look at.
import assert from "node:assert/strict";
import { once } from "node:events";
import { startExample } from "./echo/example.ts";
import { checkEcho } from "./echo/promises.ts";
import { pay } from "./pay.ts";
import type { PageFindings } from "./report.ts";
import { runSdkSuite } from "./sdk/suite.ts";
import { type PageServer, servePage } from "./serve.ts";
import { startChromium, type Visit, visit } from "./visit.ts";

const DEADLINE_MS = 240_000;

/** Root entropy 32 × 00 without Fog (spec 01 §10.4). */
const KNOWN_ADDRESS =
  "6UEtkm1rieLhuz2wvELPHdGiCb96zNnW856QVeGLvYzE7NhmbG1MxnoSPGqyVfEHDvxzQmaURFpZcxT9TSypVgRVAusr7svtD1TcrYj92Uh";
/** Root keys of "abandon … about", account 0 (spec 01 §10.2). */
const KNOWN_VIEW_KEY = "bc81a3710d75c69dc627b6c0497806350bb3d27b3b58d1c299df006da900c004";
const KNOWN_SPEND_KEY = "94b7d9bd493e57fcc7e7199860131a0e9a744c139dd97fd753fc78738c7aa306";
/** What the sealed record of spec 01 §10.9 holds (§10.7). */
const KNOWN_AMOUNT = "1475000000000 of token 1";

/** Makes V8 behave on x86-64 as on a processor too old for WebAssembly's SIMD. */
const NO_SIMD_FLAG = "--js-flags=--no-enable-sse4-1";
/** The same for processors where SIMD cannot be switched off: the compiler refuses, in V8's words. */
const NO_SIMD_PRELUDE = `WebAssembly.Module = class {
  constructor() { throw new WebAssembly.CompileError("Wasm SIMD unsupported"); }
};`;
/** A function of one SIMD instruction, valid only where there is SIMD. */
const HAS_SIMD = `WebAssembly.validate(
  Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11))`;

let failures = 0;
if (process.argv.includes("--open")) await keepOpen();
else await test();

async function keepOpen(): Promise<void> {
  const example = await startExample();
  console.log(`The attested echo runs at ${example.url}\nEnd it with Ctrl+C.`);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await example.close();
}

async function test(): Promise<void> {
  const watchdog = setTimeout(() => {
    console.error(`not ok - the browser tests took longer than ${DEADLINE_MS / 1000} s`);
    process.exit(1);
  }, DEADLINE_MS);
  try {
    const server = await servePage();
    try {
      await withFullBrowser(server);
      await withoutSimd(server);
      await sdkSuite();
    } finally {
      await server.close();
    }
  } catch (error) {
    failures++;
    console.error(`not ok - ${error instanceof Error ? error.message : error}`);
  }
  clearTimeout(watchdog);
  console.log(failures === 0 ? "All promises hold in Chromium." : `${failures} broken in Chromium.`);
  process.exitCode = failures === 0 ? 0 : 1;
}

async function withFullBrowser({ url, urlWithoutWasm }: PageServer): Promise<void> {
  const browser = await startChromium();
  try {
    console.log(`Chromium ${browser.version()}`);
    const paidInNode = pay();
    assert.equal(paidInNode.verdict, "ok");
    assert.equal(paidInNode.tamperedVerdict, "invalid-transaction-signature");
    const allowed = await visit(browser, url);
    check("a page with 'wasm-unsafe-eval' only derives the known address", () =>
      assert.equal(findings(allowed).addressCode, KNOWN_ADDRESS),
    );
    check("it derives the known account keys from words", () => {
      assert.equal(findings(allowed).viewPrivateKey, KNOWN_VIEW_KEY);
      assert.equal(findings(allowed).spendPrivateKey, KNOWN_SPEND_KEY);
    });
    check("it opens a Fog record and reads the amount of its output", () =>
      assert.equal(findings(allowed).foundInRecord, KNOWN_AMOUNT),
    );
    check(
      "it builds and signs a payment, the same as Node does, that validation accepts and a tampered one it refuses",
      () => assert.deepEqual(findings(allowed).payment, paidInNode),
    );
    check("every part of the kernel gives its known answers there", () =>
      assert.deepEqual(findings(allowed).wrongAnswers, []),
    );
    check("nothing violates the policy and nothing complains", () => assert.deepEqual(allowed.complaints, []));

    const forbidden = await visit(browser, urlWithoutWasm);
    check("a policy without 'wasm-unsafe-eval' gives one clear error", () =>
      oneClearError(forbidden, /'wasm-unsafe-eval'/, ["content security policy: script-src refused wasm-eval"]),
    );
    const absent = await visit(browser, url, "delete globalThis.WebAssembly;");
    check("a browser without WebAssembly gives one clear error", () => oneClearError(absent, /no WebAssembly/));

    await checkEcho(browser, check);
  } finally {
    await browser.close();
  }
}

/** The SDK's own tests, from the files that Node runs. */
async function sdkSuite(): Promise<void> {
  const browser = await startChromium();
  try {
    const { passed, failed } = await runSdkSuite(browser);
    check(`the SDK's tests pass there as in Node (${passed} of ${passed + failed.length})`, () => {
      assert.deepEqual(failed, []);
      assert.ok(passed > 100, "There are more tests than that.");
    });
  } finally {
    await browser.close();
  }
}

async function withoutSimd({ url }: PageServer): Promise<void> {
  const browser = await startChromium(NO_SIMD_FLAG);
  try {
    const page = await browser.newPage();
    const switchedOff = !(await page.evaluate(HAS_SIMD));
    const seen = await visit(browser, url, switchedOff ? undefined : NO_SIMD_PRELUDE);
    check(`a browser without SIMD (${switchedOff ? "V8 flag" : "refusing compiler"}) gives one clear error`, () =>
      oneClearError(seen, /SIMD/),
    );
  } finally {
    await browser.close();
  }
}

function check(promise: string, body: () => void): void {
  try {
    body();
    console.log(`ok - ${promise}`);
  } catch (error) {
    failures++;
    console.error(`not ok - ${promise}\n${error instanceof Error ? error.message : error}`);
  }
}

/** What the page found; throws its error when it found none. */
function findings({ report }: Visit): PageFindings {
  if ("error" in report) throw new Error(`The page failed: ${report.error.code}: ${report.error.message}`);
  return report;
}

/** The page caught one `wasm-unsupported` whose message names the cause, and heard no other complaint than these. */
function oneClearError({ report, complaints }: Visit, cause: RegExp, expected: readonly string[] = []): void {
  assert.ok("error" in report, "The page ought to have failed.");
  assert.equal(report.error.code, "wasm-unsupported");
  assert.match(report.error.message, cause);
  assert.deepEqual(complaints, expected);
}
