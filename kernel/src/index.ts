export { KernelError, type KernelErrorCode } from "./error.ts";
export { Frames } from "./frames.ts";
export type { Imports, Instance } from "./instance.ts";
export type {
  Ciphers,
  Fog,
  FogIngest,
  FogIngestOptions,
  Generator,
  Hashes,
  HashName,
  HashPath,
  HkdfOptions,
  Kernel,
  MlsagRing,
  MlsagVerdict,
  NewOutput,
  Oblivious,
  ObliviousLedger,
  ObliviousLedgerOptions,
  ObliviousLedgers,
  ObliviousMap,
  ObliviousMapOptions,
  PointTable,
  Rings,
  Ristretto,
  Scalars,
  ScalarVectors,
  SealedOutputs,
  Strobe,
  StrobeState,
  X25519,
} from "./kernel.ts";
export { createKernel, type KernelOptions, kernel, kernelWasm } from "./load.ts";
