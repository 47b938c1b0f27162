// Evidence under the development root, in which a test can change any one thing before it is signed. The keys are in the
// repository and protect nobody.
import { concatBytes, fromHex, le32, utf8 } from "@fogbow/core-bytes";
import { toPem } from "../../src/der/pem.ts";
import { showTime } from "../../src/der/time.ts";
import type { DcapEvidence, ReportDataContents } from "../../src/evidence/evidence.ts";
import { reportDataOf } from "../../src/evidence/report-data.ts";
import { createPolicy, type Policy, type PolicyOptions } from "../../src/policy/policy.ts";
import type { MrEnclaveIdentity } from "../../src/policy/trusted-identity.ts";
import type { QuoteRules } from "../../src/sgx/appraise-quote.ts";
import { usage, writeCertificate, writeCrl } from "../../src/simulated/certificates.ts";
import { simulatedKey, simulatedSign } from "../../src/simulated/ecdsa.ts";
import { rootOf } from "../../src/simulated/roots.ts";
import {
  PCK_EXTENSION,
  QE_IDENTITY,
  QUOTING_ENCLAVE,
  signJson,
  tcbInfoOf,
  writePckExtension,
} from "../../src/simulated/simulated-collateral.ts";
import { COMMON_NAME, derName } from "../../src/simulated/write-der.ts";
import {
  le16,
  type ReportFields,
  writeCertified,
  writeQuote,
  writeReportBody,
} from "../../src/simulated/write-quote.ts";

/** When the evidence is looked at: 2026-06-15T12:00:00Z. */
export const AT = Date.UTC(2026, 5, 15, 12);
export const DAY_MS = 86_400_000;

export const MEASUREMENT = new Uint8Array(32).fill(0xa1);
export const SIGNER = new Uint8Array(32).fill(0xb2);
export const CONTENTS: ReportDataContents = {
  nonce: new Uint8Array(16).fill(0x42),
  key: new Uint8Array(32).fill(0x11),
  customIdentity: new Uint8Array(32),
};

/** The enclave as the report states it; not debuggable, unlike those of the simulated platform. */
export const ENCLAVE: ReportFields = {
  attributes: fromHex("05000000000000000000000000000000"),
  mrEnclave: MEASUREMENT,
  mrSigner: SIGNER,
  productId: 7,
  securityVersion: 3,
  reportData: reportDataOf(CONTENTS),
};

export const ROOT = rootOf("simulated");
export const OTHER_ROOT_KEY = simulatedKey(utf8("another root, for tests"));
export const SIGNER_KEY = simulatedKey(utf8("a machine's key, for tests"));
const ATTESTATION_KEY = simulatedKey(utf8("an attestation key, for tests"));
const SIGNER_NAME = derName([COMMON_NAME, "A machine for tests"]);

/** What a test may change. */
export interface Changes {
  readonly enclave?: Partial<ReportFields>;
  /** Changes the report body, when it is not of SGX or more is to be wrong with it than its fields. */
  readonly body?: Uint8Array;
  readonly version?: 3 | 4 | 5;
  readonly quotingEnclave?: Partial<typeof QUOTING_ENCLAVE>;
  readonly authData?: Uint8Array;
  readonly reportDataTail?: Uint8Array;
  /** Members of the TCB info and of the identity. */
  readonly tcbInfo?: Readonly<Record<string, unknown>>;
  readonly qeIdentity?: Readonly<Record<string, unknown>>;
  /** The chain of the platform and of all collateral. */
  readonly signer?: { readonly notBefore?: number; readonly notAfter?: number; readonly pck?: Uint8Array };
  readonly root?: { readonly key?: typeof OTHER_ROOT_KEY };
  readonly crl?: {
    readonly thisUpdate?: number;
    readonly nextUpdate?: number;
    readonly revoked?: readonly number[];
    readonly key?: typeof OTHER_ROOT_KEY;
    readonly issuer?: Uint8Array;
  };
  readonly contents?: ReportDataContents;
}

/** Evidence that holds at {@link AT} but for the changes. */
export function testEvidence(changes: Changes = {}): DcapEvidence {
  const { notBefore = AT - 100 * DAY_MS, notAfter = AT + 1000 * DAY_MS } = changes.signer ?? {};
  const rootKey = changes.root?.key ?? ROOT.key;
  const root = writeCertificate(
    {
      serial: 1,
      issuer: ROOT.subject,
      subject: ROOT.subject,
      notBefore: AT - 200 * DAY_MS,
      notAfter: AT + 2000 * DAY_MS,
      publicKey: rootKey.xy,
      extensions: usage("authority"),
    },
    rootKey,
  );
  const pck = changes.signer?.pck ?? writePckExtension("simulated");
  const signer = writeCertificate(
    {
      serial: 2,
      issuer: ROOT.subject,
      subject: SIGNER_NAME,
      notBefore,
      notAfter,
      publicKey: SIGNER_KEY.xy,
      extensions: [...usage("signer"), { oid: PCK_EXTENSION, critical: false, value: pck }],
    },
    rootKey,
  );
  const chain = [signer, root];
  const { thisUpdate = AT - DAY_MS, nextUpdate = AT + 30 * DAY_MS, revoked = [] } = changes.crl ?? {};
  const crl = writeCrl(
    { issuer: changes.crl?.issuer ?? ROOT.subject, thisUpdate, nextUpdate, revoked },
    changes.crl?.key ?? rootKey,
  );
  const window = { issueDate: showTime(AT - DAY_MS), nextUpdate: showTime(AT + 20 * DAY_MS) };
  return {
    kind: "dcap",
    quote: testQuote(changes, utf8(`${chain.map((der) => toPem(der)).join("")}\0`)),
    collateral: {
      pckCrlIssuerChain: chain,
      rootCaCrl: crl,
      pckCrl: crl,
      tcbInfoIssuerChain: chain,
      tcbInfo: signJson("tcbInfo", { ...tcbInfoOf("simulated"), ...window, ...changes.tcbInfo }, SIGNER_KEY),
      qeIdentityIssuerChain: chain,
      qeIdentity: signJson("enclaveIdentity", { ...QE_IDENTITY, ...window, ...changes.qeIdentity }, SIGNER_KEY),
    },
    reportData: changes.contents ?? CONTENTS,
  };
}

function testQuote(changes: Changes, pckChain: Uint8Array): Uint8Array {
  const parts = {
    attestationKey: ATTESTATION_KEY,
    quotingEnclave: { ...QUOTING_ENCLAVE, ...changes.quotingEnclave },
    authData: changes.authData ?? Uint8Array.from({ length: 32 }, (_, i) => i),
    reportDataTail: changes.reportDataTail ?? new Uint8Array(32),
    platformKey: SIGNER_KEY,
    pckChain,
  };
  const body = changes.body ?? writeReportBody({ ...ENCLAVE, ...changes.enclave });
  if (changes.version === undefined || changes.version === 3) {
    return writeQuote({ ...parts, body });
  }
  const descriptor = concatBytes(le16(body.length === 584 ? 2 : 3), le32(body.length));
  const signedBytes = concatBytes(
    le16(changes.version),
    le16(2),
    le32(0x81),
    new Uint8Array(40),
    ...(changes.version === 5 ? [descriptor] : []),
    body,
  );
  const certified = writeCertified(parts);
  const signatureData = concatBytes(
    simulatedSign(ATTESTATION_KEY, signedBytes),
    ATTESTATION_KEY.xy,
    le16(6),
    le32(certified.length),
    certified,
  );
  return concatBytes(signedBytes, le32(signatureData.length), signatureData);
}

const PCK_CA_KEY = simulatedKey(utf8("an authority for platforms, for tests"));
const PLATFORM_KEY = simulatedKey(utf8("a platform's key, for tests"));

/** Serial numbers in {@link layeredEvidence}. */
export const SERIALS = { tcbSigner: 2, pckCa: 3, platform: 4 } as const;

/** What of {@link layeredEvidence} a test may change. */
export interface LayeredChanges {
  /** The common name of the authority that certifies platforms. */
  readonly caName?: string;
  readonly revokedByRoot?: readonly number[];
  readonly revokedByCa?: readonly number[];
}

/**
 * Evidence with Intel's layers: the platform is certified by an authority below the root, which has a revocation list of its
 * own; TCB info and identity are signed by somebody whom the root certifies.
 */
export function layeredEvidence({ caName, revokedByRoot = [], revokedByCa = [] }: LayeredChanges = {}): DcapEvidence {
  const evidence = testEvidence();
  const [tcbSigner = new Uint8Array(), root = new Uint8Array()] = evidence.collateral.tcbInfoIssuerChain;
  const caSubject = derName([COMMON_NAME, caName ?? "Intel SGX PCK Processor CA"]);
  const times = { notBefore: AT - 100 * DAY_MS, notAfter: AT + 100 * DAY_MS };
  const ca = writeCertificate(
    {
      serial: SERIALS.pckCa,
      issuer: ROOT.subject,
      subject: caSubject,
      ...times,
      publicKey: PCK_CA_KEY.xy,
      extensions: usage("authority"),
    },
    ROOT.key,
  );
  const platform = writeCertificate(
    {
      serial: SERIALS.platform,
      issuer: caSubject,
      subject: SIGNER_NAME,
      ...times,
      publicKey: PLATFORM_KEY.xy,
      extensions: [...usage("signer"), { oid: PCK_EXTENSION, critical: false, value: writePckExtension("simulated") }],
    },
    PCK_CA_KEY,
  );
  const window = { thisUpdate: AT - DAY_MS, nextUpdate: AT + 30 * DAY_MS };
  const pckChain = utf8([platform, ca, root].map((der) => toPem(der)).join(""));
  return {
    ...evidence,
    quote: writeQuote({
      body: writeReportBody(ENCLAVE),
      attestationKey: ATTESTATION_KEY,
      quotingEnclave: QUOTING_ENCLAVE,
      authData: new Uint8Array(32),
      platformKey: PLATFORM_KEY,
      pckChain,
    }),
    collateral: {
      ...evidence.collateral,
      pckCrlIssuerChain: [ca, root],
      rootCaCrl: writeCrl({ issuer: ROOT.subject, ...window, revoked: revokedByRoot }, ROOT.key),
      pckCrl: writeCrl({ issuer: caSubject, ...window, revoked: revokedByCa }, PCK_CA_KEY),
      tcbInfoIssuerChain: [tcbSigner, root],
      qeIdentityIssuerChain: [tcbSigner, root],
    },
  };
}

export const IDENTITY: MrEnclaveIdentity = {
  kind: "mr-enclave",
  mrEnclave: MEASUREMENT,
  configAdvisories: [],
  hardeningAdvisories: [],
};

/** A policy that trusts {@link testEvidence}. */
export function testPolicy(options: Partial<PolicyOptions> = {}): Policy {
  return createPolicy({ measurements: [{ identity: IDENTITY }], platforms: ["simulated"], ...options });
}

/** The rules that {@link testEvidence} holds by, for appraising without a policy. */
export const RULES: QuoteRules = {
  root: ROOT.certificate,
  at: AT,
  checkCertificateTimes: true,
  checkCrlTimes: true,
  requireCrls: true,
  allowDebug: false,
};

/** A copy with one bit of one byte turned. */
export function withBit(bytes: Uint8Array, offset: number, bit = 0): Uint8Array {
  const copy = bytes.slice();
  copy[offset] = (copy[offset] ?? 0) ^ (1 << bit);
  return copy;
}
