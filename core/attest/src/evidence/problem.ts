// Why evidence does not hold: stable codes, their classes in order of weight, and what the reader can do about each.

/** The classes of problems. When several apply, the first of this order is the one to speak of. */
export const PROBLEM_CLASSES = ["malformed", "chain", "revoked", "signature", "mismatch", "expired", "tcb"] as const;

/** A class of problems. */
export type ProblemClass = (typeof PROBLEM_CLASSES)[number];

/** Why evidence does not hold. What each means stands in {@link PROBLEMS}. */
export type ProblemCode =
  | "evidence-unreadable"
  | "chain-untrusted"
  | "platform-refused"
  | "simulated-refused"
  | "chain-invalid"
  | "crl-missing"
  | "crl-invalid"
  | "certificate-revoked"
  | "tcb-info-signature"
  | "qe-identity-signature"
  | "qe-report-signature"
  | "attestation-key-unbound"
  | "quote-signature"
  | "report-signature"
  | "collateral-kind"
  | "fmspc-mismatch"
  | "pce-id-mismatch"
  | "qe-mismatch"
  | "tdx-module-mismatch"
  | "td-attributes"
  | "guest-policy"
  | "privilege-level-refused"
  | "chip-mismatch"
  | "report-key-unsupported"
  | "debug-enabled"
  | "measurement-unknown"
  | "measurement-withdrawn"
  | "measurement-not-current"
  | "security-version-too-low"
  | "report-data-mismatch"
  | "handshake-key-mismatch"
  | "certificate-expired"
  | "certificate-not-yet-valid"
  | "crl-expired"
  | "crl-not-yet-valid"
  | "collateral-expired"
  | "collateral-not-yet-valid"
  | "tcb-level-unknown"
  | "tcb-out-of-date"
  | "qe-out-of-date"
  | "tcb-status-refused"
  | "advisory-refused"
  | "evaluation-too-old"
  | "tcb-date-too-old"
  | "snp-tcb-too-low";

/** One reason why evidence does not hold. */
export interface Problem {
  readonly code: ProblemCode;
  /** What would have passed. */
  readonly expected: string;
  /** What was found instead. Never a secret. */
  readonly actual: string;
}

/** What a problem means. */
export interface ProblemMeaning {
  readonly class: ProblemClass;
  /** What is wrong: a sentence. */
  readonly says: string;
  /** What to do: a sentence. */
  readonly advice: string;
}

const ASK_FOR_FRESH = "Ask the server's operator for fresh evidence; the server keeps it up to date by itself.";
const CHECK_CLOCK = "Check this machine's clock; if it is right, the server must refresh its collateral.";
const TRUST_NOBODY = "Do not use this server: what it shows was altered or is not its own.";
const SETTLE_ADVISORIES =
  "The operator must remedy the advisories named; if the enclave deals with them, the policy's identity must list them.";
const UPDATE_PLATFORM = "The operator must update the platform's firmware and microcode.";

/** What each problem means. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemMeaning>> = {
  "evidence-unreadable": {
    class: "malformed",
    says: "The evidence cannot be read",
    advice: "Check that both sides speak the same version; damaged evidence must be sent again.",
  },
  "chain-untrusted": {
    class: "chain",
    says: "A certificate chain does not lead to a root that is trusted here",
    advice: "Check which platform the server runs on; a development platform must be named in the policy.",
  },
  "platform-refused": {
    class: "chain",
    says: "The evidence comes from a kind of platform that the policy does not accept",
    advice: "Use a server on an accepted platform, or name this one in the policy.",
  },
  "simulated-refused": {
    class: "chain",
    says: "The evidence comes from a simulated platform, which protects nobody",
    advice: "Name the simulated platform in the policy only for development networks.",
  },
  "chain-invalid": { class: "chain", says: "A certificate chain does not hold", advice: TRUST_NOBODY },
  "crl-missing": {
    class: "chain",
    says: "There is no list that tells whether a certificate was revoked",
    advice: ASK_FOR_FRESH,
  },
  "crl-invalid": { class: "chain", says: "A list of revoked certificates does not hold", advice: TRUST_NOBODY },
  "certificate-revoked": {
    class: "revoked",
    says: "A certificate was revoked",
    advice: "Do not use this server: its maker has withdrawn the trust in its platform.",
  },
  "tcb-info-signature": { class: "signature", says: "Intel did not sign this TCB info", advice: TRUST_NOBODY },
  "qe-identity-signature": {
    class: "signature",
    says: "Intel did not sign this identity of the quoting enclave",
    advice: TRUST_NOBODY,
  },
  "qe-report-signature": {
    class: "signature",
    says: "The platform did not sign the report of its quoting enclave",
    advice: TRUST_NOBODY,
  },
  "attestation-key-unbound": {
    class: "signature",
    says: "The quoting enclave did not vouch for the attestation key",
    advice: TRUST_NOBODY,
  },
  "quote-signature": {
    class: "signature",
    says: "The attestation key did not sign the quote",
    advice: TRUST_NOBODY,
  },
  "report-signature": { class: "signature", says: "The processor did not sign the report", advice: TRUST_NOBODY },
  "collateral-kind": {
    class: "mismatch",
    says: "The collateral is about another kind of platform or of another version",
    advice: "The server must fetch the collateral that belongs to its platform.",
  },
  "fmspc-mismatch": {
    class: "mismatch",
    says: "The TCB info is about another kind of processor",
    advice: "The server must fetch the TCB info for its own processor.",
  },
  "pce-id-mismatch": {
    class: "mismatch",
    says: "The TCB info is about another provisioning enclave",
    advice: "The server must fetch the TCB info for its own processor.",
  },
  "qe-mismatch": {
    class: "mismatch",
    says: "The quote was not made by Intel's quoting enclave",
    advice: TRUST_NOBODY,
  },
  "tdx-module-mismatch": { class: "mismatch", says: "The TDX module is not Intel's", advice: TRUST_NOBODY },
  "td-attributes": {
    class: "mismatch",
    says: "The virtual machine was started with attributes that weaken it",
    advice: "The operator must start the machine as docs/tee.md says.",
  },
  "guest-policy": {
    class: "mismatch",
    says: "The virtual machine was launched with a policy that weakens it",
    advice: "The operator must launch the machine with a policy that allows neither debugging nor migration agents.",
  },
  "privilege-level-refused": {
    class: "mismatch",
    says: "The report was not asked for by those who own the virtual machine",
    advice: "If the server's kernel runs below a service module, the policy must accept its privilege level.",
  },
  "chip-mismatch": {
    class: "mismatch",
    says: "The certificate is about another processor or firmware than the report",
    advice: "The server must fetch the certificate for its own processor and firmware.",
  },
  "report-key-unsupported": {
    class: "mismatch",
    says: "The report is signed by a key of a kind that is not verified here",
    advice: "The operator must have reports signed with the chip's own key (VCEK).",
  },
  "debug-enabled": {
    class: "mismatch",
    says: "The host can look into this enclave: it was started for debugging",
    advice: "The operator must start it without debugging; do not send it anything secret.",
  },
  "measurement-unknown": {
    class: "mismatch",
    says: "The server runs code that is not trusted here",
    advice: "Compare the measurement with those published; update this program if a new release is announced.",
  },
  "measurement-withdrawn": {
    class: "mismatch",
    says: "The server runs code that was withdrawn",
    advice: "Wait until the operator has upgraded, or use another server.",
  },
  "measurement-not-current": {
    class: "mismatch",
    says: "The server runs code that is not trusted at this time",
    advice: "Check this machine's clock; if it is right, the operator runs a release too early or too late.",
  },
  "security-version-too-low": {
    class: "mismatch",
    says: "The server runs a version of the code that is too old",
    advice: "The operator must upgrade to a release with a higher security version.",
  },
  "report-data-mismatch": {
    class: "mismatch",
    says: "The evidence was made for other data than what came with it",
    advice: TRUST_NOBODY,
  },
  "handshake-key-mismatch": {
    class: "mismatch",
    says: "The evidence is for another key than the one that answers",
    advice: "Do not use this server: it shows evidence of somebody else.",
  },
  "certificate-expired": { class: "expired", says: "A certificate has expired", advice: CHECK_CLOCK },
  "certificate-not-yet-valid": { class: "expired", says: "A certificate is not yet valid", advice: CHECK_CLOCK },
  "crl-expired": { class: "expired", says: "A list of revoked certificates has expired", advice: CHECK_CLOCK },
  "crl-not-yet-valid": {
    class: "expired",
    says: "A list of revoked certificates is not yet valid",
    advice: CHECK_CLOCK,
  },
  "collateral-expired": {
    class: "expired",
    says: "What Intel says about the platform has expired",
    advice: CHECK_CLOCK,
  },
  "collateral-not-yet-valid": {
    class: "expired",
    says: "What Intel says about the platform is not yet valid",
    advice: CHECK_CLOCK,
  },
  "tcb-level-unknown": {
    class: "tcb",
    says: "The platform is older than anything that Intel still speaks of",
    advice: UPDATE_PLATFORM,
  },
  "tcb-out-of-date": { class: "tcb", says: "The platform is out of date or revoked", advice: UPDATE_PLATFORM },
  "qe-out-of-date": { class: "tcb", says: "The quoting enclave is out of date", advice: UPDATE_PLATFORM },
  "tcb-status-refused": {
    class: "tcb",
    says: "The platform is in a state that the policy does not accept",
    advice: SETTLE_ADVISORIES,
  },
  "advisory-refused": {
    class: "tcb",
    says: "Advisories apply to the platform that the policy does not accept",
    advice: SETTLE_ADVISORIES,
  },
  "evaluation-too-old": {
    class: "tcb",
    says: "The collateral follows an evaluation of advisories that is too old",
    advice: "The server must fetch newer collateral.",
  },
  "tcb-date-too-old": {
    class: "tcb",
    says: "The platform's level is older than the policy accepts",
    advice: UPDATE_PLATFORM,
  },
  "snp-tcb-too-low": {
    class: "tcb",
    says: "The firmware of the platform is older than the policy accepts",
    advice: UPDATE_PLATFORM,
  },
};

/** The problem that outweighs the others: of the first class in order, the first found. Undefined when there is none. */
export function weightiest(problems: readonly Problem[]): Problem | undefined {
  const weight = ({ code }: Problem): number => PROBLEM_CLASSES.indexOf(PROBLEMS[code].class);
  return problems.reduce<Problem | undefined>(
    (best, problem) => (best === undefined || weight(problem) < weight(best) ? problem : best),
    undefined,
  );
}
