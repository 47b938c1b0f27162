// A verifier thread that is a thread of an enclave: batches and answers cross as bytes.
import type { Random } from "@fogbow/core-bytes";
import type { BlockVersion } from "@fogbow/core-transaction";
import { decodeMessage, encodeMessage, VerifierAnswersSchema, VerifierBatchSchema } from "@fogbow/core-wire";
import { HELPER_BYTES_MAX } from "./limits.ts";
import type { Batch, BatchAnswers, SpawnVerifierThread } from "./thread.ts";
import { type VerificationAnswer, type VerificationContext, verifyBatch } from "./verify-batch.ts";

/** Threads as an enclave's runtime gives them: each runs {@link verifierHelper}. */
export interface HelperThreads {
  spawn(): { call(input: Uint8Array): Promise<Uint8Array>; close(): void };
}

const LIMITS = { bytesMax: HELPER_BYTES_MAX };

/** Verifier threads of an enclave. They finish a batch that they have begun, whoever no longer wants it. */
export function helperThreads(threads: HelperThreads): SpawnVerifierThread {
  return ({ onAnswers, onFailure }) => {
    const thread = threads.spawn();
    let isOver = false;
    return {
      verify: (batch) => {
        const input = encodeBatch(batch);
        thread.call(input).then(
          (output) => {
            if (!isOver) onAnswers(decodeAnswers(output));
          },
          (cause: unknown) => {
            if (!isOver) onFailure(cause);
          },
        );
        input.fill(0); // The thread has a copy.
      },
      terminate: async () => {
        isOver = true;
        thread.close();
      },
    };
  };
}

/** What a thread of the enclave runs: a batch in, its answers out. Throws WireError for what is no batch. */
export function verifierHelper(input: Uint8Array, { random }: { readonly random: Random }): Uint8Array {
  const answers = verifyBatch(decodeBatch(input), random);
  return encodeMessage(VerifierAnswersSchema, {
    // None is cancelled, so there is an answer for each.
    answers: answers.map((answer) => ({ code: answer?.code ?? "", ...(answer?.detail && { detail: answer.detail }) })),
  });
}

function encodeBatch({ requests }: Batch): Uint8Array {
  const contexts = [...new Set(requests.map(({ context }) => context))];
  return encodeMessage(VerifierBatchSchema, {
    contexts: contexts.map(({ minimumFees, rootProofs, ...rest }) => ({
      ...rest,
      minimumFees: minimumFees.map(([tokenId, minimumFee]) => ({ tokenId, minimumFee })),
      rootProofs: [...rootProofs],
    })),
    requests: requests.map(({ tx, context }) => ({ tx, context: contexts.indexOf(context) })),
  });
}

function decodeBatch(input: Uint8Array): Batch["requests"] {
  const batch = decodeMessage(VerifierBatchSchema, input, LIMITS);
  const contexts = batch.contexts.map(
    ({ minimumFees, ...rest }): VerificationContext => ({
      currentIndex: rest.currentIndex,
      rootProofs: rest.rootProofs,
      blockVersion: rest.blockVersion as BlockVersion, // What it is not, validation finds.
      minimumFees: minimumFees.map(({ tokenId, minimumFee }) => [tokenId, minimumFee] as const),
    }),
  );
  return batch.requests.map(({ tx, context }) => ({ tx, context: contexts[context] as VerificationContext })); // Ours.
}

function decodeAnswers(output: Uint8Array): BatchAnswers {
  const { answers } = decodeMessage(VerifierAnswersSchema, output, LIMITS);
  return answers.map(({ code, detail }) => ({ code, detail }) as VerificationAnswer); // Measured code's own.
}
