// The embedded database.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openRecoveryDb } from "../src/index.ts";
import { describeRecoveryDb, key } from "./compliance.ts";

describeRecoveryDb("embedded, in memory", async () => {
  const db = await openRecoveryDb({});
  await db.migrate();
  return db;
});

test("what is in a folder is there again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fogbow-recovery-"));
  try {
    const db = await openRecoveryDb({ folder });
    await expect(db.assertMigrated()).rejects.toMatchObject({ code: "schema-outdated" });
    await expect(db.highestKnownBlockIndex()).rejects.toMatchObject({ code: "schema-outdated" });
    await db.migrate();
    await db.newIngressKey(key(1), 5n);
    await db.close();
    await db.close();
    const again = await openRecoveryDb({ folder });
    await again.assertMigrated();
    expect(await again.ingressKeyStatus(key(1))).toMatchObject({ startBlock: 5n });
    await again.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
