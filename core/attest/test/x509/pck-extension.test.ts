// The SGX extension of PCK certificates: what is read, and that what Intel never issues is refused (spec 04 §6.3, T29).
import { describe, expect, test } from "vitest";
import { TAG } from "../../src/der/read-der.ts";
import { derElement, derInteger, derObjectIdentifier, derSequence } from "../../src/der/write-der.ts";
import { parsePckExtension } from "../../src/x509/pck-extension.ts";
import { expectCode } from "../expect-code.ts";
import { ecParty, leafCertificate } from "./test-authority.ts";

const SGX = "1.2.840.113741.1.13.1";
const party = ecParty("PCK");
const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const octets = (value: Uint8Array): Uint8Array => derElement(TAG.octetString, value);
const integer = (value: number): Uint8Array => derInteger(Uint8Array.of(value >> 8, value & 0xff));
const pair = (oid: string, value: Uint8Array): Uint8Array => derSequence(derObjectIdentifier(oid), value);

type Entries = Map<string, Uint8Array>;
const GOOD: Entries = new Map([
  [`${SGX}.1`, octets(bytes(16, 1))],
  [`${SGX}.2`, new Uint8Array()],
  [`${SGX}.3`, octets(bytes(2, 3))],
  [`${SGX}.4`, octets(bytes(6, 4))],
  [`${SGX}.5`, derElement(TAG.enumerated, Uint8Array.of(1))],
]);
const GOOD_TCB: Entries = new Map([
  ...Array.from({ length: 16 }, (_, i) => [`${SGX}.2.${i + 1}`, integer(i * 17)] as const),
  [`${SGX}.2.17`, integer(65_535)],
  [`${SGX}.2.18`, octets(bytes(16, 2))],
]);

interface Changes {
  readonly entries?: (entries: Entries) => void;
  readonly tcb?: (entries: Entries) => void;
  readonly more?: readonly Uint8Array[];
}

function certificateWith({ entries, tcb, more = [] }: Changes) {
  const [outer, inner] = [new Map(GOOD), new Map(GOOD_TCB)];
  tcb?.(inner);
  outer.set(`${SGX}.2`, derSequence(...[...inner].map(([oid, value]) => pair(oid, value))));
  entries?.(outer);
  const value = derSequence(...[...outer].map(([oid, each]) => pair(oid, each)), ...more);
  return leafCertificate(party, party, { extensions: [{ oid: SGX, critical: false, value }] });
}

const parse = (changes: Changes) => parsePckExtension(certificateWith(changes), { duplicates: "refuse" });

test("what Intel certified is read", () => {
  expect(parse({})).toEqual({
    ppid: bytes(16, 1),
    componentSvns: Array.from({ length: 16 }, (_, i) => i * 17),
    pceSvn: 65_535,
    cpuSvn: bytes(16, 2),
    pceId: bytes(2, 3),
    fmspc: bytes(6, 4),
    sgxType: 1,
  });
});

test("the type may be missing, and entries that are not defined are passed over", () => {
  const instance = pair(`${SGX}.6`, octets(bytes(16, 6)));
  expect(parse({ entries: (all) => all.delete(`${SGX}.5`), more: [instance] }).sgxType).toBeUndefined();
});

test("an entry that is there twice is refused, unless the first is to win as in simulated certificates", () => {
  const again = pair(`${SGX}.4`, derElement(TAG.enumerated, Uint8Array.of(0)));
  expectCode(() => parse({ more: [again] }), "pck-extension-malformed");
  const simulated = parsePckExtension(certificateWith({ more: [again] }), { duplicates: "first-wins" });
  expect(simulated.fmspc).toEqual(bytes(6, 4));
});

describe("refused is", () => {
  test("a certificate without the extension, or without one of its entries", () => {
    const plain = leafCertificate(party, party);
    expectCode(() => parsePckExtension(plain, { duplicates: "refuse" }), "pck-extension-missing");
    for (const oid of [1, 2, 3, 4].map((i) => `${SGX}.${i}`)) {
      expectCode(() => parse({ entries: (all) => all.delete(oid) }), "pck-extension-missing");
    }
    for (const oid of GOOD_TCB.keys()) {
      expectCode(() => parse({ tcb: (all) => all.delete(oid) }), "pck-extension-missing");
    }
  });

  test.each([
    ["a short FMSPC", { entries: (all) => all.set(`${SGX}.4`, octets(bytes(5, 0))) }],
    ["a long PPID", { entries: (all) => all.set(`${SGX}.1`, octets(bytes(17, 0))) }],
    ["an FMSPC of another type", { entries: (all) => all.set(`${SGX}.4`, integer(5)) }],
    ["a type that is not defined", { entries: (all) => all.set(`${SGX}.5`, derElement(TAG.enumerated, bytes(1, 3))) }],
    ["a component above 255", { tcb: (all) => all.set(`${SGX}.2.3`, integer(256)) }],
    ["a negative component", { tcb: (all) => all.set(`${SGX}.2.3`, derElement(TAG.integer, bytes(1, 0xff))) }],
    ["a PCE version above 65 535", { tcb: (all) => all.set(`${SGX}.2.17`, derInteger(Uint8Array.of(1, 0, 0))) }],
    ["33 entries", { more: Array.from({ length: 33 }, (_, i) => pair(`1.2.3.${i}`, integer(1))) }],
    ["an identifier that does not end", { more: [derSequence(derElement(6, Uint8Array.of(42, 3, 0x84)), integer(1))] }],
    ["an entry of three parts", { more: [derSequence(derObjectIdentifier("1.2.3"), integer(1), integer(2))] }],
  ] satisfies [string, Changes][])("%s", (_, changes) => {
    expectCode(() => parse(changes), "pck-extension-malformed");
  });
});
