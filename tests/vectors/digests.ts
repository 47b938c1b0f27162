// Known answers of Merlin transcripts and of the structured digest's trees (spec 02 §1.1, §1.2).
import { appendNode, type DigestNode, type LabelledNode, type PrimitiveType, Transcript } from "@fogbow/core-crypto";
import { Case, expectEqual, expectThat, VectorError } from "./case.ts";
import type { Json } from "./lossless-json.ts";

/** The operations in order lead to a last challenge with the stated output. */
export function checkTranscript(one: Case): void {
  const transcript = new Transcript(one.text("init_label"));
  let output: Uint8Array | undefined;
  for (const operation of one.parts("ops")) {
    output = operate(transcript, operation) ?? output;
  }
  expectThat(output !== undefined, "ops hold no challenge");
  expectEqual("output", output, one.hex("output"));
}

/** The tree, to which the omission rules were already applied, has the stated digest. */
export function checkDigestTree(one: Case): void {
  const transcript = new Transcript("digestible");
  const [context, node] = labelledNode(one.json("ast"));
  appendNode(transcript, context, node);
  expectEqual("digest", transcript.challenge("digest32", 32), one.hex("digest"));
}

/** The output of a challenge, nothing for an append. */
function operate(transcript: Transcript, operation: Case): Uint8Array | undefined {
  const name = operation.text("op");
  switch (name) {
    case "append":
      transcript.append(operation.text("label"), operation.hex("message_hex"));
      return undefined;
    case "challenge":
      return transcript.challenge(operation.text("label"), Number(operation.integer("bytes")));
    default:
      throw new VectorError(`the operation ${name} is unknown`);
  }
}

function labelledNode(json: Json): LabelledNode {
  const fields = Case.of(json, "a node");
  return [fields.text("context"), digestNode(fields)];
}

function digestNode(fields: Case): DigestNode {
  const kind = fields.text("node");
  switch (kind) {
    case "prim":
      return { kind: "primitive", type: primitiveType(fields.text("type")), data: fields.hex("data") };
    case "seq":
      return { kind: "sequence", items: fields.list("elems").map(sequenceItem) };
    case "agg":
      return { kind: "aggregate", name: fields.text("name"), fields: fields.list("fields").map(labelledNode) };
    case "var":
      return {
        kind: "variant",
        name: fields.text("name"),
        index: Number(fields.integer("which")),
        child: labelledNode(fields.json("child")),
      };
    case "none":
      return { kind: "none" };
    default:
      throw new VectorError(`the node ${kind} is unknown`);
  }
}

function sequenceItem(json: Json): DigestNode {
  const [context, node] = labelledNode(json);
  expectThat(context === "", "an item of a sequence has a context");
  return node;
}

const PRIMITIVE_TYPES: readonly PrimitiveType[] = [
  "uint",
  "int",
  "bool",
  "bytes",
  "str",
  "ristretto",
  "scalar",
  "ed25519",
  "ed25519-sig",
  "x25519",
];

function primitiveType(text: string): PrimitiveType {
  const type = PRIMITIVE_TYPES.find((known) => known === text);
  expectThat(type !== undefined, `the primitive type ${text} is unknown`);
  return type;
}
