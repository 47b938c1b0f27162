// A scenario: steps, each of some actions, after which wallets are held against what is expected.
import type { Action } from "../model/actions.ts";
import { type Expectation, orNothingYet } from "../model/expectation.ts";
import { FogModel } from "../model/fog-model.ts";

/** Accounts of every scenario. */
export const ACCOUNTS = 5;

/** Some actions, and what wallets may answer once they are done. */
export interface Step {
  readonly name: string;
  readonly actions: readonly Action[];
  /** One for each account; the model's where none are given. */
  readonly expected?: readonly Expectation[];
}

/** Steps in their order. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** Outputs that one egress key of ingest serves. */
  readonly userCapacity?: number;
  readonly steps: readonly Step[];
}

/** A step with what the model expects after it, and the model itself as it is then. */
export interface ExpectedStep extends Step {
  readonly expected: readonly Expectation[];
  /** Those of the actions that made sense. */
  readonly done: readonly Action[];
}

/** Goes through a scenario's steps, one after the other. The model is ahead of the processes by one step. */
export function* expectedSteps({ steps }: Pick<Scenario, "steps">, model: FogModel): Generator<ExpectedStep> {
  let from = model.commonCount;
  for (const step of steps) {
    const done = step.actions.filter((action) => model.apply(action));
    const expected = step.expected ?? modelled(model, from, done);
    from = model.commonCount;
    yield { ...step, done, expected };
  }
}

/** The model of a scenario that begins. */
export const newModel = (): FogModel => new FogModel(ACCOUNTS);

function modelled(model: FogModel, from: number, done: readonly Action[]): Expectation[] {
  const isAnew = done.some((action) => action.do === "restart-view" || action.do === "replace-view");
  const expected = model.expectations(from);
  return isAnew ? expected.map(orNothingYet) : expected;
}
