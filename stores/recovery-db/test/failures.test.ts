import { expect, test } from "vitest";
import { asRecoveryDbError } from "../src/failures.ts";

test("a connection that broke is one retriable code, however it is told", () => {
  const told = [
    Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
    Object.assign(new Error("the database system is starting up"), { code: "57P03" }),
    Object.assign(new Error("sorry, too many clients already"), { code: "53300" }),
    Object.assign(new Error('database "fog" is not currently accepting connections'), { code: "55000" }),
    new Error("Connection terminated unexpectedly"),
    new Error("Client has encountered a connection error and is not queryable"),
  ];
  for (const each of told) {
    expect(asRecoveryDbError(each)).toMatchObject({ code: "database-unavailable", retryable: true });
  }
  expect(asRecoveryDbError(Object.assign(new Error("division by zero"), { code: "22012" }))).toMatchObject({
    code: "database-failure",
    retryable: false,
  });
});
