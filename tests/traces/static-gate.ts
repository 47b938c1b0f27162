// The static half of the trace check: what a kernel may contain at all. Everything the recorder would not see, and
// everything whose time depends on its operands, is refused, and so is any instruction nobody has thought about.
import { exportedFunctions } from "./instrument.ts";
import { beginsWith, isDeclaration, isList, type List } from "./s-expression.ts";

/** Instructions whose operands the recorder takes down, and control flow that has none. */
const CONTROL = new Set(
  (
    "block loop if then else br br_if br_table return call drop nop unreachable select " +
    "local.get local.set local.tee global.get global.set memory.copy memory.fill"
  ).split(" "),
);

const INTEGER = /^(?:i32|i64)\.[a-z0-9_]+$/;
const VECTOR = /^(?:v128|i8x16|i16x8|i32x4|i64x2)\.[a-z0-9_]+$/;
/** Floating point takes a time that depends on its operands; atomic and relaxed instructions have no place here. */
const REFUSED = /f32|f64|trunc_sat|reinterpret|\.relaxed_|atomic/;
/** So does division. Functions that see public data only may divide. */
const DIVISION = /\.(?:div|rem)_[su]$/;

/** Fields of a module that hold no code, or the code that is looked at. */
const FIELDS = new Set(["type", "global", "memory", "data", "export", "func", "start"]);

/**
 * What a kernel is refused for: one sentence each, none when the module passes. `publicOnly` names the exports that see
 * public data only.
 */
export function refusals(module: List, publicOnly: readonly string[] = []): string[] {
  const found = new Set<string>();
  const secretive = secretFunctions(module, publicOnly);
  for (const field of module.slice(1)) {
    const kind = String(isList(field) ? field[0] : field);
    if (!FIELDS.has(kind)) found.add(`The module has a field '${kind}'.`);
    if (!beginsWith(field, "func")) continue;
    const name = String(field[1]);
    for (const instruction of instructions(field)) {
      const known = CONTROL.has(instruction) || INTEGER.test(instruction) || VECTOR.test(instruction);
      const divides = DIVISION.test(instruction) && secretive.has(name);
      if (!known || REFUSED.test(instruction) || divides) found.add(`Function ${name} uses '${instruction}'.`);
    }
  }
  return [...found];
}

/** Names of the functions that run for any export but the public-only ones. */
export function secretFunctions(module: List, publicOnly: readonly string[]): Set<string> {
  const callees = new Map<string, string[]>();
  for (const field of module) if (beginsWith(field, "func")) callees.set(String(field[1]), calls(field));
  const exported = exportedFunctions(module);
  const reached = new Set<string>();
  const queue = [...exported].flatMap(([name, target]) => (publicOnly.includes(name) ? [] : [target]));
  for (const name of queue) {
    if (reached.has(name)) continue;
    reached.add(name);
    queue.push(...(callees.get(name) ?? []));
  }
  return reached;
}

/** The names of all instructions in a function. */
function instructions(part: List): string[] {
  return part.flatMap((inner) => {
    if (!beginsWithInstruction(inner)) return [];
    return [String(inner[0]), ...instructions(inner)];
  });
}

/** The functions that a function calls. */
function calls(part: List): string[] {
  return part.flatMap((inner) => {
    if (!beginsWithInstruction(inner)) return [];
    return [...(inner[0] === "call" ? [String(inner[1])] : []), ...calls(inner)];
  });
}

function beginsWithInstruction(part: List[number]): part is List {
  return isList(part) && !isDeclaration(part);
}
