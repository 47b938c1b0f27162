// A node's status in sentences.
import type { NodeStatus } from "../status.ts";

/** All of a status that a person wants to know first. */
export function statusInWords(status: Omit<NodeStatus, "words">): string {
  const sentences = [stateSentence(status), slotSentence(status), quorumSentence(status)];
  return sentences.filter((sentence) => sentence !== undefined).join(" ");
}

function stateSentence({ state, halted, blockCount, networkBlockCount }: Omit<NodeStatus, "words">): string {
  const height = `has ${blocks(blockCount)}`;
  const lag = networkBlockCount > blockCount ? `${networkBlockCount - blockCount} fewer than its peers` : undefined;
  switch (state) {
    case "starting":
      return `Starting: ${height}, and asks its peers what it has said before.`;
    case "in-sync":
      return `In sync: ${height}.`;
    case "maybe-behind":
      return `Perhaps behind: ${height}, ${lag ?? "as many as its peers"}.`;
    case "behind":
      return `Behind: ${height}, ${lag ?? "as many as its peers"}, and is fetching blocks.`;
    case "silent":
      return `Silent: ${height}, and may have forgotten what it said about the next one; it waits for the others to decide.`;
    case "halted":
      return `Halted (${halted?.code ?? "unknown"}): ${height}. ${halted?.message ?? ""}`.trim();
    case "stopped":
      return `Stopped: ${height}.`;
    default:
      return state satisfies never;
  }
}

function slotSentence({ slot, pending }: Omit<NodeStatus, "words">): string | undefined {
  if (slot === undefined) return undefined;
  const waiting = `${pending} ${pending === 1 ? "value waits" : "values wait"}`;
  if (slot.phase === "idle") return `Slot ${slot.index} has nothing to decide; ${waiting}.`;
  const ballot = slot.ballot > 0 ? `, ballot ${slot.ballot}` : "";
  const parked = slot.parked > 0 ? ` ${slot.parked} messages wait for transactions.` : "";
  return `Slot ${slot.index} is in ${slot.phase}${ballot}, for ${Math.round(slot.ageMs)} ms; ${waiting}.${parked}`;
}

function quorumSentence({ quorum: { silent, isBlocked } }: Omit<NodeStatus, "words">): string {
  if (silent.length === 0) return "Every node of its quorum set is heard.";
  const names = silent.join(", ");
  return isBlocked
    ? `Without one of ${names} nothing can be decided here: they are silent.`
    : `Silent, but not needed: ${names}.`;
}

function blocks(count: bigint): string {
  return count === 1n ? "1 block" : `${count} blocks`;
}
