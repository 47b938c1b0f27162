// Whose signatures on blocks an import trusts.
import type { BlockData } from "@fogbow/core-block";
import { fromUtf8, toHex } from "@fogbow/core-bytes";
import { CommandError } from "../error.ts";
import { parseHex32 } from "./arguments.ts";
import { SIGNERS_FILE_BYTES_MAX } from "./limits.ts";
import { readNamedFile } from "./read-bounded.ts";

/** The keys to trust, in lower-case hex; undefined when none were named. */
export type TrustedSigners = ReadonlySet<string> | undefined;

/**
 * The keys of the options: `--signer` each a key in hex, `--signers` a file with one in each line, in which empty lines
 * and those that begin with `#` say nothing. Rejects with `invalid-argument`, also for a file without a key, and as
 * reading the file does.
 */
export async function trustedSigners(keys: readonly string[], file: string | undefined): Promise<TrustedSigners> {
  const listed = file === undefined ? [] : linesOf(await readNamedFile(file, SIGNERS_FILE_BYTES_MAX));
  if (file !== undefined && listed.length === 0) {
    throw new CommandError("invalid-argument", `${file} names no signer.`);
  }
  const all = [...keys, ...listed].map((key) => toHex(parseHex32(key, "The key of a signer")));
  return all.length === 0 ? undefined : new Set(all);
}

function linesOf(encoded: Uint8Array): readonly string[] {
  return fromUtf8(encoded)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/**
 * Whether a trusted key signed the block; that the signature is by the key beside it was verified before. False when no
 * keys are named, and for an unsigned origin block, whose id the signature of the next block covers. For all other
 * blocks throws `unsigned-block` or `untrusted-signer`.
 */
export function isTrusted({ block, signature }: BlockData, signers: TrustedSigners): boolean {
  if (signers === undefined || (signature === undefined && block.index === 0n)) {
    return false;
  }
  if (signature === undefined) {
    throw new CommandError("unsigned-block", `Block ${block.index}: it is not signed.`);
  }
  if (!signers.has(toHex(signature.signer))) {
    throw new CommandError("untrusted-signer", `Block ${block.index}: its signer is none of those named.`);
  }
  return true;
}
