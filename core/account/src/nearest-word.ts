// The nearest word of a list to one that was mistyped.

// Words of the list have 3 to 8 letters; what lies beyond this length cannot change which is nearest.
const LETTERS_MAX = 16;

/**
 * The word with the smallest edit distance (insertions, deletions, substitutions and swaps of neighbours count 1 each);
 * of several, the one that agrees longest from the start, then the first in the list. `list` must not be empty.
 */
export function nearestWord(typed: string, list: readonly string[]): string {
  const word = typed.slice(0, LETTERS_MAX);
  let nearest = "";
  let smallest = Number.POSITIVE_INFINITY;
  for (const candidate of list) {
    const distance = editDistance(word, candidate) - sharedPrefix(word, candidate) / (LETTERS_MAX + 1);
    if (distance < smallest) {
      smallest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Optimal string alignment distance (Damerau 1964, without overlapping swaps). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min(substitution, at(last, j) + 1, at(current, j - 1) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, at(beforeLast, j - 2) + 1);
      }
      current.push(distance);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

/** An entry of a row; the loops above stay within rows. */
function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

function sharedPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) {
    length += 1;
  }
  return length;
}
