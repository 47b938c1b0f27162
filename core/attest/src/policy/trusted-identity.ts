// Which enclaves are trusted, and which advisories their authors have dealt with (spec 04 §7.3).
import { toHex } from "@fogbow/core-bytes";
import { AttestError } from "../error.ts";
import { JsonFields } from "../evidence/json-fields.ts";
import { ADVISORIES_MAX } from "../sgx/tcb-info.ts";

/** Advisories that do not speak against an enclave, as its author or operator has dealt with them. */
export interface MitigatedAdvisories {
  /** Dealt with by configuring the platform. */
  readonly configAdvisories: readonly string[];
  /** Dealt with in the enclave's software. */
  readonly hardeningAdvisories: readonly string[];
}

/** An enclave of exactly this measurement. */
export interface MrEnclaveIdentity extends MitigatedAdvisories {
  readonly kind: "mr-enclave";
  /** 32 bytes; the bundle's measurement on the simulated platform. */
  readonly mrEnclave: Uint8Array;
}

/** Any enclave of a product that this key signed, from a security version on. */
export interface MrSignerIdentity extends MitigatedAdvisories {
  readonly kind: "mr-signer";
  /** 32 bytes. */
  readonly mrSigner: Uint8Array;
  /** From 0 to 65 535, like the security version. */
  readonly productId: number;
  readonly minimumSvn: number;
}

/** A TDX machine of this firmware, with these measurements of what it loaded. */
export interface TdIdentity extends MitigatedAdvisories {
  readonly kind: "td";
  /** 48 bytes. */
  readonly mrTd: Uint8Array;
  /** RTMR0 to RTMR3, 48 bytes each; a register that may hold anything is undefined. */
  readonly rtmrs: readonly (Uint8Array | undefined)[];
}

/** A SEV-SNP machine of this launch measurement. */
export interface SnpIdentity {
  readonly kind: "sev-snp";
  /** 48 bytes. */
  readonly launchMeasurement: Uint8Array;
  /** What the launcher named, 32 bytes; undefined where it may be anything. */
  readonly hostData: Uint8Array | undefined;
}

/** An enclave that is trusted. */
export type TrustedIdentity = MrEnclaveIdentity | MrSignerIdentity | TdIdentity | SnpIdentity;

/** Measurements as published: version → enclave → identity. */
export type MeasurementFile = ReadonlyMap<string, ReadonlyMap<string, TrustedIdentity>>;

/** The most characters of a file of measurements. */
export const MEASUREMENT_FILE_LENGTH_MAX = 1_048_576;

/**
 * Reads an identity in the form of published measurements, with exactly the members that it can have. Throws
 * `policy-malformed`.
 */
export function parseTrustedIdentity(value: unknown, what = "An identity"): MrEnclaveIdentity | MrSignerIdentity {
  const fields = new JsonFields(value, "policy-malformed", what);
  if (fields.has("MRENCLAVE")) {
    fields.assertMembers("MRENCLAVE", ...ADVISORY_MEMBERS);
    return { kind: "mr-enclave", mrEnclave: fields.hex("MRENCLAVE", 32), ...readAdvisories(fields) };
  }
  fields.assertMembers("MRSIGNER", "product_id", "minimum_svn", ...ADVISORY_MEMBERS);
  return {
    kind: "mr-signer",
    mrSigner: fields.hex("MRSIGNER", 32),
    productId: fields.integer("product_id", 0xffff),
    minimumSvn: fields.integer("minimum_svn", 0xffff),
    ...readAdvisories(fields),
  };
}

/** Reads a file of measurements: version → enclave → identity. Throws `policy-malformed`. */
export function parseMeasurementFile(text: string): MeasurementFile {
  if (text.length > MEASUREMENT_FILE_LENGTH_MAX) {
    throw malformed(`A file of measurements has at most ${MEASUREMENT_FILE_LENGTH_MAX} characters.`);
  }
  const versions = entriesOf(parseJson(text), "The file of measurements");
  return new Map(
    versions.map(([version, enclaves]) => [
      version,
      new Map(
        entriesOf(enclaves, `Version ${version} of the measurements`).map(([name, identity]) => [
          name,
          parseTrustedIdentity(identity, `The identity of ${name} in ${version}`),
        ]),
      ),
    ]),
  );
}

/** An identity in the form of published measurements. */
export function trustedIdentityToJson(identity: MrEnclaveIdentity | MrSignerIdentity): Record<string, unknown> {
  const advisories = {
    mitigated_config_advisories: identity.configAdvisories,
    mitigated_hardening_advisories: identity.hardeningAdvisories,
  };
  return identity.kind === "mr-enclave"
    ? { MRENCLAVE: toHex(identity.mrEnclave), ...advisories }
    : {
        MRSIGNER: toHex(identity.mrSigner),
        product_id: identity.productId,
        minimum_svn: identity.minimumSvn,
        ...advisories,
      };
}

const ADVISORY_MEMBERS: readonly string[] = ["mitigated_config_advisories", "mitigated_hardening_advisories"];

function readAdvisories(fields: JsonFields): MitigatedAdvisories {
  return {
    configAdvisories: fields.optionalTexts("mitigated_config_advisories", ADVISORIES_MAX),
    hardeningAdvisories: fields.optionalTexts("mitigated_hardening_advisories", ADVISORIES_MAX),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AttestError("policy-malformed", "The file of measurements is not JSON.", { cause });
  }
}

function entriesOf(value: unknown, what: string): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed(`${what} is not a JSON object.`);
  }
  return Object.entries(value);
}

function malformed(message: string): AttestError {
  return new AttestError("policy-malformed", message);
}
