// The platform named simulated: makes evidence of the shape of spec 04 §9 under a root that protects nobody (§12.4). It runs
// through every check that evidence from hardware runs through.
import { bytes, fromHex, type Random, utf8 } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { toPem } from "../der/pem.ts";
import { showTime } from "../der/time.ts";
import type { DcapEvidence, IntelCollateral, ReportDataContents } from "../evidence/evidence.ts";
import { reportDataOf } from "../evidence/report-data.ts";
import { usage, writeCertificate, writeCrl } from "./certificates.ts";
import { type SimulatedKey, simulatedKey } from "./ecdsa.ts";
import { rootOf, type Simulation, softwareModeName } from "./roots.ts";
import {
  PCK_EXTENSION,
  QE_IDENTITY,
  QUOTING_ENCLAVE,
  signJson,
  tcbInfoOf,
  writePckExtension,
} from "./simulated-collateral.ts";
import { COMMON_NAME, derName } from "./write-der.ts";
import { writeQuote, writeReportBody } from "./write-quote.ts";

/** What evidence says about an enclave. */
export interface SimulatedEnclave {
  /** The bundle's measurement, which stands in MRENCLAVE: 32 bytes. */
  readonly measurement: Uint8Array;
  /** From 0 to 65 535, like the security version. */
  readonly productId: number;
  readonly securityVersion: number;
}

/** A simulated machine with a certificate of its own. */
export interface SimulatedPlatform {
  /** A quote with a fresh attestation key. `reportData` is 64 bytes. Throws `invalid-length` (core-bytes). */
  quote(enclave: SimulatedEnclave, reportData: Uint8Array): Uint8Array;
  /** Collateral that is valid from an hour before `now` to 30 days after it. */
  collateral(now: number): IntelCollateral;
}

/** What a simulated machine is made with. */
export interface SimulatedPlatformParts {
  /** Draws 32 bytes for the machine, and 32 for each quote. */
  readonly random: Random;
  /** Milliseconds since 1970; the machine's certificate is valid from an hour before it for ten years. */
  readonly now: number;
}

/** A simulated machine: Fogbow's own, or one for the reference's software-mode clients. */
export function createSimulatedPlatform(
  simulation: Simulation,
  { random, now }: SimulatedPlatformParts,
): SimulatedPlatform {
  const root = rootOf(simulation);
  const signer = simulatedKey(random(32));
  const signerCertificate = writeSigner(simulation, signer, now);
  const chain = [signerCertificate, root.certificate.der];
  const pckChain = utf8(`${chain.map((der) => toPem(der)).join("")}\0`); // Quotes end their text with a NUL (T10).
  return {
    quote({ measurement, productId, securityVersion }, reportData) {
      const body = writeReportBody({
        attributes: DEBUGGABLE,
        mrEnclave: bytes(measurement, 32, "The measurement"),
        mrSigner: simulatedMrSigner(simulation),
        productId,
        securityVersion,
        reportData: bytes(reportData, 64, "The report data"),
      });
      const attestationKey = simulatedKey(random(32));
      const authData = new Uint8Array();
      return writeQuote({
        body,
        attestationKey,
        quotingEnclave: QUOTING_ENCLAVE,
        authData,
        platformKey: signer,
        pckChain,
      });
    },
    collateral(at) {
      const window = { issueDate: at - HOUR_MS, nextUpdate: at + COLLATERAL_MS };
      const crl = writeCrl(
        { issuer: root.subject, thisUpdate: window.issueDate, nextUpdate: window.nextUpdate, revoked: [] },
        root.key,
      );
      return {
        pckCrlIssuerChain: chain,
        rootCaCrl: crl,
        pckCrl: crl,
        tcbInfoIssuerChain: chain,
        tcbInfo: signJson("tcbInfo", { ...tcbInfoOf(simulation), ...textsOf(window) }, signer),
        qeIdentityIssuerChain: chain,
        qeIdentity: signJson("enclaveIdentity", { ...QE_IDENTITY, ...textsOf(window) }, signer),
      };
    },
  };
}

/** Evidence for an enclave of a simulated machine, with collateral of `now`. */
export function makeSimulatedEvidence(
  platform: SimulatedPlatform,
  enclave: SimulatedEnclave,
  { contents, now }: { readonly contents: ReportDataContents; readonly now: number },
): DcapEvidence {
  return {
    kind: "dcap",
    quote: platform.quote(enclave, reportDataOf(contents)),
    collateral: platform.collateral(now),
    reportData: contents,
  };
}

/** MRSIGNER of simulated enclaves: SHA-256 of the root's public point x ‖ y, 32 bytes. */
export function simulatedMrSigner(simulation: Simulation): Uint8Array {
  return kernel().hashes.sha256(rootOf(simulation).key.xy);
}

const HOUR_MS = 3_600_000;
const COLLATERAL_MS = 30 * 24 * HOUR_MS;
const TEN_YEARS_MS = 3_652 * 24 * HOUR_MS;

/** INIT, DEBUG and MODE64BIT: whoever runs a simulation can look into it, and the evidence says so. */
const DEBUGGABLE = fromHex("07000000000000000000000000000000");

function textsOf(window: { readonly issueDate: number; readonly nextUpdate: number }): Record<string, string> {
  const { issueDate, nextUpdate } = window;
  return { issueDate: showTime(issueDate), nextUpdate: showTime(nextUpdate) };
}

function writeSigner(simulation: Simulation, key: SimulatedKey, now: number): Uint8Array {
  const root = rootOf(simulation);
  const subject =
    simulation === "simulated"
      ? derName([COMMON_NAME, "Fogbow simulated machine, protects nobody"])
      : softwareModeName("Simulation Intel SGX Attestation Report Signer");
  return writeCertificate(
    {
      serial: 2,
      issuer: root.subject,
      subject,
      notBefore: now - HOUR_MS,
      notAfter: now + TEN_YEARS_MS,
      publicKey: key.xy,
      extensions: [...usage("signer"), { oid: PCK_EXTENSION, critical: false, value: writePckExtension(simulation) }],
    },
    root.key,
  );
}
