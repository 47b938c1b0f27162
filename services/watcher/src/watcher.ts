// All sources of a watcher, each on its own.
import { setMaxListeners } from "node:events";
import { ArchiveBlockSource, archiveFilesAt, type BlockSource } from "@fogbow/archive";
import type { WatcherDb } from "@fogbow/ledger-db";
import type { Log } from "@fogbow/server";
import { listenToNode } from "./announcements.ts";
import { ARCHIVE_SILENCE_MS_MAX } from "./limits.ts";
import { pause } from "./pause.ts";
import { SourceWatcher } from "./source-watcher.ts";
import type { SourceConfig } from "./watcher-config.ts";
import type { WatcherMetrics } from "./watcher-metrics.ts";

/** What to watch. */
export interface WatcherOptions {
  readonly sources: readonly SourceConfig[];
  /** Said to nodes; empty for none. */
  readonly chainId?: string;
  /** Milliseconds between looks at a source that has no more; 1 000 unless given. */
  readonly pollMs?: number;
}

/** What watching works with. */
export interface WatcherParts {
  readonly db: WatcherDb;
  readonly log: Log;
  readonly metrics: WatcherMetrics;
  /** The blocks of an archive; of files, folders and servers unless given. */
  readonly open?: (archiveUrl: string) => BlockSource;
}

/** Watches until it is closed. */
export class Watcher {
  readonly #sources: readonly SourceWatcher[];
  readonly #stop = new AbortController();
  readonly #work: readonly Promise<void>[];

  /** Begins at once. Throws as `WatcherDb.watch` and the addresses of archives do. */
  constructor({ sources, chainId = "", pollMs = 1_000 }: WatcherOptions, parts: WatcherParts) {
    const { db, log, open = (url: string) => openArchive(url, log) } = parts;
    setMaxListeners(0, this.#stop.signal); // Every source listens.
    const opened = sources.map((config) => ({ config, blocks: open(config.archiveUrl) }));
    db.watch(opened.map(({ blocks }) => blocks.name));
    const watched = opened.map(({ config, blocks }) => {
      const options = { signers: config.signers, pollMs, quickLookMs: Math.min(100, pollMs) };
      return { config, source: new SourceWatcher(options, { ...parts, blocks }) };
    });
    this.#sources = watched.map(({ source }) => source);
    this.#work = watched.map(({ config, source }) => this.#watch(source, config, { chainId, log }));
  }

  /**
   * Whether what is recorded is of use: some source was read to its end. Not all of them, since one that is gone for good
   * must not stop who needs times of blocks.
   */
  get isReady(): boolean {
    return this.#sources.some(({ isAtTip }) => isAtTip);
  }

  /** Rejects when the store fails: then nothing more is recorded. */
  async done(): Promise<void> {
    await Promise.all(this.#work);
  }

  /** Stops. What was recorded stays. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#work);
  }

  async #watch(
    source: SourceWatcher,
    { node }: SourceConfig,
    { chainId, log }: { chainId: string; log: Log },
  ): Promise<void> {
    const { signal } = this.#stop;
    let wake = (): void => undefined;
    const listening =
      node &&
      listenToNode({
        node,
        chainId,
        signal,
        sleep: (ms) => pause(ms, signal),
        from: () => source.next,
        onBlock: (index) => {
          source.announce(index);
          wake();
        },
        onEnd: (error, retryMs) => log.debug("node's stream ended", { source: source.name, error, retryMs }),
      });
    try {
      while (!signal.aborted) {
        const ms = source.pauseAfter(await source.pass(signal));
        await pause(ms, signal, (end) => {
          wake = end;
        });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    await listening;
  }
}

function openArchive(url: string, log: Log): BlockSource {
  const onBadFile = (path: string, error: unknown): void =>
    log.warn("merged archive file is bad", { source: url, path, error });
  return new ArchiveBlockSource(archiveFilesAt(url, ARCHIVE_SILENCE_MS_MAX), { onBadFile });
}
