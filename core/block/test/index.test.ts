// Tests of the package as a whole: it says that importing it has no side effects.
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.doUnmock("@fogbow/kernel");
  vi.resetModules();
});

test("importing the package does not start the kernel", async () => {
  vi.resetModules();
  const started = vi.fn();
  vi.doMock("@fogbow/kernel", async (original) => ({ ...(await original<object>()), kernel: started }));
  const { feeRecipient } = await import("../src/index.ts");
  expect(started).not.toHaveBeenCalled();
  expect(() => feeRecipient("test")).toThrow();
  expect(started).toHaveBeenCalled();
});
