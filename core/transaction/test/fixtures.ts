// Accounts, outputs and generators behind published known answers.
import { type AccountKey, accountKey, accountKeyFromRootEntropy } from "@fogbow/core-account";
import {
  type Amount,
  type Bytes,
  bytes,
  fromHex,
  le64,
  MOB,
  type Random,
  Secret,
  tokenId,
  tokenValue,
} from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";

/** A private key from hexadecimal. */
export const privateKey = (hex: string): PrivateKey => new PrivateKey(fromHex(hex));

/** A byte string of a length that its type tells, from hexadecimal. */
export const fixed = <N extends number>(hex: string, length: N): Bytes<N> => bytes(fromHex(hex), length, "fixture");

/** So many zero bytes. */
export const zeros = <N extends number>(length: N): Bytes<N> => bytes(new Uint8Array(length), length, "fixture");

/** An amount, of MOB unless another token is named. */
export const amount = (value: bigint, token: bigint = MOB): Amount => ({
  value: tokenValue(value),
  tokenId: tokenId(token),
});

/** The account of root entropy 32 × 00, without Fog. */
export const root0 = (): AccountKey => accountKeyFromRootEntropy(new Secret(new Uint8Array(32)));

/** An account from its root keys in hexadecimal. */
export const account = (view: string, spend: string, fogReportUrl = "", fogAuthoritySpki = ""): AccountKey =>
  accountKey({
    viewPrivateKey: privateKey(view),
    spendPrivateKey: privateKey(spend),
    fogReportUrl,
    fogAuthoritySpki: fromHex(fogAuthoritySpki),
  });

const FOG_URL = "fog://fog.alpha.mobilecoin.com";

/** The mobile fixture "Alice", with Fog. */
export const alice = (): AccountKey =>
  account(
    "ec8cb9814ac5c1a4aacbc613e756744679050927cc9e5f8772c6d649d4a5ac06",
    "e7ef0b2772663314ecd7ee92008613764ab5669666d95bd2621d99d60506cb0d",
    FOG_URL,
    FOG_AUTHORITY_SPKI,
  );

/** The mobile fixture "Bob", with Fog. */
export const bob = (): AccountKey =>
  account(
    "553a1c51c1e91d3105b17c909c163f8bc6faf93718deb06e5b9fdb9a24c25609",
    "db8b25545216d606fc3ff6da43d3281e862ba254193aff8c408f3564aefca506",
    FOG_URL,
    FOG_AUTHORITY_SPKI,
  );

/**
 * xoshiro256**, the generator behind the mobile fixtures: 64-bit outputs written little-endian, the last one of a call
 * cut to what is missing.
 */
export function fixtureRandom(): Random {
  const mask = 0xffff_ffff_ffff_ffffn;
  const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & mask;
  let [a, b, c, d] = [12345678n, 87654321n, 10293847n, 29384756n];
  const next = (): bigint => {
    const result = (rotate((b * 5n) & mask, 7n) * 9n) & mask;
    const shifted = (b << 17n) & mask;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 45n);
    return result;
  };
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let offset = 0; offset < length; offset += 8) {
      bytes.set(le64(next()).subarray(0, length - offset), offset);
    }
    return bytes;
  };
}

/** A `Random` that serves 64-byte strings reducing to the given scalars (or any 64 bytes), in order, and no more. */
export function prepared(...servings: readonly Uint8Array[]): Random {
  const rest = [...servings];
  return (length) => {
    const next = rest.shift();
    if (next === undefined || next.length > length) {
      throw new Error(`Asked for ${length} random bytes; ${next?.length ?? "none"} were prepared.`);
    }
    const bytes = new Uint8Array(length);
    bytes.set(next);
    return bytes;
  };
}

/** DER SubjectPublicKeyInfo of the Fog authority of the mobile fixtures, 550 bytes. */
const FOG_AUTHORITY_SPKI =
  "30820222300d06092a864886f70d01010105000382020f003082020a0282020100c853a8724bc211cf5370ed4dbec8947c55" +
  "73bed0ec47ae14211454977b41336061f0a040f77dbf529f3a46d8095676ec971b940ab4c9642578760779840a3f9b3b893b" +
  "2f65006c544e9c16586d33649769b7c1c94552d7efa081a56ad612dec932812676ebec091f2aed69123604f4888a125e04ff" +
  "85f5a727c286664378581cf34c7ee13eb01cc4faf3308ed3c07a9415f98e5fbfe073e6c357967244e46ba6ebbe391d8154e6" +
  "e4a1c80524b1a6733eca46e37bfdd62d75816988a79aac6bdb62a06b1237a8ff5e5c848d01bbff684248cf06d92f301623c8" +
  "93eb0fba0f3faee2d197ea57ac428f89d6c000f76d58d5aacc3d70204781aca45bc02b1456b454231d2f2ed4ca6614e5242c" +
  "7d7af0fe61e9af6ecfa76674ffbc29b858091cbfb4011538f0e894ce45d21d7fac04ba2ff57e9ff6db21e2afd9468ad785c2" +
  "62ec59d4a1a801c5ec2f95fc107dc9cb5f7869d70aa84450b8c350c2fa48bddef20752a1e43676b246c7f59f8f1f4aee43c1" +
  "a15f36f7a36a9ec708320ea42089991551f2656ec62ea38233946b85616ff182cf17cd227e596329b546ea04d13b053be4cf" +
  "3338de777b50bc6eca7a6185cf7a5022bc9be3749b1bb43e10ecc88a0c580f2b7373138ee49c7bafd8be6a64048887230480" +
  "b0c85a045255494e04a9a81646369ce7a10e08da6fae27333ec0c16c8a74d93779a9e055395078d0b07286f9930203010001";
