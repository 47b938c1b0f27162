// What the documentation says can be tried: its samples run, its commands exist, its links lead somewhere.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as account from "@fogbow/core-account";
import * as attest from "@fogbow/core-attest";
import * as bytes from "@fogbow/core-bytes";
import * as crypto from "@fogbow/core-crypto";
import * as transaction from "@fogbow/core-transaction";
import * as wire from "@fogbow/core-wire";
import * as kernel from "@fogbow/kernel";
import * as server from "@fogbow/server";
import * as verifier from "@fogbow/verifier-enclave";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const pages = markdownBelow("");

/** Every page below a folder, without what is built or installed. */
function markdownBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(node_modules|dist|\..*)$/.test(entry.name) ? [] : markdownBelow(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

const read = (page: string): string => readFileSync(join(root, page), "utf8");

/** By the names in which samples import them. */
const modules: Readonly<Record<string, object>> = {
  "@fogbow/core-account": account,
  "@fogbow/core-attest": attest,
  "@fogbow/core-bytes": bytes,
  "@fogbow/core-crypto": crypto,
  "@fogbow/core-transaction": transaction,
  "@fogbow/core-wire": wire,
  "@fogbow/kernel": kernel,
  "@fogbow/server": server,
  "@fogbow/verifier-enclave": verifier,
};

/** A server's end of a channel, which echoes. */
function echoTransport(responderId: string, random: (length: number) => Uint8Array): attest.ChannelTransport<object> {
  const staticKey = attest.KeyPair.random(random);
  const now = 1_780_000_000_000;
  const machine = attest.createSimulatedPlatform("simulated", { random, now });
  const enclave = { measurement: new Uint8Array(32), productId: 1, securityVersion: 1 };
  const contents = { nonce: random(16), key: staticKey.publicKey };
  const encoded = attest.encodeEvidence(attest.makeSimulatedEvidence(machine, enclave, { contents, now }));
  const responder = new attest.ChannelResponder(
    { responderId },
    { staticKey, evidence: () => ({ kind: "dcap", bytes: encoded }), random },
  );
  return {
    auth: async (request) => responder.auth(request),
    send: async (message) => {
      const { plaintext, reply } = responder.open(message);
      return reply(plaintext);
    },
    forget: () => {},
  };
}

const random = (length: number): Uint8Array => new Uint8Array(length).fill(1);

/** What samples leave to the reader to bring. */
const brought = {
  words: `${"abandon ".repeat(11)}about`,
  phrase: `${"abandon ".repeat(11)}about`,
  fogAuthoritySpki: new Uint8Array([1]),
  encoding: crypto.BASE_POINT,
  random,
  uri: "fog-view://view.example",
  transport: echoTransport("view.example:443", random),
  verify: () => ({}),
  isExpired: () => false,
  query: new Uint8Array(1),
  encodedTxs: [],
  context: { blockVersion: 4, currentIndex: 1n, minimumFees: [[0n, 400_000_000n]], rootProofs: [] },
  signal: new AbortController().signal,
  isReady: true,
};

const AsyncFunction = (async () => undefined).constructor as FunctionConstructor; // It has no global name.

/** Runs a sample, with everything in scope that it may call, and returns what it calls `code`. */
async function run(sample: string): Promise<unknown> {
  const body = sample.replace(/^import \{([^}]*)\} from "([^"]+)";$/gm, 'const {$1} = modules["$2"];');
  const scope = { ...Object.assign({}, ...Object.values(modules)), ...brought, modules };
  return new AsyncFunction(...Object.keys(scope), `{${body}\nreturn typeof code === "undefined" ? undefined : code;}`)(
    ...Object.values(scope),
  );
}

const samples = pages.flatMap((page) =>
  [...read(page).matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => [page, match[1] ?? ""] as const),
);

describe("samples", () => {
  test.each(samples)("of %s run", async (_, sample) => {
    await run(sample);
  });

  test("of the front page make the address of the words", async () => {
    const [, sample = ""] = samples.find(([page]) => page === "README.md") ?? [];
    const address = account.publicAddress(account.accountKeyFromMnemonic(brought.words, 0));
    expect(await run(sample)).toBe(account.encodePrintable({ kind: "public-address", publicAddress: address }));
  });
});

describe.each(pages)("%s", (page) => {
  test("names commands that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> };
    const named = [...read(page).matchAll(/npm run (?:--silent )?([a-z:]+)/g)].map((match) => match[1] ?? "");
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test("has links that lead somewhere", () => {
    const links = [...read(page).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map((match) => match[1] ?? "");
    const files = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(files.filter((file) => !existsSync(join(root, dirname(page), file)))).toEqual([]);
  });
});
