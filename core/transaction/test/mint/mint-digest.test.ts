// Tests of what minters and governors sign: against answers of the public reference library, and against the tree,
// written down here once more.
import { le32, le64, toHex } from "@fogbow/core-bytes";
import { appendNode, type DigestNode, digest32, type PrimitiveType, Transcript } from "@fogbow/core-crypto";
import { expect, test } from "vitest";
import {
  decodeMintConfigTx,
  decodeMintTx,
  encodeMintConfigTx,
  encodeMintTx,
  type MintConfigTxPrefix,
  type MintTxPrefix,
  type MultiSig,
  mintConfigTxDigest,
  mintTxDigest,
  mintTxDigestible,
  type SignerSet,
  signMintConfigTx,
  signMintTx,
  validatedMintConfigTxDigestible,
} from "../../src/index.ts";
import { KNOWN_CONFIGURATIONS, KNOWN_MINTS } from "./known-mints.ts";
import { CONFIGURATION, GOVERNORS, MINT, signer, signerSet } from "./mints.ts";

const leaf = (type: PrimitiveType, data: Uint8Array): DigestNode => ({ kind: "primitive", type, data });
const u64 = (n: bigint): DigestNode => leaf("uint", le64(n));
const struct = (name: string, ...fields: [string, DigestNode][]): DigestNode => ({ kind: "aggregate", name, fields });
const digest = (context: string, node: DigestNode): Uint8Array => {
  const transcript = new Transcript("digestible");
  appendNode(transcript, context, node);
  return transcript.challenge("digest32", 32);
};
const mintTree = (prefix: MintTxPrefix): DigestNode =>
  struct(
    "MintTxPrefix",
    ["token_id", u64(prefix.tokenId)],
    ["amount", u64(prefix.amount)],
    ["view_public_key", leaf("ristretto", prefix.viewPublicKey)],
    ["spend_public_key", leaf("ristretto", prefix.spendPublicKey)],
    ["nonce", leaf("bytes", prefix.nonce)],
    ["tombstone_block", u64(prefix.tombstoneBlock)],
    ...(prefix.encryptedFogHint
      ? [["e_fog_hint", leaf("bytes", prefix.encryptedFogHint)] as [string, DigestNode]]
      : []),
  );
const setTree = (set: SignerSet): DigestNode =>
  struct(
    "SignerSet",
    [
      "signers",
      {
        kind: "sequence",
        items: set.signers.map((key) => struct("Ed25519Public", ["0", leaf("ed25519", key)])),
      },
    ],
    ...(set.multiSigners.length > 0
      ? [["multi_signers", { kind: "sequence", items: set.multiSigners.map(setTree) }] as [string, DigestNode]]
      : []),
    ["threshold", leaf("uint", le32(set.threshold))],
  );

test.each(KNOWN_MINTS)("a minting transaction $name has its digest and its signatures", (known) => {
  expect(toHex(mintTxDigest(known.prefix))).toBe(known.digest);
  const { signature } = decodeMintTx(encodeMintTx(signMintTx(known.prefix, known.signers.map(signer))));
  expect(signature.signatures.map(toHex)).toEqual(known.signatures);
});

test.each(KNOWN_CONFIGURATIONS)("a configuration $name has its digest and its signatures", (known) => {
  expect(toHex(mintConfigTxDigest(known.prefix))).toBe(known.digest);
  const { signature } = decodeMintConfigTx(
    encodeMintConfigTx(signMintConfigTx(known.prefix, known.signers.map(signer))),
  );
  expect(signature.signatures.map(toHex)).toEqual(known.signatures);
});

test("minters sign the digest of the prefix, with the hint if there is one", () => {
  expect(mintTxDigest(MINT)).toEqual(digest("mc_mint_tx_prefix", mintTree(MINT)));
  const withoutFog = { ...MINT, encryptedFogHint: undefined };
  expect(mintTxDigest(withoutFog)).toEqual(digest("mc_mint_tx_prefix", mintTree(withoutFog)));
});

const configTree = (prefix: MintConfigTxPrefix): DigestNode => {
  const items = prefix.configs.map(({ tokenId, signerSet: set, mintLimit }) =>
    struct("MintConfig", ["token_id", u64(tokenId)], ["signer_set", setTree(set)], ["mint_limit", u64(mintLimit)]),
  );
  return struct(
    "MintConfigTxPrefix",
    ["token_id", u64(prefix.tokenId)],
    ["configs", { kind: "sequence", items }],
    ["nonce", leaf("bytes", prefix.nonce)],
    ["tombstone_block", u64(prefix.tombstoneBlock)],
    ["total_mint_limit", u64(prefix.totalMintLimit)],
  );
};
const multiSigTree = ({ signatures }: MultiSig): DigestNode =>
  struct("MultiSig", ["signatures", { kind: "sequence", items: signatures.map((each) => leaf("ed25519-sig", each)) }]);

test("governors sign the digest of the prefix, signer sets included", () => {
  const nested = { ...signerSet(2, 1), multiSigners: [signerSet(1, 2)] };
  const configs = CONFIGURATION.configs.map((config, i) => (i === 0 ? { ...config, signerSet: nested } : config));
  const prefix = { ...CONFIGURATION, configs };
  expect(mintConfigTxDigest(prefix)).toEqual(digest("mc_mint_config_tx_prefix", configTree(prefix)));
});

test("blocks hash minting transactions with their signatures, and configurations with their governors", () => {
  const mintTx = signMintTx(MINT, [signer(1), signer(2)]);
  const mintTxTree = struct("MintTx", ["prefix", mintTree(MINT)], ["signature", multiSigTree(mintTx.signature)]);
  expect(digest32("x", mintTxDigestible(mintTx))).toEqual(digest("x", mintTxTree));
  const mintConfigTx = signMintConfigTx(CONFIGURATION, [signer(8)]);
  const configTxTree = struct(
    "MintConfigTx",
    ["prefix", configTree(CONFIGURATION)],
    ["signature", multiSigTree(mintConfigTx.signature)],
  );
  const validated = { mintConfigTx, signerSet: GOVERNORS };
  const validatedTree = struct(
    "ValidatedMintConfigTx",
    ["mint_config_tx", configTxTree],
    ["signer_set", setTree(GOVERNORS)],
  );
  expect(digest32("x", validatedMintConfigTxDigestible(validated))).toEqual(digest("x", validatedTree));
});
