// Where and under whose authority an account's Fog is.

/** The Fog of an account. An account has Fog when `fogReportUrl` is not empty. */
export interface FogSettings {
  /** Where senders ask for the key to encrypt hints to, such as `fog://fog.example.com`. */
  readonly fogReportUrl: string;
  /** Which report there is meant; usually empty. */
  readonly fogReportId: string;
  /** DER SubjectPublicKeyInfo of the root certificate that the report server's chain must end in. */
  readonly fogAuthoritySpki: Uint8Array;
}

/** Complete settings from partial ones; what is left out is empty. The key is copied. */
export function fogSettings(settings: Partial<FogSettings> = {}): FogSettings {
  return {
    fogReportUrl: settings.fogReportUrl ?? "",
    fogReportId: settings.fogReportId ?? "",
    fogAuthoritySpki: new Uint8Array(settings.fogAuthoritySpki ?? []),
  };
}
