// What a node knows of its votes after a restart (spec 05 §6.3).
import { decodeVoteRecord, type VoteRecord } from "../journal/vote-record.ts";
import type { JournalRead } from "../parts.ts";

/** The votes of the slots that are kept, and how far the node must keep silent. */
export interface RestoredVotes {
  readonly bySlot: ReadonlyMap<bigint, VoteRecord>;
  /** The last slot that it must say nothing in: it may have voted there and not know it. 0 when there is none. */
  readonly silentThrough: bigint;
}

/** The votes in a journal. A slot whose votes cannot be read is one to keep silent in, and so is the next. */
export function restoreVotes({ records, unreadable }: JournalRead): RestoredVotes {
  const bySlot = new Map<bigint, VoteRecord>();
  const forgotten = [...unreadable];
  for (const { slot, record } of records) {
    const vote = tryDecode(record);
    if (vote === undefined || vote.consensus.message.slotIndex !== slot) forgotten.push(slot);
    else bySlot.set(slot, vote);
  }
  const last = forgotten.reduce((max, slot) => (slot > max ? slot : max), -1n);
  return { bySlot, silentThrough: last + 1n };
}

function tryDecode(record: Uint8Array): VoteRecord | undefined {
  try {
    return decodeVoteRecord(record);
  } catch {
    return undefined; // Written by another version, or by nobody.
  }
}
