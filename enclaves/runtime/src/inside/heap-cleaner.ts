// Overwrites what a thread has freed. Objects that nobody has any more stay in memory until their room is needed, which may be
// never, and who takes the memory of a process finds them. Neither the engine nor the allocator clears what it frees; so now and
// then everything is collected, and the room is taken by other things, small and large, which are let go again.
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** An array of so few bytes is among the engine's own objects, and small enough for most gaps between them. */
const SMALL_BYTES = 24;
/** Room that such an array takes with everything about it. */
const SMALL_ROOM = 160;
/** Bytes of the old generation that are filled beyond those that it says are free. */
const BEYOND_FREE_BYTES = 8_388_608;

/** Sizes of arrays that the allocator has, from large to small, so that the small ones find what the large ones leave. */
const LARGE_SIZES: readonly number[] = [65_536, 16_384, 4_096];
const LARGE_BYTES = 4_194_304;
/** Each size of those that the allocator keeps apart by 16 bytes. */
const APART_SIZES: readonly number[] = Array.from({ length: 61 }, (_, i) => 1_040 - 16 * i);
const APART_COUNT = 256;

/** Cleans this thread's heap every so many milliseconds, until the returned function is called. */
export function keepHeapClean(everyMs: number): () => void {
  setFlagsFromString("--no-concurrent-array-buffer-sweeping"); // Other threads' caches could not be reached from here.
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void; // What the flag puts into a new context.
  setFlagsFromString("--no-expose-gc");
  const timer = setInterval(() => {
    collect();
    const held = [fillYoungGeneration(), fillOldGeneration()];
    collect(); // What is held is old now.
    held.push(fillAllocator());
    held.length = 0;
    collect();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Both halves of it, with what is garbage at once. */
function fillYoungGeneration(): readonly Uint8Array[] {
  for (let made = 0; made < 2 * spaceOf("new_space").size; made += SMALL_ROOM) new Uint8Array(SMALL_BYTES).fill(1);
  return [];
}

function fillOldGeneration(): readonly Uint8Array[] {
  const arrays = Math.ceil((spaceOf("old_space").free + BEYOND_FREE_BYTES) / SMALL_ROOM);
  return Array.from({ length: arrays }, () => new Uint8Array(SMALL_BYTES).fill(1));
}

function fillAllocator(): readonly Uint8Array[] {
  const counts = [
    ...LARGE_SIZES.map((size) => [size, LARGE_BYTES / size] as const),
    ...APART_SIZES.map((size) => [size, APART_COUNT] as const),
  ];
  return counts.flatMap(([size, count]) => Array.from({ length: count }, () => new Uint8Array(size))); // Zeros.
}

function spaceOf(name: string): { readonly size: number; readonly free: number } {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === name);
  return { size: space?.space_size ?? 0, free: space?.space_available_size ?? 0 };
}
