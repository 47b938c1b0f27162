// Runs a bundle's code in a realm of its own (`node:vm`), which has the language, WebAssembly and what the runtime gives.
//
// This guards against mistakes in measured code: a stray clock, generator or file that would make an enclave depend on
// its host. It is no sandbox: code that was written to break out of a realm of the same process can.
import { types } from "node:util";
import { compileFunction, createContext, runInContext } from "node:vm";
import { fromUtf8, type Random } from "@fogbow/core-bytes";
import type { BundleFiles } from "../bundle/bundle.ts";
import { MODULE_PREFIX, MODULE_SUFFIX } from "../bundle/module-form.ts";
import type { EnclaveParts, Helper, MakeEnclave } from "../enclave.ts";
import { RuntimeError } from "../error.ts";
import { type PreparedRealm, prepareRealm, type RealmEnclave, type RealmHost } from "./prepare-realm.ts";

/** Starts the bundle's enclave with its parts. Throws {@link RuntimeError} `invalid-enclave` when it does not start. */
export function startInRealm(files: BundleFiles, parts: Omit<EnclaveParts, "manifest">): RealmEnclave {
  return evaluate(files, copyingParts(parts), (prepared, makeEnclave) => prepared.start(makeEnclave));
}

/**
 * The bundle's helper in a realm of its own, which has randomness and nothing else. Throws {@link RuntimeError}
 * `invalid-enclave` when the module exports none.
 */
export function startHelperInRealm(files: BundleFiles, random: Random): (input: Uint8Array) => Uint8Array {
  const none: unknown = { random, counter: {}, measurement: NOTHING, config: NOTHING }; // The helper is given no more.
  return evaluate(files, none as RealmHost["parts"], (prepared, { helper }) => {
    if (typeof helper !== "function") throw invalid("exports no helper");
    return prepared.startHelper(helper);
  });
}

const NOTHING = new Uint8Array(0);

/** What a module exports: the function that makes the enclave, with the helper as its property. */
type Exported = MakeEnclave & { readonly helper?: Helper };

/** Evaluates the module in a new realm, and starts what is wanted of it. */
function evaluate<T>(
  files: BundleFiles,
  parts: RealmHost["parts"],
  start: (prepared: PreparedRealm, exported: Exported) => T,
): T {
  const context = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: true } });
  const prepare = runInContext(`"use strict"; (${prepareRealm.toString()})`, context, { filename: "realm" });
  try {
    const prepared: PreparedRealm = prepare(hostOf(files, parts));
    const makeEnclave = compileFunction(
      `"use strict"; return ${expressionOf(files["enclave.mjs"])};`,
      prepared.globals.map(([name]) => name),
      { parsingContext: context, filename: "enclave.mjs" },
    )(...prepared.globals.map(([, value]) => value));
    if (typeof makeEnclave !== "function") throw invalid("exports no function");
    return start(prepared, makeEnclave as Exported); // Whether it is one shows when it is called.
  } catch (cause) {
    if (cause instanceof RuntimeError) throw cause;
    throw invalid("does not start", { cause });
  }
}

const DYNAMIC_IMPORT = /\bimport(?:\s|\/\*[\s\S]*?\*\/|\/\/.*\n)*\(/;

/** The one expression that the measured module exports. */
function expressionOf(module: Uint8Array): string {
  const text = fromUtf8(module);
  if (!text.startsWith(MODULE_PREFIX) || !text.endsWith(MODULE_SUFFIX))
    throw invalid("is no single exported expression");
  // Node answers one with an error of the host's realm. The builder makes none.
  if (DYNAMIC_IMPORT.test(text)) throw invalid("imports something while it runs");
  return text.slice(MODULE_PREFIX.length, -MODULE_SUFFIX.length);
}

function hostOf(files: BundleFiles, parts: RealmHost["parts"]): RealmHost {
  const { subtle } = crypto;
  const keys = new WeakMap<object, Awaited<ReturnType<typeof subtle.importKey>>>();
  return {
    encodeUtf8: (text) => new TextEncoder().encode(text),
    decodeUtf8: (bytes, fatal, ignoreBOM) => new TextDecoder("utf-8", { fatal, ignoreBOM }).decode(bytes),
    atob: (base64) => atob(base64),
    // WebCrypto checks its own arguments, also those that enclave code got wrong.
    importKey: async (token, args) => {
      keys.set(token, await subtle.importKey(...(args as Parameters<typeof subtle.importKey>)));
    },
    verify: (token, ...[algorithm, signature, data]) =>
      subtle.verify(...([algorithm, keys.get(token), signature, data] as Parameters<typeof subtle.verify>)),
    digest: (args) => subtle.digest(...(args as Parameters<typeof subtle.digest>)),
    kernelWasmBase64: Buffer.from(files["kernel.wasm"]).toString("base64"),
    manifestJson: fromUtf8(files["manifest.json"]),
    parts,
  };
}

/** The same parts for enclave code, whose byte strings are of another realm: they are copied before anything is checked. */
function copyingParts(parts: Omit<EnclaveParts, "manifest">): Omit<EnclaveParts, "manifest"> {
  const { sealing, state, threads } = parts;
  const own = (bytes: Uint8Array): Uint8Array => {
    const copy = copyOut(bytes);
    if (copy === undefined)
      throw new RuntimeError("invalid-input", "What is sealed, opened or computed on is a Uint8Array.");
    return copy;
  };
  return {
    ...parts,
    sealing: {
      seal: (plaintext, aad, policy) => sealing.seal(own(plaintext), own(aad), policy),
      unseal: (blob, aad) => sealing.unseal(own(blob), own(aad)),
    },
    state: {
      seal: (plaintext, policy) => state.seal(own(plaintext), policy),
      stored: () => state.stored(),
      open: (blob) => state.open(own(blob)),
    },
    threads: {
      spawn: () => {
        const thread = threads.spawn();
        return { call: (input) => thread.call(own(input)), close: () => thread.close() };
      },
    },
  };
}

/** A copy, in the host's realm, of bytes that enclave code returned; undefined for what is no byte string. */
export function copyOut(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  return types.isUint8Array(value) ? new Uint8Array(value) : undefined;
}

function invalid(problem: string, options?: ErrorOptions): RuntimeError {
  return new RuntimeError("invalid-enclave", `The enclave's module ${problem}.`, options);
}
