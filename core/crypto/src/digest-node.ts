// The tree that every hashed object becomes (spec 02 §1.2), and how a tree is appended to a transcript. Nothing is left
// out here any more: `digestible.ts` decides what is.
import { le32, le64, utf8 } from "@fogbow/core-bytes";
import { Frames } from "@fogbow/kernel";
import { type Transcript, transcriptLabel } from "./transcript.ts";

/** What a primitive's bytes are. The tag is hashed, so equal bytes of different types differ. */
export type PrimitiveType =
  | "uint" // Unsigned integer, little-endian; its width shows in the length.
  | "int" // Two's complement integer, little-endian.
  | "bool" // One byte, 0 or 1.
  | "bytes"
  | "str" // UTF-8.
  | "ristretto" // A compressed point, 32 bytes.
  | "scalar" // A canonical scalar, 32 bytes.
  | "ed25519" // A public key, 32 bytes.
  | "ed25519-sig" // 64 bytes.
  | "x25519"; // A public key, 32 bytes.

/** A node together with the label its parent gives it. */
export type LabelledNode = readonly [label: string, node: DigestNode];

/** One node of the tree, after omission. */
export type DigestNode =
  | { readonly kind: "primitive"; readonly type: PrimitiveType; readonly data: Uint8Array }
  | { readonly kind: "sequence"; readonly items: readonly DigestNode[] } // Never empty: an empty list is `none`.
  | { readonly kind: "records"; readonly shape: RecordShape; readonly records: Uint8Array } // A sequence. Never empty either.
  | { readonly kind: "aggregate"; readonly name: string; readonly fields: readonly LabelledNode[] }
  | { readonly kind: "variant"; readonly name: string; readonly index: number; readonly child: LabelledNode }
  | { readonly kind: "none" };

/**
 * Items of a sequence that differ in the bytes of their primitives alone. Their frames are laid out once and copied: large
 * objects have thousands of them, and building the tree of each would cost more than hashing it.
 */
export interface RecordShape {
  readonly recordBytes: number;
  /** Of one item. */
  readonly frames: Uint8Array;
  /** Which bytes of the frames are which of the record. */
  readonly slots: readonly { readonly at: number; readonly from: number; readonly length: number }[];
}

/** The shape of items that `item` makes of a record: each of its primitives is a part of the record or the same for all. */
export function recordShape(recordBytes: number, item: (record: Uint8Array) => DigestNode): RecordShape {
  const record = new Uint8Array(recordBytes);
  const frames = new Frames();
  const slots: RecordShape["slots"][number][] = [];
  const add: AddFrame = (label, message) => {
    const at = frames.add(label, message);
    if (message.buffer === record.buffer) slots.push({ at, from: message.byteOffset, length: message.length });
  };
  collect({ add, addRecords: () => undefined }, "", item(record));
  return { recordBytes, frames: frames.bytes.slice(), slots };
}

/** Appends a node under the context its parent chose. */
export function appendNode(transcript: Transcript, context: string, node: DigestNode): void {
  const flush = (): void => {
    transcript.appendAll(WAITING);
    WAITING.wipe();
  };
  const flushIfMany = (): void => {
    if (WAITING.length > WAITING_BYTES) flush();
  };
  const add: AddFrame = (label, message) => {
    WAITING.add(label, message);
    flushIfMany();
  };
  const addRecords: Collector["addRecords"] = (shape, records) => {
    for (let from = 0; from < records.length; from += shape.recordBytes) {
      addRecord(shape, records, from);
      flushIfMany();
    }
  };
  try {
    collect({ add, addRecords }, context, node);
    flush();
  } finally {
    WAITING.wipe(); // Also what an error left, which may be secret.
  }
}

/** The beginning of a structure, for whoever appends its fields one by one: {@link appendNode} of the aggregate does the same. */
export function beginAggregate(transcript: Transcript, context: string, name: string): void {
  transcript.append(context, AGG);
  transcript.append("name", transcriptLabel(name));
}

/** The end of a structure that {@link beginAggregate} began. */
export function endAggregate(transcript: Transcript, context: string, name: string): void {
  transcript.append(context, AGG_END);
  transcript.append("name", transcriptLabel(name));
}

/** Frames on their way to the kernel, in portions of about so many bytes, so that it need not have much memory. */
const WAITING: Frames = new Frames();
const WAITING_BYTES = 65_536;

function addRecord({ frames, slots }: RecordShape, records: Uint8Array, from: number): void {
  const start = WAITING.addFrames(frames);
  for (const slot of slots) WAITING.overwrite(start + slot.at, records, from + slot.from, slot.length);
}

type AddFrame = (label: Uint8Array, message: Uint8Array) => void;

/** Takes labels and messages of a tree in their order. */
interface Collector {
  readonly add: AddFrame;
  readonly addRecords: (shape: RecordShape, records: Uint8Array) => void;
}

/** Adds the labels and messages of a node and of all below it. */
function collect(to: Collector, context: string, node: DigestNode): void {
  const label = transcriptLabel(context);
  switch (node.kind) {
    case "primitive":
      to.add(label, PRIM);
      to.add(transcriptLabel(node.type), node.data);
      return;
    case "sequence":
      addSequence(to, label, node.items.length);
      for (const item of node.items) {
        collect(to, "", item);
      }
      return;
    case "records":
      addSequence(to, label, node.records.length / node.shape.recordBytes);
      to.addRecords(node.shape, node.records);
      return;
    case "aggregate": {
      const name = transcriptLabel(node.name);
      to.add(label, AGG);
      to.add(NAME, name);
      for (const [field, child] of node.fields) {
        collect(to, field, child);
      }
      to.add(label, AGG_END);
      to.add(NAME, name);
      return;
    }
    case "variant":
      to.add(label, VAR);
      to.add(NAME, transcriptLabel(node.name));
      to.add(WHICH, le32(node.index));
      collect(to, node.child[0], node.child[1]);
      return;
    case "none":
      to.add(label, NOTHING);
      return;
    default:
      node satisfies never;
  }
}

function addSequence(to: Collector, label: Uint8Array, length: number): void {
  to.add(label, SEQ);
  to.add(LEN, le64(BigInt(length)));
}

const PRIM = utf8("prim");
const SEQ = utf8("seq");
const LEN = utf8("len");
const AGG = utf8("agg");
const AGG_END = utf8("agg-end");
const NAME = utf8("name");
const VAR = utf8("var");
const WHICH = utf8("which");
const NOTHING = new Uint8Array();
