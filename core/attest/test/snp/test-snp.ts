// Evidence of SEV-SNP under a self-made root: a chain as AMD's (RSA-PSS root and intermediate, P-384 leaf), in which a test can
// change any one thing before it is signed. Keys are fresh in every run.
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { utf8 } from "@fogbow/core-bytes";
import { derElement, derInteger } from "../../src/der/write-der.ts";
import type { SevSnpEvidence } from "../../src/evidence/evidence.ts";
import { reportDataOf } from "../../src/evidence/report-data.ts";
import type { SnpRoot } from "../../src/snp/amd-roots.ts";
import type { SnpProduct } from "../../src/snp/snp-report.ts";
import type { Extension } from "../../src/x509/extensions.ts";
import { leafExtensions } from "../../src/x509/issue-certificate.ts";
import { CONTENTS } from "../evidence/test-evidence.ts";
import {
  type CertificateChanges,
  type CrlChanges,
  makeCertificate,
  makeCrl,
  type Party,
  pssParty,
} from "../x509/test-authority.ts";

export const LAUNCH_MEASUREMENT: Uint8Array = new Uint8Array(48).fill(0xe5);
export const HOST_DATA: Uint8Array = new Uint8Array(32).fill(0xf6);
export const CHIP_ID: Uint8Array = Uint8Array.from({ length: 64 }, (_, i) => i + 1);

/** Boot loader 3, TEE 1, SNP 8, microcode 115 as Milan and Genoa write them; FMC 4 before them on Turin. */
const TCB: Readonly<Record<SnpProduct, Uint8Array>> = {
  Milan: Uint8Array.of(3, 1, 0, 0, 0, 0, 8, 115),
  Genoa: Uint8Array.of(3, 1, 0, 0, 0, 0, 8, 115),
  Turin: Uint8Array.of(4, 3, 1, 8, 0, 0, 0, 115),
};

const ARK = pssParty("ARK for tests");
const ASK = pssParty("SEV for tests");
const VCEK_KEYS = generateKeyPairSync("ec", { namedCurve: "P-384" });
const VCEK: Party = {
  name: pssParty("SEV-VCEK").name,
  spki: new Uint8Array(VCEK_KEYS.publicKey.export({ type: "spki", format: "der" })),
  algorithm: ARK.algorithm,
  sign: () => new Uint8Array(),
};

/** The self-made root, as the root of a product line. */
export function rootsFor(product: SnpProduct): SnpRoot[] {
  return [{ product, spkiSha256: createHash("sha256").update(ARK.spki).digest("hex") }];
}

/** What a test may change. */
export interface SnpChanges {
  readonly product?: SnpProduct;
  /** Bytes at offsets of the report, before it is signed. */
  readonly report?: readonly (readonly [offset: number, bytes: ArrayLike<number>])[];
  /** Extensions of the chip's certificate by the end of their identifiers; undefined leaves one out. */
  readonly vcekExtensions?: Readonly<Record<string, Uint8Array | undefined>>;
  readonly vcek?: CertificateChanges;
  readonly ask?: CertificateChanges;
  readonly ark?: CertificateChanges;
  readonly crl?: CrlChanges | "none" | "of the intermediate";
}

/** Evidence that holds but for the changes. */
export function snpEvidence(changes: SnpChanges = {}): SevSnpEvidence {
  const product = changes.product ?? "Milan";
  const vcek = makeCertificate(ASK, VCEK, {
    extensions: [...leafExtensions(), ...vcekExtensions(product, changes.vcekExtensions ?? {})],
    ...changes.vcek,
  });
  const crl =
    changes.crl === "none"
      ? new Uint8Array()
      : changes.crl === "of the intermediate"
        ? makeCrl(ASK)
        : makeCrl(ARK, changes.crl);
  return {
    kind: "sev-snp",
    report: snpReport(product, changes.report ?? []),
    certificates: [vcek, makeCertificate(ARK, ASK, changes.ask), makeCertificate(ARK, ARK, changes.ark)],
    crl,
    reportData: CONTENTS,
  };
}

function snpReport(product: SnpProduct, changes: NonNullable<SnpChanges["report"]>): Uint8Array {
  const report = new Uint8Array(1184);
  const fields: NonNullable<SnpChanges["report"]> = [
    [0x000, [2]],
    [0x004, [5]],
    [0x034, [1]],
    [0x050, reportDataOf(CONTENTS)],
    [0x090, LAUNCH_MEASUREMENT],
    [0x0c0, HOST_DATA],
    [0x180, TCB[product]],
    [0x1a0, CHIP_ID],
  ];
  for (const [offset, bytes] of [...fields, ...changes]) {
    report.set(bytes, offset);
  }
  const key = { key: VCEK_KEYS.privateKey, dsaEncoding: "ieee-p1363" } as const;
  const signature = sign("sha384", report.subarray(0, 0x2a0), key);
  report.set(signature.subarray(0, 48).toReversed(), 0x2a0);
  report.set(signature.subarray(48).toReversed(), 0x2a0 + 72);
  return report;
}

const AMD = "1.3.6.1.4.1.3704.1";

function vcekExtensions(product: SnpProduct, changes: NonNullable<SnpChanges["vcekExtensions"]>): Extension[] {
  const number = (value: number): Uint8Array => derInteger(Uint8Array.of(value));
  const values: Record<string, Uint8Array | undefined> = {
    "1": number(0),
    "2": derElement(0x16, utf8(product === "Turin" ? "Turin" : `${product}-B0`)),
    "3.1": number(3),
    "3.2": number(1),
    "3.3": number(8),
    "3.8": number(115),
    ...(product === "Turin" ? { "3.9": number(4) } : {}),
    "4": product === "Turin" ? CHIP_ID.subarray(0, 8) : CHIP_ID,
    ...changes,
  };
  return Object.entries(values).flatMap(([suffix, value]) =>
    value === undefined ? [] : [{ oid: `${AMD}.${suffix}`, critical: false, value }],
  );
}
