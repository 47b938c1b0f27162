// PEM and base64: what is written is read, and nothing is passed over in silence (RFC 7468, RFC 4648).
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBase64, toBase64 } from "../../src/base64.ts";
import { fromPem, toPem } from "../../src/der/pem.ts";
import { expectCode } from "../expect-code.ts";

const bytes = fc.uint8Array({ maxLength: 200 });

test("any bytes survive base64, which is what Node writes", () => {
  fc.assert(
    fc.property(bytes, (each) => {
      expect(toBase64(each)).toBe(Buffer.from(each).toString("base64"));
      expect(fromBase64(toBase64(each))).toEqual(each);
    }),
  );
});

test.each(["A", "AA", "AAA", "AA=", "A===", "AB==", "AAB=", "AA==AA==", "AA A", "AA-_", "====", "AAAA="])(
  "%s is no base64",
  (text) => {
    expectCode(() => fromBase64(text), "base64-malformed");
  },
);

test("blocks are read in their order, with any line ends, blank space between and NULs after", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 4 }), (ders) => {
      const text = ders.map((der) => toPem(der)).join("\n \n");
      for (const each of [text, text.replaceAll("\n", "\r\n"), text.trimEnd(), `${text}\0\0`, `\n${text}`]) {
        expect(fromPem(each)).toEqual(ders);
      }
    }),
  );
});

test("two million blanks or NULs before a character are refused without going over them again and again", () => {
  for (const filler of [" ", "\t", "\0"]) {
    expectCode(() => fromPem(`${filler.repeat(2_000_000)}x`), "pem-malformed");
    expectCode(() => fromPem(`-----BEGIN CERTIFICATE-----\n${filler.repeat(2_000_000)}x`), "pem-malformed");
  }
});

describe("refused is PEM text", () => {
  const BLOCK = toPem(Uint8Array.of(1, 2, 3));

  test.each([
    ["that is empty", ""],
    ["without an end", BLOCK.slice(0, BLOCK.indexOf("-----END"))],
    ["without a beginning", BLOCK.replace("-----BEGIN CERTIFICATE-----\n", "")],
    ["of another kind", toPem(Uint8Array.of(1), "X509 CRL")],
    ["whose second beginning is damaged, which would hide a certificate", `${BLOCK}${BLOCK.replace("BEGIN", "BEGlN")}`],
    ["with a block in a block", BLOCK.replace("AQID", BLOCK)],
    ["with a second beginning in a block", BLOCK.replace("AQID", "AQID\n-----BEGIN CERTIFICATE-----\nAQID")],
    ["with text between the blocks", `${BLOCK}Root certificate:\n${BLOCK}`],
    ["with headers", BLOCK.replace("AQID", "Proc-Type: 4\n\nAQID")],
    ["with bytes that are no base64", BLOCK.replace("AQID", "AQI")],
    ["with a NUL inside", `${BLOCK}\0${BLOCK}`],
  ])("%s", (_, text) => {
    expectCode(() => fromPem(text), "pem-malformed");
  });

  test("that is longer than 2 MiB", () => {
    expectCode(() => fromPem(" ".repeat(2_097_153)), "pem-too-large");
  });
});
