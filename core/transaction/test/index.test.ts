// Tests of the package as a whole: it says that importing it has no side effects.
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.doUnmock("@fogbow/kernel");
  vi.resetModules();
});

test("neither importing the package nor naming minimum fees starts the kernel", async () => {
  vi.resetModules();
  const started = vi.fn();
  vi.doMock("@fogbow/kernel", async (original) => ({ ...(await original<object>()), kernel: started }));
  const { DEFAULT_MINIMUM_FEE, FeeMap } = await import("../src/index.ts");
  const fees = new FeeMap([[0n, DEFAULT_MINIMUM_FEE]]);
  expect(fees.entries()).toEqual([[0n, DEFAULT_MINIMUM_FEE]]);
  expect(started).not.toHaveBeenCalled();
  expect(() => fees.digest).toThrow();
  expect(started).toHaveBeenCalled();
});
