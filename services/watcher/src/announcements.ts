// A node's own stream of blocks, by which a watcher knows when to look (spec 05 §2.8). What counts is what the archive holds:
// the stream only saves waiting for the next poll.
import { readFileSync } from "node:fs";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { WatchAPI } from "@fogbow/core-wire";
import { SteadySession } from "@fogbow/server";
import { HEADER_BYTES_MAX, RECONNECT_MS_MAX } from "./limits.ts";
import type { NodeAddress } from "./node-address.ts";

/** What listening takes. */
export interface AnnouncementOptions {
  readonly node: NodeAddress;
  /** Sent with each call; empty for none. */
  readonly chainId: string;
  /** From which block on. */
  readonly from: () => bigint;
  readonly onBlock: (index: bigint) => void;
  /** Told of every end of the stream, and after how many milliseconds it is tried again. */
  readonly onEnd: (error: unknown, retryMs: number) => void;
  readonly signal: AbortSignal;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Listens until the signal ends it, and begins again whenever the stream ends. */
export async function listenToNode(options: AnnouncementOptions): Promise<void> {
  const { node, chainId, from, onBlock, onEnd, signal, sleep } = options;
  const client = createClient(WatchAPI, transportTo(node));
  let retryMs = 1_000;
  while (!signal.aborted) {
    let ended: unknown;
    try {
      const headers = chainId === "" ? {} : { "chain-id": chainId };
      for await (const { header } of client.watchBlocks({ fromIndex: from() }, { signal, headers })) {
        retryMs = 1_000; // It works.
        if (header !== undefined) onBlock(header.index);
      }
    } catch (error) {
      ended = error;
    }
    if (signal.aborted) return;
    onEnd(ended, retryMs);
    await sleep(retryMs);
    retryMs = Math.min(2 * retryMs, RECONNECT_MS_MAX);
  }
}

function transportTo({ baseUrl, tlsHostname, caBundle }: NodeAddress): ReturnType<typeof createGrpcTransport> {
  const nodeOptions = {
    ...(tlsHostname !== undefined && { servername: tlsHostname }),
    ...(caBundle !== undefined && { ca: readFileSync(caBundle) }),
  };
  const sessionManager = new SteadySession(baseUrl, { pingIntervalMs: 30_000 }, nodeOptions);
  return createGrpcTransport({ baseUrl, sessionManager, readMaxBytes: HEADER_BYTES_MAX });
}
