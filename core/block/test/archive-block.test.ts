// Tests of archive files: what is accepted comes back as it was, what is damaged is refused with the block's name.
import { concatBytes, toHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import {
  type BlockData,
  createBlock,
  encodeArchiveBlock,
  encodeArchiveBlocks,
  parseArchiveBlock,
  parseArchiveBlocks,
  signBlock,
  signMetadata,
  withId,
} from "../src/index.ts";
import { chain, filled, hash, metadataContents, signingKey } from "./fixtures.ts";

const blocks = chain(3);
const [first] = blocks as [BlockData, ...BlockData[]]; // Three were asked for.
const at = { index: first.block.index };

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toMatchObject({ name: "BlockError", blockIndex: expect.any(BigInt) });
    return (error as { code: string }).code; // Just seen to be a BlockError.
  }
  return "accepted";
}

const parsed = (data: BlockData): string => codeOf(() => parseArchiveBlock(encodeArchiveBlock(data), at.index));

describe("a file that would take more than it should", () => {
  const field = (fieldNumber: number, bytes: Uint8Array): Uint8Array =>
    concatBytes(Uint8Array.of(8 * fieldNumber + 2, ...lengthOf(bytes.length)), bytes);
  const lengthOf = (length: number): number[] =>
    length < 128 ? [length] : [(length % 128) + 128, ...lengthOf(Math.floor(length / 128))];

  test("of memory, for its many empty parts, is refused before they are built", () => {
    const keyImages = new Uint8Array(2_000_002);
    keyImages.forEach((_, i) => {
      keyImages[i] = i % 2 === 0 ? 0x0a : 0;
    });
    const file = field(1, field(2, keyImages));
    expect(() => parseArchiveBlock(file, 5n)).toThrow(
      expect.objectContaining({ code: "malformed-archive", blockIndex: 5n, message: expect.stringContaining("parts") }),
    );
  });

  test("of a ledger, for metadata that it could not read again, is refused", () => {
    const withReport = (bytes: number): BlockData => {
      const report = { signature: filled(1, 5), chain: [], httpBody: "x".repeat(bytes) };
      const contents = { ...metadataContents(first.block), evidence: { kind: "verification-report" as const, report } };
      return { ...first, metadata: signMetadata(contents, signingKey(8)) };
    };
    expect(parsed(withReport(1_000_000))).toBe("accepted");
    expect(parsed(withReport(1_048_576))).toBe("malformed-archive");
  });
});

describe("one block", () => {
  test("comes back as it was, with and without signatures", () => {
    for (const data of [first, { ...first, signature: undefined }, { ...first, metadata: undefined }]) {
      expect(parseArchiveBlock(encodeArchiveBlock(data), at.index)).toEqual(data);
    }
  });

  test("each check has its code", () => {
    const other = blocks[1] as BlockData;
    const { block, contents } = first;
    expect(parsed({ ...first, signature: other.signature })).toBe("invalid-block-signature");
    expect(parsed({ ...first, metadata: other.metadata })).toBe("metadata-of-another-block");
    const forged = signMetadata({ ...metadataContents(block), responderId: "x" }, signingKey(8));
    expect(parsed({ ...first, metadata: { ...forged, contents: metadataContents(block) } })).toBe(
      "invalid-metadata-signature",
    );
    expect(parsed({ ...first, contents: { ...contents, keyImages: [] } })).toBe("contents-hash-mismatch");
    const mislabelled = { ...block, id: hash(1) };
    expect(
      parsed({
        block: mislabelled,
        contents,
        signature: signBlock(mislabelled, signingKey(7), 0n),
        metadata: undefined,
      }),
    ).toBe("block-id-mismatch");
    expect(parsed(other)).toBe("unexpected-block-index");
  });

  test("an unknown version is refused", () => {
    expect(codeOf(() => parseArchiveBlock(new Uint8Array(), 4n))).toBe("unknown-archive-version");
  });

  test("cut anywhere, it is refused", () => {
    const encoded = encodeArchiveBlock(first);
    for (let length = 0; length < encoded.length; length += 1) {
      expect(codeOf(() => parseArchiveBlock(encoded.slice(0, length), at.index))).not.toBe("accepted");
    }
  });

  test("no flipped byte goes unnoticed but in the time of signing, which nobody signs", () => {
    const encoded = encodeArchiveBlock(first);
    const timeless = ({ block, contents, signature, metadata }: BlockData): unknown => [
      block,
      contents,
      signature?.signature,
      signature?.signer,
      metadata,
    ];
    const unnoticed: number[] = [];
    for (let position = 0; position < encoded.length; position++) {
      const flipped = encoded.slice();
      flipped[position] = (flipped[position] as number) ^ (1 << (position % 8)); // Below the length.
      let data: BlockData;
      try {
        data = parseArchiveBlock(flipped, at.index);
      } catch (error) {
        expect(error).toMatchObject({ name: "BlockError", blockIndex: at.index });
        continue;
      }
      expect(timeless(data)).toEqual(timeless(first));
      unnoticed.push(position);
    }
    // The time is a tag and five bytes; a flip may also turn its field into one that nobody knows.
    expect(unnoticed.length).toBeLessThanOrEqual(6);
  });
});

describe("a merged file", () => {
  const merged = encodeArchiveBlocks(blocks);

  test("gives its blocks in order", () => {
    expect([...parseArchiveBlocks(merged, at.index)]).toEqual(blocks);
    expect([...parseArchiveBlocks(new Uint8Array(), at.index)]).toEqual([]);
  });

  test("with a block that does not follow is refused, naming it", () => {
    const [, second, third] = blocks as [BlockData, BlockData, BlockData]; // Three were asked for.
    const orphan: BlockData = {
      block: withId({ ...second.block, parentId: hash(3) }),
      contents: second.contents,
      signature: undefined,
      metadata: undefined,
    };
    const run = (): unknown => [...parseArchiveBlocks(encodeArchiveBlocks([first, orphan, third]), at.index)];
    expect(run).toThrow(expect.objectContaining({ code: "parent-id-mismatch", blockIndex: at.index + 1n }));
  });

  test("with blocks in another order, or another first block, is refused", () => {
    const swapped = encodeArchiveBlocks(blocks.toReversed());
    expect(codeOf(() => [...parseArchiveBlocks(swapped, at.index)])).toBe("unexpected-block-index");
    expect(codeOf(() => [...parseArchiveBlocks(merged, at.index + 1n)])).toBe("unexpected-block-index");
  });

  test("cut anywhere gives the whole blocks before the cut and names the block it is cut in", () => {
    const ends = blocks.map((_, i) => encodeArchiveBlocks(blocks.slice(0, i + 1)).length);
    for (let length = 1; length < merged.length; length += 7) {
      const seen: BlockData[] = [];
      const whole = ends.filter((end) => end <= length).length;
      const read = (): void => {
        for (const data of parseArchiveBlocks(merged.slice(0, length), at.index)) {
          seen.push(data);
        }
      };
      if (ends.includes(length)) {
        read();
      } else {
        expect(read).toThrow(
          expect.objectContaining({ code: "malformed-archive", blockIndex: at.index + BigInt(whole) }),
        );
      }
      expect(seen).toEqual(blocks.slice(0, whole));
    }
  });

  test("with anything but blocks in it is refused", () => {
    for (const junk of [[0x00], [0x12, 0x00], [0x0a], [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]]) {
      const file = new Uint8Array([...merged, ...junk]);
      const run = (): unknown => [...parseArchiveBlocks(file, at.index)];
      expect(run).toThrow(expect.objectContaining({ code: "malformed-archive", blockIndex: at.index + 3n }));
    }
  });
});

test("a block made after another has a fresh id", () => {
  const next = createBlock(first.block, {
    version: 3,
    rootElement: { range: { from: 0n, to: 0n }, hash: filled(1, 32) },
    contents: first.contents,
  });
  expect(toHex(next.id)).not.toBe(toHex(first.block.id));
});
