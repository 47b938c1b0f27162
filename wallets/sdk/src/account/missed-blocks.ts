// Round C of a poll: downloads the blocks that Fog missed and looks through them (spec 03 §8.3). Which they are is the same
// for all users.
import { SdkError } from "../error.ts";
import type { LedgerService, ServedBlock } from "../ledger/ledger-service.ts";
import { MISSED_BLOCKS_MAX, MISSED_REQUESTS_MAX } from "../limits.ts";
import type { AccountState } from "./account-state.ts";
import type { OutputReader, OwnedOutput } from "./owned-output.ts";
import { firstOf, includes, without } from "./range-set.ts";

/** What the round works with. */
export interface MissedBlocksParts {
  readonly ledger: LedgerService;
  readonly reader: OutputReader;
  readonly add: (output: OwnedOutput) => void;
  readonly fail: (error: unknown) => void;
  readonly signal: AbortSignal | undefined;
}

/** Downloads until nothing is outstanding or no more comes. Only blocks that came are taken off the set. */
export async function scanMissedBlocks(state: AccountState, parts: MissedBlocksParts): Promise<void> {
  const { ledger, fail, signal } = parts;
  let blockCount = state.ledgerBlockCount;
  for (let request = 0; request < MISSED_REQUESTS_MAX && state.missedRanges.length > 0; request++) {
    const asked = firstOf(state.missedRanges, BigInt(MISSED_BLOCKS_MAX));
    try {
      const { blocks, blockCount: known } = await ledger.getBlocks(asked, signal);
      if (known > blockCount) blockCount = known;
      const wanted = blocks.filter(({ index }) => includes(asked, index));
      for (const block of wanted) {
        scan(block, parts);
        state.missedRanges = without(state.missedRanges, block.index);
      }
      if (wanted.length === 0) break;
    } catch (error) {
      signal?.throwIfAborted();
      fail(error);
      break;
    }
  }
  // A range may reach beyond the chain's end, where there is nothing to scan yet.
  if (state.missedRanges.some(({ start }) => start < blockCount)) {
    fail(new SdkError("missed-blocks-left", "Blocks that Fog missed are still to be downloaded. Poll again."));
  }
}

function scan({ index, timestamp, firstGlobalIndex, txOuts }: ServedBlock, parts: MissedBlocksParts): void {
  txOuts.forEach((txOut, i) => {
    if (txOut === undefined) return;
    try {
      const place = { globalIndex: firstGlobalIndex + BigInt(i), blockIndex: index, timestamp };
      const owned = parts.reader.ofTxOut(txOut, place);
      if (owned !== undefined) parts.add(owned);
    } catch (error) {
      parts.fail(error);
    }
  });
}
