// The Cacophony vectors of both patterns (public): a handshake with payloads and the first message in each direction.

/** A handshake of which everything is known. All values are hexadecimal. */
export interface NoiseVector {
  readonly pattern: "NX" | "IX";
  readonly initiatorStatic?: string;
  readonly handshakeHash: string;
  /** Payload and message. */
  readonly messages: readonly (readonly [string, string])[];
}

export const PROLOGUE = "4a6f686e2047616c74";
export const INITIATOR_EPHEMERAL = "893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a";
export const RESPONDER_STATIC = "4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893";
export const RESPONDER_EPHEMERAL = "bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b";

/** One for each pattern. */
export const NOISE_VECTORS: readonly NoiseVector[] = [
  {
    pattern: "NX",
    handshakeHash:
      "6d8b9009df4ecc8a6fe20f070c9c4cb3d32fbdb5e7cdeab117284f134bac5a250e04067b5813a368df4f3cadafb1383dfd5ab75d39906e326d252edbe1c7b551",
    messages: [
      [
        "4c756477696720766f6e204d69736573",
        "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c79444c756477696720766f6e204d69736573",
      ],
      [
        "4d757272617920526f746862617264",
        "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f1448088439001b4c268d11b6a164855a0256f6364413a028a16eec989e037e8b4d45517cffbe267a0123b7ebb4ebf15047b9682cab57ff9465d313ac72ad66cc8c5e52c304a5ae2c4b4e2b107a82a9cb6a3b4ce",
      ],
      ["462e20412e20486179656b", "0b31b958cd1c1d7e1b2d472fe434096491292e3ef25cb6980db346"],
      ["4361726c204d656e676572", "2c78876993fd5cefb2cccf9340ed233b81a9d5dc1a5eb0cf5d07e4"],
    ],
  },
  {
    pattern: "IX",
    initiatorStatic: "e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1",
    handshakeHash:
      "385618575da18a30a392a819c7d320e6465af961b1953abb2fdfdb49f2ca09ffe88fc384c1a5257ba80f44832ededf190d0de550649b3e470f144882eb0b801e",
    messages: [
      [
        "4c756477696720766f6e204d69736573",
        "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c79446bc3822a2aa7f4e6981d6538692b3cdf3e6df9eea6ed269eb41d93c22757b75a4c756477696720766f6e204d69736573",
      ],
      [
        "4d757272617920526f746862617264",
        "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f1448088432df8ae0cb7413b6e054f2aecec92a8c6b31c15238f68452a284b7048bc6692ca00507e87a024d5968ba9454895f6c1b201d493783a0bd78ba74ac91ee7255dd010a3437cb14e77a31094d22e0bcc04",
      ],
      ["462e20412e20486179656b", "6d2ce47395bfc804d5253e2c717eb5ff3cd9ebbffbad808d75ca2f"],
      ["4361726c204d656e676572", "8813f7127ce7547d65acf9fa12f8e473d59b4526b90720367d454b"],
    ],
  },
];
