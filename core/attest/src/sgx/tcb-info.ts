// Intel's TCB info, version 3: which security versions of a platform are up to date (spec 04 §6.4, §12.2).
import { AttestError } from "../error.ts";
import type { JsonFields } from "../evidence/json-fields.ts";
import { parseSignedDocument, type SignedDocument } from "./signed-json.ts";
import { isTcbStatus, type TcbStatus } from "./tcb-status.ts";

/** The most levels in one list; Intel's have about twenty. */
const TCB_LEVELS_MAX = 256;

/** The most advisories of one level. */
export const ADVISORIES_MAX = 256;

/** The most identities of TDX modules. */
const TDX_MODULE_IDENTITIES_MAX = 64;

/** What is common to levels of all kinds. */
export interface Standing {
  readonly status: TcbStatus;
  /** Advisories that still apply, such as `INTEL-SA-00334`. */
  readonly advisories: readonly string[];
  /** When the level was current, in milliseconds since 1970. */
  readonly date: number;
}

/** A level of the platform. */
export interface TcbLevel extends Standing {
  /** The 16 security versions that a platform of this level has at least. */
  readonly sgxComponents: readonly number[];
  readonly pceSvn: number;
  /** The 16 of the TDX module and below; undefined in TCB info about SGX. */
  readonly tdxComponents: readonly number[] | undefined;
}

/** A level of an enclave of Intel's, or of a TDX module. */
export interface SvnLevel extends Standing {
  readonly isvSvn: number;
}

/** Who signed a TDX module, and its attributes. */
export interface TdxModule {
  /** 48 bytes. */
  readonly mrSigner: Uint8Array;
  /** 8 bytes. */
  readonly attributes: Uint8Array;
  /** 8 bytes. */
  readonly attributesMask: Uint8Array;
}

/** A version of the TDX module that has levels of its own. */
export interface TdxModuleIdentity extends TdxModule {
  /** Such as `TDX_03`. */
  readonly id: string;
  readonly levels: readonly SvnLevel[];
}

/** TCB info, taken apart and not yet verified. */
export interface TcbInfo extends SignedDocument {
  /** The kind of platform: 6 bytes. */
  readonly fmspc: Uint8Array;
  /** 2 bytes. */
  readonly pceId: Uint8Array;
  /** Best first. */
  readonly levels: readonly TcbLevel[];
  readonly tdxModule: TdxModule | undefined;
  readonly tdxModuleIdentities: readonly TdxModuleIdentity[];
}

/** Reads signed TCB info. Throws `collateral-malformed`. */
export function parseTcbInfo(text: string): TcbInfo {
  const document = parseSignedDocument(text, "tcbInfo");
  const { fields } = document.signed;
  return {
    ...document,
    fmspc: fields.hex("fmspc", 6),
    pceId: fields.hex("pceId", 2),
    levels: fields.objects("tcbLevels", TCB_LEVELS_MAX).map(parseLevel),
    tdxModule: fields.has("tdxModule") ? parseModule(fields.object("tdxModule")) : undefined,
    tdxModuleIdentities: fields.has("tdxModuleIdentities")
      ? fields.objects("tdxModuleIdentities", TDX_MODULE_IDENTITIES_MAX).map(parseModuleIdentity)
      : [],
  };
}

/** Reads the levels of an enclave of Intel's or of a TDX module. Throws `collateral-malformed`. */
export function parseSvnLevels(fields: JsonFields): SvnLevel[] {
  return fields.objects("tcbLevels", TCB_LEVELS_MAX).map((level) => ({
    ...parseStanding(level),
    isvSvn: level.object("tcb").integer("isvsvn", 0xffff),
  }));
}

function parseLevel(level: JsonFields): TcbLevel {
  const tcb = level.object("tcb");
  return {
    ...parseStanding(level),
    sgxComponents: parseComponents(tcb, "sgxtcbcomponents"),
    pceSvn: tcb.integer("pcesvn", 0xffff),
    tdxComponents: tcb.has("tdxtcbcomponents") ? parseComponents(tcb, "tdxtcbcomponents") : undefined,
  };
}

function parseComponents(tcb: JsonFields, name: string): number[] {
  const components = tcb.objects(name, 16).map((component) => component.integer("svn", 255));
  if (components.length !== 16) {
    throw new AttestError("collateral-malformed", `A level of TCB info has ${components.length} ${name}, not 16.`);
  }
  return components;
}

function parseStanding(level: JsonFields): Standing {
  const status = level.text("tcbStatus");
  if (!isTcbStatus(status)) {
    throw new AttestError("collateral-malformed", `A level has a state ${JSON.stringify(status)} that is not known.`);
  }
  return {
    status,
    advisories: level.optionalTexts("advisoryIDs", ADVISORIES_MAX),
    date: level.instant("tcbDate"),
  };
}

function parseModule(fields: JsonFields): TdxModule {
  return {
    mrSigner: fields.hex("mrsigner", 48),
    attributes: fields.hex("attributes", 8),
    attributesMask: fields.hex("attributesMask", 8),
  };
}

function parseModuleIdentity(fields: JsonFields): TdxModuleIdentity {
  return { ...parseModule(fields), id: fields.text("id"), levels: parseSvnLevels(fields) };
}
