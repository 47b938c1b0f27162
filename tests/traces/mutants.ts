// Leaks planted on purpose into the shipped module's own text: the trace check has to catch every one of them, and must
// not cry over the same work done obliviously.
import { type Comparison, compareTraces, type SecretRun } from "./compare.ts";
import { bodyStart, exportedFunctions, instrument } from "./instrument.ts";
import { beginsWith, type List, parseExpression } from "./s-expression.ts";

/** A change of one exported function. */
export interface Mutant {
  readonly name: string;
  /** The function that is changed. */
  readonly export: string;
  /** Instructions that run first. They may use the local `$counter`. */
  readonly code: string;
  /** Whether the change leaks. The controls do not: they show that the check looks at traces and not at the code. */
  readonly leaks: boolean;
}

/** What came of a mutant: whether it was caught, and that it should have been. */
export interface MutantResult extends Comparison {
  readonly name: string;
  readonly leaks: boolean;
}

/** In these two the second parameter is the address of a secret of 32 bytes: a key, a scalar. */
const OPEN = "aesGcmOpen";
const MULTIPLY = "ristrettoMultiply";
/** In these two the third is the address of the second operand, and of the hints. */
const MULTIPLY_SCALARS = "scalarMultiply";
const OPEN_HINTS = "fogOpenHints";
/** In this one the first parameter is the address of the egress key, and the fifth that of the hints. */
const INGEST = "ingestOutputs";

/** Here the fifth is the address of a shard's results, whose first code and payload length lie behind a key of 16 bytes. */
const COLLATE = "viewCollate";
const FIRST_CODE = "(i32.load offset=22 (local.get 4))";
const FIRST_LENGTH = "(i32.load offset=285 (local.get 4))";
/** Here the third is the address of search keys. */
const ANSWER = "viewAnswer";

const KEY = "(local.get 1)";
const FIRST_KEY_BYTE = `(i32.load8_u ${KEY})`;
const LOW_KEY_BIT = `(i32.and ${FIRST_KEY_BYTE} (i32.const 1))`;
/** Some place in static memory. Nothing is changed there. */
const PLACE = "(i32.const 1024)";

/** The planted leaks, then the controls. */
export const mutants: readonly Mutant[] = [
  { name: "a branch on a key bit", export: OPEN, leaks: true, code: `(if ${LOW_KEY_BIT} (then (nop)))` },
  {
    name: "an early return in a comparison",
    export: OPEN,
    leaks: true,
    code: `(local.set $counter (i32.const 0))
      (loop $next
        (if (i32.load8_u (i32.add ${KEY} (local.get $counter))) (then (return (i32.const 0))))
        (local.set $counter (i32.add (local.get $counter) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $counter) (i32.const 32))))`,
  },
  {
    name: "a table read at a secret index",
    export: OPEN,
    leaks: true,
    code: `(drop (i32.load8_u (i32.add ${PLACE} ${FIRST_KEY_BYTE})))`,
  },
  {
    name: "a vector lane read at a secret index",
    export: OPEN,
    leaks: true,
    code: `(drop (v128.load8_lane 3 (i32.add ${PLACE} ${FIRST_KEY_BYTE}) (v128.const i64x2 0 0)))`,
  },
  {
    name: "a splatted read at a secret index",
    export: OPEN,
    leaks: true,
    code: `(drop (v128.load64_splat (i32.add ${PLACE} ${FIRST_KEY_BYTE})))`,
  },
  {
    name: "a store at a secret index",
    export: OPEN,
    leaks: true,
    code: `(i32.store8 (i32.add (local.get 0) ${LOW_KEY_BIT}) (i32.const 0))`,
  },
  {
    name: "a select by a key bit",
    export: OPEN,
    leaks: true,
    code: `(drop (select (i32.const 1) (i32.const 2) ${LOW_KEY_BIT}))`,
  },
  {
    name: "a jump table by a key bit",
    export: OPEN,
    leaks: true,
    code: `(block $one (block $zero (br_table $zero $one ${LOW_KEY_BIT})))`,
  },
  {
    name: "a fill of secret length",
    export: OPEN,
    leaks: true,
    code: `(memory.fill (local.get 0) (i32.const 0) ${LOW_KEY_BIT})`,
  },
  {
    name: "a copy from a secret place",
    export: OPEN,
    leaks: true,
    code: `(memory.copy (local.get 0) (i32.add ${PLACE} ${LOW_KEY_BIT}) (i32.const 1))`,
  },
  {
    name: "a table read at a secret digit",
    export: MULTIPLY,
    leaks: true,
    code: `(drop (v128.load offset=64 (i32.add ${PLACE} (i32.shl (i32.and ${FIRST_KEY_BYTE} (i32.const 15)) (i32.const 4)))))`,
  },
  {
    name: "a branch on a second operand with an empty limb",
    export: MULTIPLY_SCALARS,
    leaks: true,
    code: `(if (i64.eqz (i64.load offset=24 (local.get 2))) (then (nop)))`,
  },
  {
    name: "a branch on a hint's version",
    export: OPEN_HINTS,
    leaks: true,
    code: `(block $skip (br_if $skip (i32.ne (i32.load8_u offset=82 (local.get 2)) (i32.const 1))))`,
  },
  {
    name: "a select by a hint's first bit",
    export: OPEN_HINTS,
    leaks: true,
    code: `(drop (select (i32.const 1) (i32.const 2) (i32.and (i32.load8_u (local.get 2)) (i32.const 1))))`,
  },
  {
    name: "a branch on the version of an output's hint",
    export: INGEST,
    leaks: true,
    code: `(if (i32.eq (i32.load8_u offset=82 (local.get 4)) (i32.const 1)) (then (nop)))`,
  },
  {
    name: "a store at an index from the egress key",
    export: INGEST,
    leaks: true,
    code: `(i32.store8 (i32.add (local.get 1) (i32.and (i32.load8_u (local.get 0)) (i32.const 15))) (i32.const 0))`,
  },
  {
    name: "control: a branch on the public length of a record",
    export: INGEST,
    leaks: false,
    code: `(if (i32.gt_u (i32.load (local.get 6)) (i32.const 100)) (then (nop)))`,
  },
  {
    name: "lengths of results written as short as they can be",
    export: COLLATE,
    leaks: true,
    code: `(if (i32.gt_u ${FIRST_LENGTH} (i32.const 127)) (then (i32.store8 (local.get 0) (i32.const 1))))`,
  },
  {
    name: "no further shard looked at once one has found the record",
    export: COLLATE,
    leaks: true,
    code: `(if (i32.eq ${FIRST_CODE} (i32.const 1)) (then (return)))`,
  },
  {
    name: "a shard's result not copied over what is better",
    export: COLLATE,
    leaks: true,
    code: `(block $skip (br_if $skip (i32.ne ${FIRST_CODE} (i32.const 1)))
      (memory.copy (local.get 0) (local.get 4) (i32.const 16)))`,
  },
  {
    name: "a bad search key not looked up",
    export: ANSWER,
    leaks: true,
    code: `(if (i64.eqz (i64.or (i64.load (local.get 2)) (i64.load offset=8 (local.get 2)))) (then (return)))`,
  },
  {
    name: "a branch on whether a store found a key image",
    export: "keyImageResults",
    leaks: true,
    code: `(if (i32.eq (i32.load8_u offset=48 (local.get 3)) (i32.const 1)) (then (nop)))`,
  },
  {
    name: "a select by a key image's first bit",
    export: "keyImageRecords",
    leaks: true,
    code: `(drop (select (i32.const 1) (i32.const 2) (i32.and (i32.load8_u (local.get 2)) (i32.const 1))))`,
  },
  {
    name: "control: every entry read and masked",
    export: OPEN,
    leaks: false,
    code: `(local.set $counter (i32.const 0))
      (loop $next
        (drop (i32.and
          (i32.load8_u (i32.add ${PLACE} (local.get $counter)))
          (i32.sub (i32.const 0) (i32.eq (local.get $counter) ${FIRST_KEY_BYTE}))))
        (local.set $counter (i32.add (local.get $counter) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $counter) (i32.const 256))))`,
  },
  {
    name: "control: a branch on a public length",
    export: OPEN,
    leaks: false,
    code: `(if (i32.gt_u (local.get 4) (i32.const 2)) (then (nop)))`,
  },
];

/** Plants one mutant and compares its traces over the secrets of its function. */
export function runMutant(module: List, mutant: Mutant, secrets: readonly SecretRun[]): MutantResult {
  return { name: mutant.name, leaks: mutant.leaks, ...compareTraces(instrument(plant(module, mutant)), secrets) };
}

/** A copy of the module with the mutant's code at the beginning of its function. */
function plant(module: List, { export: name, code }: Mutant): List {
  const target = exportedFunctions(module).get(name);
  if (target === undefined) throw new Error(`There is no '${name}' to plant a leak in.`);
  const planted = parseExpression(`(block ${code})`).slice(1);
  return module.map((field) => {
    if (!beginsWith(field, "func") || field[1] !== target) return field;
    const start = bodyStart(field);
    return [...field.slice(0, start), ["local", "$counter", "i32"], ...planted, ...field.slice(start)];
  });
}
