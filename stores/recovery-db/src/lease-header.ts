// A lease in the header of an RPC: whoever is told to act learns in whose name, and can have the database check it.
import { RecoveryDbError } from "./error.ts";
import { LEASE_NAME_CHARACTERS_MAX } from "./limits.ts";
import type { LeaseClaim } from "./recovery-db.ts";

/** The name of the header. */
export const LEASE_HEADER = "fogbow-lease";

/** The value of the header: two words. Throws `invalid-argument` for a lease whose names are none. */
export function leaseToHeader({ name, holder }: LeaseClaim): string {
  const text = `${name} ${holder}`;
  leaseFromHeader(text);
  return text;
}

/** The lease that a header names; undefined without a header. Throws `invalid-argument`. */
export function leaseFromHeader(text: string | null | undefined): LeaseClaim | undefined {
  if (text === null || text === undefined) return undefined;
  const [name, holder, ...others] = text.split(" ");
  const isWord = (word: string | undefined): word is string =>
    word !== undefined && /^[!-~]+$/.test(word) && word.length <= LEASE_NAME_CHARACTERS_MAX;
  if (!isWord(name) || !isWord(holder) || others.length > 0) {
    throw new RecoveryDbError("invalid-argument", "The header of a lease is the lease's name and its holder.");
  }
  return { name, holder };
}
