// Prints every error code into docs/errors.md, from the types that the packages' errors are made with. With `--check` it prints nothing
// and fails when the page says something else.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makePart } from "./made-page.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const FOLDERS = ["wallets", "network", "services", "enclaves", "stores", "core", "kernel"];

/** Every source of a package, with its place. */
const sources = new Map(
  FOLDERS.flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" })
      .map((name) => `${folder}/${name}`)
      .filter((name) => /\/src\/.*\.ts$/.test(name) && !/node_modules|\/dist\/|\/generated\//.test(name))
      .map((name) => [name, readFileSync(`${ROOT}${name}`, "utf8")] as const),
  ),
);

function sections(): string {
  return [...sources].flatMap(([file, source]) => section(file, source)).join("\n");
}

/** The errors of one file: a heading, and a row for each code. */
function section(file: string, source: string): string[] {
  return [...source.matchAll(/export class (\w+) extends (?:CodedError<(\w+)>|Error)/g)].flatMap(
    ([, name = "", type]) => {
      const rows = rowsOf(type ?? `${name}Code`);
      if (rows.length === 0) return []; // Its codes are other errors'.
      const package_ = file.replace(/\/src\/.*/, "");
      const advice = adviceOf(source);
      const heading = `### \`${name}\` (\`${package_}\`)\n`;
      if (advice.size === 0) return [heading, "| code | what happened |", "|---|---|", ...rows, ""];
      const advised = rows.map((row) => `${row} ${advice.get(/`([^`]+)`/.exec(row)?.[1] ?? "")} |`);
      return [heading, "| code | what happened | what to do |", "|---|---|---|", ...advised, ""];
    },
  );
}

/** What a table of advice says about each code, where a file has one. */
function adviceOf(source: string): ReadonlyMap<string, string> {
  const body = /const ADVICE[^{]*\{([\s\S]*?)\n\}/.exec(source)?.[1] ?? "";
  return new Map([...body.matchAll(/"([a-z0-9-]+)":\s+"([^"]+)"/g)].map(([, code = "", text = ""]) => [code, text]));
}

/** A row for each code of a type; a part that is a type of its own, or the names of a table, gives its rows. */
function rowsOf(type: string): string[] {
  for (const source of sources.values()) {
    const union = new RegExp(`export type ${type} =([^;]*(?:;[^\\n]*)?)`).exec(
      withoutSemicolonsInComments(source),
    )?.[1];
    if (union === undefined) continue;
    const table = /keyof typeof (\w+)/.exec(union)?.[1];
    if (table !== undefined) return rowsOfTable(source, table);
    return [...union.matchAll(/\| (?:"([a-z0-9-]+)"|(?:Exclude<)?(\w+)[^\n/]*?)[ ;]*(?:\/\/ (.*))?(?=\n|$)/g)].flatMap(
      ([, code, other = "", meaning = ""]) => (code === undefined ? rowsOf(other) : [row(code, meaning)]),
    );
  }
  return [];
}

function rowsOfTable(source: string, table: string): string[] {
  const body = new RegExp(`const ${table}[^{]*\\{([\\s\\S]*?)\\n\\}`).exec(source)?.[1] ?? "";
  return [...body.matchAll(/"?([a-z0-9-]+)"?: [^\n/]*?,(?: \/\/ (.*))?(?=\n|$)/g)].map(([, code = "", meaning = ""]) =>
    row(code, meaning),
  );
}

function row(code: string, meaning: string): string {
  return `| \`${code}\` | ${meaning.replaceAll("\u0001", ";").replaceAll("|", "\\|").trim()} |`;
}

/** A comment may hold the sign that ends a type. */
function withoutSemicolonsInComments(source: string): string {
  return source.replace(/\/\/ .*/g, (comment) => comment.replaceAll(";", "\u0001"));
}

makePart({ page: "docs/errors.md", mark: "codes", text: sections() });
