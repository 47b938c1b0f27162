// Publishes a node's blocks to archives while it runs.
import { ArchivePublisher, archiveDestinationAt, type S3Credentials } from "@fogbow/archive";
import type { LedgerReader } from "@fogbow/ledger-db";
import type { Log } from "@fogbow/server";
import type { Replica } from "../replica/replica.ts";
import { ARCHIVE_SILENCE_MS_MAX } from "./limits.ts";

/** What is published, and with whose credentials where they are needed. */
export interface PublishParts {
  readonly replica: Pick<Replica, "onBlock">;
  readonly ledger: LedgerReader;
  readonly credentials: S3Credentials | undefined;
  readonly log: Log;
}

/**
 * Publishes to all destinations, each at its own pace; returns what stops it. A destination that fails is tried again and
 * the log told; one with another chain in it is given up. Throws ArchiveError `invalid-address`, `missing-credentials`.
 */
export function publishBlocks(
  destinations: readonly string[],
  { replica, ledger, credentials, log }: PublishParts,
): () => Promise<void> {
  const publishers = destinations.map((address, place) => {
    const destination = archiveDestinationAt(address, { credentials, silenceMs: ARCHIVE_SILENCE_MS_MAX });
    const onFailure = (error: unknown, retryMs: number): void =>
      log.warn("blocks cannot be published", { destination: place, error, retryMs });
    return new ArchivePublisher({}, { ledger, destination, onFailure });
  });
  const stopListening = replica.onBlock(() => {
    for (const publisher of publishers) publisher.notify();
  });
  for (const [place, publisher] of publishers.entries()) {
    publisher
      .run()
      .catch((error: unknown) => log.error("blocks are not published any more", { destination: place, error }));
  }
  return async () => {
    stopListening();
    await Promise.all(publishers.map((publisher) => publisher.stop()));
  };
}
