// Follows a network without taking part in it: what an operator of Fog and a desktop wallet run (spec 05 §3).
import { ArchiveBlockSource, archiveFilesAt, nativeEd25519Verify } from "@fogbow/archive";
import { toHex } from "@fogbow/core-bytes";
import type { LmdbLedger } from "@fogbow/ledger-db";
import type { NetworkConfig } from "../config/network-config.ts";
import { NodeError } from "../error.ts";
import type { ReplicaLog } from "../parts.ts";
import { type FollowParts, followToTip } from "../sync/catch-up.ts";
import { SyncError } from "../sync/error.ts";
import { BLOCKS_PER_ATTEMPT_MAX } from "../sync/limits.ts";
import { Scope } from "../sync/scope.ts";
import { headerClient } from "./header-client.ts";
import { systemClock } from "./system-clock.ts";

/** Whom to follow, and to where. */
export interface FollowOptions {
  readonly network: NetworkConfig;
  /** Said with each call. */
  readonly chainId: string;
  /** Keys in hex of validators' enclaves: signatures by others are not stored. */
  readonly signers: ReadonlySet<string> | undefined;
  /** Ends at the tip instead of following on. */
  readonly once: boolean;
  /** Milliseconds between looks for more. */
  readonly pollMs: number;
}

/** What following works with. */
export interface FollowNetworkParts {
  /** With an origin block, open for writing. */
  readonly ledger: LmdbLedger;
  readonly log: ReplicaLog;
  /** Told how many blocks the ledger has. */
  readonly onProgress?: (blocks: bigint) => void;
}

/** Milliseconds that an archive may be silent. */
export const FOLLOW_SILENCE_MS = 30_000;

/** The longest wait for nodes that do not answer, in milliseconds. */
const WAIT_MS = 60_000;

/**
 * Follows until the signal ends it, or once to the tip. While no node answers it waits ever longer, at most a minute; a
 * follower that goes once rejects then. Rejects with NodeError `fork`; SyncError `no-peer-answered`, `unsafe-block`,
 * `no-source`; and as the ledger does.
 */
export async function followNetwork(
  { network, chainId, signers, once, pollMs }: FollowOptions,
  { ledger, log, onProgress = () => undefined }: FollowNetworkParts,
  signal: AbortSignal,
): Promise<void> {
  const onBadFile = (path: string, error: unknown): void => log.warn("merged archive file is bad", { path, error });
  const parts: FollowParts = {
    ledger,
    peers: new Map(network.broadcastPeers.map(({ uri }) => [uri.responderId, headerClient(uri, chainId)])),
    sources: network.txSourceUrls.map(
      (url) => new ArchiveBlockSource(archiveFilesAt(url, FOLLOW_SILENCE_MS), { onBadFile }),
    ),
    append: (data) => {
      ledger.append(data);
      onProgress(data.block.index + 1n);
    },
    together: (appends) => ledger.appendTogether(appends),
    isKnownSigner: (signer) => signers?.has(toHex(signer)) === true,
    verify: nativeEd25519Verify,
    clock: systemClock,
    log,
  };
  const options = { quorumSet: network.quorumSet, limit: BLOCKS_PER_ATTEMPT_MAX };
  const all = Scope.of(signal);
  let failures = 0;
  try {
    while (!all.isOver) {
      try {
        const result = await followToTip(options, parts, signal);
        if (result.kind === "fork") {
          throw new NodeError("fork", `The network has another block ${result.height}: ${result.evidence}`);
        }
        failures = 0;
        if (once) return;
      } catch (error) {
        if (all.isOver) return;
        if (once || !(error instanceof SyncError && error.code === "no-peer-answered")) throw error;
        failures++;
        log.warn("no node answered", { failures });
      }
      await all.sleep(systemClock, Math.min(pollMs * 2 ** Math.min(failures, 6), WAIT_MS));
    }
  } finally {
    all.end();
  }
}
