export { buildBundle } from "./bundle/build-bundle.ts";
export { buildLauncher } from "./bundle/build-launcher.ts";
export {
  assertBundleFiles,
  BUNDLE_FILE_NAMES,
  type BundleFiles,
  expectMeasurement,
  measureBundle,
} from "./bundle/bundle.ts";
export { readBundle, writeBundle } from "./bundle/bundle-folder.ts";
export { type EntryPoint, encodeManifest, type Manifest, parseManifest } from "./bundle/manifest.ts";
export { encodeMeasurements, identityOf } from "./bundle/measurements.ts";
export { readSigstruct, type SigstructIdentity } from "./bundle/sigstruct.ts";
export type { AmdCollateral, Collateral } from "./door/collateral.ts";
export type {
  Attested,
  CounterStrength,
  Enclave,
  EnclaveParts,
  EnclaveThread,
  Helper,
  MakeEnclave,
  MonotonicCounter,
  PeerIdentity,
  SealedState,
  Sealing,
  SealPolicy,
  Threads,
} from "./enclave.ts";
export { RuntimeError, type RuntimeErrorCode } from "./error.ts";
export { type AmdCollateralOptions, amdCollateralSource } from "./host/amd-collateral-source.ts";
export { collateralParts } from "./host/collateral-parts.ts";
export { type CollateralSourceOptions, intelCollateralSource } from "./host/collateral-source.ts";
export type { CallOptions, EnclaveExit, EnclaveHost, PlatformFacts } from "./host/enclave-host.ts";
export { type FreshnessOptions, keepEvidenceFresh } from "./host/keep-evidence-fresh.ts";
export { type EnclaveHostParts, type EnclaveOptions, type Hosting, startEnclave } from "./host/start-enclave.ts";
export { keepHeapClean } from "./inside/heap-cleaner.ts";
export { counterStrength } from "./platform/counter-strength.ts";
export { type FileOperations, systemFiles } from "./platform/file-operations.ts";
export {
  openPlatform,
  type PlatformIdentity,
  type PlatformOptions,
  type PlatformParts,
} from "./platform/open-platform.ts";
export type { Platform, PlatformKind, Quote } from "./platform/platform.ts";
