// How long opening a large ledger takes, from nothing open to its last block and root, beside `lmdb` alone.
import { execFileSync } from "node:child_process";
import { openLedger } from "@fogbow/ledger-db";
import { fileOf, Peer, placesOfOpening } from "./ledger-peer.ts";
import { type Figure, summary } from "./measure.ts";
import { versioned } from "./provenance.ts";

const OPENINGS = 40;

/** Where a ledger and its peer with the same entries are; neither is open. */
export interface Closed {
  readonly directory: string;
  readonly peerDirectory: string;
}

/** Opens either side in turn, its file evicted from the system's cache before each time, or with the file in it. */
export async function opening(name: string, closed: Closed, cache: "evicted" | "cached"): Promise<Figure> {
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let i = 0; i < OPENINGS; i++) {
    if (cache === "evicted") evict(closed);
    const start = performance.now();
    const ledger = openLedger(closed.directory, { readOnly: true });
    ledger.lastBlock();
    ledger.root();
    ours.push(performance.now() - start);
    const places = placesOfOpening(ledger.numBlocks(), ledger.numTxOuts());
    await ledger.close();
    const peerStart = performance.now();
    const peer = new Peer(closed.peerDirectory, { readOnly: true });
    for (const place of places) peer.get(place);
    theirs.push(performance.now() - peerStart);
    await peer.close();
  }
  return summary(name, "ms", ours, { name: `open and gets in ${versioned("lmdb")}`, times: theirs });
}

/** Asks the system to forget what it has cached of both files. Throws where dd cannot ask. */
function evict({ directory, peerDirectory }: Closed): void {
  for (const each of [directory, peerDirectory]) {
    execFileSync("dd", [`if=${fileOf(each)}`, "iflag=nocache", "count=0", "status=none"]);
  }
}
