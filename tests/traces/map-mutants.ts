// Mistakes in the source of the oblivious map, each compiled into a kernel of its own: its traces, or the leaves it reads, must
// give it away.
import { cases } from "./cases.ts";
import { compareTraces } from "./compare.ts";
import { disassemble, instrument } from "./instrument.ts";
import { whatLeavesTell } from "./leaves.ts";
import { compileMutant, type SourceMutant } from "./source-mutants.ts";

const MAP = "oblivious-map.ts";
const ORAM = "circuit-oram.ts";

/** What is easily got wrong, and easily meant well. */
export const mapMutants: readonly SourceMutant[] = [
  {
    name: "a lookup of an unknown key leaves the records alone",
    file: MAP,
    search: "  const id = record & ~OCCUPIED;\n",
    replacement: "  const id = record & ~OCCUPIED;\n  if ((isKnown | inserts) === 0) return 0;\n",
  },
  {
    name: "a search of a bucket ends at the entry",
    file: MAP,
    search: "    waiting = v128.andnot(waiting, isIt);\n",
    replacement: "    waiting = v128.andnot(waiting, isIt);\n    if (v128.any_true(isIt)) break;\n",
  },
  {
    name: "an insertion ends at the first vacant entry",
    file: MAP,
    search: "    v128.store(entry, v128.bitselect(added, old, isIt));\n",
    replacement: "    v128.store(entry, v128.bitselect(added, old, isIt));\n    if (v128.any_true(isIt)) break;\n",
  },
  {
    name: "an unknown key's path is always the same",
    file: MAP,
    search: "  const otherLeaf = randomLeaf(map, records);",
    replacement: "  const otherLeaf: u32 = randomLeaf(map, records) & 0;",
  },
  {
    name: "a bucket keeps its leaf",
    file: MAP,
    search: "  const bucketLeaf = randomLeaf(map, index);",
    replacement: "  const bucketLeaf = bucket & (oramLeaves(index) - 1) & randomLeaf(map, index);",
  },
  {
    name: "a path is read only where the block is",
    file: ORAM,
    search: "      const mask1 = v128.load_splat<u32>(pathMasks + MASKS_BYTES * level, 8);\n",
    replacement:
      "      const mask1 = v128.load_splat<u32>(pathMasks + MASKS_BYTES * level, 8);\n      if (!v128.any_true(v128.or(mask0, mask1))) continue;\n",
  },
  {
    name: "the stash is written only where the block enters",
    file: ORAM,
    search: "    v128.store(slots, x);\n",
    replacement: "    if (v128.any_true(enters)) v128.store(slots, x);\n",
  },
  {
    name: "an eviction is left out when nothing can leave the stash",
    file: ORAM,
    search: "  prepareSources(levels, leaf, path, deepest >> SLOT_NUMBER_BITS);\n",
    replacement:
      "  if (i32(deepest) === -1) return;\n  prepareSources(levels, leaf, path, deepest >> SLOT_NUMBER_BITS);\n",
  },
];

/** Why a mutant does not pass for the shipped map, or undefined. */
export async function whatTellsMap(mutant: SourceMutant): Promise<string | undefined> {
  const wasm = await compileMutant(mutant);
  const instrumented = instrument(disassemble(wasm));
  for (const name of ["mapLookupAll", "mapUpsertAll"]) {
    const { leak } = compareTraces(instrumented, cases[name]?.() ?? []);
    if (leak !== undefined) return `traces of "${leak.reference}" and "${leak.secret}"`;
  }
  return whatLeavesTell(wasm);
}
