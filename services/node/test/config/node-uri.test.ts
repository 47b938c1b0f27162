// URIs of clients, peers and operators (spec 05 §4.2).
import { describe, expect, test } from "vitest";
import { shownUri } from "../../src/config/node-uri.ts";
import { parseNodeUri } from "../../src/index.ts";
import { refused } from "./fixtures.ts";

const place = { file: "command line", field: "--client-listen-uri" };
const parse = (text: string, use: Parameters<typeof parseNodeUri>[1] = "client"): ReturnType<typeof parseNodeUri> =>
  parseNodeUri(text, use, place);

test.each([
  ["client", "mc", 443, "insecure-mc", 3223],
  ["peer", "mcp", 8443, "insecure-mcp", 8080],
  ["admin", "mca", 9443, "insecure-mca", 9090],
  ["watcher", "watcher", 443, "insecure-watcher", 3226],
] as const)("%s: %s has port %i, %s has port %i", (use, secure, securePort, insecure, insecurePort) => {
  expect(parse(`${secure}://node.test`, use)).toMatchObject({ isSecure: true, port: securePort, path: "/" });
  expect(parse(`${insecure}://node.test/`, use)).toMatchObject({ isSecure: false, port: insecurePort });
  expect(parse(`${insecure}://node.test:1/`, use)).toMatchObject({ port: 1, responderId: "node.test:1" });
});

test("every part is read, and escapes are opened", () => {
  const uri = parse(
    "mc://us%20er:p%40ss@node.test:44/a/b?responder-id=other.test:443&tls-hostname=&tls-hostname=x&empty=",
  );
  expect(uri).toMatchObject({
    user: "us er",
    password: "p@ss",
    host: "node.test",
    port: 44,
    path: "/a/b/",
    responderId: "other.test:443",
  });
  expect(uri.param("tls-hostname")).toBe("x");
  expect(uri.param("empty")).toBeUndefined();
  expect(shownUri(uri)).toBe("mc://node.test:44/a/b/");
});

test("an IPv6 address has brackets in names only", () => {
  const uri = parse("insecure-mc://[::1]:3223/");
  expect(uri).toMatchObject({ host: "::1", port: 3223, responderId: "[::1]:3223" });
  expect(shownUri(uri)).toBe("insecure-mc://[::1]:3223/");
});

describe("refused", () => {
  test.each([
    ["", "invalid-uri"],
    ["node.test:443", "invalid-uri"],
    ["mc:node.test", "invalid-uri"],
    ["mc:///", "invalid-uri"],
    ["mc://node.test:70000/", "invalid-uri"],
    ["mc://no de.test/", "invalid-uri"],
    ["mc://node.test/#here", "invalid-uri"],
    ["mc://%ff:x@node.test/", "invalid-uri"],
    [`mc://${"n".repeat(4_096)}.test/`, "invalid-uri"],
    ["https://node.test/", "unknown-scheme"],
    ["mcp://node.test/", "unknown-scheme"],
    ["mc://node.test/?responder-id=node", "invalid-responder-id"],
    ["mc://node.test/?responder-id=node:99999", "invalid-responder-id"],
    ["mc://node.test/?responder-id=a:b:1", "invalid-responder-id"],
    [`mc://node.test/?responder-id=${"n".repeat(320)}:1`, "invalid-responder-id"],
  ])("%s", async (text, code) => {
    expect(await refused(() => parse(text))).toMatchObject({ code, ...place });
  });

  test("without repeating a password", () => {
    expect(() => parse("mc://user:hunter2@/")).toThrow(expect.not.stringContaining("hunter2"));
  });
});
