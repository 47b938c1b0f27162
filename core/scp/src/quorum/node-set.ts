// Sets of nodes as bits: node number i is bit i mod 32 of word ⌊i / 32⌋.

/** A set of nodes. Sets that meet have equally many words. */
export type NodeSet = Uint32Array;

/** An empty set with room for `nodes` nodes. */
export function emptyNodeSet(nodes: number): NodeSet {
  return new Uint32Array((nodes + 31) >>> 5);
}

/** A set of the first `nodes` nodes. */
export function fullNodeSet(nodes: number): NodeSet {
  const set = emptyNodeSet(nodes);
  for (let i = 0; i < nodes; i++) addNode(set, i);
  return set;
}

/** Puts a node into the set. */
export function addNode(set: NodeSet, node: number): void {
  set[node >>> 5] = (set[node >>> 5] ?? 0) | (1 << (node & 31));
}

/** Takes a node out of the set. */
export function removeNode(set: NodeSet, node: number): void {
  set[node >>> 5] = (set[node >>> 5] ?? 0) & ~(1 << (node & 31));
}

/** Whether a node is in the set. */
export function hasNode(set: NodeSet, node: number): boolean {
  return (((set[node >>> 5] ?? 0) >>> (node & 31)) & 1) === 1;
}

/** How many nodes are in both sets. */
export function countCommon(a: NodeSet, b: NodeSet): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) count += countBits((a[i] ?? 0) & (b[i] ?? 0));
  return count;
}

/** How many nodes are in the set. */
export function countNodes(set: NodeSet): number {
  let count = 0;
  for (const word of set) count += countBits(word);
  return count;
}

/** Whether no node is in the set. */
export function isEmptyNodeSet(set: NodeSet): boolean {
  return set.every((word) => word === 0);
}

/** Whether all of `part` is in `whole`. */
export function isSubset(part: NodeSet, whole: NodeSet): boolean {
  return part.every((word, i) => (word & ~(whole[i] ?? 0)) === 0);
}

/** The nodes of `a` that are not in `b`. */
export function withoutNodes(a: NodeSet, b: NodeSet): NodeSet {
  return a.map((word, i) => word & ~(b[i] ?? 0));
}

/** The nodes of either set. */
export function unionOf(a: NodeSet, b: NodeSet): NodeSet {
  return a.map((word, i) => word | (b[i] ?? 0));
}

/** The numbers of the nodes in the set, ascending. */
export function nodeNumbers(set: NodeSet): number[] {
  const numbers: number[] = [];
  for (let word = 0; word < set.length; word++) {
    for (let rest = set[word] ?? 0; rest !== 0; rest &= rest - 1) {
      numbers.push(word * 32 + 31 - Math.clz32(rest & -rest)); // The lowest bit, which `rest - 1` takes away.
    }
  }
  return numbers;
}

/** The number of ones in 32 bits: pairs, then nibbles, then bytes are added side by side. */
function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const nibbles = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
