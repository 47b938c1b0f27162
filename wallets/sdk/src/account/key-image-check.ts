// Round D of a poll: whether the wallet's outputs are spent (spec 03 §8.3). Checks are padded to 16, 32, 64, … key images, so
// that a request's length does not tell how many outputs a wallet has. Which of them goes by what the wallet had before the
// poll and by what the poll asked for, not by what it found: so a poll's requests are the same for all that it can have found.
import type { Random } from "@fogbow/core-bytes";
import { randomPoint } from "@fogbow/core-crypto";
import { SdkError } from "../error.ts";
import type { LedgerService } from "../ledger/ledger-service.ts";
import { classOf } from "../ledger/padding.ts";
import { KEY_IMAGES_MAX } from "../limits.ts";
import type { AccountState } from "./account-state.ts";
import { spendableOutputs } from "./balance.ts";
import type { OwnedOutput } from "./owned-output.ts";

const CLASS_MIN = 16;

/** What the round works with. */
export interface KeyImageCheckParts {
  readonly ledger: LedgerService;
  readonly random: Random;
  /** How many outputs were there to check before the poll, and with all that one sequence can have brought since. */
  readonly expected: number;
  readonly fail: (error: unknown) => void;
  readonly signal: AbortSignal | undefined;
}

/** Checks all outputs that are not known to be spent; a wallet without any checks random key images. */
export async function checkKeyImages(state: AccountState, parts: KeyImageCheckParts): Promise<void> {
  const { ledger, random, expected, fail, signal } = parts;
  const unspent = spendableOutputs(state);
  const size = classOf(Math.max(unspent.length, expected), CLASS_MIN, 2);
  const chunk = Math.min(size, KEY_IMAGES_MAX);
  for (let at = 0; at < size; at += chunk) {
    const outputs = unspent.slice(at, at + chunk);
    // As many points as there are places, so that time does not tell how many are needed.
    const padding = Array.from({ length: chunk }, () => randomPoint(random));
    const keyImages = padding.map((point, i) => outputs[i]?.keyImage ?? point);
    try {
      const answer = await ledger.checkKeyImages(keyImages, signal);
      if (answer.txoCount > state.txoCount) state.txoCount = answer.txoCount;
      if (answer.blockCount > state.ledgerBlockCount) state.ledgerBlockCount = answer.blockCount;
      state.blockVersion = Math.max(state.blockVersion, answer.latestBlockVersion);
      outputs.forEach((output, i) => {
        const status = answer.statuses[i];
        if (status?.kind === "spent") settle(state, output, { kind: "spent", at: status.spentAt });
        else if (status?.kind === "not-spent") raise(state, output, answer.blockCount);
        else fail(new SdkError("key-image-unknown", `Whether output ${output.globalIndex} is spent is not known yet.`));
      });
    } catch (error) {
      signal?.throwIfAborted();
      fail(error);
      return;
    }
  }
}

function raise(state: AccountState, output: OwnedOutput, blockCount: bigint): void {
  if (output.status.kind === "not-spent" && blockCount > output.status.below) {
    settle(state, output, { kind: "not-spent", below: blockCount });
  }
}

function settle(state: AccountState, output: OwnedOutput, status: OwnedOutput["status"]): void {
  state.outputs.set(output.globalIndex, { ...output, status });
}
