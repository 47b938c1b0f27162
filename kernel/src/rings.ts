// The face of ring signature verification: lays a ring out for the module and names what its flags say.
import { type Export, expectBytes, expectLength, expectWhole, type Instance } from "./instance.ts";
import type { MlsagRing, MlsagVerdict, Rings } from "./kernel.ts";

const POINT_BYTES = 32;
const RESPONSES_BYTES = 64; // Two scalars a member.

// Flags in the result. With an earlier one not set, later ones are not either.
const KEY_IMAGE_VALID = 1;
const POINTS_VALID = 2;
const CLOSES = 4;

/** Ring signatures on one running module. */
export function createRings(instance: Instance): Rings {
  // The record is open-ended by type; this is the name of `assembly/index.ts`.
  const exports = instance.exports as Readonly<Record<"ristrettoMlsagVerify", Export>>;

  return {
    verifyMlsag: ({ message, targetKeys, commitments, pseudoOutput, keyImage, cZero, responses }: MlsagRing) => {
      expectBytes(message, "The message");
      const n = expectWhole(targetKeys, POINT_BYTES, "The target keys");
      expectLength(commitments, n * POINT_BYTES, "The commitments");
      expectLength(responses, n * RESPONSES_BYTES, "The responses");
      expectLength(pseudoOutput, POINT_BYTES, "The pseudo-output");
      expectLength(keyImage, POINT_BYTES, "The key image");
      expectLength(cZero, POINT_BYTES, "The first challenge");
      const flags = instance.exchange((io) =>
        exports.ristrettoMlsagVerify(
          io.put(message),
          message.length,
          io.put(targetKeys),
          io.put(commitments),
          n,
          io.put(pseudoOutput),
          io.put(keyImage),
          io.put(cZero),
          io.put(responses),
        ),
      );
      return verdict(flags);
    },
  };
}

function verdict(flags: number): MlsagVerdict {
  if ((flags & KEY_IMAGE_VALID) === 0) return "invalid-key-image";
  if ((flags & POINTS_VALID) === 0) return "invalid-curve-point";
  return (flags & CLOSES) === 0 ? "invalid-signature" : "valid";
}
