// A mistake in the source that some test must notice (spec 05 §6.6).
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A change of one place in one file. */
export interface Mutant {
  /** The mistake, in words. */
  readonly name: string;
  /** The file, from the root of the repository. */
  readonly file: string;
  /** Text that is in the file once. */
  readonly search: string;
  readonly replacement: string;
  /** The test files of which one must fail, from the root. The fewer, the sooner the answer. */
  readonly tests: readonly string[];
}

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The file with the mistake in it. Throws when the text is not there exactly once: then the list is out of date. */
export function mutate({ name, file, search, replacement }: Mutant, root = ROOT): string {
  const source = readFileSync(`${root}/${file}`, "utf8");
  const parts = source.split(search);
  if (parts.length !== 2) throw new Error(`"${name}": ${parts.length - 1} places in ${file} have the text to replace.`);
  return parts.join(replacement);
}
