// Blocks of one payment each, as consensus forms them: two outputs and two key images in order, signed by the enclave and by
// the node. Outputs are random bytes of the right lengths; signatures are Node's, since ours take a hundred times as long.
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import {
  type BlockContents,
  type BlockData,
  blockSigningDigest,
  createBlock,
  metadataSigningDigest,
  NO_MINTING,
  originBlock,
} from "@fogbow/core-block";
import { bytes } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import type { Ledger } from "@fogbow/ledger-db";
import { randomOutput } from "./ledger-chain.ts";

const enclaveKey = newKey();
const nodeKey = newKey();

/** The next block of a ledger. */
export function paymentBlock(ledger: Ledger): BlockData {
  const outputs = [randomOutput(), randomOutput()].sort((a, b) => Buffer.compare(a.publicKey, b.publicKey));
  const parent = ledger.lastBlock();
  if (parent === undefined) return { ...originBlock(outputs), signature: undefined, metadata: undefined };
  const keyImages = [randomBytes(32), randomBytes(32)].sort(Buffer.compare).map((each) => compressedPoint(each));
  const contents: BlockContents = { ...NO_MINTING, keyImages, outputs };
  const block = createBlock(parent, { version: 4, rootElement: ledger.root(), contents });
  const about = {
    blockId: block.id,
    quorumSet: { threshold: 0, members: [] },
    evidence: undefined,
    responderId: "node.example:8443",
  };
  return {
    block,
    contents,
    signature: {
      signature: signedBy(enclaveKey, blockSigningDigest(block)),
      signer: publicKeyOf(enclaveKey),
      signedAt: 1_700_000_000n + block.index,
    },
    metadata: {
      contents: about,
      nodeKey: publicKeyOf(nodeKey),
      signature: signedBy(nodeKey, metadataSigningDigest(about)),
    },
  };
}

function newKey(): KeyObject {
  return generateKeyPairSync("ed25519").privateKey;
}

function publicKeyOf(key: KeyObject): ReturnType<typeof bytes<32>> {
  const der = createPublicKey(key).export({ format: "der", type: "spki" });
  return bytes(new Uint8Array(der.subarray(-32)), 32, "public key");
}

const signedBy = (key: KeyObject, digest: Uint8Array): ReturnType<typeof bytes<64>> =>
  bytes(new Uint8Array(sign(null, digest, key)), 64, "signature");
