import { concatBytes } from "@fogbow/core-bytes";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeCall,
  decodeFailure,
  encodeCall,
  encodeFailure,
  FRAME_KINDS,
  type Frame,
  FrameReader,
  packFrames,
} from "../src/door/frames.ts";

const frame: fc.Arbitrary<Frame> = fc.record({
  kind: fc.constantFrom(...Object.values(FRAME_KINDS)),
  id: fc.nat({ max: 0xffff_ffff }),
  body: fc.uint8Array({ maxLength: 200 }),
});

test("frames come out as they went in, however the stream is cut", () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40 });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), cuts, (frames, lengths) => {
      const stream = packFrames(frames);
      const reader = new FrameReader();
      const read: Frame[] = [];
      let at = 0;
      for (const length of [...lengths, stream.length]) {
        const copied = reader.push(stream.slice(at, at + length)).map((each) => ({ ...each, body: each.body.slice() }));
        read.push(...copied);
        at = Math.min(at + length, stream.length);
      }
      expect(read).toEqual(frames);
    }),
  );
});

test("bytes that are no frames are refused with a code and nothing else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        for (const { kind, body } of new FrameReader().push(bytes)) {
          if (kind === FRAME_KINDS.call) decodeCall(body);
          if (kind === FRAME_KINDS.failure) decodeFailure(body);
        }
      } catch (error) {
        expect(error).toMatchObject({ code: "malformed-frame" });
      }
    }),
  );
});

test("a frame longer than the bound is refused by its length alone", () => {
  expect(() => new FrameReader().push(Uint8Array.of(1, 5, 0, 1))).toThrow(
    expect.objectContaining({ code: "malformed-frame" }),
  );
});

test("a call keeps its entry point and input", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (input) => {
      expect(decodeCall(encodeCall("entry-point", input))).toEqual({ entryPoint: "entry-point", input });
    }),
  );
  expect(() => decodeCall(new Uint8Array(0))).toThrow(expect.objectContaining({ code: "malformed-frame" }));
  expect(() => decodeCall(Uint8Array.of(3, 97))).toThrow(expect.objectContaining({ code: "malformed-frame" }));
});

test("a failure keeps any message", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (message) => {
      const failure = { code: "call-refused", reason: "x", message };
      expect(decodeFailure(encodeFailure(failure))).toEqual(failure);
    }),
  );
});

test("many large frames are read without copying what is left again and again", () => {
  const stream = packFrames(
    Array.from({ length: 2000 }, (_, id) => ({ kind: FRAME_KINDS.answer, id, body: new Uint8Array(1024) })),
  );
  const halves = [stream.slice(0, 1_000_001), stream.slice(1_000_001)];
  const reader = new FrameReader();
  expect(halves.flatMap((half) => reader.push(half)).length).toBe(2000);
  expect(concatBytes(...halves).length).toBe(stream.length);
});
