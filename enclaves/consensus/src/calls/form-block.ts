// `form-block`: the next block of what was agreed on, signed (spec 05 §2.7). Everything is validated again as of this
// block, but the signatures, which this enclave has verified for the very same hashes.
import {
  type Block,
  blockFromWire,
  blockSigningDigest,
  blockToWire,
  contentsToWire,
  feeRecipient,
  formBlock as form,
  hasValidId,
  type MintTxWithConfig,
} from "@fogbow/core-block";
import { equalBytes } from "@fogbow/core-bytes";
import {
  decodeTx,
  type MintTx,
  membershipElementFromWire,
  mintConfigFromWire,
  mintConfigTxFromWire,
} from "@fogbow/core-transaction";
import {
  decodeMessage,
  encodeMessage,
  type FormBlockRequest,
  FormBlockRequestSchema,
  FormBlockResponseSchema,
  readPresent,
} from "@fogbow/core-wire";
import { combineValues, type ReadValues, readValues } from "../combine.ts";
import type { Call, EnclaveState } from "../enclave-state.ts";
import { ConsensusError } from "../error.ts";
import { DOOR } from "../limits.ts";
import { encodeKeptBlock } from "../retention/kept-block.ts";
import { readRootProofs } from "../root-proofs.ts";
import { contextOf } from "../verify-txs.ts";

/**
 * The block has no time: that is the host's to say, and nobody signs it. Throws ConsensusError, BlockError, WireError, and
 * TransactionError for proofs that lead nowhere.
 */
export const formBlock: Call = (input, state) => {
  const request = decodeMessage(FormBlockRequestSchema, input, DOOR);
  const { rules, random, signingKey, signer, sign } = state;
  const parent = readParent(request);
  const values = readValues(readPresent(request.values, "values"), state);
  assertCombined(values, combineValues(values, parent.id, state));
  const moment = { currentIndex: parent.index + 1n, rootProofs: readRootProofs(request.rootProofs, state).byLeaf };
  const formed = form(
    parent,
    {
      txs: values.txs.map(({ encoded, facts }) => {
        const tx = decodeTx(encoded);
        const { rootProofs } = contextOf(tx, moment, state);
        // It is well formed, so its signature was verified: here, and for this very hash.
        return { tx, hash: facts.txHash, rootProofs, signatureResult: "valid" };
      }),
      mintConfigTxs: values.mintConfigTxs,
      mintTxs: withSources(values.mintTxs, request),
      rootElement:
        state.kept?.rootOf(parent.id) ?? membershipElementFromWire(readPresent(request.rootElement, "root_element")),
    },
    {
      blockVersion: rules.blockVersion,
      minimumFees: rules.minimumFees,
      feeRecipient: feeRecipient(rules.network),
      governors: (token) => rules.governors.get(token),
      random,
    },
  );
  const { block, contents } = formed;
  assertFirst(block, state);
  const kept = state.kept?.keep(formed);
  state.lastSigned = block;
  const signature = sign(signingKey, blockSigningDigest(block));
  if (kept !== undefined) return encodeKeptBlock(formed, kept, { signature, signer });
  return encodeMessage(FormBlockResponseSchema, {
    block: blockToWire(block),
    contents: contentsToWire(contents),
    signature: { signature: { data: signature }, signer: { data: signer } },
  });
};

function readParent(request: FormBlockRequest): Block {
  const parent = blockFromWire(readPresent(request.parent, "parent"));
  if (!hasValidId(parent)) throw new ConsensusError("invalid-parent", "The id of the parent does not follow from it.");
  return parent;
}

/** The order decides the keys of the fee outputs: in any other, the block would be nobody else's. */
function assertCombined(values: ReadValues, combined: ReadValues): void {
  const isSame = <Item>(a: readonly Item[], b: readonly Item[]): boolean =>
    a.length === b.length && a.every((each, i) => each === b[i]);
  const { txs, mintConfigTxs, mintTxs } = values;
  if (isSame(txs, combined.txs) && isSame(mintConfigTxs, combined.mintConfigTxs) && isSame(mintTxs, combined.mintTxs)) {
    return;
  }
  throw new ConsensusError("values-not-combined", "A block is formed of what `combine` gives, in its order.");
}

function withSources(mintTxs: readonly MintTx[], { mintSources }: FormBlockRequest): MintTxWithConfig[] {
  if (mintSources.length !== mintTxs.length) {
    throw new ConsensusError("mint-sources-mismatch", "Each minting transaction comes with its configuration.");
  }
  return mintTxs.map((mintTx, i) => {
    const source = mintSources[i];
    return {
      mintTx,
      mintConfigTx: mintConfigTxFromWire(readPresent(source?.mintConfigTx, "mint_config_tx")),
      mintConfig: mintConfigFromWire(readPresent(source?.mintConfig, "mint_config")),
    };
  });
}

/**
 * One block a height for as long as the enclave runs: a host that could have any others formed would learn from their fee
 * outputs what single transactions paid, if it could open those.
 */
function assertFirst(block: Block, { lastSigned }: EnclaveState): void {
  if (lastSigned === undefined || block.index > lastSigned.index || equalBytes(block.id, lastSigned.id)) return;
  throw new ConsensusError("height-already-signed", `Block ${lastSigned.index} was signed already, and not like this.`);
}
