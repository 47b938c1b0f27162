// The part of WebCrypto (W3C Recommendation) that verification uses. Node and browsers have it; the `es2023` library does
// not declare it. Verifying is pure: the answer depends on the arguments alone.
import { AttestError } from "./error.ts";

/** A key that WebCrypto has imported. It cannot be looked into. */
export interface CryptoKey {
  readonly type: string;
}

/** The algorithms' parameters, as WebCrypto names them. */
export interface AlgorithmParameters {
  readonly name: string;
  readonly hash?: string;
  readonly namedCurve?: string;
  readonly saltLength?: number;
}

/** The functions of `SubtleCrypto` that are used here. */
export interface SubtleCrypto {
  importKey(
    format: "spki",
    key: Uint8Array,
    algorithm: AlgorithmParameters,
    extractable: boolean,
    usages: readonly "verify"[],
  ): Promise<CryptoKey>;
  verify(algorithm: AlgorithmParameters, key: CryptoKey, signature: Uint8Array, message: Uint8Array): Promise<boolean>;
}

declare const crypto: { readonly subtle?: SubtleCrypto } | undefined;

/** The engine's WebCrypto. Throws `web-crypto-unavailable` where there is none, as on pages without TLS. */
export function subtleCrypto(): SubtleCrypto {
  const subtle = typeof crypto === "undefined" ? undefined : crypto.subtle;
  if (subtle === undefined) {
    throw new AttestError(
      "web-crypto-unavailable",
      "This engine has no WebCrypto; open the page over HTTPS, or use Node 20 or later.",
    );
  }
  return subtle;
}
