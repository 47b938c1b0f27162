import { concatBytes, fromHex, le32 } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { readCertificateTable } from "../src/platform/certificate-table.ts";

/** GUIDs byte by byte as hosts write them: AMD's text of a GUID without its hyphens. */
const GUIDS = {
  vcek: "63da758de6644564adc5f4b93be8accd",
  vlek: "a8074bc2a25a483eaae639c045a0b8a1",
  ask: "4ab7b379bbac4fe4a02f05aef327c782",
  ark: "c0b406a4a803495297433fb6014cd0ae",
};

function table(entries: readonly (readonly [keyof typeof GUIDS, Uint8Array])[]): Uint8Array {
  let offset = (entries.length + 1) * 24;
  const heads = entries.map(([name, { length }]) => {
    const head = concatBytes(fromHex(GUIDS[name]), le32(offset), le32(length));
    offset += length;
    return head;
  });
  return concatBytes(...heads, new Uint8Array(24), ...entries.map(([, certificate]) => certificate));
}

const [vcek, ask, ark] = [Uint8Array.of(1, 1), Uint8Array.of(2), Uint8Array.of(3, 3, 3)];

test("the three certificates come out leaf first, in whatever order the host wrote them", () => {
  const written = table([
    ["ark", ark],
    ["vlek", Uint8Array.of(9)],
    ["vcek", vcek],
    ["ask", ask],
  ]);
  expect(readCertificateTable(written)).toEqual([vcek, ask, ark]);
});

test("a table without all three gives none, so that the host is asked for them", () => {
  expect(readCertificateTable(table([["ark", ark]]))).toEqual([]);
  expect(readCertificateTable(new Uint8Array(0))).toEqual([]);
  expect(readCertificateTable(new Uint8Array(4096))).toEqual([]);
});

test("a table that points outside itself is refused, and one that is cut anywhere never throws otherwise", () => {
  const whole = table([
    ["vcek", vcek],
    ["ask", ask],
    ["ark", ark],
  ]);
  expect(() => readCertificateTable(whole.subarray(0, -1))).toThrow(
    expect.objectContaining({ code: "platform-failure" }),
  );
  for (let length = 0; length < whole.length; length++) {
    try {
      expect(readCertificateTable(whole.subarray(0, length))).toEqual([]);
    } catch (error) {
      expect(error).toMatchObject({ code: "platform-failure" });
    }
  }
});
