// The file that LMDB keeps everything in, looked at before LMDB maps it into memory: a file that is cut short, or is none
// of LMDB's, would end the whole process there instead of giving an error.
import { closeSync, existsSync, fstatSync, openSync, readSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { LedgerError } from "../error.ts";

/** The path of a ledger's data. */
export function dataFileOf(directory: string): string {
  return join(directory, "data.mdb");
}

/** Whether there is anything: LMDB makes an empty file first. */
export function hasData(dataFile: string): boolean {
  return existsSync(dataFile) && statSync(dataFile).size > 0;
}

/** Throws `unknown-schema-version` for a file that LMDB did not write, `corrupt-ledger` for one that is cut short. */
export function assertWholeFile(dataFile: string): void {
  const file = openSync(dataFile, "r");
  try {
    const { size } = fstatSync(file);
    const first = readMeta(file, 0);
    const newest = first && [first, readMeta(file, first.pageBytes) ?? first].reduce(newer);
    if (newest === undefined) {
      throw new LedgerError("unknown-schema-version", "The ledger's file is not one that this program wrote.");
    }
    const whole = (newest.lastPage + 1) * newest.pageBytes;
    if (size < whole) {
      throw new LedgerError("corrupt-ledger", `The ledger's file is cut short: ${size} of ${whole} bytes are left.`);
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Makes the file as long as its last page says. LMDB may leave out pages at the end that it does not use, and then the
 * file would look cut short. Tells whether that could be done; if not, nothing is lost, and the next append tries again.
 */
export function keepWhole(dataFile: string, wholeBytes: number): boolean {
  try {
    if (statSync(dataFile).size < wholeBytes) {
      truncateSync(dataFile, wholeBytes);
    }
    return true;
  } catch {
    return false; // The block is stored: failing now would say that it is not.
  }
}

/** What one of the two pages at the beginning says; LMDB writes them in turn, the newer one counts. */
interface Meta {
  readonly pageBytes: number;
  readonly lastPage: number;
  readonly transaction: bigint;
}

/** Offsets in a meta page: a header of 24 bytes, then magic number, version, and so on (`MDB_meta` in LMDB's source). */
const MAGIC_AT = 24;
const PAGE_BYTES_AT = 48;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;
const META_BYTES = 160;
const MAGIC = 0xbeefc0de;

function readMeta(file: number, position: number): Meta | undefined {
  const page = Buffer.alloc(META_BYTES);
  if (readSync(file, page, 0, META_BYTES, position) < META_BYTES || page.readUInt32LE(MAGIC_AT) !== MAGIC) {
    return undefined;
  }
  return {
    pageBytes: page.readUInt32LE(PAGE_BYTES_AT),
    lastPage: Number(page.readBigUInt64LE(LAST_PAGE_AT)),
    transaction: page.readBigUInt64LE(TRANSACTION_AT),
  };
}

function newer(a: Meta, b: Meta): Meta {
  return b.transaction > a.transaction ? b : a;
}
