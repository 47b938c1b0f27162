import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FileStore } from "../src/wallet/file-store.ts";
import { newDirectory } from "./run-command.ts";

const bytes = (fill: number, length = 100): Uint8Array => new Uint8Array(length).fill(fill);

test("what was written last is there again, also of many at once, and a part that was left behind does not matter", async () => {
  const path = join(newDirectory(), "wallet");
  const store = await FileStore.open(path);
  expect(await store.read()).toBeUndefined();
  await Promise.all(Array.from({ length: 20 }, (_, i) => store.write(bytes(i, 1_000 * (20 - i)))));
  expect(await store.read()).toEqual(bytes(19, 1_000));
  await store.close();
  writeFileSync(`${path}.part`, "half of it");
  const again = await FileStore.open(path);
  expect(await again.read()).toEqual(bytes(19, 1_000));
  await again.write(bytes(7));
  await again.close();
  expect(new Uint8Array(readFileSync(path))).toEqual(bytes(7));
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test("one process has it at a time; one that was killed has not", async () => {
  const path = join(newDirectory(), "wallet");
  const holder = spawn(process.execPath, ["-e", "setTimeout(() => undefined, 60000)"]);
  writeFileSync(`${path}.lock`, `${holder.pid}`);
  await expect(FileStore.open(path)).rejects.toMatchObject({ code: "store-locked" });
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const store = await FileStore.open(path);
  await expect(FileStore.open(path)).rejects.toMatchObject({ code: "store-locked" });
  await store.close();
  writeFileSync(`${path}.lock`, "no number");
  await (await FileStore.open(path)).close();
});
