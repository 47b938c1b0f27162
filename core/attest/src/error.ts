// The one error this package throws for wrong input. Each part of the package adds its own codes.
import { CodedError } from "@fogbow/core-bytes";
import type { ChannelErrorCode } from "./channel/channel-error-code.ts";
import type { ProblemCode } from "./evidence/problem.ts";

/** Why evidence, a certificate, a policy or a message of a channel was refused. */
export type AttestErrorCode =
  | ChannelErrorCode
  // Evidence.
  | "evidence-malformed" // The bytes are no evidence message, or a list, text or revocation list in it is empty.
  | "evidence-too-large" // The evidence is larger than evidence may be here.
  | "evidence-field-missing" // A part that all evidence has is not there; the message names it.
  | "evidence-length-mismatch" // A nonce, a key or a custom identity in the evidence has another length than its own.
  | "quote-malformed" // A quote is cut short, or its lengths, keys or signatures cannot be.
  | "quote-unsupported" // A quote of a version, key type or kind of certification data that is not verified here.
  | "snp-report-malformed" // An AMD report is cut short, or of an unknown version or signature algorithm.
  | "snp-certificate-malformed" // The certificate of an AMD chip lacks what AMD writes about the chip, or has it in another form.
  | "collateral-malformed" // What Intel says about the platform is not the signed JSON or the chain it should be.
  | "evidence-unsupported" // Evidence of a kind that is read in history only, and proves nothing about who answers now.
  | ProblemCode // The evidence was read and does not hold; the message says what to do.
  // Certificates, revocation lists and what is in them.
  | "der-malformed" // The bytes are not DER: cut short, too deep, or not the one encoding of their value.
  | "pem-malformed" // The text holds something that is no complete PEM block of the kind that was asked for.
  | "pem-too-large" // The text is longer than a PEM file may be here.
  | "base64-malformed" // The text is not base64, or not the one encoding of its bytes.
  | "certificate-malformed" // The bytes are not an X.509 certificate; `cause` says where they differ.
  | "certificate-too-large" // The certificate is larger than one may be here.
  | "crl-malformed" // The bytes are not a complete X.509 revocation list; `cause` says where they differ.
  | "crl-too-large" // The revocation list is larger than one may be here.
  | "crl-unsupported" // The list covers only some certificates: a delta, an indirect or a partitioned list.
  | "duplicate-extension" // A certificate or a list has the same extension twice.
  | "unsupported-key" // The key is not RSA of 2 048 to 8 192 bits, P-256, P-384 or Ed25519.
  | "unsupported-signature-algorithm" // Not ECDSA, RSA or Ed25519 with SHA-256, SHA-384 or SHA-512.
  | "pck-extension-missing" // The certificate has no SGX extension, or one without an entry that every platform has.
  | "pck-extension-malformed" // The SGX extension holds an entry of another type or size.
  | "web-crypto-unavailable" // The engine offers no WebCrypto; in browsers it needs a secure context.
  // Fog reports and reports of Intel's attestation service.
  | "report-malformed" // The bytes are no answer of a report service, or a report holds what is no evidence message.
  | "report-unsignable" // The key is not that of the first certificate of the chain, or the chain does not hold.
  | "ias-report-malformed" // The text that Intel's attestation service signed is not the JSON it should be.
  // Policies.
  | "policy-malformed" // A policy or a file of measurements does not have the form it should have.
  | "policy-empty" // A policy that trusts no measurement would refuse everything, and is refused itself.
  | "collateral-unavailable"; // No collateral could be had, and none that was kept is still good.

/** Wrong input to `@fogbow/core-attest`. */
export class AttestError extends CodedError<AttestErrorCode> {
  override readonly name = "AttestError";
}
