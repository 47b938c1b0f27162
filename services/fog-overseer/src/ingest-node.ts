// An ingest server, as its overseer calls it.
import { createClient } from "@connectrpc/connect";
import { AccountIngestAPI, type IngestSummary } from "@fogbow/core-wire";
import { LEASE_HEADER, type LeaseClaim, leaseToHeader } from "@fogbow/recovery-db";
import { parseServiceUri, serviceClient } from "@fogbow/server";
import { OverseerError } from "./error.ts";
import { ACTION_MS_MAX, INGEST_NODES_MAX, STATUS_MS_MAX, SUMMARY_BYTES_MAX } from "./limits.ts";

/** What can be asked of an ingest server. Each rejects with a `ConnectError`. */
export interface IngestNode {
  /** Host and port: what it is called. */
  readonly name: string;
  readonly status: (signal: AbortSignal) => Promise<IngestSummary>;
  readonly newKeys: (signal: AbortSignal) => Promise<IngestSummary>;
  /** In the name of a lease, which the server has checked by the database when it takes a new key on. */
  readonly activate: (lease: LeaseClaim, signal: AbortSignal) => Promise<IngestSummary>;
  readonly close: () => void;
}

/** The servers at URIs of the scheme `fog-ingest`. Throws `no-nodes`, `duplicate-node`, and as `parseServiceUri` does. */
export function ingestNodes(uris: readonly string[], chainId: string): readonly IngestNode[] {
  if (uris.length === 0 || uris.length > INGEST_NODES_MAX) {
    throw new OverseerError("no-nodes", `An overseer watches 1 to ${INGEST_NODES_MAX} ingest servers.`);
  }
  const parsed = uris.map((uri) => parseServiceUri(uri, "fog-ingest"));
  const names = new Set(parsed.map(({ hostAndPort }) => hostAndPort));
  if (names.size !== parsed.length) throw new OverseerError("duplicate-node", "An ingest server is named twice.");
  return parsed.map((uri) => {
    const { transport, close } = serviceClient(uri, {
      chainId,
      timeoutMs: ACTION_MS_MAX,
      answerBytesMax: SUMMARY_BYTES_MAX,
    });
    const client = createClient(AccountIngestAPI, transport);
    return {
      name: uri.hostAndPort,
      status: (signal) => client.getStatus({}, { signal, timeoutMs: STATUS_MS_MAX }),
      newKeys: (signal) => client.newKeys({}, { signal }),
      activate: (lease, signal) => client.activate({}, { signal, headers: { [LEASE_HEADER]: leaseToHeader(lease) } }),
      close,
    };
  });
}
