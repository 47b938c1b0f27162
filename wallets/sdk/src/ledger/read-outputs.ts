// The answer about outputs, checked once (spec 03 §5.2, §5.7).
import { membershipProofFromWire, txOutFromWire } from "@fogbow/core-transaction";
import { decodeMessage, GetOutputsResponseSchema, readPresent } from "@fogbow/core-wire";
import { SdkError } from "../error.ts";
import { ANSWER_BYTES_MAX } from "../limits.ts";
import type { OutputsAnswer } from "./ledger-service.ts";

/**
 * Reads the answer about these indices. Throws WireError and SdkError: `invalid-response`, `output-missing`, and
 * `proofs-differ` unless all proofs are of one tree. One that is not would mark its ring member.
 */
export function readOutputs(encoded: Uint8Array, indices: readonly bigint[]): OutputsAnswer {
  const answer = decodeMessage(GetOutputsResponseSchema, encoded, { bytesMax: ANSWER_BYTES_MAX });
  if (answer.results.length !== indices.length) {
    throw new SdkError("invalid-response", "Fog Ledger answers another number of outputs than it was asked for.");
  }
  const outputs = answer.results.map(({ index, resultCode, output, proof }, i) => {
    if (index !== indices[i]) {
      throw new SdkError("invalid-response", "Fog Ledger answers in another order than it was asked.");
    }
    if (resultCode === 1) throw new SdkError("output-missing", `The ledger has no output ${index}.`);
    if (resultCode !== 2) throw new SdkError("server-error", `Fog Ledger failed to read output ${index}.`);
    const read = membershipProofFromWire(readPresent(proof, "proof"));
    if (read.index !== index) throw new SdkError("invalid-response", `The proof of output ${index} is of another.`);
    return { index, txOut: txOutFromWire(readPresent(output, "output")), proof: read };
  });
  if (new Set(outputs.map(({ proof }) => proof.highestIndex)).size > 1) {
    throw new SdkError("proofs-differ", "The proofs are of trees of different sizes. Ask for all of them again.");
  }
  const { numBlocks, globalTxoCount, latestBlockVersion, maxBlockVersion } = answer;
  return { outputs, blockCount: numBlocks, txoCount: globalTxoCount, latestBlockVersion, maxBlockVersion };
}
