// The figures of a canary, for Prometheus, under the names of MobileCoin's test client (spec 03 §9.7).
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { TransferFault, TransferTimes } from "./transfer.ts";

/** What a canary tells its figures. */
export interface CanaryMetrics {
  readonly made: (times: TransferTimes) => void;
  readonly failed: (fault: TransferFault) => void;
  readonly wallet: (client: number, balance: bigint, blockCount: bigint) => void;
}

const PREFIX = "fog_test_client_";
const BUILD_AND_SEND_SECONDS = [0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3];
const CONFIRM_AND_RECEIVE_SECONDS = [1, 2, 3, 4, 5, 7.5, 10, 15, 20];

/** Adds a canary's figures to a registry. */
export function canaryMetrics(registry: Registry): CanaryMetrics {
  const registers = [registry];
  const counter = (name: string, help: string): Counter => new Counter({ name: `${PREFIX}${name}`, help, registers });
  const histogram = (name: string, help: string, buckets: number[]): Histogram =>
    new Histogram({ name: `${PREFIX}${name}`, help, buckets, registers });
  const build = histogram("tx_build_time", "Seconds to build a payment", BUILD_AND_SEND_SECONDS);
  const send = histogram("tx_send_time", "Seconds until a node has found a payment valid", BUILD_AND_SEND_SECONDS);
  const confirmed = histogram("tx_confirmed_time", "Seconds until it is in a block", CONFIRM_AND_RECEIVE_SECONDS);
  const received = histogram("tx_received_time", "Seconds until its recipient has it", CONFIRM_AND_RECEIVE_SECONDS);
  const success = counter("tx_success", "Transfers that were as they should be");
  const faults: Readonly<Record<TransferFault, Counter>> = {
    "zero-balance": counter("zero_balance", "Payers who had nothing to pay with"),
    "poll-failed": counter("poll_failure", "Wallets that could not be polled"),
    "build-failed": counter("tx_build_failure", "Payments that could not be built"),
    "tx-failed": counter("tx_failure", "Payments that the network refused"),
    "tx-expired": counter("tx_expired", "Payments whose tombstone block came without them"),
    "confirm-timeout": counter("tx_confirmed_deadline_exceeded_count", "Payments that were in no block in time"),
    "receive-timeout": counter("tx_received_deadline_exceeded_count", "Payments that were not found in time"),
    "bad-balance": counter("bad_balance", "Balances that a transfer did not make"),
    "bad-memo": counter("memo_failure", "Histories that do not tell a transfer as it was"),
    "double-spend": counter("double_spend", "Payments that the network took twice"),
  };
  const healthy = new Gauge({
    name: `${PREFIX}last_polling_successful`,
    help: "Whether the last transfer was as it should be: 1 or 0",
    registers,
  });
  const ofClient = (name: string, help: string): Gauge<"client"> =>
    new Gauge({ name: `${PREFIX}${name}`, help, labelNames: ["client"], registers });
  const balances = ofClient("balance", "picoMOB of a wallet");
  const blockCounts = ofClient("block_count", "Block count that the balance is as of");
  return {
    made: (times) => {
      build.observe(times.build);
      send.observe(times.send);
      confirmed.observe(times.confirmed);
      received.observe(times.received);
      success.inc();
      healthy.set(1);
    },
    failed: (fault) => {
      faults[fault].inc();
      healthy.set(0);
    },
    wallet: (client, balance, blockCount) => {
      balances.set({ client }, Number(balance));
      blockCounts.set({ client }, Number(blockCount));
    },
  };
}
