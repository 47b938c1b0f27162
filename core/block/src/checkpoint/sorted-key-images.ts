// The digest of all key images in ascending order: what validators sign about what is spent. Beside it runs the sum of the set, by
// which a ledger that was summed up knows whether these are all of its key images and no others.
import { type Bytes, bytes } from "@fogbow/core-bytes";
import { aggregate, bytesOf, digest32, uint64 } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import { BlockError } from "../error.ts";
import { compareBytes } from "../form/compare.ts";
import { SetDigest } from "./set-digest.ts";

/** The label of the set of key images. */
const KEY_IMAGES = "fogbow-key-images";

/** Key images that are hashed at a time. */
const HASHED_TOGETHER = 1_024;

/** The set of key images, summed up. */
export function keyImageSet(summary?: { readonly count: bigint; readonly sum: Uint8Array }): SetDigest {
  return new SetDigest(KEY_IMAGES, summary);
}

/** Takes key images in ascending order. */
export class SortedKeyImages {
  /** The same key images as a set. */
  readonly set: SetDigest = keyImageSet();
  /** Of those before {@link #waiting}: BLAKE2b-256 over the hash before it and the next 1 024 key images. */
  #hash: Uint8Array = new Uint8Array(32);
  #waiting: Uint8Array[] = [];
  #last: Uint8Array | undefined;

  /** Of key images in any order, all in memory. Throws `unordered-key-images` for one that is there twice. */
  static of(keyImages: readonly Uint8Array[]): SortedKeyImages {
    const sorted = new SortedKeyImages();
    sorted.addAll(keyImages.toSorted(compareBytes));
    return sorted;
  }

  /** Takes the next ones, 32 bytes each. Throws `unordered-key-images`; then it is of no use any more. */
  addAll(keyImages: readonly Uint8Array[]): void {
    for (const image of keyImages) {
      if (this.#last !== undefined && compareBytes(this.#last, image) >= 0) {
        throw new BlockError("unordered-key-images", "Key images are not in order, or one is there twice.");
      }
      this.#last = image;
      this.#waiting.push(image);
      if (this.#waiting.length === HASHED_TOGETHER) {
        this.#hash = this.#hashed();
        this.#waiting = [];
      }
    }
    this.set.addAll(keyImages);
  }

  /** The digest of those so far. */
  digest(): Bytes<32> {
    const sorted = aggregate("SortedKeyImages", [
      ["count", uint64(this.set.count)],
      ["hash", bytesOf(this.#waiting.length === 0 ? this.#hash : this.#hashed())],
    ]);
    return bytes(digest32("fogbow-sorted-key-images", sorted), 32, "digest of key images");
  }

  #hashed(): Uint8Array {
    return kernel().hashes.blake2b256(this.#hash, ...this.#waiting);
  }
}
