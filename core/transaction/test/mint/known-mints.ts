// What the public reference library answers about minting: the digests that are signed, the signatures that the keys of
// these tests give, and whether multisignatures suffice.
import { bytes, tokenId, tokenValue, U64_MAX } from "@fogbow/core-bytes";
import { BASE_POINT, publicKey } from "@fogbow/core-crypto";
import type { MintConfigTxPrefix, MintTxPrefix, SignerSet } from "../../src/index.ts";
import { nonce, signerSet } from "./mints.ts";

/** Something that was signed. Everything but the prefix is the reference library's. */
interface Known<Prefix> {
  readonly name: string;
  readonly prefix: Prefix;
  /** By their numbers, in the order of the signatures. */
  readonly signers: readonly number[];
  readonly digest: string;
  readonly signatures: readonly string[];
}

const point = publicKey(BASE_POINT);

/** Minting transactions. */
export const KNOWN_MINTS: readonly Known<MintTxPrefix>[] = [
  {
    name: "without Fog",
    prefix: {
      tokenId: tokenId(5n),
      amount: tokenValue(700n),
      viewPublicKey: point,
      spendPublicKey: point,
      nonce: nonce(1),
      tombstoneBlock: 60n,
      encryptedFogHint: undefined,
    },
    signers: [1, 2],
    digest: "3134c2609a95dae0d71fb2c789c3eaa2c7886cfac45eaae78439b3bc66a4dc6e",
    signatures: [
      "8f9ad71b7f80f55b654173ae1f9e83fe76e297856f51f2a49e42dcb7564c0461" +
        "d40fbcd39cd451c535e912b4480e038c28d6fa3af9452ce2cc68bc5b52afe008",
      "dd00c54d929072607c7d73efa3ccfc200c4139ee6ae8577fa56c335782df0aed" +
        "1d35f6c3be59351a47bb105bf60bb08b56f3f75e0ca947475de4f2e05b528c0c",
    ],
  },
  {
    name: "with Fog, and every number as large as it can be",
    prefix: {
      tokenId: tokenId(U64_MAX),
      amount: tokenValue(U64_MAX),
      viewPublicKey: point,
      spendPublicKey: point,
      nonce: nonce(255),
      tombstoneBlock: U64_MAX,
      encryptedFogHint: bytes(new Uint8Array(84).fill(3), 84, "hint"),
    },
    signers: [3],
    digest: "ce0db7e7a94b9651be8e086a83fde1426a7cee16d6e2ee1e07fd62595a096f10",
    signatures: [
      "440cc388d1571d72dedd0402b5224a6543bae774ff92d5f7f48906650ec0c3e5" +
        "a8a84aa18bbc057a82406b848776c21bcb1bea4e5458fb098bf41d1af7a35003",
    ],
  },
  {
    name: "with zeros and no nonce",
    prefix: {
      tokenId: tokenId(0n),
      amount: tokenValue(0n),
      viewPublicKey: point,
      spendPublicKey: point,
      nonce: new Uint8Array(0),
      tombstoneBlock: 0n,
      encryptedFogHint: undefined,
    },
    signers: [1],
    digest: "ce7d84d033e799a2793118f27863033d3e1e0f2a1fd110adff46e587865a6383",
    signatures: [
      "476233caed60919fe210dba13a6cee5d42a65e3c8f5352bedf21e4a08eff03dc" +
        "a93865f198fff60bce2a85249429917b481ddc400d10fc0dfef2123c4ab9e405",
    ],
  },
];

/** One of the signers 1 and 2, and of 3 and 4 with 5 or 6. */
const NESTED: SignerSet = {
  ...signerSet(2, 1, 2),
  multiSigners: [{ ...signerSet(2, 3, 4), multiSigners: [signerSet(1, 5, 6)] }],
};

/** Configurations of minting. */
export const KNOWN_CONFIGURATIONS: readonly Known<MintConfigTxPrefix>[] = [
  {
    name: "with two configurations, one of them nested",
    prefix: {
      tokenId: tokenId(5n),
      configs: [
        { tokenId: tokenId(5n), signerSet: NESTED, mintLimit: tokenValue(10_000n) },
        { tokenId: tokenId(5n), signerSet: signerSet(1, 4), mintLimit: tokenValue(U64_MAX) },
      ],
      nonce: nonce(2),
      tombstoneBlock: 60n,
      totalMintLimit: tokenValue(10_500n),
    },
    signers: [8, 9],
    digest: "90f9ad074e051fa19d294a938ab4595ccd1112ddebeb8bb50a19deda414c911d",
    signatures: [
      "e12c4b1f9cdc342205ec526d23801688508680a0ff830bef9fc7a6c6d6f5acb1" +
        "400567cac92da7cf6fa9ed9e291820ddae385405f950600fec6cdefd13e4e909",
      "518f08a6c64f47370451356d06c4f30c3d6f7d10004535e5b021def01dfd9826" +
        "39434d9c42f62ea638ad6faee796be45472d50bb1f88b4d852172ab559969d0c",
    ],
  },
  {
    name: "that ends all minting",
    prefix: {
      tokenId: tokenId(5n),
      configs: [],
      nonce: nonce(2),
      tombstoneBlock: 60n,
      totalMintLimit: tokenValue(0n),
    },
    signers: [8],
    digest: "1a4a17d127c4991a01e5601c47aaf837e38690108d61e815dd08bc2b079a55bb",
    signatures: [
      "4a4957529b202f8b2fd425d5fc17b168817d29e4d1e434bcadbf6093f9d1c7b1" +
        "5351e39e3c4dd1fb64a3f4e9d5aba05b6859224ada0068586b79531561078607",
    ],
  },
];

/** Whether signatures by these numbers, over the same message, suffice for a set. */
export const KNOWN_MULTI_SIGS: readonly (readonly [set: SignerSet, signers: readonly number[], suffice: boolean])[] = [
  [signerSet(2, 1, 2, 3), [3, 1], true],
  [signerSet(2, 1, 2, 3), [1, 1], false],
  [signerSet(2, 1, 1, 2), [1], false],
  [signerSet(0, 1), [1], false],
  [signerSet(2, 1), [1], false],
  [signerSet(1, 1), [2, 3, 4, 5, 6, 7, 8, 9, 10, 1], true],
  [signerSet(1, 1), [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], false],
  [NESTED, [1, 2], true],
  [NESTED, [1, 3, 4], true],
  [NESTED, [1, 3, 6], true],
  [NESTED, [1, 5, 6], false],
  [{ ...signerSet(2, 1), multiSigners: [signerSet(1, 1, 5)] }, [1], true],
  [{ ...signerSet(2), multiSigners: [signerSet(1, 1), signerSet(1, 1)] }, [1], false],
  [{ ...signerSet(2), multiSigners: [signerSet(1, 1, 2), signerSet(1, 2, 1)] }, [1], true],
  [{ ...signerSet(1, 1), multiSigners: [signerSet(2, 2)] }, [1], false],
  [{ ...signerSet(2), multiSigners: [signerSet(1, 1, 2), signerSet(2, 1, 2)] }, [1, 2], true],
];
