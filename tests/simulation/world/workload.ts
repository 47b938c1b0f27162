// What wallets ask for in a run, and when: payments, some of which cannot all be in a block; some that expire; some that are
// not valid; and minting (spec 05 §6.4).
import type { SeededRandom } from "../engine/random.ts";
import type { Scheduled, Scheduler } from "../engine/scheduler.ts";
import type { Clients } from "./clients.ts";
import type { WorkloadConfig } from "./config.ts";
import { configureMinting, mint } from "./economy.ts";
import type { SimulatedNode } from "./node.ts";
import { INVALID_KINDS, invalid, largePayment, payment, rival, shortLived, twin } from "./tx-pool.ts";

/** Grants that plain payments spend: from 0 up to, not including, this. The others are for what goes beside them. */
const PLAIN_GRANTS = 96;
const RIVAL_GRANTS = 16;
const LARGE_GRANTS = 110;
const TWIN_GRANTS = 120;
const SHORT_GRANTS = 140;
const INVALID_GRANTS = 150;

/** As many times its usual pause a workload waits for a block. */
const PATIENCE = 6;

/** What the workload works with. */
export interface WorkloadParts {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly clients: Clients;
  readonly nodes: readonly SimulatedNode[];
}

/** Requests that are made one after the other: some at each new block, so that every block has something to hold. */
export class Workload {
  readonly #config: WorkloadConfig;
  readonly #parts: WorkloadParts;
  readonly #requests: (() => void)[];
  #height = 0n;
  #next: Scheduled | undefined;

  constructor(config: WorkloadConfig, parts: WorkloadParts) {
    this.#config = config;
    this.#parts = parts;
    this.#requests = drawRequests(config, parts);
  }

  /** Whether everything was asked for. */
  get isOver(): boolean {
    return this.#requests.length === 0;
  }

  /** Asks for the first, and goes on by itself. */
  start(): void {
    this.#ask();
    if (this.#config.mints) scheduleMints(this.#parts);
  }

  /** Somebody has a block: a new one is a reason to ask for more soon. */
  appended(index: bigint): void {
    if (index <= this.#height) return;
    this.#height = index;
    this.#askAfter(this.#parts.random.exponential(this.#config.everyMs / 3));
  }

  #ask(): void {
    const { random } = this.#parts;
    for (let i = random.pick([1, 1, 1, 2, 3]); i > 0; i--) this.#requests.shift()?.();
    // Also when there is no block for a while.
    if (!this.isOver) this.#askAfter(PATIENCE * this.#config.everyMs);
  }

  #askAfter(ms: number): void {
    this.#next?.cancel();
    this.#next = this.#parts.scheduler.schedule(ms, "submit", () => this.#ask());
  }
}

function drawRequests(config: WorkloadConfig, { random, clients, nodes }: WorkloadParts): (() => void)[] {
  const honest = nodes.filter(({ isFaulty }) => !isFaulty);
  const some = (): SimulatedNode[] => {
    const first = random.pick(nodes);
    return config.copies < 2 ? [first] : [first, random.pick(nodes)];
  };
  const grants = random.shuffled(Array.from({ length: PLAIN_GRANTS }, (_, i) => i));
  const requests: (() => void)[] = [];
  for (let i = 0; i < config.payments; i++) {
    const isLarge = i < 2 && random.chance(0.5);
    const grant = grants[i] ?? 0;
    requests.push(() =>
      clients.submit(isLarge ? largePayment(LARGE_GRANTS + 2 * i, LARGE_GRANTS + 2 * i + 1) : payment(grant), some()),
    );
  }
  for (let i = 0; i < config.rivals; i++) {
    const grant = random.below(RIVAL_GRANTS);
    requests.push(() => clients.submit(rival(grant), some()));
    requests.push(() => clients.submit(payment(grant), some()));
  }
  for (let i = 0; i < config.twins; i++) {
    const grant = random.below(4);
    requests.push(() => {
      clients.submit(twin(grant, TWIN_GRANTS + grant), some());
      clients.submit(payment(grant), some());
    });
  }
  for (let i = 0; i < config.shortLived; i++) {
    const tombstone = BigInt(random.pick([2, 4, 6, 9, 13, 20]));
    const grant = SHORT_GRANTS + random.below(3);
    requests.push(() => clients.submit(shortLived(grant, tombstone), some()));
  }
  for (let i = 0; i < config.invalid; i++) {
    const kind = random.pick(INVALID_KINDS);
    const grant = INVALID_GRANTS + random.below(3);
    requests.push(() => clients.submit(invalid(kind, grant), [random.pick(honest)]));
  }
  return random.shuffled(requests);
}

/** A configuration, then more than can be in one block, two of them under one configuration. */
function scheduleMints({ scheduler, random, clients }: WorkloadParts): void {
  scheduler.schedule(100, "submit", () => clients.submitMintConfig(configureMinting(1, 10_000n)));
  let at = 2_000;
  for (let n = 0; n < 4; n++) {
    at += random.exponential(1_500);
    const signer = 11 + random.below(3);
    const number = 10 + n;
    scheduler.schedule(at, "submit", () => clients.submitMint(mint(number, BigInt(1_000 + n), signer, 10_000n)));
  }
}
