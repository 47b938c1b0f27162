// Values computed by an independent implementation: generators, key images and a ring signature (spec 02 §2, §3, §11).
import { burnAddress } from "@fogbow/core-account";
import { contentsHash, NO_MINTING } from "@fogbow/core-block";
import { tokenId } from "@fogbow/core-bytes";
import { BASE_POINT, hashToPoint, PrivateKey, partyGenerators, valueGenerator } from "@fogbow/core-crypto";
import { feeMapDigest, keyImage, nilHash } from "@fogbow/core-transaction";
import { type Case, expectEqual } from "./case.ts";
import { checkRingSignature } from "./ring-signatures.ts";

/** Every value of the file comes out. */
export function checkDerived(one: Case): void {
  for (const generator of one.parts("generators")) {
    const token = tokenId(generator.integer("token_id"));
    expectEqual(`generators of token ${token}`, valueGenerator(token), generator.hex("H"));
  }
  const kinds = one.part("bp_generators");
  for (const [kind, offset] of [
    ["G", 0n],
    ["H", 64n],
  ] as const) {
    for (const generator of kinds.parts(kind)) {
      const party = partyGenerators(Number(generator.integer("party")));
      const start = 32 * Number(offset + generator.integer("index"));
      expectEqual(`bp_generators ${kind}`, party.slice(start, start + 32), generator.hex("point"));
    }
  }
  expectEqual("merkle_nil", nilHash(), one.hex("merkle_nil"));
  expectEqual("hash_to_point_of_basepoint", hashToPoint(BASE_POINT), one.hex("hash_to_point_of_basepoint"));

  const stated = one.part("burn_address");
  expectEqual("burn_address.view_public", burnAddress().viewPublicKey, stated.hex("view_public"));
  expectEqual("burn_address.spend_public", burnAddress().spendPublicKey, stated.hex("spend_public"));
  for (const small of one.parts("key_images_of_small_scalars")) {
    const scalar = new Uint8Array(32);
    scalar[0] = Number(small.integer("x"));
    expectEqual("key_images_of_small_scalars", keyImage(new PrivateKey(scalar)), small.hex("key_image"));
  }
  expectEqual(
    "empty_contents_hash",
    contentsHash({ keyImages: [], outputs: [], ...NO_MINTING }),
    one.hex("empty_contents_hash"),
  );
  expectEqual(
    "fee_map_digest_default",
    feeMapDigest(new Map([[tokenId(0n), 400_000_000n]])),
    one.hex("fee_map_digest_default"),
  );
  checkRingSignature(one.part("mlsag"));
}
