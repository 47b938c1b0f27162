// The two generators of a Pedersen commitment: the base point G for blindings, one hashed point a token for values.
import { fromHex, le64, type TokenId } from "@fogbow/core-bytes";
import { hashToPoint } from "./hash.ts";
import { type CompressedPoint, checkedPoint, type PublicKey } from "./public-key.ts";

/** The base point G of ristretto255 (RFC 9496 §4), which carries the blinding. */
export const BASE_POINT: PublicKey = checkedPoint(
  fromHex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"),
);

const CACHED_TOKENS_MAX = 64;
/** Tokens with ids from here on are not remembered: an output that is someone else's unmasks to a random one. */
const CACHED_ID_END = 65_536n;
const cache = new Map<TokenId, CompressedPoint>();

/**
 * H_t, which carries the value of token t: Hp of the encoding of G with LE64(t) XORed onto its first 8 bytes. Remembers
 * up to 64 tokens with small ids, so a call's time tells whether the process has met the token before.
 */
export function valueGenerator(tokenId: TokenId): CompressedPoint {
  let generator = cache.get(tokenId);
  if (generator === undefined) {
    generator = hashToPoint(xorLow(BASE_POINT, le64(tokenId)));
    if (tokenId < CACHED_ID_END) {
      remember(tokenId, generator);
    }
  }
  return checkedPoint(generator.slice()); // A copy: no caller can change what the next one gets.
}

function remember(tokenId: TokenId, generator: CompressedPoint): void {
  if (cache.size === CACHED_TOKENS_MAX) {
    cache.delete(cache.keys().next().value as TokenId); // The oldest: a full map is not empty.
  }
  cache.set(tokenId, generator);
}

/** The bytes with a mask XORed onto the first of them. The result is only hashed; it need not encode a point. */
function xorLow(bytes: Uint8Array, mask: Uint8Array): Uint8Array {
  const result = bytes.slice();
  mask.forEach((byte, i) => {
    result[i] = (result[i] as number) ^ byte; // The mask is shorter than the bytes.
  });
  return result;
}
