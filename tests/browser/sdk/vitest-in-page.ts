// What test files import as `vitest` when they run in a page: the same assertions, and a runner for what these files use of it.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  customMatchers,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from "@vitest/expect";
import * as chai from "chai";

type Action = (...values: never[]) => unknown;

interface Test {
  readonly name: string;
  readonly run: () => Promise<void>;
}

interface Suite {
  readonly name: string;
  readonly before: Action[];
  readonly beforeEach: Action[];
}

/** What became of all tests. */
export interface SuiteReport {
  readonly passed: number;
  readonly failed: readonly { readonly name: string; readonly message: string }[];
}

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

const POLL_MS_MAX = 10_000;
const POLL_PAUSE_MS = 20;

type Expect = ((value: unknown, message?: string) => Chai) & Record<string, unknown>;
type Chai = Record<string, (...values: unknown[]) => void>;

const chaiExpect = chai.expect as unknown as Expect;

/** Asks for a value again until what is said of it holds. */
function poll(get: () => unknown): Chai {
  return new Proxy({} as Chai, {
    get:
      (_, matcher: string) =>
      async (...expected: unknown[]) => {
        const end = performance.now() + POLL_MS_MAX;
        for (;;) {
          try {
            return chaiExpect(await get())[matcher]?.(...expected);
          } catch (error) {
            if (performance.now() > end) throw error;
            await new Promise((resolve) => setTimeout(resolve, POLL_PAUSE_MS));
          }
        }
      },
  });
}

const global = globalThis as unknown as Record<symbol, object>;

/** `expect` of vitest, put together as its own runner does. */
export const expect: Expect = Object.assign(
  (value: unknown, message?: string) => chaiExpect(value, message),
  chaiExpect,
  global[ASYMMETRIC_MATCHERS_OBJECT],
  { poll },
);
global[GLOBAL_EXPECT] = expect;
setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null } as never, expect as never);
(chaiExpect.extend as (target: unknown, matchers: object) => void)(expect, customMatchers);

const suites: Suite[] = [{ name: "", before: [], beforeEach: [] }];
const tests: Test[] = [];

/** A group of tests. */
export function describe(name: string, body: () => void): void {
  suites.push({ name, before: [], beforeEach: [] });
  body();
  suites.pop();
}

/** A test, with what the groups around it do before. */
export const test = Object.assign(
  (name: string, action: Action) => {
    const around = [...suites];
    const run = async (): Promise<void> => {
      for (const { before } of around) for (const each of before.splice(0)) await each();
      for (const { beforeEach } of around) for (const each of beforeEach) await each();
      await action();
    };
    tests.push({ name: [...around.map((suite) => suite.name), name].filter(Boolean).join(" > "), run });
  },
  {
    each:
      (rows: readonly unknown[]) =>
      (name: string, action: Action): void => {
        rows.forEach((row, i) => {
          const values = (Array.isArray(row) ? row : [row]) as never[];
          test(`${name} (${i + 1})`, () => action(...values));
        });
      },
  },
);

export const beforeEach = (action: Action): void => void suites.at(-1)?.beforeEach.push(action);
export const beforeAll = (action: Action): void => void suites.at(-1)?.before.push(action);

/** Begins a file: hooks of the last one do not go on. */
export function beginFile(): void {
  suites.splice(0, suites.length, { name: "", before: [], beforeEach: [] });
}

/** Runs everything that was declared, in order. */
export async function runAll(): Promise<SuiteReport> {
  const failed: { readonly name: string; readonly message: string }[] = [];
  for (const { name, run } of tests) {
    try {
      await run();
    } catch (error) {
      failed.push({ name, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { passed: tests.length - failed.length, failed };
}
