// The tree that every hashed object becomes (spec 02 §1.2), and how a tree is appended to a transcript. Nothing is left
// out here any more: `digestible.ts` decides what is.
import { le32, le64, utf8 } from "@fogbow/core-bytes";
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
  | { readonly kind: "aggregate"; readonly name: string; readonly fields: readonly LabelledNode[] }
  | { readonly kind: "variant"; readonly name: string; readonly index: number; readonly child: LabelledNode }
  | { readonly kind: "none" };

/** Appends a node under the context its parent chose. */
export function appendNode(transcript: Transcript, context: string, node: DigestNode): void {
  const messages: Uint8Array[] = [];
  collect(messages, context, node);
  transcript.appendAll(messages);
}

/** Adds the labels and messages of a node and of all below it. */
function collect(messages: Uint8Array[], context: string, node: DigestNode): void {
  const label = transcriptLabel(context);
  switch (node.kind) {
    case "primitive":
      messages.push(label, PRIM, transcriptLabel(node.type), node.data);
      return;
    case "sequence":
      messages.push(label, SEQ, LEN, le64(BigInt(node.items.length)));
      for (const item of node.items) {
        collect(messages, "", item);
      }
      return;
    case "aggregate": {
      const name = transcriptLabel(node.name);
      messages.push(label, AGG, NAME, name);
      for (const [field, child] of node.fields) {
        collect(messages, field, child);
      }
      messages.push(label, AGG_END, NAME, name);
      return;
    }
    case "variant":
      messages.push(label, VAR, NAME, transcriptLabel(node.name), WHICH, le32(node.index));
      collect(messages, node.child[0], node.child[1]);
      return;
    case "none":
      messages.push(label, NOTHING);
      return;
    default:
      node satisfies never;
  }
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
