// Scenarios from a seed: which ledger is ahead, what is restarted, retired or lost, and when, is drawn.
import { type Action, append, type BlockPlan } from "../model/actions.ts";
import type { FogModel } from "../model/fog-model.ts";
import { ACCOUNTS, newModel, type Scenario, type Step } from "./scenario.ts";

const STEPS = 9;
/** Blocks that one ledger is ahead of the other at most. */
const LEAD = 3;
const CREDITS = 6;

/** Draws whole numbers below a bound, always the same for one seed. */
class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0; // mulberry32
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T; // There are some.
  }
}

/** The scenario of a seed. */
export function generatedScenario(seed: number): Scenario {
  const draw = new Draw(seed);
  const model = newModel();
  const steps: Step[] = [];
  const add = (name: string, actions: readonly Action[]): void => {
    const done = actions.filter((action) => model.apply(action));
    if (done.length > 0) steps.push({ name: `${steps.length + 1}-${name}`, actions: done });
  };
  add("start", [
    { do: "start", node: 1 },
    { do: "window", node: 1, blocks: 1 + draw.below(4) },
    { do: "activate", node: 1 },
    { do: "use-key", node: 1 },
  ]);
  add("both", [block(draw, model), ...append("ingest", "ledger")]);
  while (steps.length < STEPS) {
    const [name, make] = draw.of(EVENTS);
    add(name, make(draw, model));
  }
  const behind = Math.max(...Object.values(model.counts));
  add("end", [...Array.from({ length: behind }, () => append("ingest", "ledger")).flat()]);
  return {
    name: `generated-${seed}`,
    about: "what is drawn from a seed",
    userCapacity: draw.of([16, 64, 4096]),
    steps,
  };
}

type Event = readonly [name: string, make: (draw: Draw, model: FogModel) => Action[]];

/** What may happen next; what is more usual stands here more often. */
const EVENTS: readonly Event[] = [
  ["both", (draw, model) => [block(draw, model), ...append("ingest", "ledger")]],
  ["ingest-ahead", (draw, model) => ahead("ingest", "ledger", draw, model)],
  ["ingest-ahead", (draw, model) => ahead("ingest", "ledger", draw, model)],
  ["ledger-ahead", (draw, model) => ahead("ledger", "ingest", draw, model)],
  ["ledger-ahead", (draw, model) => ahead("ledger", "ingest", draw, model)],
  ["ingest-follows", () => append("ingest")],
  ["ledger-follows", () => append("ledger")],
  ["restart-view", () => [{ do: "restart-view" }]],
  ["restart-ledger", () => [{ do: "restart-ledger" }]],
  ["restart-ingest", (draw, model) => restart(active(draw, model))],
  ["retire", (draw, model) => retire(active(draw, model), model)],
  ["lose-key", (draw, model) => lose(active(draw, model), draw, model)],
];

function ahead(who: "ingest" | "ledger", other: "ingest" | "ledger", draw: Draw, model: FogModel): Action[] {
  if (model.counts[who] - model.counts[other] >= LEAD) return append(other);
  return [...(model.counts[who] === model.blocks.length ? [block(draw, model)] : []), ...append(who)];
}

function restart(node: number): Action[] {
  return [
    { do: "stop", node },
    { do: "start", node },
  ];
}

/** Another node takes over; the old one scans what it promised. */
function retire(node: number, model: FogModel): Action[] {
  const other = Math.max(...model.nodes.keys()) + 1;
  return [
    { do: "start", node: other },
    { do: "activate", node: other },
    { do: "retire", node },
    { do: "use-key", node: other },
  ];
}

/** A key is gone, sometimes with a block on its way to it, and the node goes on with another one. */
function lose(node: number, draw: Draw, model: FogModel): Action[] {
  const onItsWay = draw.below(2) === 0 ? [block(draw, model), ...append("ledger")] : [];
  return [
    { do: "stop", node },
    ...onItsWay,
    { do: "forget", node },
    { do: "start", node },
    { do: "activate", node },
    { do: "report-lost", node },
    { do: "use-key", node },
  ];
}

function active(draw: Draw, model: FogModel): number {
  const nodes = [...model.nodes].filter(([, { isRunning, isActive }]) => isRunning && isActive);
  return nodes.length === 0 ? 1 : draw.of(nodes)[0];
}

/** A block with some credits, which spends some of what is there. */
function block(draw: Draw, model: FogModel): Action {
  const credits: BlockPlan["credits"] = Array.from({ length: 1 + draw.below(CREDITS) }, () => ({
    account: draw.below(ACCOUNTS),
    amount: 1 + draw.below(50),
  }));
  const spent = new Set(model.blocks.flatMap(({ spends }) => spends.map((each) => JSON.stringify(each))));
  const unspent = model.blocks.flatMap(({ credits: made }, index) =>
    made.map((_, credit) => ({ block: index, credit })).filter((each) => !spent.has(JSON.stringify(each))),
  );
  const spends = unspent.filter(() => draw.below(3) === 0);
  return { do: "plan", credits, spends };
}
