// Runs once inside a fresh realm, before any enclave code: takes away what the language offers of clock, randomness,
// locale and threads, and wraps what the host gives, so that no object of the host is ever in the enclave's hands.
//
// The runtime compiles the text of `prepareRealm` inside the realm: it must not mention anything outside itself.
import type { EvidenceMessage } from "@fogbow/core-attest";
import type { EnclaveParts, EnclaveThread, Helper, MakeEnclave, SealPolicy } from "../enclave.ts";

/** What the host lends to a realm. Every argument and result that is bytes is copied on its way in. */
export interface RealmHost {
  encodeUtf8(text: string): Uint8Array;
  decodeUtf8(bytes: Uint8Array, fatal: boolean, ignoreBOM: boolean): string;
  atob(base64: string): string;
  /** Imports a public key, which stays with the host; `token` stands for it. */
  importKey(token: object, args: readonly unknown[]): Promise<void>;
  verify(token: object, algorithm: unknown, signature: unknown, data: unknown): Promise<boolean>;
  digest(args: readonly unknown[]): Promise<ArrayBuffer>;
  readonly kernelWasmBase64: string;
  readonly manifestJson: string;
  readonly parts: Omit<EnclaveParts, "manifest">;
}

/** What the runtime holds of a running enclave. The functions and results are the realm's. */
export interface RealmEnclave {
  attests(): { readonly key: Uint8Array; readonly customIdentity: Uint8Array | undefined } | undefined;
  takeEvidence(evidence: EvidenceMessage): void;
  call(entryPoint: string, input: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** A realm that is ready for enclave code. */
export interface PreparedRealm {
  /** The globals that are left, for the module's wrapper: looking a global up in a realm is slow. */
  readonly globals: readonly (readonly [name: string, value: unknown])[];
  /** Makes the enclave from the module's default export. */
  start(makeEnclave: MakeEnclave): RealmEnclave;
  /** The module's helper, which overwrites its input when it has answered. */
  startHelper(helper: Helper): (input: Uint8Array) => Uint8Array;
}

/** Prepares the realm in which it is compiled. */
export function prepareRealm(host: RealmHost): PreparedRealm {
  const realm = globalThis as unknown as Record<string, unknown>; // The realm's globals, by name.
  const take = (holder: object, ...names: string[]): void => {
    for (const name of names) Reflect.deleteProperty(holder, name);
  };

  // What stays is listed, so that nothing that a later engine adds is there unasked. Not among it: Date, Intl and Temporal
  // (clock, locale), WeakRef and FinalizationRegistry (collection), SharedArrayBuffer and Atomics (threads), console, eval.
  const kept = new Set(
    (
      "Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Promise RegExp Error " +
      "AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON Math ArrayBuffer " +
      "Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array Uint8ClampedArray " +
      "BigUint64Array BigInt64Array DataView Map BigInt Set WeakMap WeakSet Proxy Reflect decodeURI decodeURIComponent " +
      "encodeURI encodeURIComponent isFinite isNaN WebAssembly"
    ).split(" "),
  );
  take(realm, ...Object.getOwnPropertyNames(realm).filter((name) => !kept.has(name)));
  take(Math, "random");
  take(realm.WebAssembly as object, "compileStreaming", "instantiateStreaming"); // Their errors are the host's.
  for (const holder of [Object, Number, BigInt, Array, Object.getPrototypeOf(Uint8Array)]) {
    take(holder.prototype, "toLocaleString");
  }
  take(String.prototype, "localeCompare", "toLocaleLowerCase", "toLocaleUpperCase");

  /** Calls the host; an error of the host's becomes one of the realm's, with its code. */
  const ask = <T>(call: () => T): T => {
    try {
      return call();
    } catch (error) {
      throw ownError(error);
    }
  };
  const askLater = <T, R>(call: () => Promise<T>, own: (value: T) => R): Promise<R> =>
    new Promise((resolve, reject) => {
      try {
        call().then(
          (value) => resolve(own(value)),
          (error) => reject(ownError(error)),
        );
      } catch (error) {
        reject(ownError(error));
      }
    });
  const ownError = (error: unknown): Error => {
    const { message, code, name } = error as { message?: unknown; code?: unknown; name?: unknown }; // Anything is thrown.
    const own = new Error(`${message}`);
    return Object.assign(own, { name: `${name}` }, typeof code === "string" ? { code } : {});
  };
  // As it is now: enclave code can put another in its place, which would be handed the host's bytes.
  const Bytes = Uint8Array;
  const copy = (bytes: Uint8Array | ArrayBuffer): Uint8Array => new Bytes(new Bytes(bytes));

  /** Plain data of the host as the realm's own. */
  const adopt = <T>(value: T): T => {
    if (ArrayBuffer.isView(value)) return copy(value as unknown as Uint8Array) as T; // The only views in plain data.
    if (Array.isArray(value)) return Array.from(value, adopt) as T;
    if (typeof value !== "object" || value === null) return value;
    return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, adopt(each)]))) as T;
  };

  const provide = (name: string, value: unknown): void => {
    Object.defineProperty(realm, name, { value, writable: true, configurable: true });
  };
  provide(
    "TextEncoder",
    class {
      readonly encoding = "utf-8";
      encode(text = ""): Uint8Array {
        return copy(ask(() => host.encodeUtf8(`${text}`)));
      }
    },
  );
  provide(
    "TextDecoder",
    class {
      readonly encoding = "utf-8";
      readonly fatal: boolean;
      readonly ignoreBOM: boolean;
      constructor(label = "utf-8", options: { readonly fatal?: boolean; readonly ignoreBOM?: boolean } = {}) {
        if (label !== "utf-8" && label !== "utf8") throw new RangeError("Only UTF-8 is decoded here.");
        this.fatal = options.fatal === true;
        this.ignoreBOM = options.ignoreBOM === true;
      }
      decode(bytes: Uint8Array = new Uint8Array()): string {
        return ask(() => host.decodeUtf8(bytes, this.fatal, this.ignoreBOM));
      }
    },
  );
  provide("atob", (base64: string) => ask(() => host.atob(`${base64}`)));
  provide("kernelWasmBase64", host.kernelWasmBase64);

  // Enough of WebCrypto to check signatures; keys are tokens of the realm. No generator, no private keys.
  const subtle = {
    importKey: (...[format, data, algorithm, extractable]: unknown[]) => {
      const token = Object.freeze({ type: "public" });
      return askLater(
        () => host.importKey(token, [format, data, algorithm, extractable, ["verify"]]),
        () => token,
      );
    },
    verify: (algorithm: unknown, key: object, signature: unknown, data: unknown) =>
      askLater(
        () => host.verify(key, algorithm, signature, data),
        (valid) => valid,
      ),
    digest: (algorithm: unknown, data: unknown) =>
      askLater(
        () => host.digest([algorithm, data]),
        (digest) => copy(digest).buffer,
      ),
  };
  provide("crypto", Object.freeze({ subtle: Object.freeze(subtle) }));

  const { measurement, peer, config, random, sealing, counter, state, threads } = host.parts;
  const strength = counter.strength;
  const parts: EnclaveParts = Object.freeze({
    manifest: JSON.parse(host.manifestJson),
    measurement: copy(measurement),
    peer: adopt(peer),
    config: copy(config),
    random: (length: number) => copy(ask(() => random(length))),
    sealing: Object.freeze({
      seal: (plaintext: Uint8Array, aad: Uint8Array, policy: SealPolicy) =>
        copy(ask(() => sealing.seal(plaintext, aad, policy))),
      unseal: (blob: Uint8Array, aad: Uint8Array) => copy(ask(() => sealing.unseal(blob, aad))),
    }),
    counter: Object.freeze({
      strength,
      read: () => ask(() => counter.read()),
      increment: () => ask(() => counter.increment()),
    }),
    state: Object.freeze({
      seal: (plaintext: Uint8Array, policy: SealPolicy) => copy(ask(() => state.seal(plaintext, policy))),
      stored: () => ask(() => state.stored()),
      open: (blob: Uint8Array) => copy(ask(() => state.open(blob))),
    }),
    threads: Object.freeze({ spawn: () => ownThread(ask(() => threads.spawn())) }),
  });

  function ownThread(thread: EnclaveThread): EnclaveThread {
    return Object.freeze({
      call: (input: Uint8Array) => askLater(() => thread.call(input), copy),
      close: () => ask(() => thread.close()),
    });
  }

  return {
    globals: Object.getOwnPropertyNames(realm)
      .filter((name) => /^[A-Za-z]\w*$/.test(name) && !/^(undefined|NaN|Infinity|globalThis)$/.test(name))
      .map((name) => [name, realm[name]]),
    start: (makeEnclave) => {
      const enclave = makeEnclave(parts);
      return {
        attests: () => {
          const { attests } = enclave;
          return attests && { key: attests.key, customIdentity: attests.customIdentity };
        },
        takeEvidence: ({ kind, bytes }) => enclave.takeEvidence?.({ kind, bytes: copy(bytes) }),
        call: (entryPoint, input) => enclave.call(entryPoint, copy(input)),
      };
    },
    startHelper: (helper) => (input) => {
      const own = copy(input);
      try {
        return helper(own, { random: parts.random });
      } finally {
        own.fill(0);
      }
    },
  };
}
