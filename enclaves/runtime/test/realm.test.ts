import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSimulatedPlatform, encodeEvidence, makeSimulatedEvidence } from "@fogbow/core-attest";
import { concatBytes, fromUtf8, utf8 } from "@fogbow/core-bytes";
import { buildBundle } from "@fogbow/runtime-enclave";
import { afterAll, describe, expect, test } from "vitest";
import { startInRealm } from "../src/realm/realm.ts";
import { seededRandom, testParts } from "./test-parts.ts";
import { writeEnclave } from "./write-enclave.ts";

const folder = mkdtempSync(join(tmpdir(), "fogbow-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
/** Runs an expression inside an enclave, where `input` is what it was called with, and returns it as text. */
async function evaluate(expression: string, input = ""): Promise<string> {
  const source = `() => ({ call: async (_, bytes) => {
    const input = new TextDecoder().decode(bytes);
    let value;
    try { value = await (${expression}); } catch (error) { value = error.name + ": " + error.message; }
    return new TextEncoder().encode(String(value));
  } })`;
  const bundle = await buildBundle(writeEnclave(join(folder, `${count++}`), source));
  const output = await startInRealm(bundle, testParts()).call("call", utf8(input));
  return fromUtf8(new Uint8Array(output));
}

describe("enclave code cannot reach", () => {
  test.each([
    ["the network", "typeof fetch + typeof WebSocket + typeof XMLHttpRequest", "undefinedundefinedundefined"],
    [
      "timers",
      "typeof setTimeout + typeof setInterval + typeof setImmediate + typeof queueMicrotask",
      "undefined".repeat(4),
    ],
    ["the process and its environment", "typeof process", "undefined"],
    ["Node's modules by require", "typeof globalThis.require + typeof globalThis.module", "undefinedundefined"],
    [
      "Node's modules by process.getBuiltinModule",
      "process.getBuiltinModule('fs')",
      "ReferenceError: process is not defined",
    ],
    ["the clock by Date", "typeof Date", "undefined"],
    ["the clock by performance", "typeof performance", "undefined"],
    ["the clock by Intl", "typeof Intl", "undefined"],
    ["Math.random", "typeof Math.random", "undefined"],
    ["WebCrypto's generator", "typeof crypto.getRandomValues + typeof crypto.randomUUID", "undefinedundefined"],
    ["WebCrypto's private keys", "Object.keys(crypto.subtle).sort().join()", "digest,importKey,verify"],
    ["the console", "typeof console", "undefined"],
    ["shared memory and waiting", "typeof SharedArrayBuffer + typeof Atomics", "undefinedundefined"],
    ["garbage collection", "typeof WeakRef + typeof FinalizationRegistry", "undefinedundefined"],
    ["the locale", "typeof (1).toLocaleString + typeof ''.localeCompare", "undefinedundefined"],
  ])("%s", async (_, expression, expected) => {
    expect(await evaluate(expression)).toBe(expected);
  });

  test.each([
    ["eval", "(0, globalThis['ev' + 'al'])('1')"],
    ["new Function", "new Function('return 1')()"],
    ["the constructor of functions", "(() => {}).constructor('return process')()"],
    ["the constructor of asynchronous functions", "(async () => {}).constructor('return 1')()"],
    ["the constructor of generators", "(function* () {}).constructor('yield 1')().next().value"],
  ])("text as code, by %s", async (_, expression) => {
    expect(await evaluate(expression)).toMatch(/^(EvalError|TypeError): /);
  });

  test("Node's modules by a dynamic import", async () => {
    expect(await evaluate("import(input)", "node:fs")).toMatch(/^Error: Dynamic require/);
  });

  test("the host's realm through what it is given", async () => {
    const escapes = ["TextEncoder", "TextDecoder", "atob", "crypto.subtle.verify", "random", "WebAssembly.Module"];
    for (const each of escapes) {
      const expression = `${each === "random" ? "atob" : each}.constructor('return process')()`;
      expect(await evaluate(expression)).toMatch(/^EvalError: /);
    }
    expect(await evaluate("(() => { try { atob('%'); } catch (e) { return e instanceof Error; } })()")).toBe("true");
    expect(
      await evaluate("crypto.subtle.digest('SHA-256', new Uint8Array(1)).then((d) => d instanceof ArrayBuffer)"),
    ).toBe("true");
    expect(await evaluate("crypto.subtle.digest('none', new Uint8Array(1)).catch((e) => e instanceof Error)")).toBe(
      "true",
    );
  });
});

describe("code that was written to leave finds nothing of the host in", () => {
  /** Runs a body that tells `seen` of every object it gets hold of: none may be of another realm. */
  async function strangers(body: string): Promise<string> {
    const module = `export default (parts) => {
      let found = "";
      let asked = 0;
      const seen = (value) => {
        asked++;
        if (Object(value) === value && !(value instanceof Object)) found += Object.prototype.toString.call(value);
      };
      return { call: async () => {
        await (async () => { ${body} })();
        return Uint8Array.from(found || (asked > 0 ? "nothing" : "not asked"), (letter) => letter.charCodeAt(0));
      } };
    };\n`;
    const manifest = utf8('{"name":"test"}');
    const files = { "enclave.mjs": utf8(module), "kernel.wasm": new Uint8Array(0), "manifest.json": manifest };
    return fromUtf8(new Uint8Array(await startInRealm(files, testParts()).call("call", new Uint8Array(1))));
  }

  const insteadOfBytes = (use: string): string => `
    const Bytes = Uint8Array;
    globalThis.Uint8Array = class { constructor(value) { seen(value); return new Bytes(value); } };
    seen({}); ${use}; globalThis.Uint8Array = Bytes;`;

  test.each([
    ["the bytes of its parts, by a Uint8Array of its own", insteadOfBytes("parts.random(4)")],
    ["text as bytes, by a Uint8Array of its own", insteadOfBytes("new TextEncoder().encode('a')")],
    [
      "public keys, by a WeakMap of its own",
      `seen({});
       const { set } = WeakMap.prototype;
       WeakMap.prototype.set = function (key, value) { seen(value); return set.call(this, key, value); };
       await crypto.subtle.importKey("spki", new Uint8Array([1]), "Ed25519", true).catch(seen);
       await crypto.subtle.importKey("raw", new Uint8Array(32), "Ed25519", true).then(seen);`,
    ],
    [
      "errors of WebAssembly",
      `seen({}); await WebAssembly.compileStreaming?.(1).catch(seen);
       await WebAssembly.instantiateStreaming?.(1).catch(seen); await WebAssembly.compile(new Uint8Array(1)).catch(seen);`,
    ],
    [
      "the frames of an error",
      "Error.prepareStackTrace = (_, frames) => { seen(frames); frames.forEach((each) => { seen(each); seen(each.getThis()); seen(each.getFunction()); }); };" +
        "seen({}); try { parts.sealing.unseal(new Uint8Array(1), new Uint8Array(0)); } catch (error) { error.stack; }",
    ],
    ["whoever waits for an answer", "seen(await { then: (resolve) => { seen(resolve); resolve({}); } });"],
  ])("%s", async (_, body) => {
    expect(await strangers(body)).toBe("nothing");
  });

  test("a dynamic import that no builder made: such a module is refused", async () => {
    for (const each of ["import('node:fs')", "import /* a comment */ ('node:fs')", "import // another\n('node:fs')"]) {
      await expect(strangers(`await ${each}.catch(seen);`)).rejects.toMatchObject({ code: "invalid-enclave" });
    }
  });
});

describe("enclave code has", () => {
  test("UTF-8 in both directions, strictly when it asks", async () => {
    expect(await evaluate("input", "köln €𝄞")).toBe("köln €𝄞");
    const strict = "new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255]))";
    expect(await evaluate(strict)).toMatch(/^TypeError: /);
  });

  test("the kernel of its bundle", async () => {
    const source = `() => ({ call: (_, input) => kernel().hashes.sha256(input) })`;
    const before = 'import { kernel } from "@fogbow/kernel";';
    const bundle = await buildBundle(writeEnclave(join(folder, "kernel"), source, { before }));
    const digest = startInRealm(bundle, testParts()).call("call", utf8("abc"));
    expect(Buffer.from(digest as Uint8Array).toString("hex")).toMatch(/^ba7816bf8f01cfea/);
    const other = { ...bundle, "kernel.wasm": new Uint8Array([1, 2, 3]) };
    expect(() => startInRealm(other, testParts()).call("call", utf8("abc"))).toThrow();
  });

  test("signature checks, with public keys only", async () => {
    const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
      "sign",
      "verify",
    ]);
    const message = new Uint8Array([1, 2, 3]);
    const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, message);
    const input = JSON.stringify({
      key: [...new Uint8Array(await crypto.subtle.exportKey("raw", publicKey))],
      signature: [...new Uint8Array(signature)],
    });
    const check = (messageBytes: string): string => `(async () => {
      const { key, signature } = JSON.parse(input);
      const p256 = { name: "ECDSA", namedCurve: "P-256" };
      const imported = await crypto.subtle.importKey("raw", new Uint8Array(key), p256, false, ["verify"]);
      const algorithm = { name: "ECDSA", hash: "SHA-256" };
      return crypto.subtle.verify(algorithm, imported, new Uint8Array(signature), new Uint8Array(${messageBytes}));
    })()`;
    expect(await evaluate(check("[1, 2, 3]"), input)).toBe("true");
    expect(await evaluate(check("[1, 2, 4]"), input)).toBe("false");
  });

  test("all it takes to verify a peer's evidence, at the time that it is told", async () => {
    const source = `() => ({ call: async (_, input) => {
      const view = new DataView(input.buffer, input.byteOffset);
      const evidence = decodeDcapEvidence(input.subarray(40));
      const identity = { kind: "mr-enclave", mrEnclave: input.subarray(8, 40), configAdvisories: [], hardeningAdvisories: [] };
      const policy = createPolicy({ measurements: [{ identity }], platforms: ["simulated"] });
      const verdict = await verifyEvidence({ evidence, policy, at: view.getFloat64(0) });
      return utf8(verdict.ok ? "ok" : verdict.problems.map(({ code }) => code).join());
    } })`;
    const before = `
      import { createPolicy, decodeDcapEvidence, verifyEvidence } from "@fogbow/core-attest";
      import { utf8 } from "@fogbow/core-bytes";`;
    const bundle = await buildBundle(writeEnclave(join(folder, "verifier"), source, { before }));
    const enclave = startInRealm(bundle, testParts());
    const measurement = new Uint8Array(32).fill(5);
    const issued = Date.parse("2026-01-01T00:00:00Z");
    const random = seededRandom();
    const machine = createSimulatedPlatform("simulated", { random, now: issued });
    const who = { measurement, productId: 1, securityVersion: 1 };
    const contents = { nonce: random(16), key: random(32) };
    const evidence = encodeEvidence(makeSimulatedEvidence(machine, who, { contents, now: issued }));
    const judge = async (at: number, expected: Uint8Array): Promise<string> => {
      const time = new Uint8Array(8);
      new DataView(time.buffer).setFloat64(0, at);
      return fromUtf8(new Uint8Array(await enclave.call("call", concatBytes(time, expected, evidence))));
    };
    expect(await judge(issued, measurement)).toBe("ok");
    expect(await judge(issued, new Uint8Array(32))).toBe("measurement-unknown");
    expect(await judge(issued + 60 * 86_400_000, measurement)).toMatch(/expired/);
  });

  test("a copy of every input, so that the host cannot change it after it was checked", async () => {
    const source = "() => { let kept; return { call: (_, input) => (kept ??= input) }; }";
    const enclave = startInRealm(await buildBundle(writeEnclave(join(folder, "copy"), source)), testParts());
    const input = utf8("first");
    enclave.call("call", input);
    input.fill(0);
    expect(fromUtf8(new Uint8Array(enclave.call("call", input) as Uint8Array))).toBe("first");
  });
});

describe("a module is refused", () => {
  test.each([
    ["that exports no function", "5"],
    ["that throws when it starts", "() => { throw new Error('no'); }"],
  ])("%s", async (name, source) => {
    const bundle = await buildBundle(writeEnclave(join(folder, name), source));
    expect(() => startInRealm(bundle, testParts())).toThrow(expect.objectContaining({ code: "invalid-enclave" }));
  });

  test("that is not one exported expression", async () => {
    const bundle = await buildBundle(writeEnclave(join(folder, "form"), "() => ({ call: () => new Uint8Array() })"));
    const altered = { ...bundle, "enclave.mjs": utf8(`import "node:fs";\n${fromUtf8(bundle["enclave.mjs"])}`) };
    expect(() => startInRealm(altered, testParts())).toThrow(expect.objectContaining({ code: "invalid-enclave" }));
  });
});
