// Prints everything that @fogbow/sdk exports into docs/sdk.md, from the declarations and docstrings that its build makes. With `--check` it
// prints nothing and fails when the page says something else.
import { readFileSync } from "node:fs";
import { makePart } from "./made-page.ts";

const DIST = new URL("../wallets/sdk/dist/", import.meta.url);

/** What each folder of the package is about, in the order in which an app needs it. */
const GROUPS = [
  ["connect", "Connecting"],
  ["wallet", "Wallets, payments, swaps"],
  ["store", "Stores"],
  ["error", "Errors"],
  ["account", "Balances through Fog"],
  ["report", "Recipients' keys"],
  ["view", "Fog View"],
  ["ledger", "Fog Ledger"],
  ["consensus", "Nodes"],
  ["channel", "Attested channels"],
] as const;

interface Exported {
  readonly name: string;
  /** Its module, such as `wallet/wallet`. */
  readonly module: string;
}

const exported: readonly Exported[] = [
  ...read("index").matchAll(/^export (?:type )?\{([^}]*)\} from "\.\/([\w/-]+)\.ts";/gm),
].flatMap(([, names = "", module = ""]) =>
  names
    .split(",")
    .map((name) => name.trim().replace(/^type /, ""))
    .filter((name) => name !== "")
    .map((name) => ({ name, module })),
);

function read(module: string): string {
  return readFileSync(new URL(`${module}.d.ts`, DIST), "utf8");
}

/** A declaration with its docstring, as the compiler wrote it, without what is private. */
function declarationOf({ name, module }: Exported): string {
  const lines = read(module).split("\n");
  const start = lines.findIndex((line) =>
    new RegExp(`^export (?:declare )?(?:abstract )?(?:class|interface|type|function|const) ${name}\\b`).test(line),
  );
  if (start < 0) throw new Error(`${module} does not declare ${name}.`);
  const end = lines.findIndex((line, i) => i >= start && (line === "}" || /^[^ ].*;$/.test(line)));
  const doc = lines[start - 1]?.trimEnd().endsWith("*/")
    ? lines.slice(0, start).findLastIndex((line) => line.startsWith("/**"))
    : start;
  const shown = lines.slice(doc, end + 1).filter((line) => !/^ {4}(?:#private|private )/.test(line));
  return shown.join("\n").replace("export declare ", "").replace("export ", "");
}

function sections(): string {
  const groups = GROUPS.map(([folder, title]) => {
    const members = exported.filter(({ module }) => module.split("/", 1)[0] === folder);
    const parts = members.map((each) => `### \`${each.name}\`\n\n\`\`\`typescript\n${declarationOf(each)}\n\`\`\`\n`);
    return `## ${title}\n\n${parts.join("\n")}`;
  });
  const known = new Set<string>(GROUPS.map(([folder]) => folder));
  const left = exported.filter(({ module }) => !known.has(module.split("/", 1)[0] ?? ""));
  if (left.length > 0) throw new Error(`No group of the page has ${left.map(({ name }) => name).join(", ")}.`);
  return groups.join("\n");
}

makePart({ page: "docs/sdk.md", mark: "api", text: sections() });
