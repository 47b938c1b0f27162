// AMD's root keys (ARK), one for each product line: SHA-256 of their SubjectPublicKeyInfo (spec 04 §12.2).
import { toHex } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import type { Certificate } from "../x509/certificate.ts";
import type { SnpProduct } from "./snp-report.ts";

/** The key of a root, and the product line that it is for. */
export interface SnpRoot {
  readonly product: SnpProduct;
  /** SHA-256 of the SubjectPublicKeyInfo, in hexadecimal. */
  readonly spkiSha256: string;
}

/** AMD's roots. */
export const AMD_ROOTS: readonly SnpRoot[] = [
  { product: "Milan", spkiSha256: "9f056bee44377e29308cb5ffa895bdfb62d18881fa6bed8d6f075b0204089cb9" },
  { product: "Genoa", spkiSha256: "429a69c9422aa258ee4d8db5fcda9c6470ef15f8cd5a9cebd6cbc7d90b863831" },
  { product: "Turin", spkiSha256: "4f125410563a2ab9a50356f9243f6fe0b6f73de98603f53f90339c70e9d7ad08" },
];

/** The product line whose root key a certificate holds; undefined when it holds none of them. */
export function rootProduct({ spki }: Certificate, roots: readonly SnpRoot[]): SnpProduct | undefined {
  const fingerprint = toHex(kernel().hashes.sha256(spki));
  return roots.find(({ spkiSha256 }) => spkiSha256 === fingerprint)?.product;
}
