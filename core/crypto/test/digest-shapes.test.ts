// Tests of the structured digest: published answers through the builders, and each omission rule by the tree it makes.
import { fromHex, le32, toHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import {
  aggregate,
  appendNode,
  bool,
  bytesOf,
  type Digestible,
  type DigestNode,
  digest32,
  list,
  neverOmit,
  omitWhenZero,
  optional,
  orderedMap,
  point,
  primitive,
  recordList,
  scalar,
  shapeOfRecords,
  structVariant,
  Transcript,
  text,
  tuple,
  uint32,
  uint64,
  variant,
} from "../src/index.ts";

const empty = new Uint8Array();
const uint16 = (n: number): Digestible => primitive("uint", le32(n).slice(0, 2));
const int32 = (n: number): Digestible => primitive("int", le32(n));
const hash = (context: string, value: Digestible): string => toHex(digest32(context, value));
const optionalTexts = (...values: (string | undefined)[]): Digestible =>
  list(values.map((value) => optional(value === undefined ? undefined : text(value))));

describe("published digests through the builders", () => {
  test("plain values", () => {
    expect(hash("test", uint64(1n))).toBe("ba80684cf438cb037f7b00de9ee3f01edbbc1b27d6339d520888b9fd6404756e");
    expect(hash("test", uint32(1))).toBe("91515fb88203f23540ab83c881633d3b3e05a739c9dd44dff10c780354e6e939");
    expect(hash("test", bool(true))).toBe("2b2f7bcc7f6471b5ba4bed7c7652b2122444c8c5e277fed8f8a950d5b1694a8b");
    expect(hash("test", bytesOf(fromHex("4d6f6f7365")))).toBe(
      "4a0258a590358eb4d9bcb0e399b2990c3e9dd77887a075725fc9a9b6ee991115",
    );
    expect(hash("test", text("Moose"))).toBe("f91be12e4d9959eb6211da807260f4d996f0c383b5b0b5bdf9a40e60d57c05e7");
    const ten = new Uint8Array(32);
    ten[0] = 10;
    expect(hash("test", scalar(ten))).toBe("ae0f40e9e1fe2464919bc13335f2c7d994761a98e3bf4162b974d15439bee9c5");
    const tenG = fromHex("20706fd788b2720a1ed2a5dad4952b01f413bcf0e7564de8cdc816689e2db95f");
    expect(hash("test", point(tenG))).toBe("8a9087b446d5afa2e913e34261bd6e1fc108d440f52e763676a87358a027f33f");
  });

  test("what is absent or empty at the root is one and the same node", () => {
    const none = "23d56dc3e2eba2a6e4b71e17e2b813080ca618c2f754d82d7a134b8c9fe95506";
    expect(hash("test", optional(undefined))).toBe(none);
    expect(hash("test", list([]))).toBe(none);
    expect(hash("test", optional(list([])))).toBe(none);
    expect(hash("test", orderedMap([]))).toBe(none);
  });

  test("lists, whose items always show", () => {
    expect(hash("test", list([uint64(1n), uint64(2n), uint64(3n)]))).toBe(
      "188fa333a0e509de95683121c24bcdc90a641be086fc52b269f68ad92ae8de3a",
    );
    expect(hash("test", list([text("")]))).toBe("6a61f2f19d7390cf231c86ec76cc0d5ad5f74b546109f967cc9c49742b6b0232");
    expect(hash("test", optionalTexts("asdf", undefined, "jkl"))).toBe(
      "d8c5db7b4a3b9b61173310bb0f122ba524a65931676f8b442332929931cdc44c",
    );
    expect(hash("test", optionalTexts(undefined, "asdf", undefined))).toBe(
      "678a18842e2090703596688fec90443f9c2b30ed28e3f3357344cbb43e0cd556",
    );
    expect(hash("test", optionalTexts(undefined, undefined, undefined))).toBe(
      "08125f8f19149690483e85c06c63cc70fb5e3a4e6bdc41c15c948656c6ef651d",
    );
  });

  test("an ordered set and an ordered map", () => {
    expect(hash("test", list([text("fannypack"), text("grand poobah")]))).toBe(
      "6cfa2dc873d679389c0219e2dfb5e0c2611f2100bb0ab74e267d44950171e260",
    );
    expect(hash("test", orderedMap([[uint64(19n), text("woot")]]))).toBe(
      "9d5b61b735a27fcb4ee0fab507e989229bfd0bdacd83f9c1937a93d2ce78921e",
    );
  });

  test("a structure with labels that look like the scheme's own words, and an empty list left out", () => {
    const tricky = aggregate("Tricky", [
      ["field", list([int32(1)])],
      ["fi_eld", list([int32(2)])],
      ["_field", list([int32(3)])],
      ["seq", list([])],
      ["prim", bool(false)],
      ["agg", text("var")],
      [
        "var",
        aggregate("ExampleStruct", [
          ["c", uint16(2)],
          ["b", uint16(1)],
          ["a", uint16(0)],
        ]),
      ],
    ]);
    expect(hash("tricky", tricky)).toBe("074d24a50bef13262c7f75308296093a6724ae7e4eb665c9c20e2fe3dc63068f");
  });

  test("a structure around one unnamed value, and a transparent one", () => {
    const blob = fromHex("01020304");
    expect(hash("blob1", tuple("Blob", [bytesOf(blob)]))).toBe(
      "3b3fcd6304dddde65a0187e26a34d2695825b61ad0f09804e200cc0b0abb0e30",
    );
    expect(hash("blob2", bytesOf(blob))).toBe("dd58b8d2b41e28285925dd5ab921c785636643c4c55543ea97a06fe6ea7db501");
  });

  test("structures inside a structure", () => {
    const bar = aggregate("Bar", [
      ["d", tuple("Blob", [bytesOf(fromHex("4b6f616c61"))])],
      ["e", uint32(0xffff_ffff)],
      [
        "f",
        aggregate("ExampleStruct", [
          ["a", uint16(5)],
          ["b", uint16(6)],
          ["c", uint16(7)],
        ]),
      ],
    ]);
    expect(hash("bar1", bar)).toBe("d6677cf4e347da2870d382108ba635deff8f632015115d760fed43a121824c41");
  });

  test("a structure that gained fields hashes as before while they are absent", () => {
    const before = "81ac3f020bec902d56de8eac7d95f4438dc17e34f932e20feffffd1cd443d78a";
    const thing = (b: Digestible, c: Digestible): Digestible =>
      aggregate("Thing", [
        ["a", uint64(19n)],
        ["b", b],
        ["c", c],
      ]);
    expect(hash("thing", aggregate("Thing", [["a", uint64(19n)]]))).toBe(before);
    expect(hash("thing", thing(optional(undefined), list([])))).toBe(before);
    expect(hash("thing", thing(optional(undefined), list([bool(true), bool(false)])))).toBe(
      "0a225281051ec56342f6bf19601754f9e49cfcf71ec29893ddf4dc2e17ecd5cb",
    );
  });

  test("variants with one value, several values and named fields", () => {
    expect(hash("var2", variant("TestEnum", { name: "Option2", index: 1 }, uint64(123n)))).toBe(
      "42933fe9924d368f1bb3901d8823a2b8a5a9f0432c35feeb8cb5d8763dbd3cd9",
    );
    expect(hash("var3", variant("TestEnum", { name: "Option3", index: 2 }, uint32(1234), text("a string")))).toBe(
      "41f12c5fcce03ea46f8f8cd7b9f20dd65d4c99d687c21aada8f4726bc8106d7b",
    );
    const named = structVariant("TestEnum", { name: "Option4", index: 3 }, [
      ["a", uint64(19n)],
      ["b", uint64(28n)],
    ]);
    expect(hash("var1", named)).toBe("06e65d027874b9ce7f6dc94fdfc20d2012e0c29b487aadd37ec96137c2b9830e");
  });

  test("fields that are never left out", () => {
    const kept = tuple("TestStruct", [neverOmit(text("")), neverOmit(bytesOf(empty))]);
    expect(hash("obj", kept)).toBe("49b2f51cca4a8fabb810025c3e30cc33eb6345caca11647fbceb57aa1f6df117");
  });

  test("the address hash: Fog's fields show even when they are empty", () => {
    const address = aggregate("PublicAddress", [
      ["view_public_key", point(fromHex("78901c11834e842df6be98c127953513e116095d4122cc27d807b4511cb81e11"))],
      ["spend_public_key", point(fromHex("f62ff1c33a2285b1aee612ed87281f2c68bb2b5b0f1439a13e4ab728f98efb6a"))],
      ["fog_report_url", neverOmit(text(""))],
      ["fog_report_id", neverOmit(text(""))],
      ["fog_authority_sig", neverOmit(bytesOf(empty))],
    ]);
    expect(hash("mc-address", address)).toBe("09b67f689006efafe5b8a066a21b0edfb81589a8e616bdbb1494bc754068c7a3");
    expect(hash("account_data", address)).toBe("46da43ce86fcdc48226ea6a5367332f173595401db4f2ec96f55a6b726ef6fc6");
  });

  test("the default fee map", () => {
    const token = tuple("TokenId", [uint64(0n)]);
    const fees = aggregate("FeeMap", [["map", orderedMap([[token, uint64(400_000_000n)]])]]);
    expect(hash("mc-fee-map", fees)).toBe("79c184506718faa8b0769d78d5d296eea5c072dcd7a900194fafb9eef2828d2e");
  });
});

describe("omission rules", () => {
  const labels = (value: Digestible): string[] =>
    value.strict.kind === "aggregate" ? value.strict.fields.map(([label]) => label) : [];
  const field = (value: Digestible): string[] => labels(aggregate("S", [["x", value]]));

  test("a structure leaves out empty strings, absent values and empty lists", () => {
    const nothing = [bytesOf(empty), text(""), optional(undefined), list([]), orderedMap([])];
    for (const value of [...nothing, ...nothing.map(optional)]) {
      expect(field(value)).toEqual([]);
    }
  });

  test("a structure keeps zeros, false, points, scalars, structures without fields and enums", () => {
    const zero = new Uint8Array(32);
    for (const value of [
      uint32(0),
      uint64(0n),
      bool(false),
      point(zero),
      scalar(zero),
      primitive("ed25519-sig", new Uint8Array(64)),
      aggregate("Empty", []),
      aggregate("Empty", [["x", text("")]]),
      variant("E", { name: "V", index: 0 }),
      optional(uint32(0)),
    ]) {
      expect(field(value)).toEqual(["x"]);
    }
  });

  test("a field that is left out when zero shows when it is not, and as a root it always shows", () => {
    expect(field(omitWhenZero(uint64(0n)))).toEqual([]);
    expect(field(omitWhenZero(uint64(1n)))).toEqual(["x"]);
    expect(hash("t", omitWhenZero(uint64(0n)))).toBe(hash("t", uint64(0n)));
  });

  test("never-omit shows what would be left out as it shows in a list", () => {
    for (const value of [text(""), bytesOf(empty), optional(undefined), list([])]) {
      expect(field(neverOmit(value))).toEqual(["x"]);
      expect(neverOmit(value).allowOmit).toBe(value.strict);
    }
  });

  test("keys and values of a map always show", () => {
    const { strict } = orderedMap([[text(""), list([])]]);
    const entry: DigestNode = {
      kind: "aggregate",
      name: "Tuple",
      fields: [
        ["0", text("").strict],
        ["1", { kind: "none" }],
      ],
    };
    expect(strict).toEqual({ kind: "sequence", items: [entry] });
  });

  test("a lone value of a variant always shows; several follow the rules of a structure", () => {
    const id = { name: "V", index: 4 };
    const child = (value: Digestible): unknown => (value.strict.kind === "variant" ? value.strict.child : undefined);
    expect(child(variant("E", id))).toEqual(["V", { kind: "none" }]);
    expect(child(variant("E", id, text("")))).toEqual(["V", text("").strict]);
    expect(child(variant("E", id, list([])))).toEqual(["V", { kind: "none" }]);
    expect(child(variant("E", id, text(""), uint32(7)))).toEqual([
      "V",
      { kind: "aggregate", name: "", fields: [["1", uint32(7).strict]] },
    ]);
    expect(child(structVariant("E", id, [["only", text("")]]))).toEqual([
      "V",
      { kind: "aggregate", name: "", fields: [] },
    ]);
  });

  test("a point or scalar of another length is refused", () => {
    for (const make of [point, scalar]) {
      expect(() => make(new Uint8Array(31))).toThrow(expect.objectContaining({ code: "invalid-length" }));
    }
  });
});

test("a hand-made tree hashes like the same tree from builders", () => {
  const transcript = new Transcript("digestible");
  appendNode(transcript, "var3", {
    kind: "variant",
    name: "TestEnum",
    index: 2,
    child: [
      "Option3",
      {
        kind: "aggregate",
        name: "",
        fields: [
          ["0", { kind: "primitive", type: "uint", data: fromHex("d2040000") }],
          ["1", { kind: "primitive", type: "str", data: fromHex("6120737472696e67") }],
        ],
      },
    ],
  });
  expect(toHex(transcript.challenge("digest32", 32))).toBe(
    "41f12c5fcce03ea46f8f8cd7b9f20dd65d4c99d687c21aada8f4726bc8106d7b",
  );
});

describe("lists of records", () => {
  const item = (record: Uint8Array): Digestible =>
    aggregate("Item", [
      ["n", primitive("uint", record.subarray(0, 8))],
      ["kind", text("the same for all")],
      ["inner", tuple("Inner", [bytesOf(record.subarray(8, 20)), primitive("uint", record.subarray(0, 8))])],
    ]);
  const shape = shapeOfRecords(20, item);

  test.each([1, 2, 700])("of %i hash like the list of what the shape makes of each", (n) => {
    // 700 are more than are handed to the kernel at once.
    const records = Uint8Array.from({ length: 20 * n }, (_, i) => (i * i + (i >> 8)) & 0xff);
    const items = Array.from({ length: n }, (_, i) => item(records.subarray(20 * i, 20 * (i + 1))));
    const holder = (value: Digestible): Digestible =>
      aggregate("Holder", [
        ["before", uint64(1n)],
        ["items", value],
        ["after", uint64(2n)],
      ]);
    expect(hash("test", recordList(shape, records))).toBe(hash("test", list(items)));
    expect(hash("test", holder(recordList(shape, records)))).toBe(hash("test", holder(list(items))));
  });

  test("are left out when they are empty", () => {
    expect(recordList(shape, empty)).toEqual(list([]));
  });
});

test("a tree that cannot be hashed leaves nothing to the next one", () => {
  const wrong: DigestNode = { kind: "primitive", type: "bytes", data: [1] as unknown as Uint8Array };
  const node: DigestNode = { kind: "sequence", items: [uint64(1n).strict, wrong] };
  const before = hash("test", uint64(1n));
  expect(() => appendNode(new Transcript("t"), "c", node)).toThrow();
  expect(hash("test", uint64(1n))).toBe(before);
});
