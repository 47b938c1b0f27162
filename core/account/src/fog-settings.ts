// Where and under whose authority an account's Fog is.
import { concatBytes, utf8 } from "@fogbow/core-bytes";

/** The Fog of an account. An account has Fog when `fogReportUrl` is not empty. */
export interface FogSettings {
  /** Where senders ask for the key to encrypt hints to, such as `fog://fog.example.com`. */
  readonly fogReportUrl: string;
  /** Which report there is meant; usually empty. */
  readonly fogReportId: string;
  /** DER SubjectPublicKeyInfo of the root certificate that the report server's chain must end in. */
  readonly fogAuthoritySpki: Uint8Array;
}

/**
 * Complete settings from partial ones; what is left out is empty. The key is copied. Throws BytesError `invalid-utf8` for
 * text without a UTF-8 form, which could not be hashed or written later, and `invalid-length` for a key that is no bytes.
 */
export function fogSettings({ fogReportUrl, fogReportId, fogAuthoritySpki }: Partial<FogSettings> = {}): FogSettings {
  return {
    fogReportUrl: wellFormed(fogReportUrl ?? ""),
    fogReportId: wellFormed(fogReportId ?? ""),
    fogAuthoritySpki: concatBytes(fogAuthoritySpki ?? new Uint8Array()),
  };
}

function wellFormed(text: string): string {
  utf8(text);
  return text;
}
