// How all ingest servers are, asked at one time.
import { ConnectError } from "@connectrpc/connect";
import { IngestControllerMode, type IngestSummary } from "@fogbow/core-wire";
import type { IngestNode } from "./ingest-node.ts";

/** A server that answered. */
export interface Responsive {
  readonly node: IngestNode;
  readonly summary: IngestSummary;
}

/** A server that did not answer, and why. */
export interface Unresponsive {
  readonly node: IngestNode;
  readonly error: ConnectError;
}

/** What was found out. */
export interface Survey {
  readonly responsive: readonly Responsive[];
  readonly unresponsive: readonly Unresponsive[];
}

/** Asks each. */
export async function survey(nodes: readonly IngestNode[], signal: AbortSignal): Promise<Survey> {
  const answers = await Promise.all(
    nodes.map(async (node): Promise<Responsive | Unresponsive> => {
      try {
        return { node, summary: await node.status(signal) };
      } catch (error) {
        return { node, error: ConnectError.from(error) };
      }
    }),
  );
  return {
    responsive: answers.flatMap((answer) => ("summary" in answer ? [answer] : [])),
    unresponsive: answers.flatMap((answer) => ("error" in answer ? [answer] : [])),
  };
}

/** Whether a server scans blocks. */
export const isActive = ({ summary }: Responsive): boolean => summary.mode === IngestControllerMode.Active;

/** The ingress key that a server holds; empty for none. */
export const ingressKeyOf = ({ summary }: Responsive): Uint8Array => summary.ingressPubkey?.data ?? new Uint8Array(0);
