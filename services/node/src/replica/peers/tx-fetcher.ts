// Looks for transactions that messages mention and the enclave does not have (spec 05 §2.6): at the peer that mentioned them
// first, after a while without an answer at the next one, and so on in turn until one of them has it or nobody needs it.
import { toHex } from "@fogbow/core-bytes";
import type { NodeKey } from "@fogbow/core-scp";
import type { TxContext } from "@fogbow/core-wire";
import { TX_LIST_MAX, WANTED_TXS_MAX } from "../../limits.ts";
import type { Clock } from "../../parts.ts";
import type { PeerLink } from "./peer-link.ts";

/** What a fetcher works with. */
export interface TxFetcherParts {
  readonly clock: Clock;
  /** The peers that can be asked. */
  readonly links: ReadonlyMap<NodeKey, PeerLink>;
  readonly hedgeMs: number;
  /** A peer's transaction has been taken in by the enclave, and is to be checked. */
  readonly onFetched: (context: TxContext) => void;
}

interface Want {
  readonly hash: Uint8Array;
  /** Who mentioned it, the first first. */
  readonly sources: PeerLink[];
  /** How many were asked. */
  asked: number;
  /** When the next one is asked. */
  nextAt: number;
}

/** Fetches transactions. */
export class TxFetcher {
  readonly #parts: TxFetcherParts;
  readonly #wants = new Map<string, Want>();
  #isScheduled = false;

  constructor(parts: TxFetcherParts) {
    this.#parts = parts;
  }

  /** Transactions that are looked for. */
  get size(): number {
    return this.#wants.size;
  }

  /**
   * Looks for a transaction at these peers, if they can be asked. Nothing is sent before {@link flush}; for one that `isComing`
   * anyway, nothing before the time has passed after which another peer would be asked.
   */
  want(hash: Uint8Array, sources: readonly NodeKey[], isComing = false): void {
    const name = toHex(hash);
    let want = this.#wants.get(name);
    if (want === undefined) {
      if (this.#wants.size >= WANTED_TXS_MAX) return;
      const { clock, hedgeMs } = this.#parts;
      want = { hash, sources: [], asked: 0, nextAt: clock.now() + (isComing ? hedgeMs : 0) };
      this.#wants.set(name, want);
    }
    for (const key of sources) {
      const link = this.#parts.links.get(key);
      if (link !== undefined && !want.sources.includes(link)) want.sources.push(link);
    }
  }

  /** It is here, or not needed any more. */
  drop(hash: Uint8Array): void {
    this.#wants.delete(toHex(hash));
  }

  /** Nothing is needed any more. */
  clear(): void {
    this.#wants.clear();
  }

  /** Asks whoever is to be asked now. */
  flush(): void {
    const { clock, hedgeMs } = this.#parts;
    const now = clock.now();
    const byPeer = new Map<PeerLink, Want[]>();
    for (const want of this.#wants.values()) {
      if (want.nextAt > now || want.sources.length === 0) continue;
      const link = want.sources[want.asked % want.sources.length] as PeerLink; // In range.
      want.asked++;
      want.nextAt = now + hedgeMs * Math.ceil(want.asked / want.sources.length);
      const asked = byPeer.get(link);
      if (asked === undefined) byPeer.set(link, [want]);
      else asked.push(want);
    }
    for (const [link, wants] of byPeer) {
      for (let i = 0; i < wants.length; i += TX_LIST_MAX) void this.#ask(link, wants.slice(i, i + TX_LIST_MAX));
    }
    this.#schedule();
  }

  async #ask(link: PeerLink, wants: readonly Want[]): Promise<void> {
    try {
      const fetched = await link.lane.fetch(wants.map(({ hash }) => hash));
      if (fetched.kind === "contexts") {
        for (const context of fetched.contexts)
          if (this.#wants.has(toHex(context.txHash))) this.#parts.onFetched(context);
        return;
      }
      const missing = new Set(fetched.hashes.map(toHex));
      // What it has comes with the next request, which does not name the others.
      for (const want of wants) this.#askAgain(want, missing.has(toHex(want.hash)) ? undefined : link);
    } catch {
      for (const want of wants) this.#askAgain(want, undefined);
    }
    this.flush();
  }

  /** Asks the given peer at once, or the next one, unless all have been asked in vain: then after a while. */
  #askAgain(want: Want, link: PeerLink | undefined): void {
    if (link !== undefined) want.asked = want.sources.indexOf(link);
    if (link !== undefined || want.asked % want.sources.length !== 0) want.nextAt = this.#parts.clock.now();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#wants.size === 0) return;
    const { clock, hedgeMs } = this.#parts;
    this.#isScheduled = true;
    clock.setTimer(clock.now() + hedgeMs, () => {
      this.#isScheduled = false;
      this.flush();
    });
  }
}
