// The figures of a watcher, for Prometheus. Sources are few and named by the operator, so they are labels.
import { Counter, Gauge, type Registry } from "prom-client";

/** What a watcher counts. */
export interface WatcherMetrics {
  readonly recorded: (source: string, counts: RecordedCounts) => void;
  readonly conflict: (source: string) => void;
  readonly alarm: (source: string, code: string) => void;
  readonly foreignSignature: (source: string) => void;
}

/** What was recorded at once. */
export interface RecordedCounts {
  readonly blocks: number;
  readonly signatures: number;
  readonly next: bigint;
}

/** Adds a watcher's figures to a registry. */
export function watcherMetrics(registry: Registry): WatcherMetrics {
  const registers = [registry];
  const counter = <Label extends string>(
    name: string,
    help: string,
    ...labelNames: Label[]
  ): Counter<Label | "source"> => new Counter({ name, help, labelNames: ["source", ...labelNames], registers });
  const blocks = counter("watcher_blocks_total", "Blocks recorded");
  const signatures = counter("watcher_signatures_total", "Blocks recorded with a signature that counts");
  const conflicts = counter(
    "watcher_conflicts_total",
    "Heights at which a source has another block than another source",
  );
  const alarms = counter("watcher_alarms_total", "Looks at a source that found it wrong or unreadable", "code");
  const foreign = counter(
    "watcher_foreign_signatures_total",
    "Blocks signed by keys that are not named for the source",
  );
  const next = new Gauge({
    name: "watcher_next_block",
    help: "First block that was not recorded yet",
    labelNames: ["source"],
    registers,
  });
  return {
    recorded: (source, counts) => {
      blocks.inc({ source }, counts.blocks);
      signatures.inc({ source }, counts.signatures);
      next.set({ source }, Number(counts.next));
    },
    conflict: (source) => conflicts.inc({ source }),
    alarm: (source, code) => alarms.inc({ source, code }),
    foreignSignature: (source) => foreign.inc({ source }),
  };
}
