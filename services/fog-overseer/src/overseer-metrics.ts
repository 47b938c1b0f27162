// The figures of an overseer, for Prometheus (spec 03 §2.13).
import { Counter, Gauge, type Registry } from "prom-client";

/** What an overseer tells its figures. */
export interface OverseerMetrics {
  /** What the last round saw. */
  readonly seen: (counts: SeenCounts) => void;
  readonly leads: (leads: boolean) => void;
  readonly failedOver: (result: "activated" | "failed") => void;
  readonly alert: (reason: AlertReason) => void;
}

/** Counts of one round. */
export interface SeenCounts {
  /** Different ingress keys that servers hold. */
  readonly ingressKeys: number;
  readonly egressKeys: number;
  readonly active: number;
  readonly idle: number;
  readonly unresponsive: number;
}

/** What an operator has to look at. */
export type AlertReason = "several-active" | "several-outstanding-keys" | "failover-failed";

/** Adds an overseer's figures to a registry. */
export function overseerMetrics(registry: Registry): OverseerMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `fog_overseer_${name}`, help, registers });
  const ingressKeys = gauge("ingress_key_count", "Different ingress keys that ingest servers hold");
  const egressKeys = gauge("egress_key_count", "Different egress keys that ingest servers hold");
  const active = gauge("active_node_count", "Active ingest servers");
  const idle = gauge("idle_node_count", "Idle ingest servers");
  const unresponsive = gauge("unresponsive_node_count", "Ingest servers that did not answer in the last round");
  const rounds = new Counter({ name: "fog_overseer_rounds_total", help: "Looks at all ingest servers", registers });
  const leads = gauge("leads", "Whether this overseer leads: 1 or 0");
  const failovers = new Counter({
    name: "fog_overseer_failovers_total",
    help: "Failovers by how they ended",
    labelNames: ["result"],
    registers,
  });
  const alerts = new Counter({
    name: "fog_overseer_alerts_total",
    help: "What an operator has to look at",
    labelNames: ["reason"],
    registers,
  });
  return {
    seen: (counts) => {
      rounds.inc();
      ingressKeys.set(counts.ingressKeys);
      egressKeys.set(counts.egressKeys);
      active.set(counts.active);
      idle.set(counts.idle);
      unresponsive.set(counts.unresponsive);
    },
    leads: (does) => leads.set(does ? 1 : 0),
    failedOver: (result) => failovers.inc({ result }),
    alert: (reason) => alerts.inc({ reason }),
  };
}
