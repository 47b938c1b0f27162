// A slice of the kernel's known answers, one or more from each of its parts, for checking in a page that the module
// computes there what it computes in Node.
import { concatBytes, fromHex, le32, toHex, utf8 } from "@fogbow/core-bytes";
import type { Kernel } from "@fogbow/kernel";

/** The names of the answers that `kernel` gets wrong; none when all is well. */
export function wrongAnswers(kernel: Kernel): string[] {
  return KNOWN_ANSWERS.filter(([, compute, expected]) => toHex(compute(kernel)) !== expected).map(([name]) => name);
}

/** What is computed, how, and the answer in hex. */
type KnownAnswer = readonly [name: string, compute: (kernel: Kernel) => Uint8Array, expected: string];

const BASE_POINT = fromHex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76");
/** The u-coordinate of curve25519's base point, which RFC 7748 also takes as the first private key. */
const BASE_POINT_U = concatBytes(le32(9), new Uint8Array(28));
const NONE = new Uint8Array();

const scalar = (n: number): Uint8Array => concatBytes(le32(n), new Uint8Array(28));

const KNOWN_ANSWERS: readonly KnownAnswer[] = [
  ["fixed base (RFC 9496 §A.1)", ({ ristretto }) => ristretto.multiplyBase(scalar(1)), toHex(BASE_POINT)],
  [
    "multiplication (RFC 9496 §A.1)",
    ({ ristretto }) => ristretto.multiply(scalar(2), BASE_POINT),
    "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919",
  ],
  [
    "batch multiplication (RFC 9496 §A.1)",
    ({ ristretto }) => ristretto.multiplyBatch(concatBytes(scalar(1), scalar(0)), concatBytes(BASE_POINT, BASE_POINT)),
    `${toHex(BASE_POINT)}${"00".repeat(32)}`,
  ],
  [
    "multi-scalar multiplication (RFC 9496 §A.1)",
    ({ ristretto }) =>
      ristretto.multiScalarMultiply(concatBytes(scalar(4), scalar(11)), concatBytes(BASE_POINT, BASE_POINT)),
    "e0c418f7c8d9c4cdd7395b93ea124f3ad99021bb681dfc3302a9d99a2e53e64e",
  ],
  [
    "one-way map (RFC 9496 §A.3)",
    ({ ristretto }) =>
      ristretto.oneWayMap(
        fromHex(
          "5d1be09e3d0c82fc538112490e35701979d99e06ca3e2b5b54bffe8b4dc772c14d98b696a1bbfb5ca32c436cc61c16563790306c79eaca7705668b47dffe5bb6",
        ),
      ),
    "3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46",
  ],
  ["scalar inversion", ({ scalars }) => scalars.multiply(scalars.invert(scalar(866)), scalar(866)), toHex(scalar(1))],
  [
    "BLAKE2b-512 (RFC 7693 Appendix A)",
    ({ hashes }) => hashes.blake2b512(utf8("abc")),
    "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
  ],
  [
    "SHA-512 (FIPS 180-4)",
    ({ hashes }) => hashes.sha512(utf8("abc")),
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  ],
  [
    "HC-128 (spec 01, Appendix B)",
    ({ hashes }) => hashes.hc128(new Uint8Array(16), new Uint8Array(16), 32),
    "82001573a003fd3b7fd72ffb0eaf63aac62f12deb629dca72785a66268ec758b",
  ],
  [
    "Merlin (spec 01, Appendix A)",
    ({ strobe }) => {
      const state = strobe.create(utf8("Merlin v1.0"));
      strobe.append(state, utf8("dom-sep"), utf8("test protocol"));
      strobe.append(state, utf8("some label"), utf8("some data"));
      return strobe.challenge(state, utf8("challenge"), 32);
    },
    "d5a21972d0d5fe320c0d263fac7fffb8145aa640af6e9bca177c03c7efcf0615",
  ],
  [
    "AES-256-GCM (GCM specification, case 14)",
    ({ ciphers }) => ciphers.aes256GcmSeal(new Uint8Array(32), new Uint8Array(12), NONE, new Uint8Array(16)),
    "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
  ],
  [
    "X25519 (RFC 7748 §5.2)",
    ({ x25519 }) => x25519.sharedSecret(BASE_POINT_U, BASE_POINT_U),
    "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079",
  ],
  [
    "opening a Fog hint (spec 01 §10.8)",
    ({ fog }) => fog.openHints(new Uint8Array(32).fill(1), HINT, new Uint8Array(32)),
    "78901c11834e842df6be98c127953513e116095d4122cc27d807b4511cb81e11",
  ],
];

const HINT = fromHex(
  "be886a0e3fd3fe904387ee53b40f50cf1e4804993ff8c09de14c7a77b5e0eed604cbf6d73cfa04628744bf6939147f8535be14a0ef13e3ab294413177b541f08da0908d051df07d2f6ecb6cb3e57a3e432e80100",
);
