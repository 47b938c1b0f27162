import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lockFolder } from "../src/connect/folder-lock.ts";

const place = mkdtempSync(join(tmpdir(), "fogbow-lock."));
afterAll(() => rmSync(place, { recursive: true, force: true }));

test("a folder is locked once, and again when it was let go", () => {
  const folder = join(place, "new", "one");
  const release = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: "folder-in-use" }));
  release();
  release();
  expect(existsSync(`${folder}.lock`)).toBe(false);
  lockFolder(folder)();
});

test("a process that lives keeps others out; one that is gone does not", () => {
  const folder = join(place, "two");
  const release = lockFolder(folder);
  const own = readFileSync(`${folder}.lock`, "utf8");
  release();
  const stat = (pid: number): string => (existsSync("/proc") ? readFileSync(`/proc/${pid}/stat`, "utf8") : "");
  const began = (pid: number): string => /\) (?:\S+ ){19}(\d+)/.exec(stat(pid))?.[1] ?? "";
  expect(own).toBe(`${process.pid} ${began(process.pid)}`);
  writeFileSync(`${folder}.lock`, `${process.ppid} ${began(process.ppid)}`);
  expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: "folder-in-use" }));
  const gone = spawnSync(process.execPath, ["--version"]).pid;
  for (const text of [`${gone} 1`, `${process.ppid} 1`, `${process.pid} 1`, "", "nonsense"]) {
    writeFileSync(`${folder}.lock`, text);
    lockFolder(folder)();
  }
});
