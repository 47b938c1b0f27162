// The same on a PostgreSQL server, in databases of our own.
import { afterAll, describe, expect, test } from "vitest";
import { startPostgres } from "../../../tests/postgres/postgres-server.ts";
import { TestDatabases } from "../../../tests/postgres/test-databases.ts";
import { serverAddress } from "../src/connect/server-address.ts";
import { openRecoveryDb } from "../src/index.ts";
import { describeRecoveryDb, key } from "./compliance.ts";

const server = await startPostgres();

if (typeof server === "string") {
  console.log(`Not run on a PostgreSQL server: ${server}. Everything else is.`);
} else {
  const databases = new TestDatabases(server.url);
  afterAll(async () => {
    await databases.drop();
    await server.stop();
  });

  describeRecoveryDb("on a server", async () => {
    const db = await openRecoveryDb({ url: await databases.make(), connections: 4 });
    await db.migrate();
    return db;
  });

  test("a session that is ended is made anew, and nothing is lost", async () => {
    const url = await databases.make();
    const db = await openRecoveryDb({ url });
    await db.migrate();
    await db.newIngressKey(key(1), 3n);
    await databases.endSessions(url);
    expect(await db.ingressKeyStatus(key(1))).toMatchObject({ startBlock: 3n });
    await db.close();
  });
}

describe("the address of a server", () => {
  const of = (url: string, env = {}) => serverAddress(url, { env, account: "someone" });

  test("is completed from the environment, then from the account", () => {
    expect(of("postgres://localhost/fog")).toEqual({ host: "localhost", port: 5432, user: "someone", database: "fog" });
    expect(of("postgres://localhost/fog", { PGUSER: "u", PGPASSWORD: "p", PGPORT: "6000" })).toEqual({
      host: "localhost",
      port: 6000,
      user: "u",
      password: "p",
      database: "fog",
    });
    expect(of("postgresql://a:b%40@h:1/d", { PGUSER: "u", PGPASSWORD: "p", PGPORT: "6000" })).toEqual({
      host: "h",
      port: 1,
      user: "a",
      password: "b@",
      database: "d",
    });
  });

  test("that is none is refused without being quoted", () => {
    for (const url of ["mysql://u:secret@h/d", "secret"]) {
      expect(() => of(url)).toThrow(expect.objectContaining({ code: "invalid-url" }));
      expect(() => of(url)).not.toThrow(/secret/);
    }
  });
});

test("a server that is not there is unavailable, which may pass", async () => {
  const db = await openRecoveryDb({ url: "postgres://u@127.0.0.1:1/d" });
  await expect(db.highestKnownBlockIndex()).rejects.toMatchObject({ code: "database-unavailable", retryable: true });
  await db.close();
});
