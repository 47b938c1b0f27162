// The reference model: the pseudo-code of spec 05 Appendix A as it stands, over plain sets and trees, recomputing
// everything. Slow and meant to be obviously right; the tests run it beside the real slot and compare after each event.
import type { QuorumSet } from "@fogbow/core-block";
import {
  type Ballot,
  leaderOf,
  type Message,
  nodeKey,
  type SlotOptions,
  type SlotParts,
  type Topic,
} from "@fogbow/core-scp";

const INF = 0xffff_ffff;

/** Whether `nodes` satisfy the quorum set. */
export function slice(set: QuorumSet, nodes: ReadonlySet<string>): boolean {
  let count = 0;
  for (const member of set.members) {
    if (member.kind === "node" ? nodes.has(nodeKey(member.node)) : slice(member.set, nodes)) count++;
  }
  return count >= set.threshold;
}

/** Whether `nodes` block the quorum set. */
export function blocking(set: QuorumSet, nodes: ReadonlySet<string>): boolean {
  if (set.threshold === 0) return false;
  let count = 0;
  for (const member of set.members) {
    if (member.kind === "node" ? nodes.has(nodeKey(member.node)) : blocking(member.set, nodes)) count++;
  }
  return count >= set.members.length - set.threshold + 1;
}

/** The largest quorum in `nodes`. */
export function largestQuorum(nodes: ReadonlySet<string>, setOf: (node: string) => QuorumSet | undefined): Set<string> {
  const left = new Set(nodes);
  for (;;) {
    const bad = [...left].find((node) => {
      const set = setOf(node);
      return set === undefined || !slice(set, left);
    });
    if (bad === undefined) return left;
    left.delete(bad);
  }
}

const less = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
const cmp = (a: Ballot, b: Ballot): number => (a.n !== b.n ? a.n - b.n : less(a.x, b.x));
const lec = (a: Ballot, b: Ballot): boolean => a.x === b.x && a.n <= b.n;
const lei = (a: Ballot, b: Ballot): boolean => cmp(a, b) <= 0 && a.x !== b.x;

const nom = (t: Topic) => (t.kind === "nominate" || t.kind === "nominate-prepare" ? t.nominate : { x: [], y: [] });

/** Votes for or accepts that a ballot is prepared. */
export function vp(t: Topic, k: Ballot): boolean {
  switch (t.kind) {
    case "nominate":
      return false;
    case "nominate-prepare":
    case "prepare":
      return [t.prepare.b, t.prepare.p, t.prepare.pp].some((each) => each !== undefined && lec(k, each));
    case "commit":
      return k.x === t.commit.b.x;
    case "externalize":
      return k.x === t.externalize.c.x;
  }
}
/** Accepts that a ballot is prepared. */
export function ap(t: Topic, k: Ballot): boolean {
  switch (t.kind) {
    case "nominate":
      return false;
    case "nominate-prepare":
    case "prepare":
      return [t.prepare.p, t.prepare.pp].some((each) => each !== undefined && lec(k, each));
    case "commit":
      return k.x === t.commit.b.x && k.n <= t.commit.pn;
    case "externalize":
      return k.x === t.externalize.c.x;
  }
}
/** Votes for or accepts a commit. */
export function vc(t: Topic, x: string, lo: number, hi: number): boolean {
  switch (t.kind) {
    case "nominate":
      return false;
    case "nominate-prepare":
    case "prepare":
      return x === t.prepare.b.x && t.prepare.cn !== 0 && t.prepare.cn <= lo && hi <= t.prepare.hn;
    case "commit":
      return x === t.commit.b.x && t.commit.cn <= lo;
    case "externalize":
      return x === t.externalize.c.x && t.externalize.c.n <= lo;
  }
}
/** Accepts a commit. */
export function ac(t: Topic, x: string, lo: number, hi: number): boolean {
  switch (t.kind) {
    case "commit":
      return x === t.commit.b.x && t.commit.cn <= lo && hi <= t.commit.hn;
    case "externalize":
      return x === t.externalize.c.x && t.externalize.c.n <= lo;
    default:
      return false;
  }
}
/** The ballot counter. */
export function counter(t: Topic): number {
  switch (t.kind) {
    case "nominate":
      return 0;
    case "nominate-prepare":
    case "prepare":
      return t.prepare.b.n;
    case "commit":
      return t.commit.b.n;
    case "externalize":
      return INF;
  }
}

/** The order of messages, most significant field first. */
export function order(a: Topic, b: Topic): number {
  const rank = ["nominate", "nominate-prepare", "prepare", "commit", "externalize"];
  const fields = (t: Topic): (number | string | readonly string[] | Ballot | undefined)[] => {
    const { x, y } = nom(t);
    const nomination = [y.length, y, x.length, x];
    switch (t.kind) {
      case "nominate":
        return nomination;
      case "nominate-prepare":
      case "prepare": {
        const { b: ballot, p, pp, hn } = t.prepare;
        return [ballot, p, pp, hn, ...(t.kind === "prepare" ? [] : nomination)];
      }
      case "commit":
        return [t.commit.b, t.commit.pn, t.commit.hn];
      case "externalize":
        return [t.externalize.hn];
    }
  };
  if (a.kind !== b.kind) return rank.indexOf(a.kind) - rank.indexOf(b.kind);
  const theirs = fields(b);
  for (const [i, mine] of fields(a).entries()) {
    const other = theirs[i];
    let result = 0;
    if (typeof mine === "number") result = mine - (other as number);
    else if (Array.isArray(mine)) result = less(mine.join(" "), (other as string[]).join(" "));
    else if (mine === undefined || other === undefined)
      result = (mine === undefined ? 0 : 1) - (other === undefined ? 0 : 1);
    else result = cmp(mine as Ballot, other as Ballot);
    if (result !== 0) return result;
  }
  return 0;
}

/** What the model and the slot are compared by. */
export interface ModelDump {
  readonly phase: string;
  readonly w: readonly string[];
  readonly x: readonly string[];
  readonly y: readonly string[];
  readonly z: readonly string[];
  readonly leaders: readonly string[];
  readonly round: number;
  readonly b: Ballot;
  readonly p: Ballot | undefined;
  readonly pp: Ballot | undefined;
  readonly h: Ballot | undefined;
  readonly c: Ballot | undefined;
  readonly lock: string | undefined;
  readonly lastSent: Topic | undefined;
  readonly nominationAt: number | undefined;
  readonly ballotAt: number | undefined;
}

/** The model of one slot at one node. */
export class ModelSlot {
  readonly #o: SlotOptions;
  readonly #parts: SlotParts;
  readonly #self: string;
  #M = new Map<string, Message>();
  #phase: "NP" | "P" | "C" | "E" = "NP";
  #W = new Set<string>();
  #X = new Set<string>();
  #Y = new Set<string>();
  #Z = new Set<string>();
  #L: Set<string>;
  #r = 1;
  #b: Ballot = { n: 0, x: "" };
  #p: Ballot | undefined;
  #pp: Ballot | undefined;
  #h: Ballot | undefined;
  #c: Ballot | undefined;
  #lock: string | undefined;
  #zAt: number | undefined;
  #nomAt: number | undefined;
  #balAt: number | undefined;
  #over = false;
  #lastSent: Topic | undefined;

  constructor(options: SlotOptions, parts: SlotParts, stored?: ModelDump) {
    this.#o = options;
    this.#parts = parts;
    this.#self = nodeKey(options.self);
    this.#L = new Set([this.#leader(1, new Set())]);
    if (stored === undefined) return;
    const phases = { "nominate-prepare": "NP", prepare: "P", commit: "C", externalize: "E" } as const;
    this.#phase = phases[stored.phase as keyof typeof phases];
    [this.#W, this.#X, this.#Y, this.#Z] = [stored.w, stored.x, stored.y, stored.z].map((each) => new Set(each)) as [
      Set<string>,
      Set<string>,
      Set<string>,
      Set<string>,
    ];
    this.#L = new Set(stored.leaders);
    this.#r = stored.round;
    this.#b = stored.b;
    this.#p = stored.p;
    this.#pp = stored.pp;
    this.#h = stored.h;
    this.#c = stored.c;
    this.#lock = stored.lock;
    this.#lastSent = stored.lastSent;
    if (this.#Z.size > 0) this.#zAt = Number.NEGATIVE_INFINITY;
  }

  propose(values: readonly string[], now: number): Topic | undefined {
    if (this.#phase !== "NP" || this.#Z.size > 0) return undefined;
    for (const value of values) if (this.#parts.validity(value) === "valid") this.#W.add(value);
    return this.#run(now);
  }

  receive(message: Message, now: number): Topic | undefined {
    const known = this.#M.get(nodeKey(message.sender));
    if (known !== undefined && order(message.topic, known.topic) <= 0) return undefined;
    this.#M.set(nodeKey(message.sender), message);
    return this.#run(now);
  }

  tick(now: number): Topic | undefined {
    if (this.#nomAt !== undefined && now >= this.#nomAt && this.#phase === "NP") {
      this.#nomAt = undefined;
      this.#r++;
      this.#L.add(this.#leader(this.#r, this.#L));
    }
    if (this.#balAt !== undefined && now >= this.#balAt && this.#phase !== "E") {
      this.#balAt = undefined;
      this.#over = true;
    }
    return this.#run(now);
  }

  dump(): ModelDump {
    const phases = { NP: "nominate-prepare", P: "prepare", C: "commit", E: "externalize" };
    return {
      phase: phases[this.#phase],
      w: [...this.#W].sort(),
      x: [...this.#X].sort(),
      y: [...this.#Y].sort(),
      z: [...this.#Z].sort(),
      leaders: [...this.#L],
      round: this.#r,
      b: this.#b,
      p: this.#p,
      pp: this.#pp,
      h: this.#h,
      c: this.#c,
      lock: this.#lock,
      lastSent: this.#lastSent,
      nominationAt: this.#nomAt,
      ballotAt: this.#balAt,
    };
  }

  #leader(round: number, leaders: ReadonlySet<string>): string {
    const { slotIndex, leaderHash, quorumSet } = this.#o;
    return leaderOf({ slotIndex, round, leaderHash }, this.#self, quorumSet, leaders);
  }

  #run(now: number): Topic | undefined {
    if (this.#over && (this.#b.n + 1 >= INF || this.#bump(this.#b.n + 1))) this.#over = false;
    let rounds = 0;
    while (this.#step(now)) if (++rounds > 1000) throw new Error("The model does not settle.");
    if (this.#phase === "NP") this.#nomAt ??= now + Math.min(this.#o.baseRoundMs * this.#r, 1_800_000);
    else this.#nomAt = undefined;
    if (this.#phase === "E") this.#balAt = undefined;
    else if (this.#b.n > 0 && this.#balAt === undefined && !this.#over && this.#quorum((t) => counter(t) >= this.#b.n))
      this.#balAt = now + Math.min(this.#o.baseBallotMs * (this.#b.n + 1), 1_800_000);
    const topic = this.#build();
    if (topic === undefined || (this.#lastSent !== undefined && order(topic, this.#lastSent) <= 0)) return undefined;
    this.#lastSent = topic;
    return topic;
  }

  /** A: everybody's topic, this node's own as of now. */
  #all(): Map<string, Topic> {
    const all = new Map([...this.#M].map(([node, { topic }]) => [node, topic]));
    const own = this.#build();
    if (own !== undefined) all.set(this.#self, own);
    return all;
  }

  #where(holds: (t: Topic) => boolean): Set<string> {
    return new Set([...this.#all()].filter(([, topic]) => holds(topic)).map(([node]) => node));
  }

  #blocked(holds: (t: Topic) => boolean): boolean {
    const nodes = this.#where(holds);
    nodes.delete(this.#self);
    return blocking(this.#o.quorumSet, nodes);
  }

  #quorum(holds: (t: Topic) => boolean): boolean {
    const setOf = (node: string): QuorumSet | undefined =>
      node === this.#self ? this.#o.quorumSet : this.#M.get(node)?.quorumSet;
    return largestQuorum(this.#where(holds), setOf).has(this.#self);
  }

  #accept(vote: (t: Topic) => boolean, acc: (t: Topic) => boolean): boolean {
    return this.#blocked(acc) || this.#quorum((t) => vote(t) || acc(t));
  }

  #combine(): string | undefined {
    return this.#parts.combine([...this.#Z].sort())?.join(" ");
  }

  #step(now: number): boolean {
    let ch = false;
    if (this.#phase === "NP") ch = this.#nominate(now);
    if (this.#phase === "E") return ch;
    const cand = this.#candidates();
    for (const k of cand) {
      if (this.#phase === "C" && k.x !== this.#b.x) continue;
      if (this.#p !== undefined && lec(k, this.#p)) continue;
      if (this.#pp !== undefined && cmp(k, this.#pp) <= 0) continue;
      if (
        !this.#accept(
          (t) => vp(t, k),
          (t) => ap(t, k),
        )
      )
        continue;
      if (this.#p === undefined) this.#p = k;
      else if (cmp(k, this.#p) > 0) {
        if (k.x !== this.#p.x) this.#pp = this.#p;
        this.#p = k;
      } else if (k.x !== this.#p.x && (this.#pp === undefined || cmp(k, this.#pp) > 0)) this.#pp = k;
      else continue;
      ch = true;
    }
    if (this.#before("C")) {
      if (
        this.#c !== undefined &&
        [this.#p, this.#pp].some((each) => each !== undefined && lei(this.#c as Ballot, each))
      ) {
        this.#c = undefined;
        ch = true;
      }
      ch = this.#confirmPrepared(cand) || ch;
    }
    ch = this.#acceptCommit() || ch;
    if (this.#phase === "C" && this.#confirmCommit()) return false;
    return this.#catchUp() || ch;
  }

  #before(phase: "C" | "E"): boolean {
    return this.#phase === "NP" || this.#phase === "P" || (phase === "E" && this.#phase === "C");
  }

  #nominate(now: number): boolean {
    const size = (): number => this.#W.size + this.#X.size + 2 * this.#Y.size + this.#Z.size;
    const before = size();
    if (this.#Z.size === 0) {
      const vote = (v: string): void => {
        if (!this.#X.has(v) && !this.#Y.has(v)) this.#X.add(v);
      };
      if (this.#L.has(this.#self)) this.#W.forEach(vote);
      for (const l of this.#L) {
        const message = this.#M.get(l);
        if (message !== undefined) for (const v of [...nom(message.topic).x, ...nom(message.topic).y]) vote(v);
      }
    }
    const heard = [...this.#all().values()].flatMap((t) => nom(t).y);
    for (const v of [...new Set([...this.#X, ...heard])].sort()) {
      if (this.#Y.has(v)) continue;
      if (
        !this.#accept(
          (t) => nom(t).x.includes(v) || nom(t).y.includes(v),
          (t) => nom(t).y.includes(v),
        )
      )
        continue;
      this.#X.delete(v);
      this.#Y.add(v);
    }
    for (const v of [...this.#Y].sort()) {
      if (this.#Z.has(v) || !this.#quorum((t) => nom(t).y.includes(v))) continue;
      this.#Z.add(v);
      this.#zAt ??= now;
    }
    if (this.#zAt !== undefined && this.#b.n === 0) {
      const settled = this.#X.size === 0 && this.#Y.size === this.#Z.size;
      const x = settled || now >= this.#zAt + this.#o.settleMs ? this.#combine() : undefined;
      if (x !== undefined) {
        this.#setB({ n: 1, x });
        return true;
      }
    }
    return size() !== before;
  }

  #candidates(): Ballot[] {
    const all: Ballot[] = [];
    for (const t of this.#all().values()) {
      if (t.kind === "nominate-prepare" || t.kind === "prepare") {
        all.push(...[t.prepare.b, t.prepare.p, t.prepare.pp].filter((each) => each !== undefined));
      } else if (t.kind === "commit") {
        all.push(...[t.commit.pn, t.commit.hn, t.commit.b.n].map((n) => ({ n, x: t.commit.b.x })));
      } else if (t.kind === "externalize") {
        all.push(...[t.externalize.c.n, t.externalize.hn, INF].map((n) => ({ n, x: t.externalize.c.x })));
      }
    }
    return all.filter(({ n }) => n > 0).sort((a, b) => cmp(b, a));
  }

  #confirmPrepared(cand: readonly Ballot[]): boolean {
    if (this.#p === undefined) return false;
    const nh = cand.find((k) => (this.#h === undefined || cmp(k, this.#h) > 0) && this.#quorum((t) => ap(t, k)));
    if (nh === undefined) return false;
    const view = (): string => JSON.stringify([this.#lock, this.#b, this.#h, this.#c, this.#phase]);
    const before = view();
    this.#lock = nh.x;
    if (this.#phase === "NP") this.#phase = "P";
    const b0 = this.#b;
    if (nh.n !== INF) {
      if (this.#b.n === 0 || cmp(this.#b, nh) < 0) this.#setB(nh);
      else if (this.#o.eagerBump && this.#b.x !== nh.x && this.#b.n + 1 < INF)
        this.#setB({ n: this.#b.n + 1, x: nh.x });
    }
    if (nh.n !== INF && this.#b.x === nh.x) {
      this.#h = nh;
      const barriers = [this.#p, this.#pp].filter((each) => each !== undefined);
      if (this.#c === undefined && !barriers.some((a) => lei(nh, a))) {
        let k: Ballot = { n: Math.max(b0.n, 1), x: nh.x };
        if (b0.n > 0 && cmp(k, b0) < 0) k = { n: k.n + 1, x: k.x };
        for (const a of barriers) if (lei(k, a)) k = { n: k.x > a.x ? a.n : a.n + 1, x: k.x };
        if (k.n <= nh.n) this.#c = k;
      }
    }
    return view() !== before;
  }

  #bounds(): Map<string, Set<number>> {
    const bounds = new Map<string, Set<number>>();
    const add = (x: string, ...ns: number[]): void => {
      bounds.set(x, new Set([...(bounds.get(x) ?? []), ...ns]));
    };
    for (const t of this.#all().values()) {
      if (t.kind === "nominate-prepare" || t.kind === "prepare") {
        if (t.prepare.cn !== 0) add(t.prepare.b.x, t.prepare.cn, t.prepare.hn);
      } else if (t.kind === "commit") add(t.commit.b.x, t.commit.cn, t.commit.hn);
      else if (t.kind === "externalize") add(t.externalize.c.x, t.externalize.c.n, t.externalize.hn, INF);
    }
    return bounds;
  }

  #scan(s: ReadonlySet<number>, pred: (lo: number, hi: number) => boolean): [number, number] | undefined {
    let iv: [number, number] | undefined;
    for (const t of [...s].sort((a, b) => b - a)) {
      if (t === 0) continue;
      if (iv === undefined) {
        if (pred(t, t)) iv = [t, t];
      } else if (pred(t, iv[1])) iv[0] = t;
      else break;
    }
    return iv;
  }

  #acceptCommit(): boolean {
    let ch = false;
    for (const [x, s] of [...this.#bounds()].sort(([a], [b]) => less(a, b))) {
      if (this.#phase === "C" && x !== this.#b.x) continue;
      const iv = this.#scan(s, (lo, hi) =>
        this.#accept(
          (t) => vc(t, x, lo, hi),
          (t) => ac(t, x, lo, hi),
        ),
      );
      if (iv === undefined) continue;
      let [lo, hi] = iv;
      if (this.#phase === "C" && this.#c !== undefined && this.#h !== undefined) {
        if (hi <= this.#h.n && lo >= this.#c.n) continue;
        // What was accepted stays accepted: join overlapping intervals, and never fall back.
        if (hi <= this.#h.n) {
          if (hi < this.#c.n - 1) continue;
          hi = this.#h.n;
          lo = Math.min(lo, this.#c.n);
        }
      }
      if (this.#before("C")) {
        this.#phase = "C";
        this.#pp = undefined;
        this.#lock = x;
        this.#balAt = undefined;
        this.#over = false;
        if (this.#b.x !== x) this.#b = { n: Math.min(Math.max(this.#b.n + 1, hi === INF ? 1 : hi), INF - 1), x };
        else if (hi !== INF && this.#b.n < hi) this.#b = { n: hi, x };
        if (this.#p === undefined || this.#p.x !== x) this.#p = { n: hi, x };
      }
      this.#c = { n: lo, x };
      this.#h = { n: hi, x };
      if (hi !== INF && this.#b.n < hi) this.#b = { n: hi, x };
      ch = true;
    }
    return ch;
  }

  #confirmCommit(): boolean {
    const x = this.#b.x;
    const s = new Set([this.#c?.n ?? 0, this.#h?.n ?? 0]);
    for (const t of this.#all().values()) {
      if (t.kind === "commit" && t.commit.b.x === x) for (const n of [t.commit.cn, t.commit.hn]) s.add(n);
      if (t.kind === "externalize" && t.externalize.c.x === x)
        for (const n of [t.externalize.c.n, t.externalize.hn, INF]) s.add(n);
    }
    const iv = this.#scan(s, (lo, hi) => this.#quorum((t) => ac(t, x, lo, hi)));
    if (iv === undefined) return false;
    this.#c = { n: iv[0], x };
    this.#h = { n: iv[1], x };
    this.#phase = "E";
    return true;
  }

  #catchUp(): boolean {
    const ahead = (n: number): boolean => this.#blocked((t) => counter(t) > n);
    if (!this.#before("E") || !ahead(this.#b.n)) return false;
    const counters = [...new Set([...this.#all().values()].map(counter))].sort((a, b) => a - b);
    for (const n of counters.filter((each) => each > this.#b.n)) {
      if (!ahead(n)) return n !== INF && this.#bump(n);
    }
    return false;
  }

  #setB(b: Ballot): void {
    if (b.n !== this.#b.n) {
      this.#balAt = undefined;
      this.#over = false;
    }
    this.#b = b;
    if (this.#h !== undefined && this.#h.x !== b.x) {
      this.#h = undefined;
      this.#c = undefined;
    }
  }

  #bump(n: number): boolean {
    const x =
      this.#phase === "C"
        ? this.#b.x
        : (this.#lock ??
          (this.#Z.size > 0 ? this.#combine() : (this.#p?.x ?? (this.#b.n > 0 ? this.#b.x : undefined))));
    if (x === undefined || n >= INF) return false;
    this.#setB({ n, x });
    return true;
  }

  #build(): Topic | undefined {
    const nominate = { x: [...this.#X].sort(), y: [...this.#Y].sort() };
    const [b, h, c] = [this.#b, this.#h, this.#c];
    const clamp = (ballot: Ballot | undefined, limit: Ballot | undefined): Ballot | undefined => {
      if (ballot === undefined || limit === undefined) return undefined;
      if (cmp(ballot, limit) <= 0) return ballot;
      const n = ballot.x > limit.x ? limit.n - 1 : limit.n;
      return n > 0 ? { n, x: ballot.x } : undefined;
    };
    const p = clamp(this.#p, b);
    const pp = clamp(this.#pp, p);
    const hn = h !== undefined && h.x === b.x ? h.n : 0;
    const prepare = { b, p, pp: pp?.x === p?.x ? undefined : pp, cn: hn !== 0 && c !== undefined ? c.n : 0, hn };
    switch (this.#phase) {
      case "NP":
        if (b.n > 0) return { kind: "nominate-prepare", nominate, prepare };
        return nominate.x.length + nominate.y.length > 0 ? { kind: "nominate", nominate } : undefined;
      case "P":
        return { kind: "prepare", prepare };
      case "C":
        return { kind: "commit", commit: { b, pn: this.#p?.n ?? 0, cn: c?.n ?? 0, hn: h?.n ?? 0 } };
      case "E":
        return { kind: "externalize", externalize: { c: c ?? b, hn: h?.n ?? 0 } };
    }
  }
}
