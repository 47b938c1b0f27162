// The file beside an archive that says how far it goes, so that nobody need try.
import type { Block } from "@fogbow/core-block";
import { bytes, fromHex, fromUtf8, toHex, U64_MAX, utf8 } from "@fogbow/core-bytes";
import type { ArchiveFiles } from "./archive-files.ts";
import { ArchiveError } from "./error.ts";
import { HEAD_BYTES_MAX } from "./limits.ts";

/** Where it lies. */
export const HEAD_PATH = "head.json";

/** The newest block of an archive, as the archive says. */
export interface ArchiveHead {
  readonly index: bigint;
  /** 32 bytes. */
  readonly id: Uint8Array;
}

/** The file: `{ "index": n, "id": hex }`. */
export function encodeHead({ index, id }: Pick<Block, "index" | "id">): Uint8Array {
  return utf8(`{ "index": ${index}, "id": "${toHex(id)}" }\n`);
}

/** The head of an archive, undefined where there is none. Rejects with `source-failure` for what is no head. */
export async function readHead(files: ArchiveFiles, signal?: AbortSignal): Promise<ArchiveHead | undefined> {
  const encoded = await files.read(HEAD_PATH, HEAD_BYTES_MAX, signal);
  if (encoded === undefined) return undefined;
  try {
    // Not by `JSON.parse`, which rounds an index above 2^53.
    const [, digits, hex] =
      /^\s*\{\s*"index"\s*:\s*(\d{1,20})\s*,\s*"id"\s*:\s*"([0-9a-f]{64})"\s*\}\s*$/.exec(fromUtf8(encoded)) ?? [];
    if (digits === undefined || hex === undefined || BigInt(digits) > U64_MAX) throw new Error("It is no head.");
    return { index: BigInt(digits), id: bytes(fromHex(hex), 32, "id") };
  } catch (cause) {
    throw new ArchiveError("source-failure", `${files.name}: its head.json names no block.`, { cause });
  }
}
