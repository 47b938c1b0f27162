// Appraising an SGX quote without a policy, compared with an independent verifier where that one can be relied on.

import { fromHex, toHex, utf8 } from "@fogbow/core-bytes";
import { QuoteVerifier } from "@phala/dcap-qvl";
import { describe, expect, test } from "vitest";
import { intelSgxRoot } from "../../src/anchors/intel-sgx-root.ts";
import { toPem } from "../../src/der/pem.ts";
import type { DcapEvidence } from "../../src/evidence/evidence.ts";
import { appraiseQuote } from "../../src/sgx/appraise-quote.ts";
import { parseCollateral } from "../../src/sgx/parse-collateral.ts";
import { usage, writeCertificate } from "../../src/simulated/certificates.ts";
import { type SimulatedKey, simulatedKey } from "../../src/simulated/ecdsa.ts";
import { signJson } from "../../src/simulated/simulated-collateral.ts";
import { COMMON_NAME, derName } from "../../src/simulated/write-der.ts";
import {
  AT,
  type Changes,
  DAY_MS,
  layeredEvidence,
  OTHER_ROOT_KEY,
  ROOT,
  RULES,
  SERIALS,
  testEvidence,
  withBit,
} from "../evidence/test-evidence.ts";

const DEBUGGED = { enclave: { attributes: fromHex("07000000000000000000000000000000") } };

async function problems(evidence: DcapEvidence, others: Partial<typeof RULES> = {}): Promise<string[]> {
  const { findings } = await appraiseQuote(evidence.quote, evidence.collateral, { ...RULES, ...others });
  return findings.problems.map(({ code }) => code);
}

test("an enclave that was started for debugging is refused, unless that is allowed", async () => {
  expect(await problems(testEvidence(DEBUGGED))).toEqual(["debug-enabled"]);
  expect(await problems(testEvidence(DEBUGGED), { allowDebug: true })).toEqual([]);
});

test("collateral that was parsed before gives the same answer, however often it is used", async () => {
  const evidence = testEvidence();
  const parsed = parseCollateral(evidence.collateral);
  for (let i = 0; i < 3; i++) {
    const { findings, validUntil } = await appraiseQuote(evidence.quote, parsed, RULES);
    expect(findings.problems).toEqual([]);
    expect(validUntil).toBe(AT + 20 * DAY_MS - 1);
  }
});

test("collateral that was parsed before is judged again: later it has expired", async () => {
  const evidence = testEvidence();
  const parsed = parseCollateral(evidence.collateral);
  const later = await appraiseQuote(evidence.quote, parsed, { ...RULES, at: AT + 20 * DAY_MS });
  expect(later.findings.problems.map(({ code }) => code)).toContain("collateral-expired");
});

test("what does not hold has no end: one chain that fails is enough", async () => {
  for (const changes of [{ revokedByCa: [SERIALS.platform] }, { revokedByRoot: [SERIALS.tcbSigner] }]) {
    const { quote, collateral } = layeredEvidence(changes);
    expect((await appraiseQuote(quote, collateral, RULES)).validUntil).toBeUndefined();
  }
});

test("under another root nothing is trusted", async () => {
  expect(await problems(testEvidence(), { root: intelSgxRoot() })).toContain("chain-untrusted");
});

describe("who speaks for Intel", () => {
  const below = simulatedKey(utf8("an authority below the root, for tests"));
  const belowName = derName([COMMON_NAME, "An authority below the root"]);
  const speaker = simulatedKey(utf8("the key of a platform, for tests"));
  const times = { notBefore: AT - DAY_MS, notAfter: AT + DAY_MS };

  const authority = writeCertificate(
    {
      serial: 9,
      issuer: ROOT.subject,
      subject: belowName,
      ...times,
      publicKey: below.xy,
      extensions: usage("authority"),
    },
    ROOT.key,
  );
  const platform = writeCertificate(
    {
      serial: 10,
      issuer: belowName,
      subject: derName([COMMON_NAME, "A platform"]),
      ...times,
      publicKey: speaker.xy,
      extensions: usage("signer"),
    },
    below,
  );

  /** The evidence with a text of Intel's signed by another key, and the chain of that key. */
  function spokenBy(member: "tcbInfo" | "qeIdentity", key: SimulatedKey, chain: readonly Uint8Array[]): DcapEvidence {
    const evidence = testEvidence();
    const name = member === "tcbInfo" ? "tcbInfo" : "enclaveIdentity";
    const text = signJson(name, JSON.parse(evidence.collateral[member])[name], key);
    const [, root] = evidence.collateral.tcbInfoIssuerChain;
    const whole = [...chain, ...(root === undefined ? [] : [root])];
    return { ...evidence, collateral: { ...evidence.collateral, [member]: text, [`${member}IssuerChain`]: whole } };
  }

  test.each(["tcbInfo", "qeIdentity"] as const)("is certified by the root itself, for %s", async (member) => {
    const byPlatform = spokenBy(member, speaker, [platform, authority]);
    expect(await problems(byPlatform, { requireCrls: false })).toEqual(["chain-invalid"]);
    const byAuthority = spokenBy(member, below, [authority]);
    expect(await problems(byAuthority)).toEqual(["chain-invalid"]);
  });
});

describe("beside @phala/dcap-qvl", () => {
  const level = (svn: number, tcbStatus: string, advisoryIDs: string[] = []): object => ({
    tcb: { sgxtcbcomponents: Array.from({ length: 16 }, () => ({ svn })), pcesvn: 0 },
    tcbDate: "2021-11-10T00:00:00Z",
    tcbStatus,
    advisoryIDs,
  });

  /** What the library says: a state with advisories, or nothing. */
  function theirs({ quote, collateral }: DcapEvidence): string | undefined {
    const pem = (chain: readonly Uint8Array[]): string => chain.map((der) => toPem(der)).join("");
    const object = (text: string, member: string): string =>
      text.slice(`{"${member}":`.length, text.lastIndexOf(',"signature"'));
    const signature = (text: string): string => JSON.parse(text).signature;
    try {
      const { status, advisory_ids } = QuoteVerifier.newWithRootCa(
        Buffer.from(collateral.tcbInfoIssuerChain[1] ?? []),
      ).verify(
        Buffer.from(quote),
        {
          pck_crl_issuer_chain: pem(collateral.pckCrlIssuerChain),
          root_ca_crl: toHex(collateral.rootCaCrl),
          pck_crl: toHex(collateral.pckCrl),
          tcb_info_issuer_chain: pem(collateral.tcbInfoIssuerChain),
          tcb_info: object(collateral.tcbInfo, "tcbInfo"),
          tcb_info_signature: signature(collateral.tcbInfo),
          qe_identity_issuer_chain: pem(collateral.qeIdentityIssuerChain),
          qe_identity: object(collateral.qeIdentity, "enclaveIdentity"),
          qe_identity_signature: signature(collateral.qeIdentity),
        },
        AT / 1000,
      );
      return [status, ...advisory_ids].join(" ");
    } catch {
      return undefined;
    }
  }

  /** What we say, in the same words. */
  async function ours(evidence: DcapEvidence): Promise<string | undefined> {
    try {
      const { findings, tcbStatus, advisories } = await appraiseQuote(evidence.quote, evidence.collateral, RULES);
      return findings.ok ? [tcbStatus, ...advisories].join(" ") : undefined;
    } catch {
      return undefined;
    }
  }

  test.each([
    ["a platform that is up to date", {}],
    [
      "advisories",
      { tcbInfo: { tcbLevels: [level(0x31, "UpToDate"), level(0, "SWHardeningNeeded", ["INTEL-SA-00334"])] } },
    ],
    ["a debugged enclave", DEBUGGED],
    ["expired TCB info", { tcbInfo: { nextUpdate: "2026-06-15T11:59:59Z" } }],
    ["an expired certificate", { signer: { notAfter: AT - 1000 } }],
    ["a revoked certificate", { crl: { revoked: [2] } }],
    ["another quoting enclave", { quotingEnclave: { productId: 3 } }],
    ["another processor", { tcbInfo: { fmspc: "000000000000" } }],
  ] satisfies [string, Changes][])("we agree about %s", async (_what, changes) => {
    const evidence = testEvidence(changes);
    expect(await ours(evidence)).toBe(theirs(evidence));
  });

  test("we agree about quotes with one bit turned, all along the quote up to its certificates", async () => {
    const evidence = testEvidence();
    expect(theirs(evidence)).toBe("UpToDate");
    for (let offset = 0; offset < 1046; offset += 29) {
      const altered = { ...evidence, quote: withBit(evidence.quote, offset, offset % 8) };
      expect(await ours(altered), `byte ${offset}`).toBe(theirs(altered));
    }
  });

  test.each([
    ["forged", { crl: { key: OTHER_ROOT_KEY } }],
    ["expired", { crl: { nextUpdate: AT - 1000 } }],
    ["of another issuer", { crl: { issuer: ROOT.subject.slice().fill(0x41, -4) } }],
  ] satisfies [string, Changes][])(
    "we refuse a revocation list that is %s, which the library accepts",
    async (_what, changes) => {
      const evidence = testEvidence(changes);
      expect(theirs(evidence)).toBe("UpToDate");
      expect(await ours(evidence)).toBeUndefined();
    },
  );
});
