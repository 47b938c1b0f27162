// Ledgers to run commands on: an origin block and signed blocks after it, the same for the same FOGBOW_SEED.
import { accountKeyFromRootEntropy, publicAddress } from "@fogbow/core-account";
import {
  type Block,
  type BlockData,
  createBlock,
  NO_MINTING,
  originBlockFromSeed,
  signBlock,
  signMetadata,
} from "@fogbow/core-block";
import { Secret, toHex } from "@fogbow/core-bytes";
import { compressedPoint, Ed25519PrivateKey } from "@fogbow/core-crypto";
import type { TxOut, TxOutMembershipElement } from "@fogbow/core-transaction";
import { createLedger } from "@fogbow/ledger-db";
import { newDirectory } from "./run-command.ts";
import { seededRandom } from "./seeded-random.ts";

const random = seededRandom("ledger");
const recipient = publicAddress(accountKeyFromRootEntropy(new Secret(random(32))));
const enclaveKey = new Ed25519PrivateKey(random(32));
const nodeKey = new Ed25519PrivateKey(random(32));

/** The key that signs the blocks, in hex. */
export const signer: string = toHex(enclaveKey.publicKey());

/** So many outputs that were never made before. */
export function outputs(count: number): readonly TxOut[] {
  const allocations = Array.from({ length: count }, () => ({ recipient, value: 10n ** 12n }));
  return originBlockFromSeed(random(32), allocations).contents.outputs;
}

/** The signed block after a parent. */
export function nextBlock(parent: Block, rootElement: TxOutMembershipElement, made = outputs(1)): BlockData {
  const contents = { ...NO_MINTING, keyImages: [compressedPoint(random(32))], outputs: made };
  const block = createBlock(parent, { version: 3, rootElement, contents });
  return signed(block, contents);
}

/** A block with signatures over it. */
export function signed(block: Block, contents: BlockData["contents"]): BlockData {
  const about = {
    blockId: block.id,
    quorumSet: { threshold: 0, members: [] },
    evidence: undefined,
    responderId: "node.example:8443",
  };
  return {
    block,
    contents,
    signature: signBlock(block, enclaveKey, 1_700_000_000n + block.index),
    metadata: signMetadata(about, nodeKey),
  };
}

/** The directory of a new ledger with so many blocks; the origin block has three outputs, all others one. */
export async function newLedger(blocks: number): Promise<string> {
  const directory = newDirectory();
  const ledger = createLedger(directory);
  const origin = originBlockFromSeed(
    random(32),
    [1n, 2n, 3n].map((value) => ({ recipient, value })),
  );
  let parent = origin.block;
  ledger.append({ ...origin, signature: undefined, metadata: undefined });
  for (let i = 1; i < blocks; i++) {
    const data = nextBlock(parent, ledger.root());
    ledger.append(data);
    parent = data.block;
  }
  await ledger.close();
  return directory;
}
