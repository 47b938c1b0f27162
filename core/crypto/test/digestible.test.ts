// Tests of appending values to the transcripts of other protocols.
import { expect, test } from "vitest";
import {
  appendAllowOmit,
  appendStrict,
  bytesOf,
  type Digestible,
  digest32,
  list,
  Transcript,
  uint32,
} from "../src/index.ts";

type Append = (transcript: Transcript, context: string, value: Digestible) => void;

const run = (...appends: readonly (readonly [Append, Digestible])[]): Uint8Array => {
  const transcript = new Transcript("digestible");
  for (const [append, value] of appends) {
    append(transcript, "x", value);
  }
  return transcript.challenge("digest32", 32);
};

test("a digest is one strict value in a transcript of its own", () => {
  expect(run([appendStrict, bytesOf(new Uint8Array())])).toEqual(digest32("x", bytesOf(new Uint8Array())));
});

test("an empty value leaves no trace where omission is allowed, and one where it is not", () => {
  const nothing = run();
  for (const value of [bytesOf(new Uint8Array()), list([])]) {
    expect(run([appendAllowOmit, value])).toEqual(nothing);
    expect(run([appendStrict, value])).not.toEqual(nothing);
  }
});

test("a value that is not empty is appended alike in both ways", () => {
  expect(run([appendAllowOmit, uint32(0)])).toEqual(run([appendStrict, uint32(0)]));
});

test("the context changes the digest", () => {
  expect(digest32("x", uint32(1))).not.toEqual(digest32("y", uint32(1)));
});
