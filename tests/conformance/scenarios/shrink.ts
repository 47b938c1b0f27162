// From a scenario that fails to a smaller one that still fails: steps are left out, then actions, as long as that changes nothing.
import type { Scenario, Step } from "./scenario.ts";

/** The smallest that was found within some runs. What makes no sense without what was left out is not done either. */
export async function shrink(
  scenario: Scenario,
  fails: (smaller: Scenario) => Promise<boolean>,
  runsMax: number,
): Promise<Scenario> {
  let smallest = scenario;
  let runs = 0;
  const tryOut = async (steps: readonly Step[]): Promise<boolean> => {
    const smaller = { ...smallest, steps: steps.filter(({ actions }) => actions.length > 0) };
    if (runs >= runsMax || smaller.steps.length === 0) return false;
    runs++;
    if (!(await fails(smaller))) return false;
    smallest = smaller;
    return true;
  };
  // Whatever comes after the failure goes at once, by halves; then single steps, the last first.
  for (let kept = smallest.steps.length >> 1; kept > 0; kept >>= 1) await tryOut(smallest.steps.slice(0, -kept));
  for (let i = smallest.steps.length - 1; i >= 0; i--) {
    await tryOut([...smallest.steps.slice(0, i), ...smallest.steps.slice(i + 1)]);
  }
  for (let i = smallest.steps.length - 1; i >= 0; i--) {
    for (let j = (smallest.steps[i]?.actions.length ?? 0) - 1; j >= 0; j--) {
      await tryOut(
        smallest.steps.map((step, at) =>
          at === i ? { ...step, actions: [...step.actions.slice(0, j), ...step.actions.slice(j + 1)] } : step,
        ),
      );
    }
  }
  return smallest;
}
