// The one error of the runtime: bundles, the door, sealing and platforms.
import { CodedError } from "@fogbow/core-bytes";

/** Why the runtime refused or failed. */
export type RuntimeErrorCode =
  | "invalid-manifest" // A manifest is no JSON object of the stated form, or breaks one of its bounds.
  | "invalid-bundle" // A bundle has other files than its three, or one is too large or not of its form.
  | "invalid-enclave" // An enclave's source does not build, or the module does not export a function that makes one.
  | "invalid-measurements" // A file of measurements is not of the form of spec 04 §7.3.
  | "invalid-sigstruct" // A SIGSTRUCT has the wrong size, header or exponent.
  | "measurement-mismatch" // A bundle is not the one that was expected.
  | "bundle-not-bound" // The platform's evidence does not name the bundle that is about to be loaded.
  | "unknown-entry-point" // The manifest names no such entry point.
  | "invalid-input" // An input is no byte string.
  | "input-too-short" // An input has fewer bytes than its entry point takes.
  | "input-too-long" // An input has more bytes than its entry point takes.
  | "output-too-long" // The enclave answered with more bytes than the door passes.
  | "enclave-busy" // As many calls or bytes as the door holds are already on their way: try again later.
  | "enclave-restarting" // The enclave crashed and is being started again: try again later.
  | "enclave-closed" // The enclave was closed, or crashed more often than it is restarted.
  | "enclave-crashed" // The enclave ended while the call was in flight; whether it had an effect is not known.
  | "enclave-unresponsive" // The enclave stopped answering and was ended while the call was in flight.
  | "enclave-start-failed" // The enclave did not become ready.
  | "enclave-fault" // The enclave's own code failed at this call; it says no more than that.
  | "call-refused" // The enclave refused the call; `reason` has its own code.
  | "deadline-exceeded" // The call took longer than its deadline.
  | "call-cancelled" // The caller's signal ended the call.
  | "malformed-frame" // What came through the door is no frame.
  | "sealing-unavailable" // This platform was given no key to seal with.
  | "malformed-seal" // A sealed blob is too short, of an unknown version, or of another platform.
  | "sealed-by-newer" // A blob was sealed by a newer security version.
  | "unseal-failed" // A blob was altered, or sealed by another enclave, signer or machine.
  | "state-rolled-back" // Sealed state is older than the monotonic counter says.
  | "counter-rolled-back" // The monotonic counter is older than sealed state.
  | "counter-unavailable" // The monotonic counter cannot be read or advanced.
  | "too-many-threads" // An enclave has as many threads as it may.
  | "thread-ended" // A thread of an enclave is gone, and with it what it had in hand.
  | "helper-failed" // An enclave's helper threw, or answered with something else than bytes.
  | "evidence-unavailable" // The enclave has nothing to attest, or the platform cannot.
  | "evidence-refused" // The platform's own evidence does not verify, and is not published.
  | "platform-failure" // The platform answered in a way that it must not.
  | "platform-unavailable"; // The platform is not present on this machine, or not set up.

/** Wrong input to the runtime, or a failure behind its door. */
export class RuntimeError extends CodedError<RuntimeErrorCode> {
  override readonly name = "RuntimeError";
  /** The enclave's own code, for `call-refused`. */
  readonly reason: string | undefined;

  constructor(code: RuntimeErrorCode, message: string, options: ErrorOptions & { readonly reason?: string } = {}) {
    super(code, message, options);
    this.reason = options.reason;
  }
}
