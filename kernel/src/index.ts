export { KernelError, type KernelErrorCode } from "./error.ts";
export type { Imports, Instance } from "./instance.ts";
export type {
  Ciphers,
  Fog,
  Hashes,
  HashName,
  HkdfOptions,
  Kernel,
  MlsagRing,
  MlsagVerdict,
  PointTable,
  Rings,
  Ristretto,
  Scalars,
  ScalarVectors,
  Strobe,
  StrobeState,
} from "./kernel.ts";
export { createKernel, type KernelOptions, kernel, kernelWasm } from "./load.ts";
