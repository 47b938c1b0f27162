// How many key images a question has: a class of sizes, so that its length does not tell how many outputs a wallet holds, and
// a poll that found one more output looks like one that found none (spec 03 §8.3, round D).
import type { Random } from "@fogbow/core-bytes";
import { KEY_IMAGES_MAX } from "./limits.ts";

const SMALLEST_CLASS = 16;
const KEY_IMAGE_BYTES = 32;

/** The class for so many key images: the one that was used before as long as it has room. */
export function keyImageClass(count: number, before: number = SMALLEST_CLASS): number {
  let size = before;
  while (size < count && size < KEY_IMAGES_MAX) size *= 2;
  return size;
}

/** Questions of one size each, filled up with random key images, which nobody has spent. At least one. */
export function paddedQuestions(keyImages: readonly Uint8Array[], size: number, random: Random): Uint8Array[][] {
  const questions: Uint8Array[][] = [];
  for (let first = 0; first === 0 || first < keyImages.length; first += size) {
    const real = keyImages.slice(first, first + size);
    const padding = Array.from({ length: size - real.length }, () => random(KEY_IMAGE_BYTES));
    questions.push([...real, ...padding]);
  }
  return questions;
}
