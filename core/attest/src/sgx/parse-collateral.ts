// Collateral, taken apart once: parsing is pure, so what was parsed may be kept and used for many verifications.
import { fromUtf8 } from "@fogbow/core-bytes";
import { fromPem } from "../der/pem.ts";
import { AttestError } from "../error.ts";
import type { IntelCollateral } from "../evidence/evidence.ts";
import { type Certificate, parseCertificate } from "../x509/certificate.ts";
import { parseCrl, type RevocationList } from "../x509/revocation-list.ts";
import { parseQeIdentity, type QeIdentity } from "./qe-identity.ts";
import { parseTcbInfo, type TcbInfo } from "./tcb-info.ts";

/** Collateral, taken apart and not verified: nothing of it may be believed before its signatures are checked. */
export interface ParsedCollateral {
  readonly pckCrlIssuerChain: readonly Certificate[];
  readonly rootCaCrl: RevocationList;
  readonly pckCrl: RevocationList;
  readonly tcbInfoIssuerChain: readonly Certificate[];
  readonly tcbInfo: TcbInfo;
  readonly qeIdentityIssuerChain: readonly Certificate[];
  readonly qeIdentity: QeIdentity;
}

/** Takes collateral apart. Throws `collateral-malformed` or a code of a certificate or a revocation list. */
export function parseCollateral(collateral: IntelCollateral): ParsedCollateral {
  return {
    pckCrlIssuerChain: parseChain(collateral.pckCrlIssuerChain, "the PCK revocation list"),
    rootCaCrl: parseCrl(collateral.rootCaCrl),
    pckCrl: parseCrl(collateral.pckCrl),
    tcbInfoIssuerChain: parseChain(collateral.tcbInfoIssuerChain, "the TCB info"),
    tcbInfo: parseTcbInfo(collateral.tcbInfo),
    qeIdentityIssuerChain: parseChain(collateral.qeIdentityIssuerChain, "the quoting enclave's identity"),
    qeIdentity: parseQeIdentity(collateral.qeIdentity),
  };
}

/** The certificates of the platform, leaf first, as a quote holds them. Throws as {@link parseCollateral} does. */
export function parsePckChain(pem: Uint8Array): Certificate[] {
  return parseChain(fromPem(asciiOf(pem)), "the platform's key");
}

function parseChain(chain: readonly Uint8Array[], what: string): Certificate[] {
  if (chain.length === 0) {
    throw new AttestError("collateral-malformed", `The certificate chain of ${what} is empty.`);
  }
  return chain.map(parseCertificate);
}

function asciiOf(pem: Uint8Array): string {
  try {
    return fromUtf8(pem);
  } catch (cause) {
    throw new AttestError("pem-malformed", "The certificates in the quote are not text.", { cause });
  }
}
