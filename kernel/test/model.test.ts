// The model itself is checked against published answers, so that a shared mistake cannot hide in it.
import { createModel } from "@fogbow/kernel-model";
import { expect, test } from "vitest";

const { hashes, strobe } = createModel();
const text = (ascii: string): Uint8Array => Uint8Array.from(ascii, (character) => character.charCodeAt(0));
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

test("the model's HC-128 gives the keystream of the zero key", () => {
  expect(hex(hashes.hc128(new Uint8Array(16), new Uint8Array(16), 32))).toBe(
    "82001573a003fd3b7fd72ffb0eaf63aac62f12deb629dca72785a66268ec758b",
  );
});

test("the model's STROBE gives Merlin's known answer", () => {
  const state = strobe.create(text("Merlin v1.0"));
  strobe.append(state, text("dom-sep"), text("test protocol"));
  strobe.append(state, text("some label"), text("some data"));
  expect(hex(strobe.challenge(state, text("challenge"), 32))).toBe(
    "d5a21972d0d5fe320c0d263fac7fffb8145aa640af6e9bca177c03c7efcf0615",
  );
});
