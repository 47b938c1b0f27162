// An overseer's rounds: it looks at all ingest servers, and fails over when none is active (spec 03 §2.13).
import { setTimeout as pause } from "node:timers/promises";
import { toHex } from "@fogbow/core-bytes";
import type { RecoveryDb } from "@fogbow/recovery-db";
import type { Log } from "@fogbow/server";
import { failOver } from "./fail-over.ts";
import type { IngestNode } from "./ingest-node.ts";
import type { Leadership } from "./leadership.ts";
import type { OverseerMetrics } from "./overseer-metrics.ts";
import { ingressKeyOf, isActive, type Responsive, type Survey, survey } from "./survey.ts";

/** What an overseer uses. */
export interface OverseerParts {
  readonly db: RecoveryDb;
  readonly nodes: readonly IngestNode[];
  readonly leadership: Leadership;
  readonly metrics: OverseerMetrics;
  readonly log: Log;
}

/** The switch in the database; off until somebody sets it. */
const ENABLED = "overseer-enabled";

/** Watches. */
export class Overseer {
  readonly #pollMs: number;
  readonly #retryMs: number;
  readonly #parts: OverseerParts;
  /** Whose activation failed last: it is tried after the others. */
  #failed: IngestNode | undefined;

  constructor(
    { pollMs = 5_000, retryMs = 200 }: { readonly pollMs?: number; readonly retryMs?: number },
    parts: OverseerParts,
  ) {
    this.#pollMs = pollMs;
    this.#retryMs = retryMs;
    this.#parts = parts;
  }

  /** Whether overseers act at all: one switch for all of them, kept in the database. */
  isEnabled(): Promise<boolean> {
    return this.#parts.db.flag(ENABLED);
  }

  /** Sets that. */
  async enable(isEnabled: boolean): Promise<void> {
    await this.#parts.db.setFlag(ENABLED, isEnabled);
    this.#parts.log.info(isEnabled ? "overseeing was enabled" : "overseeing was disabled");
  }

  /** How every server is, now. */
  survey(signal: AbortSignal): Promise<Survey> {
    return survey(this.#parts.nodes, signal);
  }

  /** Round after round, until a signal. */
  async run(stop: AbortSignal): Promise<void> {
    const { leadership, log, metrics } = this.#parts;
    await leadership.begun;
    while (!stop.aborted) {
      const term = leadership.term;
      metrics.leads(term !== undefined);
      try {
        if (term !== undefined && (await this.isEnabled())) await this.round(AbortSignal.any([stop, term]));
      } catch (error) {
        if (!stop.aborted) log.warn("a round failed", { error });
      }
      await pause(this.#pollMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  /** Looks once, and acts when no server is active. */
  async round(signal: AbortSignal): Promise<void> {
    const { log, metrics } = this.#parts;
    const { responsive, unresponsive } = await this.survey(signal);
    signal.throwIfAborted();
    const active = responsive.filter(isActive);
    metrics.seen({
      ingressKeys: new Set(responsive.map((each) => toHex(ingressKeyOf(each)))).size,
      egressKeys: new Set(responsive.map(({ summary }) => toHex(summary.egressPubkey))).size,
      active: active.length,
      idle: responsive.length - active.length,
      unresponsive: unresponsive.length,
    });
    if (unresponsive.length > 0) {
      // One that does not answer may be active: nobody takes over from it.
      for (const { node, error } of unresponsive)
        log.warn("an ingest server does not answer", { node: node.name, error });
      return;
    }
    if (active.length > 1) {
      metrics.alert("several-active");
      log.error("several ingest servers are active", {
        nodes: active.map((each) => ({ node: each.node.name, key: toHex(ingressKeyOf(each)) })),
      });
    }
    if (active.length === 0) await this.#failOver(responsive, signal);
  }

  async #failOver(idle: readonly Responsive[], signal: AbortSignal): Promise<void> {
    const { db, log, leadership, metrics } = this.#parts;
    log.warn("no ingest server is active: failing over");
    const ordered = [...idle].sort((a, b) => Number(a.node === this.#failed) - Number(b.node === this.#failed));
    const outcome = await failOver(ordered, signal, { db, log, leadership, retryMs: this.#retryMs });
    switch (outcome.kind) {
      case "activated":
        this.#failed = undefined;
        metrics.failedOver("activated");
        log.info("an ingest server was activated", { node: outcome.node.name });
        return;
      case "failed":
        this.#failed = outcome.node;
        metrics.failedOver("failed");
        metrics.alert("failover-failed");
        log.error("failing over failed", { node: outcome.node?.name, error: outcome.error });
        return;
      case "too-many-keys":
        metrics.alert("several-outstanding-keys");
        log.error("several keys have blocks to scan: an operator has to decide", { keys: outcome.keys });
        await this.enable(false);
        return;
      default: {
        const never: never = outcome;
        throw new Error(`No outcome: ${String(never)}`);
      }
    }
  }
}
