// The answer for one output as an OutputResult in a field `results` of a GetOutputsResponse, written so that its length and
// the place of everything in it depend on nothing but how many outputs there are (spec 03 §5.7): varints have as many
// bytes as any could need, zeros are written, and a field that readers skip takes up what a shorter TxOut leaves.
import { equals } from "./masks";
import { HASH_BYTES, TX_OUT_BYTES_MAX, treeHeight } from "./oblivious-ledger-layout";

/** The field `results` itself: its tag and a length of two bytes. */
const FIELD_BYTES: usize = 3;
/** `index` and `result_code` with their tags. */
const HEAD_BYTES: usize = 9 + 5;
/** A tag and a length of two bytes: `proof`, `output`. */
const NESTED_BYTES: usize = 3;
/** The field `padding`, number 100: a tag of two bytes and a length of two. */
const PADDING_BYTES: usize = 4;

/** Bytes of a result in a ledger of `size` outputs. */
export function ledgerResultBytes(size: u32): i32 {
  return i32(FIELD_BYTES + bodyBytes(size));
}

function bodyBytes(size: u32): usize {
  return HEAD_BYTES + NESTED_BYTES + proofBytes(size) + NESTED_BYTES + TX_OUT_BYTES_MAX + PADDING_BYTES;
}

function proofBytes(size: u32): usize {
  const varint = varintBytes(size);
  return 2 * (1 + varint) + usize(1 + treeHeight(size)) * (2 + elementBytes(varint));
}

/** range { from, to }, then hash { data }. */
function elementBytes(varint: usize): usize {
  return 2 + 2 * (1 + varint) + 2 + 2 + HASH_BYTES;
}

/** Bytes of a varint for any index of the tree, and at least 1. */
function varintBytes(size: u32): usize {
  const bits = usize(treeHeight(size));
  let bytes: usize = 1;
  while (bytes * 7 < bits) bytes++;
  return bytes;
}

/**
 * Writes the result for `index` to `out`. `exists` is −1 or 0, whether there is such an output; `path` holds its leaf hash
 * and its siblings', `record` is its block of 320 bytes.
 */
export function writeResult(out: usize, size: u32, index: u64, exists: i32, path: usize, record: usize): void {
  out = writeNested(out, 0x0a, bodyBytes(size), -1);
  store<u8>(out, 0x09);
  store<u64>(out, index, 1);
  store<u8>(out, 0x15, 9);
  store<u32>(out, 1 - exists, 10);
  out = writeNested(out + HEAD_BYTES, 0x22, proofBytes(size), exists);

  let place = writeProof(out, size, u32(index), path);
  place = writeNested(place, 0x1a, TX_OUT_BYTES_MAX - usize(load<u8>(record)), -1);
  writeOutput(place, record);
  const end = place + TX_OUT_BYTES_MAX + PADDING_BYTES;
  withholdUnless(exists, out, end);
}

/** A tag of one byte and a length below 2^14 in two. The length is 0 where the mask is. */
function writeNested(out: usize, tag: u32, length: usize, mask: i32): usize {
  store<u8>(out, tag);
  store<u16>(out, twoByteVarint(u32(length) & mask), 1);
  return out + NESTED_BYTES;
}

/** A number below 2^14 as a varint of two bytes, whatever it is. */
function twoByteVarint(value: u32): u32 {
  return (value & 0x7f) | 0x80 | ((value >> 7) << 8);
}

/** The proof: index, highest index, and for each element its range and its hash. Ranges come by shifts from the index. */
function writeProof(out: usize, size: u32, index: u32, path: usize): usize {
  const varint = varintBytes(size);
  out = writeVarint(out, 0x08, index, varint);
  out = writeVarint(out, 0x10, size - 1, varint);
  out = writeElement(out, index, index, varint, path);
  for (let height: u32 = 0; height < treeHeight(size); height++) {
    const from = ((index >> height) ^ 1) << height;
    path += HASH_BYTES;
    out = writeElement(out, from, from + (1 << height) - 1, varint, path);
  }
  return out;
}

function writeElement(out: usize, from: u32, to: u32, varint: usize, hash: usize): usize {
  store<u8>(out, 0x1a);
  store<u8>(out, u32(elementBytes(varint)), 1);
  store<u8>(out, 0x0a, 2);
  store<u8>(out, u32((1 + varint) * 2), 3);
  out = writeVarint(out + 4, 0x08, from, varint);
  out = writeVarint(out, 0x10, to, varint);
  // hash, of 34 bytes, with data, of 32.
  store<u32>(out, 0x200a2212);
  memory.copy(out + 4, hash, HASH_BYTES);
  return out + 4 + HASH_BYTES;
}

/** A tag and a varint of `bytes` bytes: all but the last say that another follows. */
function writeVarint(out: usize, tag: u32, value: u32, bytes: usize): usize {
  store<u8>(out, tag);
  for (let i: usize = 1; i < bytes; i++) {
    store<u8>(out + i, (value & 0x7f) | 0x80);
    value >>= 7;
  }
  store<u8>(out + bytes, value & 0x7f);
  return out + bytes + 1;
}

/** The TxOut, right behind it the header of the padding, then the padding: 287 + 4 bytes. */
function writeOutput(out: usize, record: usize): void {
  const padding = u32(load<u8>(record));
  const length = u32(TX_OUT_BYTES_MAX) - padding;
  const header = 0x06a2 | (twoByteVarint(padding) << 16);
  for (let i: u32 = 0; i < u32(TX_OUT_BYTES_MAX + PADDING_BYTES); i++) {
    const beyond = i - length;
    const headerByte = (header >> (8 * (beyond & 3))) & equals(i32(beyond >> 2), 0) & 0xff;
    // Behind the TxOut the record is zero.
    store<u8>(out + usize(i), u32(load<u8>(record + 1 + usize(i))) | headerByte);
  }
}

/** Where the mask is 0: an empty output, and all to the end as padding, in place of what was written from `start` on. */
function withholdUnless(exists: i32, start: usize, end: usize): void {
  const absent = u64(twoByteVarint(u32(end - start - NESTED_BYTES - PADDING_BYTES)));
  // output { }, then the padding's header.
  const header = u64(0x06a200801a) | (absent << 40);
  const keep = i64(exists);
  store<u64>(start, (load<u64>(start) & keep) | (header & ~keep & 0x00ffffffffffffff));
  for (let place = start + 8; place < end; place++) store<u8>(place, load<u8>(place) & exists);
}
