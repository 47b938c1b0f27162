// The manifest of a bundle: what the enclave is called, its versions, and what can be asked of it (spec 04 §15).
import { CodedError, fromUtf8, utf8 } from "@fogbow/core-bytes";
import { RuntimeError } from "../error.ts";

/** A manifest, in bytes of JSON. */
const MANIFEST_BYTES_MAX = 65_536;

/** Entry points of one enclave. */
const ENTRY_POINTS_MAX = 64;

/** Bytes of an enclave's or entry point's name, which is plain ASCII. */
export const NAME_BYTES_MAX = 64;

/** Bytes of the longest input or output that an entry point may have. */
export const MESSAGE_BYTES_MAX = 16_777_216;

/** One thing an enclave can be asked, with the sizes it takes and gives. */
export interface EntryPoint {
  readonly name: string;
  /** Bytes of the shortest input; 0 when absent from the manifest. */
  readonly inputBytesMin: number;
  /** Bytes of the longest input. */
  readonly inputBytesMax: number;
  /** Bytes of the longest output. */
  readonly outputBytesMax: number;
}

/** What an enclave is. */
export interface Manifest {
  /** Lower-case words with hyphens; the name in `measurements.json`. */
  readonly name: string;
  /** 16 bits: which product of its signer. */
  readonly productId: number;
  /** 16 bits: counts security fixes; sealed data of a newer one is refused. */
  readonly securityVersion: number;
  readonly entryPoints: readonly EntryPoint[];
}

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** A manifest from JSON. Keys that it does not know are refused. Throws {@link RuntimeError} `invalid-manifest`. */
export function parseManifest(json: Uint8Array): Manifest {
  if (json.length > MANIFEST_BYTES_MAX) throw invalid(`is larger than ${MANIFEST_BYTES_MAX} bytes`);
  const object = asObject(parseJson(json), ["name", "productId", "securityVersion", "entryPoints"], "");
  const entryPoints = object.entryPoints;
  if (!Array.isArray(entryPoints) || entryPoints.length === 0 || entryPoints.length > ENTRY_POINTS_MAX) {
    throw invalid(`needs 1 to ${ENTRY_POINTS_MAX} entryPoints`);
  }
  const manifest: Manifest = {
    name: asName(object.name, "name"),
    productId: asInteger(object.productId, 0xffff, "productId"),
    securityVersion: asInteger(object.securityVersion, 0xffff, "securityVersion"),
    entryPoints: entryPoints.map((each, i) => parseEntryPoint(each, `entryPoints[${i}].`)),
  };
  if (new Set(manifest.entryPoints.map(({ name }) => name)).size !== entryPoints.length) {
    throw invalid("names an entry point twice");
  }
  return manifest;
}

/** The one form in which a manifest is measured: this key order, two spaces, a line break at the end. */
export function encodeManifest({ name, productId, securityVersion, entryPoints }: Manifest): Uint8Array {
  const ordered = {
    name,
    productId,
    securityVersion,
    entryPoints: entryPoints.map(({ name, inputBytesMin, inputBytesMax, outputBytesMax }) => ({
      name,
      inputBytesMin,
      inputBytesMax,
      outputBytesMax,
    })),
  };
  return utf8(`${JSON.stringify(ordered, undefined, 2)}\n`);
}

function parseEntryPoint(value: unknown, path: string): EntryPoint {
  const object = asObject(value, ["name", "inputBytesMin", "inputBytesMax", "outputBytesMax"], path);
  const entryPoint = {
    name: asName(object.name, `${path}name`),
    inputBytesMin: asInteger(object.inputBytesMin ?? 0, MESSAGE_BYTES_MAX, `${path}inputBytesMin`),
    inputBytesMax: asInteger(object.inputBytesMax, MESSAGE_BYTES_MAX, `${path}inputBytesMax`),
    outputBytesMax: asInteger(object.outputBytesMax, MESSAGE_BYTES_MAX, `${path}outputBytesMax`),
  };
  if (entryPoint.inputBytesMin > entryPoint.inputBytesMax) throw invalid(`takes no input at ${path}inputBytesMax`);
  return entryPoint;
}

function parseJson(json: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(json));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof CodedError) throw invalid("is no JSON", { cause });
    throw cause;
  }
}

function asObject(value: unknown, keys: readonly string[], path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(`needs an object at ${path}`);
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw invalid(`has the unknown key ${path}${unknown}`);
  return value as Readonly<Record<string, unknown>>; // Every object is one.
}

function asName(value: unknown, path: string): string {
  if (typeof value !== "string" || !NAME.test(value) || value.length > NAME_BYTES_MAX) {
    throw invalid(`needs lower-case words with hyphens, at most ${NAME_BYTES_MAX} characters, at ${path}`);
  }
  return value;
}

function asInteger(value: unknown, max: number, path: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > max) {
    throw invalid(`needs an integer from 0 to ${max} at ${path}`);
  }
  return value;
}

function invalid(problem: string, options?: ErrorOptions): RuntimeError {
  return new RuntimeError("invalid-manifest", `The manifest ${problem}.`, options);
}
