import { toHex, utf8 } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prologueOf, responderIdOf } from "../../src/index.ts";
import { codeOf, expectCode } from "./support.ts";

describe("the responder id of a URI", () => {
  test.each([
    ["fog-view://fog.example.com", "fog.example.com:443"],
    ["fog-view://fog.example.com/", "fog.example.com:443"],
    ["insecure-fog-view://127.0.0.1/", "127.0.0.1:3225"],
    ["fog-ledger://l.example", "l.example:443"],
    ["insecure-fog-ledger://l.example", "l.example:3223"],
    ["insecure-fog://l.example", "l.example:3225"],
    ["insecure-fog-ingest://l.example", "l.example:3221"],
    ["igp://l.example", "l.example:8453"],
    ["insecure-igp://l.example", "l.example:8090"],
    ["mc://node1.example/", "node1.example:443"],
    ["insecure-mc://node1.example/", "node1.example:3223"],
    ["mcp://node1.example/", "node1.example:8443"],
    ["insecure-mcp://node1.example/", "node1.example:8080"],
    ["mc://node1.example:1234/?consensus-msg-key=00", "node1.example:1234"],
    ["mc://node1.example:?x=1", "node1.example:443"],
    ["mc://user:secret@node1.example:5/", "node1.example:5"],
    ["mc://[2001:db8::1]:99/", "[2001:db8::1]:99"],
    ["mc://[::1]", "[::1]:443"],
    ["unknown://host.example:7", "host.example:7"],
  ])("%s is %s: host and port, the scheme's own where none is stated", (uri, expected) => {
    expect(responderIdOf(uri)).toBe(expected);
  });

  test.each([
    ["mc://10.0.0.1:5/?responder-id=node1.example:443", "node1.example:443"],
    ["mc://10.0.0.1:5?responder-id=node1.example%3A443", "node1.example:443"],
    ["mc://10.0.0.1:5/a/b?x=1&responder-id=Node1.Example:443&y=2#responder-id=z:1", "Node1.Example:443"],
    ["unknown://10.0.0.1/?responder-id=a:1", "a:1"],
    ["mc://10.0.0.1:5/?responder-id=", "10.0.0.1:5"],
    ["mc://10.0.0.1:5/?x-responder-id=a:1", "10.0.0.1:5"],
    ["mc://10.0.0.1:5/?responder-id=a:1/", "a:1/"],
  ])("%s is %s: the parameter where it is not empty, as it stands", (uri, expected) => {
    expect(responderIdOf(uri)).toBe(expected);
  });

  test("nothing changes case or is trimmed", () => {
    expect(responderIdOf("mc://Node1.Example")).toBe("Node1.Example:443");
    expect(responderIdOf("mc://h/?responder-id=+a:1%20")).toBe(" a:1 ");
  });

  test.each([
    ["", "uri-malformed"],
    ["node1.example:443", "uri-malformed"],
    ["mc:node1.example", "uri-malformed"],
    ["mc://", "uri-malformed"],
    ["mc:///?responder=a", "uri-malformed"],
    ["mc:// :1", "uri-malformed"],
    ["mc://a:65536", "uri-malformed"],
    ["mc://a:123456", "uri-malformed"],
    ["mc://a:b", "uri-malformed"],
    ["mc://a:1:2", "uri-malformed"],
    ["unknown://a", "uri-malformed"],
    ["mc://a?responder-id=%ff:1", "uri-malformed"],
    ["mc://a?responder-id=nocolon", "responder-id-malformed"],
    ["mc://a?responder-id=b:1&responder-id=c:1", "responder-id-malformed"],
  ] as const)("of %s is refused: %s", (uri, code) => {
    expectCode(code, () => responderIdOf(uri));
  });

  test("of any text is an id with a colon or a refusal", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.webUrl(),
      fc.string().map((rest) => `mc://${rest}`),
    );
    fc.assert(
      fc.property(text, (uri) => {
        const code = codeOf(() => expect(responderIdOf(uri)).toContain(":"));
        expect([undefined, "uri-malformed", "responder-id-malformed"]).toContain(code);
      }),
    );
  });
});

test("the prologue is the responder id's UTF-8", () => {
  expect(toHex(prologueOf("node1.test:443"))).toBe(toHex(utf8("node1.test:443")));
  expectCode("responder-id-malformed", () => prologueOf("node1.test"));
  expectCode("responder-id-malformed", () => prologueOf("\ud800:1"));
});
