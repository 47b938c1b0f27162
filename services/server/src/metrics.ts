// The figures of a server, for Prometheus.
import { Code } from "@connectrpc/connect";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What a server counts. Services add their own figures to `registry`. */
export interface Metrics {
  readonly registry: Registry;
  readonly callStarted: (rpc: string) => void;
  readonly callEnded: (rpc: string, code: Code | "ok", seconds: number) => void;
  readonly connections: Gauge;
  /** Connections that were closed because they said nothing, nonsense, or came when there were too many. */
  readonly connectionsRefused: Counter<"reason">;
}

/** The figures of a new server, and those of its process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const inProgress = new Gauge({ name: "rpc_in_progress", help: "Calls in progress", labelNames: ["rpc"], registers });
  const seconds = new Histogram({
    name: "rpc_seconds",
    help: "Duration of calls, from headers to the last byte of the response",
    labelNames: ["rpc", "code"],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers,
  });
  return {
    registry,
    callStarted: (rpc) => inProgress.inc({ rpc }),
    callEnded: (rpc, code, duration) => {
      inProgress.dec({ rpc });
      seconds.observe({ rpc, code: code === "ok" ? "Ok" : (Code[code] ?? "Unknown") }, duration);
    },
    connections: new Gauge({ name: "connections", help: "Open connections", registers }),
    connectionsRefused: new Counter({
      name: "connections_refused_total",
      help: "Connections that were closed before they asked for anything",
      labelNames: ["reason"],
      registers,
    }),
  };
}
