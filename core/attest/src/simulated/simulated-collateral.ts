// What Intel would say about a simulated platform: its certificate's extension, TCB info and quoting enclave (spec 04 §9).
import { fromHex, toHex, utf8 } from "@fogbow/core-bytes";
import { TAG } from "../der/read-der.ts";
import { derElement, derObjectIdentifier, derSequence } from "../der/write-der.ts";
import { type SimulatedKey, simulatedSign } from "./ecdsa.ts";
import type { Simulation } from "./roots.ts";
import { derNumber, derOctets } from "./write-der.ts";
import type { ReportFields } from "./write-quote.ts";

/** A signed object as Intel writes it, with the signature over its exact text. */
export function signJson(member: "tcbInfo" | "enclaveIdentity", value: object, key: SimulatedKey): string {
  const text = JSON.stringify(value);
  return `{"${member}":${text},"signature":"${toHex(simulatedSign(key, utf8(text)))}"}`;
}

const QE_MR_SIGNER = "1234567890abcdeffedcba09876543211234567890abcdeffedcba0987654321";

/** The quoting enclave that every simulated machine has. */
export const QUOTING_ENCLAVE: Omit<ReportFields, "reportData"> = {
  attributes: new Uint8Array(16),
  mrEnclave: new Uint8Array(32),
  mrSigner: fromHex(QE_MR_SIGNER),
  productId: 0,
  securityVersion: 0,
};

const LEVEL_DATE = "2021-11-10T00:00:00Z";

/** The identity of that quoting enclave, without its window. */
export const QE_IDENTITY: Readonly<Record<string, unknown>> = {
  id: "QE",
  version: 2,
  issueDate: "",
  nextUpdate: "",
  tcbEvaluationDataNumber: 12,
  miscselect: "00000000",
  miscselectMask: "FFFFFFFF",
  attributes: "00".repeat(16),
  attributesMask: "FF".repeat(16),
  mrsigner: QE_MR_SIGNER.toUpperCase(),
  isvprodid: 0,
  tcbLevels: [{ tcb: { isvsvn: 0 }, tcbDate: LEVEL_DATE, tcbStatus: "UpToDate" }],
};

const FMSPC = "0123456789ab";

/** What simulated certificates say about the platform's provisioning enclave, and what the TCB info says. */
const PCE_IDS: Readonly<Record<Simulation, { readonly certificate: Uint8Array; readonly tcbInfo: string }>> = {
  simulated: { certificate: Uint8Array.of(0, 0), tcbInfo: "0000" },
  "software-mode": { certificate: utf8("12"), tcbInfo: "0000" }, // They differ, as in the reference.
};

/** The TCB info of a simulated platform, without its window. */
export function tcbInfoOf(simulation: Simulation): Record<string, unknown> {
  return {
    id: "SGX",
    version: 3,
    issueDate: "",
    nextUpdate: "",
    fmspc: FMSPC,
    pceId: PCE_IDS[simulation].tcbInfo,
    tcbType: 0,
    tcbEvaluationDataNumber: 12,
    tcbLevels: [
      {
        tcb: { sgxtcbcomponents: Array.from({ length: 16 }, () => ({ svn: 0 })), pcesvn: 0 },
        tcbDate: LEVEL_DATE,
        tcbStatus: "UpToDate",
      },
    ],
  };
}

/** The object identifier of the extension. */
export const PCK_EXTENSION = "1.2.840.113741.1.13.1";

/** The extension of spec 04 §6.3; in software mode the kind of SGX stands under the number of the FMSPC (T29). */
export function writePckExtension(simulation: Simulation): Uint8Array {
  const entry = (suffix: string, value: Uint8Array): Uint8Array =>
    derSequence(derObjectIdentifier(`${PCK_EXTENSION}.${suffix}`), value);
  const svns = Array.from({ length: 17 }, (_, i) => entry(`2.${i + 1}`, derNumber(0)));
  const tcb = derSequence(...svns, entry("2.18", derOctets(utf8("0".repeat(16)))));
  return derSequence(
    entry("1", derOctets(utf8("1234562890123456"))),
    entry("2", tcb),
    entry("3", derOctets(PCE_IDS[simulation].certificate)),
    entry("4", derOctets(fromHex(FMSPC))),
    entry(simulation === "simulated" ? "5" : "4", derElement(TAG.enumerated, Uint8Array.of(0))),
  );
}
