// What an overseer tells and takes over HTTP (spec 03 §2.13).
import { toHex } from "@fogbow/core-bytes";
import { IngestControllerMode, type IngestSummary } from "@fogbow/core-wire";
import type { Metrics, Page } from "@fogbow/server";
import type { Leadership } from "./leadership.ts";
import type { Overseer } from "./overseer.ts";

/** What the pages show. */
export interface PageParts {
  readonly overseer: Overseer;
  readonly leadership: Leadership;
  readonly metrics: Metrics;
  readonly stop: AbortSignal;
}

const JSON_TYPE = "application/json";

/** The pages. Whoever cannot reach the database answers 500, and nothing has changed then. */
export function overseerPages({ overseer, leadership, metrics, stop }: PageParts): readonly Page[] {
  const status = async (): Promise<string> =>
    line({ enabled: await overseer.isEnabled(), leader: leadership.term !== undefined });
  const enable = (isEnabled: boolean) => async (): Promise<string> => {
    await overseer.enable(isEnabled);
    return status();
  };
  return [
    { method: "POST", path: "/enable", contentType: JSON_TYPE, text: enable(true) },
    { method: "POST", path: "/disable", contentType: JSON_TYPE, text: enable(false) },
    { path: "/status", contentType: JSON_TYPE, text: status },
    { path: "/metrics", contentType: metrics.registry.contentType, text: () => metrics.registry.metrics() },
    {
      path: "/ingest_summaries",
      contentType: JSON_TYPE,
      text: async () => {
        const { responsive, unresponsive } = await overseer.survey(stop);
        return line({
          ingest_summaries: Object.fromEntries([
            ...responsive.map(({ node, summary }) => [node.name, { Ok: factsOf(summary) }]),
            ...unresponsive.map(({ node, error }) => [node.name, { Err: error.message }]),
          ]),
        });
      },
    },
  ];
}

const line = (facts: object): string => `${JSON.stringify(facts)}\n`;

/** With the names of the message; what JSON's numbers cannot hold is text. */
function factsOf(summary: IngestSummary): object {
  const number = (value: bigint): number | string =>
    value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
  return {
    mode: summary.mode === IngestControllerMode.Active ? "Active" : "Idle",
    next_block_index: number(summary.nextBlockIndex),
    pubkey_expiry_window: number(summary.pubkeyExpiryWindow),
    ingress_pubkey: toHex(summary.ingressPubkey?.data ?? new Uint8Array(0)),
    egress_pubkey: toHex(summary.egressPubkey),
    kex_rng_version: summary.kexRngVersion,
    peers: summary.peers,
    ingest_invocation_id: number(summary.ingestInvocationId),
  };
}
