// The one error this package throws for wrong input. Each part of the package adds its own codes.
import { CodedError } from "@fogbow/core-bytes";

/** Why evidence, a certificate, a policy or a message of a channel was refused. */
export type AttestErrorCode =
  // Evidence.
  | "evidence-malformed" // The bytes are no evidence message, or a part of it is missing or of the wrong length.
  | "quote-malformed" // A quote is cut short, or its lengths, keys or signatures cannot be.
  | "quote-unsupported" // A quote of a version, key type or kind of certification data that is not verified here.
  | "snp-report-malformed" // An AMD report is cut short, or of an unknown version or signature algorithm.
  | "collateral-malformed" // What Intel says about the platform is not the signed JSON or the chain it should be.
  | "evidence-rejected" // The evidence was read and does not hold; the message says what to do.
  // Policies.
  | "policy-malformed" // A policy or a file of measurements does not have the form it should have.
  | "policy-empty" // A policy that trusts no measurement would refuse everything, and is refused itself.
  | "collateral-unavailable"; // No collateral could be had, and none that was kept is still good.

/** Wrong input to `@fogbow/core-attest`. */
export class AttestError extends CodedError<AttestErrorCode> {
  override readonly name = "AttestError";
}
