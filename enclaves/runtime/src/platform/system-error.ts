// Errors of the system, by their code.

/** The code of a system error, such as `EBUSY`; undefined for what is none. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
