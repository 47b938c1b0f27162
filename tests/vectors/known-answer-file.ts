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
 * The cases of a file: the lines of a `.jsonl`; of a `.json` the items of the list it is, or of its list `vectors` or
 * `cases`, or else the whole document.
 */
export function readKnownAnswers(path: string, content: Uint8Array): KnownAnswerFile {
  const name = basename(path).replace(/\.jsonl?$/i, "");
  const negativeFile = name.includes("incorrect");
  const toCase = (value: Json | undefined, index: number): Case | undefined =>
    isJsonObject(value) ? new Case(value, { number: index + 1, negativeFile }) : undefined;
  const values = /\.jsonl$/i.test(path) ? lines(content) : documentItems(content);
  return { name, cases: values.map(toCase) };
}

function lines(content: Uint8Array): (Json | undefined)[] {
  return (
    tryText(content)
      ?.split("\n")
      .filter((line) => line.trim() !== "")
      .map(tryParse) ?? [undefined]
  );
}

function documentItems(content: Uint8Array): readonly (Json | undefined)[] {
  const text = tryText(content);
  const document = text === undefined ? undefined : tryParse(text);
  if (Array.isArray(document)) {
    return document;
  }
  if (isJsonObject(document)) {
    const items = document.vectors ?? document.cases;
    return Array.isArray(items) ? items : [document];
  }
  return [undefined];
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
