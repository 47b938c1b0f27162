// Watches what the kernel takes and hands out during a call, to see whether the caller wiped what it should have.
import { type Kernel, kernel } from "@fogbow/kernel";
import { vi } from "vitest";

type Subjects = Pick<Kernel, "ciphers" | "hashes" | "ristretto" | "scalars" | "strobe" | "vectors">;

/** The results of the kernel's `subject.method` while `body` ran, as they are afterwards. */
export function resultsOf<S extends keyof Subjects>(
  subject: S,
  method: keyof Subjects[S] & string,
  body: () => unknown,
): unknown[] {
  return watch(subject, method, body).results;
}

/** The first arguments of the kernel's `subject.method` while `body` ran, as they are afterwards. */
export function argumentsOf<S extends keyof Subjects>(
  subject: S,
  method: keyof Subjects[S] & string,
  body: () => unknown,
): unknown[] {
  return watch(subject, method, body).firstArguments;
}

function watch(
  subject: keyof Subjects,
  method: string,
  body: () => unknown,
): { readonly results: unknown[]; readonly firstArguments: unknown[] } {
  // The types of a mock cannot follow a method picked at run time; each method of these subjects is a function.
  const target = kernel()[subject] as unknown as Record<string, (...args: unknown[]) => unknown>;
  const spy = vi.spyOn(target, method);
  try {
    body();
    return {
      results: spy.mock.results.flatMap(({ type, value }) => (type === "return" ? [value] : [])),
      firstArguments: spy.mock.calls.map(([first]) => first),
    };
  } finally {
    spy.mockRestore();
  }
}
