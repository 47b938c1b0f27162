// Collateral is read or refused with a code, whatever it holds; Intel's JSON only in the form it is documented in.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AttestError } from "../../src/error.ts";
import { parseCollateral } from "../../src/sgx/parse-collateral.ts";
import { parseQeIdentity } from "../../src/sgx/qe-identity.ts";
import { parseTcbInfo } from "../../src/sgx/tcb-info.ts";
import { signJson } from "../../src/simulated/simulated-collateral.ts";
import { SIGNER_KEY, testEvidence } from "../evidence/test-evidence.ts";
import { caught, expectCode } from "../expect-code.ts";

const { collateral } = testEvidence();
const TCB_INFO = JSON.parse(collateral.tcbInfo).tcbInfo;
const QE_IDENTITY = JSON.parse(collateral.qeIdentity).enclaveIdentity;

/** Signed TCB info with members replaced; `undefined` leaves one out. */
const tcbInfo = (others: object): string => signJson("tcbInfo", { ...TCB_INFO, ...others }, SIGNER_KEY);
const qeIdentity = (others: object): string => signJson("enclaveIdentity", { ...QE_IDENTITY, ...others }, SIGNER_KEY);
const [LEVEL] = TCB_INFO.tcbLevels;

test("hexadecimal digits are read in either case", () => {
  const { fmspc } = parseTcbInfo(tcbInfo({ fmspc: "ABCDEF012345" }));
  expect(parseTcbInfo(tcbInfo({ fmspc: "abcdef012345" })).fmspc).toEqual(fmspc);
});

test("members that are not known are passed over: Intel adds some now and then", () => {
  expect(parseTcbInfo(tcbInfo({ tcbType: 1, news: [{}] })).version).toBe(3);
});

describe("TCB info is refused", () => {
  test.each([
    ["without its processor", { fmspc: undefined }],
    ["with a processor of 5 bytes", { fmspc: "0123456789" }],
    ["with a processor that is a number", { fmspc: 123_456_789_012 }],
    ["without levels", { tcbLevels: undefined }],
    ["with levels that are an object", { tcbLevels: {} }],
    ["with more levels than are read", { tcbLevels: Array.from({ length: 257 }, () => LEVEL) }],
    ["with a level without components", { tcbLevels: [{ ...LEVEL, tcb: { pcesvn: 0 } }] }],
    ["with a level without a date", { tcbLevels: [{ ...LEVEL, tcbDate: undefined }] }],
    ["with a state that is not known", { tcbLevels: [{ ...LEVEL, tcbStatus: "uptodate" }] }],
    ["with an advisory that is a number", { tcbLevels: [{ ...LEVEL, advisoryIDs: [334] }] }],
    ["with a version that is a text", { version: "3" }],
    ["with an evaluation that is negative", { tcbEvaluationDataNumber: -1 }],
    ["with an evaluation that is a fraction", { tcbEvaluationDataNumber: 1.5 }],
    ["with a day that never was", { issueDate: "2026-02-30T00:00:00Z" }],
    ["with a time without its zone", { nextUpdate: "2026-02-28T00:00:00" }],
    ["with a TDX module without its signer", { tdxModule: { attributes: "00".repeat(8) } }],
    ["with identities of TDX modules that are no list", { tdxModuleIdentities: {} }],
  ])("%s", (_what, others) => {
    expectCode(() => parseTcbInfo(tcbInfo(others)), "collateral-malformed");
  });
});

describe("an identity is refused", () => {
  test.each([
    ["without its signer", { mrsigner: undefined }],
    ["with a mask that is too short", { attributesMask: "FF" }],
    ["with a product that is too large", { isvprodid: 65_536 }],
    ["with a level without a version", { tcbLevels: [{ ...LEVEL, tcb: {} }] }],
  ])("%s", (_what, others) => {
    expectCode(() => parseQeIdentity(qeIdentity(others)), "collateral-malformed");
  });
});

describe("a signed text is refused", () => {
  const { tcbInfo: text } = collateral;
  test.each([
    ["without a signature", `{"tcbInfo":{}}`],
    ["with a signature that is too short", text.replace(/[0-9a-f]{2}"\}$/, '"}')],
    ["with a third member", `${text.slice(0, -1)},"more":1}`],
    ["with a member twice", `${text.slice(0, -1)},"tcbInfo":{}}`],
    ["with the other member", text.replace('"tcbInfo"', '"enclaveIdentity"')],
    ["that is longer than one may be", `${" ".repeat(262_144)}${text}`],
    ["in which nothing is an object", text.replace(/\{"id".*\},/, "1,")],
  ])("%s", (_what, altered) => {
    expectCode(() => parseTcbInfo(altered), "collateral-malformed");
  });
});

test("any damage gives collateral or a code, never anything else", () => {
  const text = (member: "tcbInfo" | "qeIdentity") =>
    fc
      .tuple(fc.nat(collateral[member].length - 1), fc.string({ maxLength: 4 }))
      .map(([at, put]) => ({ [member]: collateral[member].slice(0, at) + put + collateral[member].slice(at + 1) }));
  const bytes = (member: "rootCaCrl" | "pckCrl") =>
    fc
      .tuple(fc.nat(collateral[member].length - 1), fc.nat(255))
      .map(([at, byte]) => ({ [member]: collateral[member].slice().fill(byte, at, at + 1) }));
  const chain = fc.tuple(fc.nat(300), fc.nat(255)).map(([at, byte]) => ({
    tcbInfoIssuerChain: collateral.tcbInfoIssuerChain.map((der) => der.slice().fill(byte, at, at + 1)),
  }));
  const damage = fc.oneof(text("tcbInfo"), text("qeIdentity"), bytes("rootCaCrl"), bytes("pckCrl"), chain);
  fc.assert(
    fc.property(damage, (changes) => {
      const error = caught(() => parseCollateral({ ...collateral, ...changes }));
      expect(error === undefined || error instanceof AttestError).toBe(true);
    }),
    { numRuns: 400 },
  );
});
