import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { encodeMessage, IngestStateFileSchema, IngestSummarySchema } from "@fogbow/core-wire";
import { systemFiles } from "@fogbow/runtime-enclave";
import { expect, onTestFinished, test } from "vitest";
import { StateFile } from "../src/state/state-file.ts";

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "fog-ingest-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "state");
}

const summary = create(IngestSummarySchema, {
  mode: 1,
  nextBlockIndex: 2n ** 64n - 1n,
  pubkeyExpiryWindow: 10n,
  ingressPubkey: { data: new Uint8Array(32).fill(7) },
  peers: ["insecure-igp://a/"],
});
const state = { summary, sealedKey: new Uint8Array([1, 2, 3]) };

test("keeps what it was given, at its very path", () => {
  const path = newPath();
  const file = new StateFile(path);
  expect(file.read()).toBeUndefined();
  file.write(state);
  expect(new StateFile(path).read()).toEqual(state);
  // MobileCoin's message: its operators' tools read it.
  const message = encodeMessage(IngestStateFileSchema, { summary, sealedIngressKey: state.sealedKey });
  expect(new Uint8Array(readFileSync(path))).toEqual(message);
});

test.each([
  ["nothing", ""],
  ["noise", "no state"],
  ["a part of a state", "\n\u0002\b\u0001"],
])("of %s is put aside", (_, content) => {
  const path = newPath();
  writeFileSync(path, content);
  expect(new StateFile(path).read()).toBeUndefined();
  expect([existsSync(path), readFileSync(`${path}.bak`, "utf8")]).toEqual([false, content]);
});

test("that is cut short while it is written leaves the one before", () => {
  const path = newPath();
  new StateFile(path).write(state);
  const files = {
    ...systemFiles,
    replaceFileSync: () => {
      writeFileSync(`${path}.tmp`, "half");
      throw Object.assign(new Error("no space"), { code: "ENOSPC" });
    },
  };
  expect(() => new StateFile(path, files).write({ ...state, sealedKey: new Uint8Array(9) })).toThrow(
    expect.objectContaining({ code: "storage-failure" }),
  );
  expect(new StateFile(path).read()).toEqual(state);
});

test("that cannot be read is no reason for a new key", () => {
  const files = {
    ...systemFiles,
    readFileSync: () => {
      throw Object.assign(new Error("not yours"), { code: "EACCES" });
    },
  };
  expect(() => new StateFile(newPath(), files).read()).toThrow(expect.objectContaining({ code: "storage-failure" }));
});
