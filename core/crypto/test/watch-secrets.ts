// Watches what the kernel hands out during a call, to see whether the caller wiped what it should have.
import { kernel } from "@fogbow/kernel";
import { vi } from "vitest";

type Subjects = Omit<ReturnType<typeof kernel>, "fog">;

/** Runs `body` and returns the results of the kernel's `subject.method` in it, as they are after the call. */
export function resultsOf<S extends keyof Subjects>(
  subject: S,
  method: keyof Subjects[S] & string,
  body: () => unknown,
): Uint8Array[] {
  const target: Subjects[S] = kernel()[subject];
  // The mock's types cannot follow a method picked at run time; every method watched here returns bytes.
  const watch = vi.spyOn(target as unknown as Record<string, () => Uint8Array>, method);
  try {
    body();
    return watch.mock.results.flatMap(({ type, value }) => (type === "return" ? [value] : []));
  } finally {
    watch.mockRestore();
  }
}
