// Collateral from Intel's provisioning certification service (PCS, API version 4), or a cache that speaks like it (PCCS):
// what to ask, and how its answers become collateral (spec 04 §6.4). How bytes are fetched is the caller's part.
import { fromHex, fromUtf8 } from "@fogbow/core-bytes";
import { fromPem } from "../der/pem.ts";
import { AttestError } from "../error.ts";
import type { IntelCollateral } from "../evidence/evidence.ts";
import { parseCollateral } from "../sgx/parse-collateral.ts";
import type { CollateralRequest } from "./collateral-request.ts";

/** The most bytes of one answer: Intel's longest has some 10 000. */
export const COLLATERAL_ANSWER_BYTES_MAX = 1_048_576;

/** An answer of the service, whose status was 200. */
export interface CollateralAnswer {
  readonly body: Uint8Array;
  /** The value of a header by its name in lower case; undefined when there is none. */
  readonly header: (name: string) => string | undefined;
}

/** Asks for an address; rejects unless the answer's status is 200, and refuses to read more than a mebibyte. */
export type GetCollateral = (url: string, signal?: CollateralSignal) => Promise<CollateralAnswer>;

/** The part of `AbortSignal` that the pure code passes on. */
export interface CollateralSignal {
  readonly aborted: boolean;
}

/** Where the service is. */
export interface IntelServiceOptions {
  /** Without a slash at its end. */
  readonly serviceUrl?: string;
  readonly rootCrlUrl?: string;
}

/** Where Intel's own service is. */
const SERVICE_URL = "https://api.trustedservices.intel.com";
const ROOT_CRL_URL = "https://certificates.trustedservices.intel.com/IntelSGXRootCA.der";

/**
 * Asks for everything that a request needs, at once, and puts it together. What comes back is parsed, not verified: it is
 * judged with the quote. Rejects with `collateral-malformed`, a code of a certificate or a revocation list, or what `get`
 * rejects with.
 */
export async function loadIntelCollateral(
  request: CollateralRequest,
  get: GetCollateral,
  options: IntelServiceOptions & { readonly signal?: CollateralSignal } = {},
): Promise<IntelCollateral> {
  const { serviceUrl = SERVICE_URL, rootCrlUrl = ROOT_CRL_URL, signal } = options;
  const { tee, fmspc, ca } = request;
  const [tcbInfo, qeIdentity, pckCrl, rootCaCrl] = await Promise.all([
    get(`${serviceUrl}/${tee}/certification/v4/tcb?fmspc=${fmspc}`, signal),
    get(`${serviceUrl}/${tee}/certification/v4/qe/identity`, signal),
    get(`${serviceUrl}/sgx/certification/v4/pckcrl?ca=${ca}&encoding=der`, signal),
    get(rootCrlUrl, signal),
  ]);
  const collateral = {
    tcbInfo: textOf(tcbInfo),
    tcbInfoIssuerChain: issuerChain(tcbInfo, ["tcb-info-issuer-chain", "sgx-tcb-info-issuer-chain"]),
    qeIdentity: textOf(qeIdentity),
    qeIdentityIssuerChain: issuerChain(qeIdentity, ["sgx-enclave-identity-issuer-chain"]),
    pckCrl: crlOf(pckCrl),
    pckCrlIssuerChain: issuerChain(pckCrl, ["sgx-pck-crl-issuer-chain"]),
    rootCaCrl: crlOf(rootCaCrl),
  };
  parseCollateral(collateral);
  return collateral;
}

function textOf({ body }: CollateralAnswer): string {
  assertSize(body);
  try {
    return fromUtf8(body);
  } catch (cause) {
    throw malformed("An answer of the service is not text.", cause);
  }
}

/** A revocation list as DER; services that speak version 3.0 write it in hexadecimal (T31). */
function crlOf(answer: CollateralAnswer): Uint8Array {
  const { body } = answer;
  assertSize(body);
  if (body[0] === DER_SEQUENCE) {
    return body; // In hexadecimal the first character is "3".
  }
  try {
    return fromHex(textOf(answer).trim());
  } catch (cause) {
    throw malformed("A revocation list is neither DER nor DER in hexadecimal.", cause);
  }
}

/** The first byte of a revocation list in DER, and the character "0". */
const DER_SEQUENCE = 0x30;

/** A chain of certificates as a header holds it: PEM, encoded like a part of a URL. */
function issuerChain({ header }: CollateralAnswer, names: readonly string[]): Uint8Array[] {
  const value = names.map(header).find((found) => found !== undefined);
  if (value === undefined) {
    throw malformed(`An answer of the service lacks its header ${names[0]}.`);
  }
  try {
    return fromPem(decodeURIComponent(value));
  } catch (cause) {
    throw malformed(`The header ${names[0]} is not a chain of certificates in PEM.`, cause);
  }
}

function assertSize(body: Uint8Array): void {
  if (body.length > COLLATERAL_ANSWER_BYTES_MAX) {
    throw malformed(`An answer of the service has more than ${COLLATERAL_ANSWER_BYTES_MAX} bytes.`);
  }
}

function malformed(message: string, cause?: unknown): AttestError {
  return new AttestError("collateral-malformed", message, cause === undefined ? undefined : { cause });
}
