// The first block of a chain: outputs and nothing else, unsigned (spec 02 §8.2).
import { type Bytes, bytes, concatBytes, le64, MOB, type Random, tokenValue, utf8 } from "@fogbow/core-bytes";
import type { PublicKey } from "@fogbow/core-crypto";
import {
  createTxOut,
  decoyFogHint,
  encryptFogHint,
  type TxOut,
  type TxOutMembershipElement,
  type TxOutOptions,
} from "@fogbow/core-transaction";
import { kernel } from "@fogbow/kernel";
import { type Block, withId } from "./block.ts";
import { type BlockContents, contentsHash, NO_MINTING } from "./contents.ts";
import { BlockError } from "./error.ts";

/** A block together with what it adds. */
export interface NewBlock {
  readonly block: Block;
  readonly contents: BlockContents;
}

/** The root element of an origin block: there is no tree before it, and this is not the root of an empty one. */
export const ORIGIN_ROOT_ELEMENT: TxOutMembershipElement = {
  range: { from: 0n, to: 0n },
  hash: new Uint8Array(32),
};

/** The origin block with these outputs, in this order. Throws `no-origin-outputs`. */
export function originBlock(outputs: readonly TxOut[]): NewBlock {
  if (outputs.length === 0) {
    throw new BlockError("no-origin-outputs", "An origin block needs at least one output.");
  }
  const contents: BlockContents = { keyImages: [], outputs, ...NO_MINTING };
  const block = withId({
    version: 0,
    parentId: zeros(),
    index: 0n,
    cumulativeTxoCount: BigInt(outputs.length),
    rootElement: ORIGIN_ROOT_ELEMENT,
    contentsHash: contentsHash(contents),
  });
  return { block, contents };
}

/** What someone owns from the beginning. */
export interface Allocation {
  readonly recipient: TxOutOptions["recipient"];
  /** In picoMOB. */
  readonly value: bigint;
  /** The ingress key of the recipient's Fog; without it the hint is a decoy. */
  readonly ingressKey?: PublicKey;
}

/**
 * The origin block in which these allocations become outputs of MOB, in this order. The seed (32 bytes) decides every
 * random choice: the same seed and allocations give the same block. Whoever knows the seed can tell what the outputs
 * hold. Throws `invalid-seed`, `no-origin-outputs`.
 */
export function originBlockFromSeed(seed: Uint8Array, allocations: readonly Allocation[]): NewBlock {
  if (seed.length !== SEED_BYTES) {
    throw new BlockError("invalid-seed", `A seed has ${SEED_BYTES} bytes.`);
  }
  return originBlock(allocations.map((allocation, index) => allocate(allocation, outputRandom(seed, index))));
}

const SEED_BYTES = 32;
const RANDOM_SALT = utf8("fogbow-origin-block");

function allocate({ recipient, value, ingressKey }: Allocation, random: Random): TxOut {
  const fogHint =
    ingressKey === undefined ? decoyFogHint(random) : encryptFogHint(ingressKey, recipient.viewPublicKey, random);
  const amount = { value: tokenValue(value), tokenId: MOB };
  const { txOut, sharedSecret } = createTxOut({ blockVersion: 0, recipient, amount, fogHint, random });
  sharedSecret.wipe();
  return txOut;
}

/** Random bytes for one output, which no other output of any seed uses: HKDF (RFC 5869) of the seed, call by call. */
function outputRandom(seed: Uint8Array, index: number): Random {
  let call = 0n;
  return (length) => {
    const info = concatBytes(le64(BigInt(index)), le64(call));
    call += 1n;
    return kernel().hashes.hkdf("sha512", { ikm: seed, salt: RANDOM_SALT, info, length });
  };
}

function zeros(): Bytes<32> {
  return bytes(new Uint8Array(32), 32, "zero id");
}
