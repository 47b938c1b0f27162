// Pages, or parts of pages between two marks, that scripts make from the source.
import { readFileSync, writeFileSync } from "node:fs";

/** What is made, where it goes, and which command makes it. */
export interface MadePart {
  /** Below the repository's folder, such as `docs/errors.md`. */
  readonly page: string;
  /** The part is between `<!-- mark -->` and `<!-- /mark -->`. */
  readonly mark: string;
  readonly text: string;
}

/** Writes the part into its page; with `--check` it only looks, and throws when the page says something else. */
export function makePart({ page: name, mark, text }: MadePart): void {
  const place = new URL(`../${name}`, import.meta.url);
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const page = readFileSync(place, "utf8");
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`${name} has no ${begin} and ${end} around what is made.`);
  const right = `${page.slice(0, before + begin.length)}\n${text}\n${page.slice(after)}`;
  if (!process.argv.includes("--check")) writeFileSync(place, right);
  else if (page !== right) throw new Error(`${name} is out of date: run the script of scripts/ that makes it.`);
}
