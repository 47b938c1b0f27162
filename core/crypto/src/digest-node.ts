// The tree that every hashed object becomes (spec 02 §1.2), and how a tree is appended to a transcript. Nothing is left
// out here any more: `digestible.ts` decides what is.
import { le32, le64, utf8 } from "@fogbow/core-bytes";
import type { Transcript } from "./transcript.ts";

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
  switch (node.kind) {
    case "primitive":
      transcript.append(context, utf8("prim"));
      transcript.append(node.type, node.data);
      return;
    case "sequence":
      transcript.append(context, utf8("seq"));
      transcript.append("len", le64(BigInt(node.items.length)));
      for (const item of node.items) {
        appendNode(transcript, "", item);
      }
      return;
    case "aggregate":
      transcript.append(context, utf8("agg"));
      transcript.append("name", utf8(node.name));
      for (const [label, field] of node.fields) {
        appendNode(transcript, label, field);
      }
      transcript.append(context, utf8("agg-end"));
      transcript.append("name", utf8(node.name));
      return;
    case "variant":
      transcript.append(context, utf8("var"));
      transcript.append("name", utf8(node.name));
      transcript.append("which", le32(node.index));
      appendNode(transcript, node.child[0], node.child[1]);
      return;
    case "none":
      transcript.append(context, new Uint8Array());
      return;
    default:
      node satisfies never;
  }
}
