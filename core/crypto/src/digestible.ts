// Values that can be hashed structurally, and their digests. A value knows both of its forms under the omission rules
// (spec 02 §1.3), so whoever composes values cannot pick the wrong one: the builders beside this file do.
import { appendNode, type DigestNode } from "./digest-node.ts";
import { Transcript } from "./transcript.ts";

/** A value that can be hashed. Made by the builders of `digest-values.ts` and `digest-shapes.ts`. */
export interface Digestible {
  /** Its node as a root, as an item of a list or as the only value of a variant: there is always one. */
  readonly strict: DigestNode;
  /** Its node as a field of a structure; undefined when the rules leave the field out. */
  readonly allowOmit: DigestNode | undefined;
}

/** The 32-byte digest of a value, the root of its own tree, under a context that names the purpose. */
export function digest32(context: string, value: Digestible): Uint8Array {
  const transcript = new Transcript("digestible");
  appendStrict(transcript, context, value);
  return transcript.challenge("digest32", 32);
}

/** Appends a value that always shows, also when it is empty, to the transcript of another protocol. */
export function appendStrict(transcript: Transcript, context: string, value: Digestible): void {
  appendNode(transcript, context, value.strict);
}

/** Appends a value to the transcript of another protocol by the rules of a structure's field: perhaps nothing. */
export function appendAllowOmit(transcript: Transcript, context: string, value: Digestible): void {
  if (value.allowOmit !== undefined) {
    appendNode(transcript, context, value.allowOmit);
  }
}
