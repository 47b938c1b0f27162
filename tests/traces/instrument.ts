// Rewrites a WebAssembly module so that it tells what an observer of its memory and its control flow would see: the
// address of every load and store, the extent of every bulk operation, and the value of every condition. The text that
// binaryen prints of the very bytes is changed and assembled again; no optimiser runs.
import binaryen from "binaryen";
import {
  beginsWith,
  type Expression,
  isDeclaration,
  isList,
  type List,
  parseExpression,
  printExpression,
} from "./s-expression.ts";

/** What kind of operand a site reports. */
export type SiteKind =
  | "load"
  | "store"
  | "copy"
  | "fill"
  | "if"
  | "br_if"
  | "br_table"
  | "call_indirect"
  | "select"
  | "enter";

/** One place in the module that reports an operand each time it runs. */
export interface Site {
  readonly kind: SiteKind;
  /** The function's name as binaryen numbers it: `$12` is the thirteenth. */
  readonly function: string;
  /** The instruction, shortened. */
  readonly text: string;
  /** For `enter`, the export that was entered. */
  readonly export?: string;
}

/** A rewritten module and what its site numbers mean. */
export interface Instrumented {
  readonly wasm: Uint8Array;
  readonly sites: readonly Site[];
  /** Names of the exported functions. */
  readonly exports: readonly string[];
  readonly functions: number;
}

/** The module's imports, under `trace`: an address or length, a condition (0 or not), and the entry of an export. */
const IMPORTS: readonly Expression[] = [
  ["import", '"trace"', '"operand"', ["func", "$trace_operand", ["param", "i32", "i32"], ["result", "i32"]]],
  ["import", '"trace"', '"condition"', ["func", "$trace_condition", ["param", "i32", "i32"], ["result", "i32"]]],
  ["import", '"trace"', '"enter"', ["func", "$trace_enter", ["param", "i32"]]],
];

const { Features } = binaryen;
/** What the kernel's compiler uses. Not `Features.All`: engines refuse some of it. */
const FEATURES =
  Features.SIMD128 | Features.BulkMemory | Features.BulkMemoryOpt | Features.SignExt | Features.MutableGlobals;

/** The text of a binary module, instruction by instruction. */
export function disassemble(wasm: Uint8Array): List {
  const module = binaryen.readBinary(wasm);
  try {
    return parseExpression(module.emitText());
  } finally {
    module.dispose();
  }
}

/** The binary of a module's text. Throws when the text is not valid. */
function assemble(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(FEATURES);
    if (module.validate() !== 1) throw new Error("The rewritten module is not valid.");
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

/** Names of the functions that a module exports, in order. */
export function exportedFunctions(module: List): Map<string, string> {
  const byExport = new Map<string, string>();
  for (const field of module) {
    if (!beginsWith(field, "export")) continue;
    const [, name, target] = field;
    if (beginsWith(target, "func")) byExport.set(JSON.parse(String(name)), String(target[1]));
  }
  return byExport;
}

/**
 * Makes every memory access, bulk operation and condition of a module report to the imports named `trace`; or, of its sites,
 * only those of certain numbers, which takes less time.
 */
export function instrument(module: List, only?: ReadonlySet<number>): Instrumented {
  const sites: Site[] = [];
  const exported = exportedFunctions(module);
  const exportOf = new Map([...exported].map(([name, target]) => [target, name]));
  let functions = 0;
  const fields = module.slice(1).map((field) => {
    if (!beginsWith(field, "func")) return field;
    functions += 1;
    return instrumentFunction(field, exportOf.get(String(field[1])), sites, only);
  });
  const wasm = assemble(printExpression(["module", ...IMPORTS, ...fields]));
  return { wasm, sites, exports: [...exported.keys()], functions };
}

function instrumentFunction(
  func: List,
  exportName: string | undefined,
  sites: Site[],
  only: ReadonlySet<number> | undefined,
): List {
  const name = String(func[1]);
  const start = bodyStart(func);
  const body = func.slice(start).map((part) => instrumentExpression(part, name, sites, only));
  if (exportName !== undefined) {
    const site = sites.push({ kind: "enter", function: name, text: exportName, export: exportName }) - 1;
    body.unshift(["call", "$trace_enter", ["i32.const", String(site)]]);
  }
  return [...func.slice(0, start), ...body];
}

/** Where a function's instructions begin, after its name, type and locals. */
export function bodyStart(func: List): number {
  const isHead = (part: Expression): boolean => !isList(part) || isDeclaration(part);
  const start = func.findIndex((part) => !isHead(part));
  return start < 0 ? func.length : start;
}

function instrumentExpression(
  expression: Expression,
  within: string,
  sites: Site[],
  only: ReadonlySet<number> | undefined,
): Expression {
  if (!isList(expression) || isDeclaration(expression)) return expression;
  const rewritten = expression.map((part) => instrumentExpression(part, within, sites, only));
  for (const { index, kind, reporter } of reportedOperands(expression)) {
    const text = printExpression(expression).slice(0, 160);
    const site = sites.push({ kind, function: within, text }) - 1;
    if (only !== undefined && !only.has(site)) continue;
    rewritten[index] = ["call", reporter, ["i32.const", String(site)], rewritten[index] as Expression]; // Index found in it.
  }
  return rewritten;
}

interface Operand {
  readonly index: number;
  readonly kind: SiteKind;
  readonly reporter: "$trace_operand" | "$trace_condition";
}

/** Which operands of an instruction an observer would learn. Static offsets belong to the site and need no report. */
function reportedOperands(instruction: List): Operand[] {
  const name = String(instruction[0]);
  const operands = instruction.flatMap((part, index) => (isList(part) && !isDeclaration(part) ? [index] : []));
  const operand = (position: number, kind: SiteKind): Operand[] => {
    const index = operands.at(position);
    if (index === undefined) throw new Error(`'${printExpression(instruction).slice(0, 80)}' lacks an operand.`);
    return [{ index, kind, reporter: "$trace_operand" }];
  };
  const condition = (position: number, kind: SiteKind): Operand[] =>
    operand(position, kind).map((each) => ({ ...each, reporter: "$trace_condition" }));

  if (/^[a-z0-9]+\.load/.test(name)) return operand(0, "load"); // Also the splat, zero, extending and lane forms.
  if (/^[a-z0-9]+\.store/.test(name)) return operand(0, "store");
  switch (name) {
    case "memory.copy":
      return [...operand(0, "copy"), ...operand(1, "copy"), ...operand(2, "copy")];
    case "memory.fill":
      return [...operand(0, "fill"), ...operand(2, "fill")];
    case "if":
      return condition(0, "if");
    case "br_if":
      return condition(-1, "br_if");
    case "select":
      return condition(-1, "select");
    case "br_table":
      return operand(-1, "br_table");
    case "call_indirect":
      return operand(-1, "call_indirect");
    default:
      return [];
  }
}
