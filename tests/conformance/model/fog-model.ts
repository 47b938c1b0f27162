// A Fog as plain numbers (spec 03 §2.6–2.8, §4.6, §8.3): what its nodes scan, how far view has come, and what follows for wallets.
// It knows what is true; what a wallet says is held against it.
import type { Action, BlockPlan, LedgerName } from "./actions.ts";
import type { Expectation } from "./expectation.ts";

/** Blocks that an ingest node promises unless it is told otherwise. */
const EXPIRY_WINDOW = 10;

/** An ingress key as the recovery database knows it. */
export interface ModelKey {
  /** Undefined until it was activated. */
  start: number | undefined;
  /** The last block that was scanned with it. */
  scanned: number | undefined;
  expiry: number;
  retired: boolean;
  lost: boolean;
  /** No node has it any more. */
  forgotten: boolean;
}

/** An ingest node. */
export interface ModelNode {
  /** Which of the keys it has. */
  key: number;
  isRunning: boolean;
  isActive: boolean;
  next: number;
  window: number;
}

/** A block of the chain, on either ledger. */
export interface ModelBlock extends BlockPlan {
  /** The key that its hints are for. */
  readonly key: number;
}

/** Both ledgers, all keys and all nodes. */
export class FogModel {
  readonly #accounts: number;
  /** Those that are planned, with the first one, which nobody scanned. */
  readonly blocks: ModelBlock[] = [{ credits: [], spends: [], key: -1 }];
  readonly counts: Record<LedgerName, number> = { ingest: 1, ledger: 1 };
  readonly keys: ModelKey[] = [];
  readonly nodes = new Map<number, ModelNode>();
  /** The key that hints are for. */
  usedKey: number | undefined;
  /** From `start` up to, and without, `end`. */
  readonly missed: { readonly start: number; readonly end: number }[] = [];
  /** The blocks that view has completely. */
  viewCount = 0;

  constructor(accounts: number) {
    this.#accounts = accounts;
  }

  /** Does it, if it makes sense now; whether it does. */
  apply(action: Action): boolean {
    const isDone = this.#apply(action);
    if (isDone) this.#settle();
    return isDone;
  }

  /** What each account's wallets may answer, who were at `from` blocks at least. */
  expectations(from: number): Expectation[] {
    return Array.from({ length: this.#accounts }, (_, account) => this.#expectation(account, from));
  }

  /** The block count that every wallet reaches: where view, ledger and the missed blocks allow it. */
  get commonCount(): number {
    return Math.min(this.viewCount, this.counts.ledger, this.#missedBound());
  }

  /** What an account owns after so many blocks. */
  balanceAt(account: number, count: number): number {
    return this.blocks.slice(0, count).reduce((sum, { credits, spends }) => {
      const got = credits.filter((each) => each.account === account).map(({ amount }) => amount);
      const spent = spends.map(({ block, credit }) => this.blocks[block]?.credits[credit]);
      const gone = spent.filter((each) => each?.account === account).map((each) => each?.amount ?? 0);
      return sum + total(got) - total(gone);
    }, 0);
  }

  #expectation(account: number, from: number): Expectation {
    const upper = Math.min(this.viewCount, this.#missedBound(), this.#unspentBound(account));
    const acceptable = new Map<number, number>();
    for (let count = from; count <= upper; count++) acceptable.set(count, this.balanceAt(account, count));
    if (this.viewCount === 0) for (const count of [0, 1]) acceptable.set(count, 0);
    const eventual = [];
    for (let count = this.commonCount; count <= upper; count++) eventual.push(count);
    return { acceptable, eventual: this.viewCount === 0 ? [0, 1] : eventual };
  }

  /** Whether an output is spent is known of blocks that Fog Ledger has, and of the block it came in. */
  #unspentBound(account: number): number {
    let bound = Number.POSITIVE_INFINITY;
    const { ledger } = this.counts;
    const spent = new Set(
      this.blocks.slice(0, ledger).flatMap(({ spends }) => spends.map(({ block, credit }) => `${block}/${credit}`)),
    );
    this.blocks.slice(0, this.viewCount).forEach(({ credits }, block) => {
      credits.forEach((credit, i) => {
        if (credit.account !== account || spent.has(`${block}/${i}`)) return;
        bound = Math.min(bound, Math.max(block + 1, ledger));
      });
    });
    return bound;
  }

  /** The first missed block that Fog Ledger does not have. */
  #missedBound(): number {
    const open = this.missed.filter(({ end }) => end > this.counts.ledger);
    return Math.min(...open.map(({ start }) => Math.max(start, this.counts.ledger)));
  }

  #apply(action: Action): boolean {
    switch (action.do) {
      case "plan":
        return this.#plan(action);
      case "append":
        if (this.counts[action.to] >= this.blocks.length) return false;
        this.counts[action.to]++;
        return true;
      case "restart-view":
      case "restart-ledger":
      case "replace-view":
        return true;
      case "start":
        return this.#start(action.node);
      case "report-lost":
        return this.#reportLost(action.node);
      default:
        return this.#applyToNode(action);
    }
  }

  #applyToNode(action: Extract<Action, { readonly node: number }>): boolean {
    const node = this.nodes.get(action.node);
    if (node === undefined) return false;
    const key = this.keys[node.key] as ModelKey; // Every node has one.
    const { isRunning, isActive } = node;
    switch (action.do) {
      case "window":
        if (!isRunning || isActive) return false;
        node.window = action.blocks;
        return true;
      case "activate":
        return this.#activate(node, key);
      case "retire":
        if (!isRunning || !isActive || key.retired || !this.#isCovered(node.key, key.expiry + 1)) return false;
        // Somebody else's key has to be there to pay to.
        if (![...this.nodes.values()].some((other) => other !== node && this.#publishes(other))) return false;
        key.retired = true;
        return true;
      case "use-key":
        if (!this.#publishes(node)) return false;
        // The report shows the key of whoever published last: with two, that is not certain.
        if ([...this.nodes.values()].some((other) => other !== node && this.#publishes(other))) return false;
        this.usedKey = node.key;
        return true;
      case "stop":
        if (!isRunning) return false;
        node.isRunning = false;
        return true;
      case "forget":
        if (isRunning || key.forgotten || !this.#isCovered(node.key, key.expiry)) return false;
        key.forgotten = true;
        return true;
      default:
        return false;
    }
  }

  #plan({ credits, spends }: BlockPlan): boolean {
    const { usedKey } = this;
    const index = this.blocks.length;
    const key = usedKey === undefined ? undefined : this.keys[usedKey];
    if (usedKey === undefined || key === undefined || key.lost) return false;
    if ((key.retired || key.forgotten) && index >= key.expiry) return false; // No sender would pay so late.
    const spentBefore = new Set(this.blocks.flatMap((block) => block.spends.map((each) => JSON.stringify(each))));
    const possible = spends.filter(
      (each) =>
        this.blocks[each.block]?.credits[each.credit] !== undefined &&
        !spentBefore.has(JSON.stringify({ block: each.block, credit: each.credit })),
    );
    this.blocks.push({
      credits,
      spends: possible.map(({ block, credit }) => ({ block, credit })),
      key: usedKey,
    });
    return true;
  }

  #start(number: number): boolean {
    const node = this.nodes.get(number);
    if (node?.isRunning === true) return false;
    if (node !== undefined && this.keys[node.key]?.forgotten === false) {
      node.isRunning = true;
      return true;
    }
    this.keys.push({
      start: undefined,
      scanned: undefined,
      expiry: 0,
      retired: false,
      lost: false,
      forgotten: false,
    });
    this.nodes.set(number, {
      key: this.keys.length - 1,
      isRunning: true,
      isActive: false,
      next: 0,
      window: EXPIRY_WINDOW,
    });
    return true;
  }

  #activate(node: ModelNode, key: ModelKey): boolean {
    if (!node.isRunning || node.isActive || key.lost) return false;
    if (key.start !== undefined) {
      const next = key.scanned === undefined ? key.start : key.scanned + 1;
      if (key.retired && next > key.expiry) return false;
      node.next = next;
    } else {
      const known = this.keys.map(({ scanned }) => (scanned === undefined ? 0 : scanned + 1));
      node.next = Math.max(this.counts.ingest, ...known);
      key.start = node.next;
    }
    if (!key.retired) key.expiry = Math.max(key.expiry, node.next + node.window);
    node.isActive = true;
    return true;
  }

  /** The newest key that was forgotten, by whichever node, and not reported yet. */
  #reportLost(number: number): boolean {
    const told = [...this.nodes.values()].some(({ isRunning }) => isRunning);
    const key = this.keys[this.forgottenKeyOf(number) ?? -1];
    if (!told || key === undefined) return false;
    key.lost = true;
    const start = Math.max(key.start ?? 0, (key.scanned ?? -1) + 1);
    if (key.start !== undefined && start < key.expiry) this.missed.push({ start, end: key.expiry });
    return true;
  }

  /** Which key a node has forgotten that nobody has reported. */
  forgottenKeyOf(number: number): number | undefined {
    return this.#holders()
      .get(number)
      ?.find((key) => this.keys[key]?.forgotten === true && !this.keys[key]?.lost);
  }

  readonly #held = new Map<number, number[]>();

  #holders(): ReadonlyMap<number, readonly number[]> {
    for (const [number, { key }] of this.nodes) {
      const held = this.#held.get(number) ?? [];
      if (!held.includes(key)) held.push(key);
      this.#held.set(number, held);
    }
    return this.#held;
  }

  /** Whether all blocks with hints for a key are scanned, or will be although nothing from `end` on is. */
  #isCovered(key: number, end: number): boolean {
    const { scanned = -1 } = this.keys[key] as ModelKey; // Whoever asks has it.
    return this.blocks.every((block, index) => block.key !== key || index <= scanned || index < end);
  }

  #publishes({ key, isRunning, isActive }: ModelNode): boolean {
    return isRunning && isActive && this.keys[key]?.retired === false;
  }

  /** Lets all nodes do what is there to do, and view load it. */
  #settle(): void {
    this.#holders();
    for (const node of this.nodes.values()) {
      const key = this.keys[node.key] as ModelKey; // Every node has one.
      while (node.isRunning && node.isActive && node.next < this.counts.ingest) {
        if (!key.retired) key.expiry = Math.max(key.expiry, node.next + node.window);
        else if (node.next > key.expiry) {
          node.isActive = false;
          break;
        }
        key.scanned = node.next;
        node.next++;
      }
    }
    this.#load();
  }

  #load(): void {
    const started = this.keys.filter(({ start }) => start !== undefined);
    const known = Math.max(0, ...started.map(({ scanned }) => (scanned === undefined ? 0 : scanned + 1)));
    while (this.viewCount < known) {
      const block = this.viewCount;
      if (started.some((key) => isResponsible(key, block) && (key.scanned ?? -1) < block)) return;
      this.viewCount++;
    }
  }
}

function isResponsible({ start = 0, scanned, expiry, retired, lost }: ModelKey, block: number): boolean {
  if (block < start) return false;
  if (lost) return scanned !== undefined && block <= scanned;
  return !retired || block < expiry;
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);
