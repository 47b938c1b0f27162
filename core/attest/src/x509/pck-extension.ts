// What Intel certified about an SGX platform: the extension of PCK certificates (Intel SGX PCK Certificate and CRL Profile
// Specification §1.3.5; spec 04 §6.3).
import { readDocument } from "../der/assert-der.ts";
import { type DerReader, readAll, TAG } from "../der/read-der.ts";
import { readObjectIdentifier, readSmallInteger } from "../der/values.ts";
import { AttestError } from "../error.ts";
import type { Certificate } from "./certificate.ts";
import { extensionValue } from "./extensions.ts";

/** What Intel certified about a platform. */
export interface PckExtension {
  /** 16 bytes. */
  readonly ppid: Uint8Array;
  /** The 16 component security versions, each from 0 to 255. */
  readonly componentSvns: readonly number[];
  /** From 0 to 65 535. */
  readonly pceSvn: number;
  /** 16 bytes; levels are matched by the components, not by these. */
  readonly cpuSvn: Uint8Array;
  /** 2 bytes. */
  readonly pceId: Uint8Array;
  /** 6 bytes. */
  readonly fmspc: Uint8Array;
  /** 0 standard, 1 scalable, 2 scalable with integrity; undefined in simulated certificates. */
  readonly sgxType: number | undefined;
}

/** What to do with an entry that is there twice. */
export interface PckOptions {
  /** `first-wins` reads simulated certificates, which write the type under the number of the FMSPC (T29). */
  readonly duplicates: "refuse" | "first-wins";
}

const SGX_EXTENSION = "1.2.840.113741.1.13.1";
const COMPONENTS = 16;
const ENTRIES_MAX = 32; // Seven are defined, and 18 in the security version.

const PPID = `${SGX_EXTENSION}.1`;
const TCB = `${SGX_EXTENSION}.2`;
const PCE_SVN = `${TCB}.17`;
const CPU_SVN = `${TCB}.18`;
const PCE_ID = `${SGX_EXTENSION}.3`;
const FMSPC = `${SGX_EXTENSION}.4`;
const SGX_TYPE = `${SGX_EXTENSION}.5`;

/**
 * The SGX extension of a certificate. Entries that are not defined are passed over. Throws `pck-extension-missing` and
 * `pck-extension-malformed`.
 */
export function parsePckExtension(certificate: Certificate, options: PckOptions): PckExtension {
  const value = extensionValue(certificate.extensions, SGX_EXTENSION);
  if (value === undefined) {
    throw missing(SGX_EXTENSION);
  }
  try {
    const entries = readDocument(value, (outer) => readEntries(outer, options));
    const tcb = entries.read(TCB, (reader) => readEntries(reader, options));
    return {
      ppid: entries.bytes(PPID, 16),
      componentSvns: Array.from({ length: COMPONENTS }, (_, i) => tcb.integer(`${TCB}.${i + 1}`, 0xff)),
      pceSvn: tcb.integer(PCE_SVN, 0xffff),
      cpuSvn: tcb.bytes(CPU_SVN, 16),
      pceId: entries.bytes(PCE_ID, 2),
      fmspc: entries.bytes(FMSPC, 6),
      sgxType: entries.has(SGX_TYPE) ? entries.read(SGX_TYPE, readType) : undefined,
    };
  } catch (cause) {
    if (cause instanceof AttestError && cause.code === "der-malformed") {
      throw new AttestError("pck-extension-malformed", `The SGX extension is malformed. ${cause.message}`, { cause });
    }
    throw cause;
  }
}

/** The values of a sequence of pairs of object identifier and value, by identifier. */
class Entries {
  readonly #values: ReadonlyMap<string, Uint8Array>;

  constructor(values: ReadonlyMap<string, Uint8Array>) {
    this.#values = values;
  }

  has(oid: string): boolean {
    return this.#values.has(oid);
  }

  read<T>(oid: string, read: (reader: DerReader) => T): T {
    const value = this.#values.get(oid);
    if (value === undefined) {
      throw missing(oid);
    }
    return readAll(value, read);
  }

  bytes(oid: string, length: number): Uint8Array {
    const value = this.read(oid, (reader) => reader.content(TAG.octetString));
    if (value.length !== length) {
      throw malformedEntry(`The entry ${oid} has ${value.length} bytes and not ${length}.`);
    }
    return value;
  }

  integer(oid: string, max: number): number {
    const value = this.read(oid, (reader) => readSmallInteger(reader));
    if (value > max) {
      throw malformedEntry(`The entry ${oid} is above ${max}.`);
    }
    return value;
  }
}

function readEntries(outer: DerReader, { duplicates }: PckOptions): Entries {
  const reader = outer.enter(TAG.sequence);
  const values = new Map<string, Uint8Array>();
  for (let count = 1; !reader.isAtEnd; count++) {
    const pair = reader.enter(TAG.sequence);
    const oid = readObjectIdentifier(pair);
    const value = pair.element().encoded;
    pair.assertEnd();
    if (count > ENTRIES_MAX || (values.has(oid) && duplicates === "refuse")) {
      throw malformedEntry(count > ENTRIES_MAX ? "There are too many entries." : `The entry ${oid} is there twice.`);
    }
    if (!values.has(oid)) {
      values.set(oid, value);
    }
  }
  return new Entries(values);
}

function readType(reader: DerReader): number {
  const type = readSmallInteger(reader, TAG.enumerated);
  if (type > 2) {
    throw malformedEntry(`The SGX type ${type} is not defined.`);
  }
  return type;
}

function missing(oid: string): AttestError {
  return new AttestError("pck-extension-missing", `The certificate says nothing under ${oid}.`);
}

function malformedEntry(message: string): AttestError {
  return new AttestError("pck-extension-malformed", `The SGX extension is malformed. ${message}`);
}
