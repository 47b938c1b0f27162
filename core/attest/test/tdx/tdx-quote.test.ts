// TDX quotes of versions 4 and 5, self-signed under the development root as no valid quote of version 5 is public.
import { concatBytes, le32 } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import type { Verdict } from "../../src/evidence/verdict.ts";
import { explainVerdict } from "../../src/evidence/verdict.ts";
import { verifyEvidence } from "../../src/evidence/verify-evidence.ts";
import type { TdIdentity } from "../../src/policy/trusted-identity.ts";
import { appraiseQuote } from "../../src/sgx/appraise-quote.ts";
import { parseQuote } from "../../src/sgx/quote.ts";
import {
  AT,
  type Changes,
  CONTENTS,
  ENCLAVE,
  RULES,
  testEvidence,
  testPolicy,
  withBit,
} from "../evidence/test-evidence.ts";

const MR_TD = new Uint8Array(48).fill(0xc3);
const RTMR3 = new Uint8Array(48).fill(0xd4);
const MR_SIGNER_SEAM = "00".repeat(48);
const LEVEL = { tcbDate: "2024-03-13T00:00:00Z", tcbStatus: "UpToDate" };

/** A body of TDX 1.0 (584 bytes) or 1.5 (648), with bytes set at offsets. */
function body(
  length: 584 | 648,
  changes: readonly (readonly [offset: number, bytes: ArrayLike<number>])[] = [],
): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set([0, 0, 0, 0x10], 120); // SEPT_VE_DISABLE.
  bytes.set(MR_TD, 136);
  bytes.set(RTMR3, 328 + 3 * 48);
  bytes.set(ENCLAVE.reportData, 520);
  for (const [offset, value] of changes) {
    bytes.set(value, offset);
  }
  return bytes;
}

const svns = (...values: number[]): object[] => Array.from({ length: 16 }, (_, i) => ({ svn: values[i] ?? 0 }));
const level = (tdx: number[], others: object = {}): object => ({
  tcb: { sgxtcbcomponents: svns(), pcesvn: 0, tdxtcbcomponents: svns(...tdx) },
  ...LEVEL,
  ...others,
});
const MODULE = { mrsigner: MR_SIGNER_SEAM, attributes: "00".repeat(8), attributesMask: "FF".repeat(8) };
const TCB_INFO = { id: "TDX", tdxModule: MODULE, tcbLevels: [level([])] };
const QE = { id: "TD_QE" };

const IDENTITY: TdIdentity = {
  kind: "td",
  mrTd: MR_TD,
  rtmrs: [undefined, undefined, undefined, RTMR3],
  configAdvisories: [],
  hardeningAdvisories: [],
};

async function verify(changes: Changes, identity: TdIdentity = IDENTITY): Promise<Verdict> {
  const evidence = testEvidence({ version: 4, tcbInfo: TCB_INFO, qeIdentity: QE, body: body(584), ...changes });
  return await verifyEvidence({
    evidence,
    policy: testPolicy({ measurements: [{ identity }] }),
    at: AT,
    handshakeKey: CONTENTS.key,
  });
}

const codes = ({ problems }: Verdict): string[] => [...new Set(problems.map(({ code }) => code))];

describe("a TDX quote that holds", () => {
  test.each([
    ["version 4", { version: 4, body: body(584) }],
    ["version 5 of TDX 1.0", { version: 5, body: body(584) }],
    ["version 5 of TDX 1.5", { version: 5, body: body(648) }],
  ] as const)("is accepted: %s", async (_what, changes) => {
    const verdict = await verify(changes);
    expect(explainVerdict(verdict)).toBeUndefined();
    expect(verdict).toMatchObject({ ok: true, tcbStatus: "UpToDate", measurement: { kind: "tdx", mrTd: MR_TD } });
  });

  test("is accepted with other registers, where the identity leaves them open", async () => {
    expect((await verify({ body: body(584, [[328, [1]]]) })).ok).toBe(true);
  });
});

describe("a TDX quote is refused", () => {
  test.each([
    ["without SEPT_VE_DISABLE", { body: body(584, [[123, [0]]]) }, ["td-attributes"]],
    ["for a reserved attribute", { body: body(584, [[121, [1]]]) }, ["td-attributes"]],
    ["for attribute 29, which is reserved", { body: body(584, [[123, [0x30]]]) }, ["td-attributes"]],
    ["for a service machine", { version: 5, body: body(648, [[600, [1]]]) }, ["td-attributes"]],
    ["for a service machine, by any byte", { version: 5, body: body(648, [[647, [1]]]) }, ["td-attributes"]],
    ["for a module of another signer", { body: body(584, [[64, [1]]]) }, ["tdx-module-mismatch"]],
    ["for a module of other attributes", { body: body(584, [[112, [1]]]) }, ["tdx-module-mismatch"]],
    ["for another firmware", { body: body(584, [[136, [1]]]) }, ["measurement-unknown"]],
    ["for another RTMR3", { body: body(584, [[328 + 3 * 48, [1]]]) }, ["measurement-unknown"]],
    ["for report data of something else", { body: body(584, [[520, [1]]]) }, ["report-data-mismatch"]],
    ["with the collateral of SGX", { tcbInfo: {}, qeIdentity: {} }, ["collateral-kind"]],
  ] as const)("%s", async (_what, changes, expected) => {
    const verdict = await verify(changes);
    expect(codes(verdict)).toEqual(expect.arrayContaining([...expected]));
    expect(explainVerdict(verdict)?.code).toBe(expected[0]);
  });

  test.each([0x01, 0x80])("when its host may look into it (TUD %i), by all but simulations", async (tud) => {
    const debugged = testEvidence({ version: 4, tcbInfo: TCB_INFO, qeIdentity: QE, body: body(584, [[120, [tud]]]) });
    const appraise = async (allowDebug: boolean): Promise<string[]> => {
      const { findings } = await appraiseQuote(debugged.quote, debugged.collateral, { ...RULES, allowDebug });
      return findings.problems.map(({ code }) => code);
    };
    expect(await appraise(false)).toEqual(["debug-enabled"]);
    expect(await appraise(true)).toEqual([]);
  });
});

describe("levels of a TDX platform", () => {
  const svnBytes = (first: number, second: number, third = 0): Changes => ({
    body: body(584, [[0, [first, second, third]]]),
  });

  test("are met by the TDX components too", async () => {
    const tcbInfo = { ...TCB_INFO, tcbLevels: [level([3, 0, 2])] };
    expect((await verify({ tcbInfo, ...svnBytes(3, 0, 2) })).ok).toBe(true);
    expect(codes(await verify({ tcbInfo, ...svnBytes(3, 0, 1) }))).toContain("tcb-level-unknown");
    expect(codes(await verify({ tcbInfo, ...svnBytes(2, 0, 2) }))).toContain("tcb-level-unknown");
  });

  test("are met by SGX's components and the provisioning enclave as well", async () => {
    const zeros = { sgxtcbcomponents: svns(), pcesvn: 0, tdxtcbcomponents: svns() };
    for (const higher of [{ sgxtcbcomponents: svns(1) }, { pcesvn: 1 }]) {
      const tcbInfo = { ...TCB_INFO, tcbLevels: [level([], { tcb: { ...zeros, ...higher } })] };
      expect(codes(await verify({ tcbInfo, ...svnBytes(3, 0, 2) }))).toContain("tcb-level-unknown");
    }
  });

  const versioned = {
    ...TCB_INFO,
    tcbLevels: [level([9, 11, 2])], // More than any module below in its two components, which do not count here.
    tdxModuleIdentities: [
      {
        ...MODULE,
        id: "TDX_0A",
        tcbLevels: [
          { tcb: { isvsvn: 4 }, ...LEVEL },
          { tcb: { isvsvn: 2 }, ...LEVEL, tcbStatus: "OutOfDate", advisoryIDs: ["INTEL-SA-00999"] },
        ],
      },
    ],
  };

  test("of a module with a version are those of its identity, and its two components count there alone", async () => {
    expect((await verify({ tcbInfo: versioned, ...svnBytes(4, 10, 2) })).ok).toBe(true);
    expect(codes(await verify({ tcbInfo: versioned, ...svnBytes(4, 10, 1) }))).toContain("tcb-level-unknown");
  });

  test("of platform and module: the worse state and both advisories count", async () => {
    const verdict = await verify({ tcbInfo: versioned, ...svnBytes(3, 10, 2) });
    expect(codes(verdict)).toContain("tcb-out-of-date");
    expect(verdict).toMatchObject({ tcbStatus: "OutOfDate", advisories: ["INTEL-SA-00999"] });
  });

  test("of platform and module: the older date counts", async () => {
    const older = structuredClone(versioned);
    Object.assign(older.tdxModuleIdentities[0]?.tcbLevels[0] ?? {}, { tcbDate: "2020-01-01T00:00:00Z" });
    const changes = { version: 4, tcbInfo: older, qeIdentity: QE, ...svnBytes(4, 10, 2) } as const;
    const under = async (minimumTcbDate: number): Promise<string[]> => {
      const policy = testPolicy({ measurements: [{ identity: IDENTITY }], minimumTcbDate });
      return codes(await verifyEvidence({ evidence: testEvidence(changes), policy, at: AT }));
    };
    expect(await under(Date.UTC(2020, 0, 1))).toEqual([]);
    expect(await under(Date.UTC(2020, 0, 2))).toEqual(["tcb-date-too-old"]);
  });

  test("of a module below every level, or without an identity, are none", async () => {
    expect(codes(await verify({ tcbInfo: versioned, ...svnBytes(1, 10, 2) }))).toContain("tcb-level-unknown");
    expect(codes(await verify({ tcbInfo: versioned, ...svnBytes(4, 11, 2) }))).toContain("tdx-module-mismatch");
  });
});

describe("the layout of TDX quotes", () => {
  const quote = (changes: Changes): Uint8Array => testEvidence({ version: 5, body: body(648), ...changes }).quote;

  test("every bit of header and body counts", async () => {
    const evidence = testEvidence({ version: 4, tcbInfo: TCB_INFO, qeIdentity: QE, body: body(584) });
    for (let offset = 8; offset < 632; offset += 13) {
      const altered = { ...evidence, quote: withBit(evidence.quote, offset, offset % 8) };
      const policy = testPolicy({ measurements: [{ identity: IDENTITY }] });
      const verdict = await verifyEvidence({ evidence: altered, policy, at: AT });
      expect(codes(verdict), `byte ${offset}`).toContain("quote-signature");
    }
  });

  test("the descriptor must state a body of a TDX machine and its length", () => {
    expect(parseQuote(quote({})).body).toMatchObject({ kind: "tdx" });
    const refused = expect.objectContaining({ code: "quote-unsupported" });
    expect(() => parseQuote(withBit(quote({}), 48))).toThrow(refused);
    expect(() => parseQuote(withBit(quote({}), 50))).toThrow(refused);
  });

  test("nothing may follow inside of the signature data, whose length nobody signed", () => {
    const longer = concatBytes(quote({}), Uint8Array.of(0));
    const at = 48 + 6 + 648;
    longer.set(le32(longer.length - at - 4), at);
    expect(() => parseQuote(longer)).toThrow(expect.objectContaining({ code: "quote-malformed" }));
  });

  test("a quote of version 3 is about SGX, one of version 4 about TDX", () => {
    const refused = expect.objectContaining({ code: "quote-unsupported" });
    const four = quote({ version: 4, body: body(584) });
    const sgx = four.slice();
    sgx[4] = 0;
    expect(() => parseQuote(sgx)).toThrow(refused);
    const three = testEvidence().quote.slice();
    three[4] = 0x81;
    expect(() => parseQuote(three)).toThrow(refused);
  });
});
