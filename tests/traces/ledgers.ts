// Oblivious ledgers for the traces: what is asked of them is secret, and so is where they put what they have.
import type { Instance, Kernel, NewOutput } from "@fogbow/kernel";
import type { SecretRun } from "./compare.ts";
import { byteSecrets, randomBytes } from "./secrets.ts";
import { stillRandomness } from "./still-randomness.ts";

/** Two layers in ORAMs with 16 and 2 blocks. */
const CAPACITY = 128;
const LAYERS = 2;
/** Outputs before the tree doubles. With all of them on one path, the stash has no room for many more. */
const SIZE = 64;
const ASKED = 11;

/** A ledger of which only the newest outputs were drawn at zero, so that there can be more of them. */
const LARGE_SIZE = 128;
/** The first of its outputs that may be asked for; of the two before it the subtree is shared. */
const LARGE_FIRST = 66;
const LARGE_ASKED = 4;

/** Outputs of a shard. */
const SHARD_LOG = 5;
const SHARD = 1 << SHARD_LOG;
const PART_BYTES = 320 + 32 * (1 + SHARD_LOG);

/** Making a ledger shows the same whatever the seed. */
export function createRuns(): SecretRun[] {
  return byteSecrets(32).map(({ name, bytes: seed }) => ({
    name: `seed ${name}`,
    run: ({ ledgers }) => ledgers.create({ capacity: 32, seed }),
  }));
}

/** Appending shows the same accesses whatever numbers are drawn. */
export function appendRuns(): SecretRun[] {
  return byteSecrets(32).map(({ name, bytes: seed }) => ({
    name: `seed ${name}`,
    run: ({ ledgers }) => {
      const ledger = ledgers.create({ capacity: 32, seed });
      ledger.append(outputs(0, 7));
      ledger.append(outputs(7, 10));
    },
  }));
}

/** Eleven indices before and after the tree doubles; then some where it doubles and its varints become longer. */
export function lookupRuns(): SecretRun[] {
  return indexSets().map(({ name, indices }) => ({
    name,
    run(kernel, instance) {
      lookUpBeforeAndAfter(indices, kernel, instance);
      lookUpInLarge(indices.slice(0, LARGE_ASKED), kernel, instance);
    },
  }));
}

/** Eleven indices asked of a shard that begins at half of its outputs' number, while it grows and when it is full. */
export function shardRuns(): SecretRun[] {
  return indexSets(2 * SHARD).map(({ name, indices }) => ({
    name,
    run({ ledgers }, instance) {
      const seed = randomBytes("the seed of a shard", 32);
      const shard = ledgers.createShard({ capacity: SHARD, layers: 1, seed, first: SHARD });
      const still = stillRandomness(instance, seed);
      still();
      shard.append(outputs(0, SHARD - 3));
      still();
      shard.parts(le64(indices));
      still();
      shard.append(outputs(SHARD - 3, 3));
      still();
      shard.parts(le64(indices));
    },
  }));
}

/** Parts of three shards added up: which of them has what, and what that is; and parts of any bytes whatever. */
export function combineRuns(): SecretRun[] {
  const numTxOuts = 2 * SHARD + 5;
  const nodes = randomBytes("the nodes above the shards", 32 * 8);
  const anyBytes = byteSecrets(ASKED * (8 + 3 * PART_BYTES)).map(
    ({ name, bytes }): SecretRun => ({
      name: `parts ${name}`,
      run: ({ ledgers }) => {
        const partsBytes = ASKED * PART_BYTES;
        const parts = [0, 1, 2].map((shard) => bytes.slice(shard * partsBytes, (shard + 1) * partsBytes));
        const indices = bytes.slice(3 * partsBytes);
        return ledgers.combine({ indices, parts, shardCapacity: SHARD, numTxOuts, nodes });
      },
    }),
  );
  const ofShards = indexSets(numTxOuts).map(({ name, indices }) => ({
    name,
    run: ({ ledgers }: Kernel) => {
      const parts = [0, 1, 2].map((shard) =>
        Uint8Array.from(
          indices.flatMap((index, i) => {
            const isHere = index < numTxOuts && Number(index) >> SHARD_LOG === shard;
            return [...(isHere ? partOf(`${name} ${i}`) : new Uint8Array(PART_BYTES))];
          }),
        ),
      );
      return ledgers.combine({ indices: le64(indices), parts, shardCapacity: SHARD, numTxOuts, nodes });
    },
  }));
  return [...ofShards, ...anyBytes];
}

/** A TxOut of one of the three lengths and a path. */
function partOf(name: string): Uint8Array {
  const part = randomBytes(name, PART_BYTES);
  const length = [207, 277, 287][(part[5] ?? 0) % 3] ?? 287;
  part[0] = 287 - length;
  part.fill(0, 1 + length, 320);
  return part;
}

/** The lookups of one run; returns the answers. */
export function lookUpBeforeAndAfter(
  indices: readonly bigint[],
  { ledgers }: Kernel,
  instance?: Instance,
): Uint8Array[] {
  const seed = randomBytes("the seed of an oblivious ledger", 32);
  const ledger = ledgers.create({ capacity: CAPACITY, layers: LAYERS, seed });
  const still = stillRandomness(instance, seed);
  still();
  ledger.append(outputs(0, SIZE));
  still();
  const before = ledger.results(le64(indices));
  ledger.append(outputs(SIZE, 1));
  still();
  return [before, ledger.results(le64(indices))];
}

function lookUpInLarge(indices: readonly bigint[], { ledgers }: Kernel, instance?: Instance): void {
  const seed = randomBytes("the seed of a larger oblivious ledger", 32);
  const ledger = ledgers.create({ capacity: 2 * LARGE_SIZE, layers: LAYERS, seed });
  const still = stillRandomness(instance, seed);
  ledger.append(outputs(0, LARGE_FIRST));
  still();
  ledger.append(outputs(LARGE_FIRST, LARGE_SIZE - LARGE_FIRST));
  const further = BigInt(LARGE_SIZE - SIZE);
  const shifted = indices.map((index) => {
    if (index + further < LARGE_FIRST) return BigInt(LARGE_FIRST);
    return index + further < 2n ** 64n ? index + further : index;
  });
  for (const more of [0, 1]) {
    ledger.append(outputs(LARGE_SIZE, more));
    still();
    ledger.results(le64(shifted));
  }
}

/** Sets of eleven indices, as unlike as can be, for a ledger of that many outputs and one of one more. */
export function indexSets(size = SIZE): { readonly name: string; readonly indices: readonly bigint[] }[] {
  const all = (name: string, index: (i: number) => number | bigint) => ({
    name,
    indices: Array.from({ length: ASKED }, (_, i) => BigInt(index(i))),
  });
  const random = (i: number, bytes: number): bigint =>
    BigInt(`0x${Buffer.from(randomBytes(`index ${i}`, bytes)).toString("hex")}`);
  return [
    all("the first ones", (i) => i),
    all("the first one eleven times", () => 0),
    all("the last ones", (i) => size - 1 - i),
    all("the last one eleven times", () => size - 1),
    all("the newest, which is in the open blocks", () => size),
    all("around the last subtree", (i) => size - 8 + (i & 7)),
    all("one of each subtree", (i) => (8 * i) % size),
    all("one that does not exist", () => size + 1),
    all("none that exists", (i) => size + 1 + i),
    all("half that exist", (i) => (i % 2 === 0 ? i : size + i)),
    all("the capacity", () => CAPACITY),
    all("2³¹ − 1", () => 2 ** 31 - 1),
    all("2³¹", () => 2 ** 31),
    all("2³² and more", (i) => 2 ** 32 + i),
    all("2⁶³", () => 2n ** 63n),
    all("2⁶⁴ − 1", () => 2n ** 64n - 1n),
    ...Array.from({ length: 12 }, (_, k) => all(`random ${k}`, (i) => random(100 * k + i, 1) % BigInt(size))),
    ...Array.from({ length: 4 }, (_, k) => all(`random 64 bits ${k}`, (i) => random(5000 + 100 * k + i, 8))),
  ];
}

/** Public outputs, of the lengths of all eras. */
export function outputs(from: number, count: number): NewOutput[] {
  return Array.from({ length: count }, (_, i) => ({
    txOut: randomBytes(`TxOut ${from + i}`, [207, 277, 287][(from + i) % 3] ?? 287),
    hash: randomBytes(`hash of TxOut ${from + i}`, 32),
  }));
}

const le64 = (indices: readonly bigint[]): Uint8Array => new Uint8Array(BigUint64Array.from(indices).buffer);
