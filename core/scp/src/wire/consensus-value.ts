// What a block is made of, as MobileCoin's types put it together (spec 05 §1.2). Written as text these are the values of the
// state machine, which sort as the transactions do.
import { type Bytes, tokenId, tokenValue } from "@fogbow/core-bytes";
import { type PublicKey, publicKey } from "@fogbow/core-crypto";
import {
  FOG_HINT_BYTES,
  MINT_NONCE_BYTES,
  type MintConfig,
  type MintConfigTx,
  type MintTx,
  type MultiSig,
  type SignerSet,
} from "@fogbow/core-transaction";
import { ScpError } from "../error.ts";
import { SIGNER_SET_DEPTH_MAX } from "../limits.ts";
import { malformed } from "./cbor-input.ts";
import {
  byteArray,
  byteString,
  list,
  mapped,
  oneOf,
  optional,
  type Shape,
  struct,
  u32,
  u64,
  type Variant,
} from "./shape.ts";

/** The kinds of values, in the order in which they sort. */
interface Contents {
  readonly TxHash: Bytes<32>;
  readonly MintConfigTx: MintConfigTx;
  readonly MintTx: MintTx;
}

/** A value with what it stands for. */
export type ConsensusValue = Variant<Contents>;

const NESTED_TOO_DEEP: Shape<SignerSet> = {
  write: () => {
    throw new ScpError("invalid-value", "Signer sets are nested too deep.");
  },
  read: () => {
    throw malformed("Signer sets are nested too deep.");
  },
};

const token = mapped(u64, { to: BigInt, from: tokenId });
const amount = mapped(u64, { to: BigInt, from: tokenValue });
const point = mapped(byteString(32), { to: (key: PublicKey): Bytes<32> => key, from: publicKey });
const nonce = measured(byteArray(MINT_NONCE_BYTES));
const ed25519Public = measured(byteString(32));
const ed25519Signature = measured(byteArray(64));

const multiSig: Shape<MultiSig> = struct({ signatures: list(ed25519Signature) });

const mintTx: Shape<MintTx> = struct({
  prefix: mapped(
    struct({
      token_id: token,
      amount,
      view_public_key: point,
      spend_public_key: point,
      nonce,
      tombstone_block: u64,
      e_fog_hint: optional(struct({ bytes: byteArray(FOG_HINT_BYTES) })),
    }),
    {
      to: (prefix: MintTx["prefix"]) => ({
        token_id: prefix.tokenId,
        amount: prefix.amount,
        view_public_key: prefix.viewPublicKey,
        spend_public_key: prefix.spendPublicKey,
        nonce: prefix.nonce,
        tombstone_block: prefix.tombstoneBlock,
        e_fog_hint: prefix.encryptedFogHint && { bytes: prefix.encryptedFogHint },
      }),
      from: (wire) => ({
        tokenId: wire.token_id,
        amount: wire.amount,
        viewPublicKey: wire.view_public_key,
        spendPublicKey: wire.spend_public_key,
        nonce: wire.nonce,
        tombstoneBlock: wire.tombstone_block,
        encryptedFogHint: wire.e_fog_hint?.bytes,
      }),
    },
  ),
  signature: multiSig,
});

const mintConfig: Shape<MintConfig> = mapped(
  struct({ token_id: token, signer_set: signerSet(SIGNER_SET_DEPTH_MAX), mint_limit: amount }),
  {
    to: ({ tokenId, signerSet, mintLimit }: MintConfig) => ({
      token_id: tokenId,
      signer_set: signerSet,
      mint_limit: mintLimit,
    }),
    from: (wire) => ({ tokenId: wire.token_id, signerSet: wire.signer_set, mintLimit: wire.mint_limit }),
  },
);

const mintConfigTx: Shape<MintConfigTx> = struct({
  prefix: mapped(
    struct({
      token_id: token,
      configs: list(mintConfig),
      nonce,
      tombstone_block: u64,
      total_mint_limit: amount,
    }),
    {
      to: (prefix: MintConfigTx["prefix"]) => ({
        token_id: prefix.tokenId,
        configs: prefix.configs,
        nonce: prefix.nonce,
        tombstone_block: prefix.tombstoneBlock,
        total_mint_limit: prefix.totalMintLimit,
      }),
      from: (wire) => ({
        tokenId: wire.token_id,
        configs: wire.configs,
        nonce: wire.nonce,
        tombstoneBlock: wire.tombstone_block,
        totalMintLimit: wire.total_mint_limit,
      }),
    },
  ),
  signature: multiSig,
});

/** The shape of a value. */
export const consensusValue: Shape<ConsensusValue> = oneOf<Contents>({
  TxHash: byteArray(32),
  MintConfigTx: mintConfigTx,
  MintTx: mintTx,
});

function signerSet(levels: number): Shape<SignerSet> {
  if (levels === 0) return NESTED_TOO_DEEP;
  const shape = struct({
    individual_signers: list(ed25519Public),
    multi_signers: list(signerSet(levels - 1)),
    threshold: u32,
  });
  return mapped(shape, {
    to: ({ signers, multiSigners, threshold }: SignerSet) => ({
      individual_signers: signers,
      multi_signers: multiSigners,
      threshold,
    }),
    from: (wire) => ({
      signers: wire.individual_signers,
      multiSigners: wire.multi_signers,
      threshold: wire.threshold,
    }),
  });
}

/** A shape for bytes whose type does not say how many: writing measures them. */
function measured<Length extends number>(shape: Shape<Bytes<Length>>): Shape<Uint8Array> {
  return mapped<Uint8Array, Bytes<Length>>(shape, { to: (bytes) => bytes as Bytes<Length>, from: (bytes) => bytes });
}
