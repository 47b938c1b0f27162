// From a decision to a block (spec 05 §2.7). Everything that is read of the ledger is read at once, before anybody else has a
// turn: proofs, root and parent must be of one moment, or the enclave refuses them.
import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type Block,
  type BlockContents,
  type BlockSignature,
  blockFromWire,
  blockToWire,
  chooseMintTxs,
  contentsFromWire,
  type MintTxWithConfig,
} from "@fogbow/core-block";
import { bytes } from "@fogbow/core-bytes";
import type { Value } from "@fogbow/core-scp";
import {
  type MintConfig,
  type MintConfigTx,
  membershipElementToWire,
  membershipProofToWire,
  mintConfigTxToWire,
  mintTxToWire,
} from "@fogbow/core-transaction";
import { type FormBlockRequestSchema, type FormBlockResponse, readData, readPresent } from "@fogbow/core-wire";
import type { LedgerReader, SealedBlock } from "@fogbow/ledger-db";
import { splitValues } from "./combiner.ts";
import { hashOf, type KnownTxs } from "./known-txs.ts";

/** What the enclave is asked to form a block of. */
export type FormBlockInit = MessageInitShape<typeof FormBlockRequestSchema>;

/** The enclave's next block, not in the ledger yet. */
export interface FormedBlock {
  readonly block: Block;
  readonly contents: BlockContents;
  readonly signature: BlockSignature;
}

/** A block as the enclave shows it, and what to store of it if the node forgets. */
export interface FormedWithRecords {
  readonly formed: FormedBlock;
  readonly sealed: SealedBlock | undefined;
}

/** Transactions among the values that the enclave does not have. */
export function missingTxs(values: readonly Value[], known: KnownTxs): Value[] {
  return splitValues(values).txs.filter((value) => known.get(value) === undefined);
}

/** What a decision is formed into a block from. All transactions must be known, and the ledger must end with the parent. */
export function formBlockInit(values: readonly Value[], known: KnownTxs, ledger: LedgerReader): FormBlockInit {
  const { txs, mintConfigTxs, mintTxs } = splitValues(values);
  const charged = chooseMintTxs(mintTxs, (tokenId) => ledger.activeMintConfigs(tokenId));
  const indices = [...new Set(txs.flatMap((value) => known.get(value)?.highestIndices ?? []))];
  return {
    parent: blockToWire(readPresent(ledger.lastBlock(), "parent")),
    values: {
      txHashes: txs.map(hashOf),
      mintConfigTxs: mintConfigTxs.map(mintConfigTxToWire),
      mintTxs: mintTxs.map(mintTxToWire),
    },
    rootProofs: ledger.membershipProofs(indices.sort((a, b) => (a < b ? -1 : 1))).map(membershipProofToWire),
    rootElement: membershipElementToWire(ledger.root()),
    mintSources: charged.map(mintSource),
  };
}

/** The block in the enclave's answer. `signedAt` is the host's word (spec 05, trap 25). */
export function formedBlock(response: FormBlockResponse, signedAt: bigint): FormedWithRecords {
  const signature = readPresent(response.signature, "signature");
  const formed = {
    block: blockFromWire(readPresent(response.block, "block")),
    contents: contentsFromWire(readPresent(response.contents, "contents")),
    signature: {
      signature: bytes(readData(signature.signature, 64, "signature"), 64, "signature"),
      signer: bytes(readData(signature.signer, 32, "signer"), 32, "signer"),
      signedAt,
    },
  };
  return { formed, sealed: response.sealed };
}

function mintSource({ mintConfigTx, mintConfig }: MintTxWithConfig): NonNullable<FormBlockInit["mintSources"]>[number] {
  return { mintConfigTx: mintConfigTxToWire(mintConfigTx), mintConfig: onlyConfig(mintConfigTx, mintConfig) };
}

function onlyConfig(
  { prefix, signature }: MintConfigTx,
  config: MintConfig,
): ReturnType<typeof mintConfigTxToWire>["prefix"]["configs"][number] {
  const [only] = mintConfigTxToWire({ prefix: { ...prefix, configs: [config] }, signature }).prefix.configs;
  return readPresent(only, "configs");
}
