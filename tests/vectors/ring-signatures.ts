// Known answers of ring signatures (spec 02 §3.1), from both sides: made with the stated random scalars, and verified.
import { concatBytes, tokenId, tokenValue } from "@fogbow/core-bytes";
import { commit, PrivateKey, ringMlsagSign, ringMlsagVerify } from "@fogbow/core-crypto";
import { type Case, expectEqual, expectThat } from "./case.ts";

/** The stated scalars, drawn in order, give the stated signature, and it verifies, but not for another message. */
export function checkRingSignature(one: Case): void {
  const message = one.hex("message");
  const ring = one.parts("ring").map((member) => ({
    targetKey: member.hex("target_key"),
    commitment: member.hex("commitment"),
  }));
  const amount = {
    value: tokenValue(one.integer("value")),
    tokenId: tokenId(one.integer("token_id")),
  };
  const pseudoOutputBlinding = one.hex("output_blinding");
  const pseudoOutputCommitment = commit({ ...amount, blinding: pseudoOutputBlinding });
  expectEqual("pseudo_output_commitment", pseudoOutputCommitment, one.hex("pseudo_output_commitment"));

  const scalars = one.hexList("random_scalars_in_draw_order").values();
  const signature = ringMlsagSign({
    ...amount,
    message,
    ring,
    realIndex: Number(one.integer("real_index")),
    onetimePrivateKey: new PrivateKey(one.hex("onetime_private_key")),
    blinding: one.hex("input_blinding"),
    pseudoOutputBlinding,
    // 64 bytes that reduce to the next scalar.
    random: (length) => concatBytes(scalars.next().value ?? new Uint8Array(32), new Uint8Array(length - 32)),
  });
  expectThat(scalars.next().done === true, "not all random scalars were drawn");
  expectEqual("c_zero", signature.cZero, one.hex("c_zero"));
  expectEqual("responses", concatBytes(...signature.responses), concatBytes(...one.hexList("responses")));
  expectEqual("key_image", signature.keyImage, one.hex("key_image"));

  const statement = { message, ring, pseudoOutputCommitment, signature };
  expectThat(ringMlsagVerify(statement) === "valid", "the signature does not verify");
  const longer = { ...statement, message: concatBytes(message, Uint8Array.of(0)) };
  expectThat(ringMlsagVerify(longer) === "invalid-signature", "the signature verifies for another message");
}
