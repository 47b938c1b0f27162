// MLSAG ring signatures (spec 02 §3.1): whoever holds the one-time key of one ring member, and knows that the
// pseudo-output hides the same amount as that member's commitment, signs without showing which member it is.
import { type Amount, concatBytes, equalBytes, type Random, wipeBytes } from "@fogbow/core-bytes";
import { kernel, type MlsagVerdict } from "@fogbow/kernel";
import { CryptoError } from "./error.ts";
import { hashToPoint, hashToScalar } from "./hash.ts";
import { commit } from "./pedersen.ts";
import { type PrivateKey, randomScalar } from "./private-key.ts";
import { tryPublicKey } from "./public-key.ts";

const CHALLENGE_TAG = "mc_ring_mlsag_challenge";
const POINT_BYTES = 32;
const SCALAR_BYTES = 32;

/** What a ring signature sees of an output: target key P and commitment C, 32 bytes each. */
export interface RingMember {
  readonly targetKey: Uint8Array;
  readonly commitment: Uint8Array;
}

/** A ring signature. Scalars are 32 bytes below ℓ; what is parsed goes through `curveScalar` first. */
export interface RingMlsag {
  /** The challenge at the first ring member. */
  readonly cZero: Uint8Array;
  /** Two scalars for each ring member. */
  readonly responses: readonly Uint8Array[];
  /** I = x·Hp(x·G) of the one-time key x, 32 bytes: the same whenever that key signs. */
  readonly keyImage: Uint8Array;
}

/** What is signed, and by whom. The amount is that of the real ring member and of the pseudo-output. */
export interface RingMlsagSigning extends Amount {
  readonly message: Uint8Array;
  readonly ring: readonly RingMember[];
  /** Which ring member is ours, counted from 0. */
  readonly realIndex: number;
  /** x, with x·G the target key of that member. */
  readonly onetimePrivateKey: PrivateKey;
  /** The blinding b of that member's commitment, 32 bytes. */
  readonly blinding: Uint8Array;
  /** The blinding b' of the pseudo-output, 32 bytes. */
  readonly pseudoOutputBlinding: Uint8Array;
  /** Gives 64 bytes for each scalar: two for each other member in ring order, then two for ours. */
  readonly random: Random;
  /** Whether to check that the pseudo-output holds the member's amount. Without it a bad signature can result. */
  readonly checkValueIsConserved?: boolean;
}

/**
 * Signs `message` with one member of the ring. Secrets are multiplied in the kernel, in constant time; no signature
 * shows `realIndex`, but the order of this function's work does to whoever watches its memory accesses.
 *
 * Throws {@link CryptoError} `index-out-of-bounds`, `invalid-curve-point`, `onetime-key-mismatch` or
 * `value-not-conserved`, and the kernel's error for a blinding that is no canonical scalar.
 */
export function ringMlsagSign(signing: RingMlsagSigning): RingMlsag {
  const { ristretto, scalars } = kernel();
  const { message, ring, realIndex, onetimePrivateKey: x, random } = signing;
  const pseudoOutput = commit({ ...signing, blinding: signing.pseudoOutputBlinding });
  const members = ring.map((member) => decodeMember(member, pseudoOutput));
  const real = members[realIndex];
  if (real === undefined) {
    throw new CryptoError("index-out-of-bounds", "The real index is no index of the ring.");
  }
  if (!equalBytes(x.publicKey(), real.targetKey)) {
    throw new CryptoError("onetime-key-mismatch", "The one-time private key is not that of the real ring member.");
  }
  const secrets: Uint8Array[] = [];
  try {
    const blindingDifference = scalars.subtract(signing.pseudoOutputBlinding, signing.blinding); // b' − b
    secrets.push(blindingDifference);
    if (signing.checkValueIsConserved !== false) {
      expectConserved(real, blindingDifference);
    }
    const keyImage = ristretto.multiply(x.expose(), real.hashedKey);
    const challenge = (points: RingPoints): Uint8Array => hashToScalar(CHALLENGE_TAG, message, keyImage, ...points);

    const draw = (): ScalarPair => [randomScalar(random), randomScalar(random)];
    const responses = members.map((_, i) => (i === realIndex ? undefined : draw()));
    const [alpha0, alpha1] = draw();
    secrets.push(alpha0, alpha1);

    // Round the ring, from the member after ours back to ours.
    const challenges: Uint8Array[] = [];
    let c = challenge([
      ristretto.multiplyBase(alpha0),
      ristretto.multiply(alpha0, real.hashedKey),
      ristretto.multiplyBase(alpha1),
    ]);
    for (let step = 1; step < ring.length; step++) {
      const i = (realIndex + step) % ring.length;
      challenges[i] = c;
      c = challenge(ringPoints(members[i] as Member, responses[i] as ScalarPair, { c, keyImage })); // Not ours: drawn.
    }
    challenges[realIndex] = c;

    const minusC = scalars.negate(c);
    const closing: ScalarPair = [
      scalars.multiplyAdd(minusC, x.expose(), alpha0), // α₀ − c·x
      scalars.multiplyAdd(minusC, blindingDifference, alpha1), // α₁ − c·(b' − b)
    ];
    return {
      cZero: challenges[0] as Uint8Array, // The ring has the real member at least.
      responses: responses.flatMap((pair) => pair ?? closing),
      keyImage,
    };
  } finally {
    wipeBytes(...secrets); // Each of them and the signature give the one-time key or the blinding away.
  }
}

/** What {@link ringMlsagVerify} finds: `valid`, or the first thing that is wrong. */
export type MlsagResult =
  | "length-mismatch" // There are not two responses for each ring member.
  | MlsagVerdict;

/** A signature and what it should be a signature of. */
export interface RingMlsagStatement {
  readonly message: Uint8Array;
  readonly ring: readonly RingMember[];
  /** C', 32 bytes. */
  readonly pseudoOutputCommitment: Uint8Array;
  readonly signature: RingMlsag;
}

/**
 * Whether a ring signature is one of `message`, and if not, why. Variable time: everything here is public. Never throws:
 * points of a wrong length are no points, and scalars of a wrong length make no signature. The identity is a key image
 * like any other and a ring may have one member: rules about both are the validator's. An empty ring is never valid.
 */
export function ringMlsagVerify({ message, ring, pseudoOutputCommitment, signature }: RingMlsagStatement): MlsagResult {
  const { cZero, responses, keyImage } = signature;
  const targetKeys = ring.map(({ targetKey }) => targetKey);
  const commitments = ring.map(({ commitment }) => commitment);
  if (responses.length !== 2 * ring.length) return "length-mismatch";
  if (tryPublicKey(keyImage) === undefined) return "invalid-key-image";
  if (!areAll(POINT_BYTES, [pseudoOutputCommitment, ...targetKeys, ...commitments])) return "invalid-curve-point";
  if (!areAll(SCALAR_BYTES, [cZero, ...responses])) return "invalid-signature";
  return kernel().rings.verifyMlsag({
    message,
    targetKeys: concatBytes(...targetKeys),
    commitments: concatBytes(...commitments),
    pseudoOutput: pseudoOutputCommitment,
    keyImage,
    cZero,
    responses: concatBytes(...responses),
  });
}

type ScalarPair = readonly [Uint8Array, Uint8Array];

/** L0, R0 and L1. */
type RingPoints = readonly [Uint8Array, Uint8Array, Uint8Array];

/** A ring member as the signer uses it. */
interface Member {
  /** P. */
  readonly targetKey: Uint8Array;
  /** Hp(P). */
  readonly hashedKey: Uint8Array;
  /** Z = C' − C. */
  readonly difference: Uint8Array;
}

function decodeMember({ targetKey, commitment }: RingMember, pseudoOutput: Uint8Array): Member {
  if (tryPublicKey(targetKey) === undefined || tryPublicKey(commitment) === undefined) {
    throw new CryptoError("invalid-curve-point", "A ring member's target key or commitment encodes no point.");
  }
  const difference = kernel().ristretto.subtract(pseudoOutput, commitment);
  return { targetKey, hashedKey: hashToPoint(targetKey), difference };
}

/** C' − C = (b' − b)·G holds exactly if both commit to the same amount. */
function expectConserved(real: Member, blindingDifference: Uint8Array): void {
  if (!equalBytes(kernel().ristretto.multiplyBase(blindingDifference), real.difference)) {
    throw new CryptoError("value-not-conserved", "The pseudo-output does not hold the real ring member's amount.");
  }
}

/** L0 = r·G + c·P, R0 = r·Hp(P) + c·I, L1 = r'·G + c·Z, as the verifier will compute them. */
function ringPoints(
  { targetKey, hashedKey, difference }: Member,
  [r0, r1]: ScalarPair,
  { c, keyImage }: { readonly c: Uint8Array; readonly keyImage: Uint8Array },
): RingPoints {
  const { ristretto } = kernel();
  const products = ristretto.multiplyBatch(
    concatBytes(c, c, c, r0),
    concatBytes(targetKey, keyImage, difference, hashedKey),
  );
  const product = (i: number): Uint8Array => products.subarray(POINT_BYTES * i, POINT_BYTES * (i + 1));
  return [
    ristretto.add(ristretto.multiplyBase(r0), product(0)),
    ristretto.add(product(3), product(1)),
    ristretto.add(ristretto.multiplyBase(r1), product(2)),
  ];
}

function areAll(length: number, strings: readonly Uint8Array[]): boolean {
  return strings.every((bytes) => bytes instanceof Uint8Array && bytes.length === length);
}
