// What a replica counts and measures, for Prometheus.
import type { Metrics } from "@fogbow/server";
import { Counter, Gauge, Histogram } from "prom-client";
import type { ReplicaCounter, ReplicaDuration, ReplicaMetrics } from "../parts.ts";
import type { NodeStatus } from "../status.ts";

const COUNTERS: Readonly<Record<ReplicaCounter, string>> = {
  proposals_accepted: "Transactions of clients that were accepted",
  proposals_invalid: "Transactions of clients that were not valid",
  proposals_refused: "Transactions of clients that there was no room for",
  transactions_externalized: "Transactions in blocks that this node agreed on",
  blocks_appended: "Blocks that this node agreed on",
  blocks_synced: "Blocks that came from others",
  messages_sent: "Consensus messages that peers took",
  messages_received: "Consensus messages that were heard",
  messages_dropped: "Consensus messages that were not heard, or not sent any more",
  messages_parked: "Consensus messages that had to wait for transactions",
  messages_gossiped: "Consensus messages that were passed on",
  fork_suspects: "Consensus messages about another block before",
  transactions_fetched: "Transactions that were fetched from peers",
  channels_made: "Attested channels that were made to peers",
};

const DURATIONS: Readonly<Record<ReplicaDuration, string>> = {
  proposal_ms: "From a client's proposal to the answer",
  externalize_ms: "From a client's proposal to the block that it is in",
  slot_ms: "From the first event of a slot to its decision",
  form_block_ms: "Forming a block in the enclave",
  append_ms: "Appending a block to the ledger",
  journal_ms: "Writing a vote to the journal",
  check_ms: "One call of the enclave that checks transactions",
};

const BUCKETS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10];

/** Adds a replica's figures to those of its process; `status` is asked when somebody looks. */
export function replicaMetrics({ registry }: Metrics, status: () => NodeStatus | undefined): ReplicaMetrics {
  const registers = [registry];
  const counters = mapped(COUNTERS, (name, help) => new Counter({ name: `node_${name}_total`, help, registers }));
  const durations = mapped(
    DURATIONS,
    (name, help) =>
      new Histogram({ name: `node_${name.replace(/_ms$/, "_seconds")}`, help, buckets: BUCKETS, registers }),
  );
  const gauge = (name: string, help: string, value: (status: NodeStatus) => number): Gauge =>
    new Gauge({
      name: `node_${name}`,
      help,
      registers,
      collect() {
        const now = status();
        if (now !== undefined) this.set(value(now));
      },
    });
  gauge("blocks", "Blocks in the ledger", ({ blockCount }) => Number(blockCount));
  gauge("network_blocks", "Blocks that a quorum of peers has", ({ networkBlockCount }) => Number(networkBlockCount));
  gauge("pending_values", "Values that wait for a slot", ({ pending }) => pending);
  gauge("unchecked_transactions", "Transactions that wait to be checked", ({ unchecked }) => unchecked);
  gauge("slot_age_seconds", "How long the slot has been open with something to decide", ({ slot }) =>
    slot === undefined ? 0 : slot.ageMs / 1000,
  );
  gauge("silent_peers", "Nodes of the quorum set that are silent", ({ quorum }) => quorum.silent.length);
  gauge("is_in_sync", "Whether the node takes part", ({ state }) => (state === "in-sync" ? 1 : 0));
  return {
    count: (name, by = 1) => counters[name].inc(by),
    observe: (name, milliseconds) => durations[name].observe(milliseconds / 1000),
  };
}

function mapped<Name extends string, Value>(
  texts: Readonly<Record<Name, string>>,
  make: (name: Name, text: string) => Value,
): Readonly<Record<Name, Value>> {
  const entries = Object.entries<string>(texts).map(([name, text]) => [name, make(name as Name, text)]); // Its own names.
  return Object.fromEntries(entries) as Record<Name, Value>; // One for each.
}
