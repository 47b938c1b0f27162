// Mistakes in the source of the oblivious ledger (spec 03 §5.7, test 6), each compiled into a kernel of its own: the traces
// over differing indices, the answers, or the paths that are read must tell it from the shipped one.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createKernel, kernel } from "@fogbow/kernel";
import asc from "assemblyscript/asc";
import { type Comparison, compareTraces, type SecretRun } from "./compare.ts";
import { disassemble, instrument } from "./instrument.ts";
import { bias, leavesRead } from "./ledger-paths.ts";
import { combineRuns, indexSets, lookUpBeforeAndAfter, lookupRuns, shardRuns } from "./ledgers.ts";

/** A change of one place in one file of `kernel/assembly`. */
export interface SourceMutant {
  readonly name: string;
  readonly file: string;
  /** Text that is in the file once. */
  readonly search: string;
  readonly replacement: string;
  /** What may tell it by its traces, in place of lookups in one ledger. */
  readonly runs?: () => SecretRun[];
}

const LOOKUPS = 10_000;
const LOOKUP = "oblivious-ledger-lookup.ts";
const RESULT = "oblivious-ledger-result.ts";
const SHARDS = "oblivious-ledger-shards.ts";

/** The mistakes that the specification names, and more of their kind. */
export const sourceMutants: readonly SourceMutant[] = [
  {
    name: "the dummy access for the open block is skipped",
    file: LOOKUP,
    search: "  oramTake(oram, u32(path), u32(id), block);",
    replacement: "  if (isOpen === 0) oramTake(oram, u32(path), u32(id), block);",
  },
  {
    name: "an index asked for twice is looked up once",
    file: LOOKUP,
    search: "    lookUp(ledger, u32(index), exists);",
    replacement:
      "    if (i === 0 || index !== load<u64>(indices + 8 * usize(i - 1))) lookUp(ledger, u32(index), exists);",
  },
  {
    name: "varints are as short as they can be",
    file: RESULT,
    search: "  for (let i: usize = 1; i < bytes; i++) {",
    replacement: "  bytes = value < 128 ? 1 : bytes;\n  for (let i: usize = 1; i < bytes; i++) {",
  },
  {
    name: "the lookup ends early for an absent index",
    file: LOOKUP,
    search: "  const layers = ledgerLayers(ledger);\n  const scratch = ledgerScratch(ledger);\n  // For each",
    replacement:
      "  if (exists === 0) return;\n  const layers = ledgerLayers(ledger);\n  const scratch = ledgerScratch(ledger);\n  // For each",
  },
  {
    name: "the path of an absent output follows its index",
    file: LOOKUP,
    search: "  const path = choose(exists, position, dummyPath(ledger, 0));",
    replacement: "  const path = choose(exists, position, i32(index) & i32(oramLeaves(outputs) - 1));",
  },
  {
    name: "only the wanted open block is written",
    file: LOOKUP,
    search: "  copyWhere(open, block, isOpen);",
    replacement: "  if (isOpen !== 0) copyWhere(open, block, isOpen);",
  },
  {
    name: "a shorter output makes a shorter loop",
    file: RESULT,
    search: "  for (let i: u32 = 0; i < u32(TX_OUT_BYTES_MAX + PADDING_BYTES); i++) {",
    replacement: "  for (let i: u32 = 0; i < length + 4; i++) {",
  },
  {
    name: "a sibling without outputs is left as it is",
    file: LOOKUP,
    search: "  nilBeyond(ledger, index);",
    replacement: "",
  },
  {
    name: "all lookups of a request draw the same numbers",
    file: LOOKUP,
    search: "  randomFill(ledgerRandom(ledger)",
    replacement: "  if (load<u64>(scratch + SCRATCH_RANDOM) === 0) randomFill(ledgerRandom(ledger)",
  },
  {
    name: "a dummy reads the path of the block that is not there",
    file: LOOKUP,
    search: "  const path = choose(isStored, position, dummyPath(ledger, k + 1));",
    replacement: "  const path = position;",
  },
  {
    name: "only the shard that has an output looks it up",
    file: SHARDS,
    search: "    lookUp(ledger, u32(index), exists);",
    replacement: "    if (exists !== 0) lookUp(ledger, u32(index), exists);",
    runs: shardRuns,
  },
  {
    name: "a shard without the output writes no part",
    file: SHARDS,
    search: "    copyMasked(out + OUTPUT_BYTES, scratch + SCRATCH_PATH, pathBytes, exists);",
    replacement: "    if (exists !== 0) copyMasked(out + OUTPUT_BYTES, scratch + SCRATCH_PATH, pathBytes, exists);",
    runs: shardRuns,
  },
  {
    name: "parts are added up until one has the output",
    file: SHARDS,
    search: "      addTo(whole, part, partBytes);",
    replacement: "      if (load<u64>(whole) === 0) addTo(whole, part, partBytes);",
    runs: combineRuns,
  },
  {
    name: "the levels above shards are read from the wanted place",
    file: SHARDS,
    search: "      pickHash(path + HASH_BYTES * usize(height + 1), above, count, i32((u32(index) >> height) ^ 1));",
    replacement:
      "      memory.copy(path + HASH_BYTES * usize(height + 1), above + HASH_BYTES * (usize((u32(index) >> height) ^ 1) & usize(row - 1)), HASH_BYTES);",
    runs: combineRuns,
  },
];

/** The mistaken file. Throws when the text is not there exactly once: then the list is out of date. */
export function mutatedSource({ name, file, search, replacement }: SourceMutant): string {
  const parts = readFileSync(path(`kernel/assembly/${file}`), "utf8").split(search);
  if (parts.length !== 2) throw new Error(`"${name}": ${parts.length - 1} places in ${file} have the text to replace.`);
  return parts.join(replacement);
}

/** Why a mutant does not pass for the shipped kernel, or undefined. */
export async function whatTells(mutant: SourceMutant): Promise<string | undefined> {
  const wasm = await compileMutant(mutant);
  const { leak }: Comparison = compareTraces(instrument(disassemble(wasm)), (mutant.runs ?? lookupRuns)());
  if (leak !== undefined) return `traces of "${leak.reference}" and "${leak.secret}"`;
  const different = indexSets().find(
    ({ indices }) =>
      !sameBytes(lookUpBeforeAndAfter(indices, createKernel({ wasm })), lookUpBeforeAndAfter(indices, kernel())),
  );
  if (different !== undefined) return `answers for "${different.name}"`;
  const biases = [17, 99, 105].map((index) => bias(leavesRead(wasm, "mutant", LOOKUPS, () => index)));
  return biases.find((each) => each !== undefined);
}

function sameBytes(left: readonly Uint8Array[], right: readonly Uint8Array[]): boolean {
  return Buffer.concat(left).equals(Buffer.concat(right));
}

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** Compiles the kernel as the build does, with one file in another version, and leaves nothing on the disk. */
export async function compileMutant(mutant: SourceMutant): Promise<Uint8Array> {
  const source = mutatedSource(mutant);
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      "kernel/assembly/index.ts",
      "--outFile",
      "kernel.wasm",
      "--runtime",
      "stub",
      "--enable",
      "simd",
      "-O3",
      "--noAssert",
    ],
    {
      readFile: async (name) => (name.endsWith(`/${mutant.file}`) ? source : readIfThere(path(name))),
      writeFile: (_, contents) => {
        if (typeof contents !== "string") wasm = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || wasm === undefined) throw new Error(`"${mutant.name}" does not compile.\n${stderr.toString()}`);
  return wasm;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
