// Takes a JSON or JSON Lines file apart into its cases, whatever their format.
import { basename } from "node:path";
import { fromUtf8 } from "@fogbow/core-bytes";
import { Case } from "./case.ts";
import { isJsonObject, type Json, parseLosslessJson } from "./lossless-json.ts";

/** A file of known answers. An entry that is not a JSON object is `undefined`: it can never pass. */
export interface KnownAnswerFile {
  /** The file's name without folder and ending. */
  readonly name: string;
  readonly cases: readonly (Case | undefined)[];
}

/** Whether a file can hold known answers of its own, by the ending of its name. */
export function holdsJson(path: string): boolean {
  return /\.jsonl?$/i.test(path);
}

/**
 * The cases of a file, whatever its ending says: of one JSON document the items of the list it is, or of its list
 * `vectors` or `cases`, or else the document itself; of anything else its lines.
 */
export function readKnownAnswers(path: string, content: Uint8Array): KnownAnswerFile {
  const name = basename(path).replace(/\.jsonl?$/i, "");
  const negativeFile = name.includes("incorrect");
  const toCase = (value: Json | undefined, index: number): Case | undefined =>
    isJsonObject(value) ? new Case(value, { number: index + 1, negativeFile }) : undefined;
  return { name, cases: entries(content).map(toCase) };
}

function entries(content: Uint8Array): readonly (Json | undefined)[] {
  const text = tryText(content);
  if (text === undefined) {
    return [undefined];
  }
  const document = tryParse(text);
  return document === undefined ? linesOf(text).map(tryParse) : itemsOf(document);
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== "");
}

/** Fields that stand beside the list, such as what all proofs of a file are about, belong to each of its items. */
function itemsOf(document: Json): readonly Json[] {
  if (!isJsonObject(document)) {
    return Array.isArray(document) ? document : [document];
  }
  if (isJsonObject(document.NX ?? document.IX)) {
    // Known answers of channels are named parts of one object.
    return Object.entries(document).flatMap(([part, value]) => (isJsonObject(value) ? [{ part, value }] : []));
  }
  const { vectors, cases, ...shared } = document;
  const items = vectors ?? cases;
  return Array.isArray(items) ? items.map((item) => (isJsonObject(item) ? { ...shared, ...item } : item)) : [document];
}

function tryText(content: Uint8Array): string | undefined {
  try {
    return fromUtf8(content).replace(/^\uFEFF/, "");
  } catch {
    return undefined; // Reported as an entry that is not JSON.
  }
}

function tryParse(text: string): Json | undefined {
  try {
    return parseLosslessJson(text);
  } catch {
    return undefined; // Likewise.
  }
}
