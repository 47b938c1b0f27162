// What a TDX quote must say beyond an SGX quote: the module is Intel's, the machine was not weakened (spec 04 §12.2).
import { toHex } from "@fogbow/core-bytes";
import { Findings } from "../evidence/findings.ts";
import { agreesUnder } from "../sgx/check-qe.ts";
import { matchSvnLevel } from "../sgx/match-level.ts";
import type { Standing, SvnLevel, TcbInfo, TcbLevel, TdxModule } from "../sgx/tcb-info.ts";
import { worseStatus } from "../sgx/tcb-status.ts";
import type { TdReport } from "./td-report.ts";

/** Byte 0: debugging of any kind (TUD). */
const DEBUG_BYTE = 0;
/** Bit 28: an exception is not delivered for pages that the host takes away, so that it cannot steer the guest. */
const SEPT_VE_DISABLE = 28;
/** Bits with a meaning that weakens nothing: that one, 30 and 31 (protection keys, key locker), 63 (performance counters). */
const DEFINED_BITS: readonly number[] = [SEPT_VE_DISABLE, 30, 31, 63];

/** Whether the host may look into the machine. */
export function isDebugTd({ tdAttributes }: TdReport): boolean {
  return (tdAttributes[DEBUG_BYTE] ?? 0) !== 0;
}

/** Checks the attributes of the machine and that nobody else services it. */
export function checkTdAttributes(report: TdReport): Findings {
  const findings = new Findings();
  const attributes = toHex(report.tdAttributes);
  const bit = (n: number): boolean => (((report.tdAttributes[n >> 3] ?? 0) >> (n & 7)) & 1) === 1;
  const attribute = (id: string, ok: boolean, expected: string): void =>
    findings.add(id, { ok, problem: "td-attributes", expected, actual: attributes });
  attribute("td-sept-ve-disable", bit(SEPT_VE_DISABLE), "SEPT_VE_DISABLE (bit 28) set");
  const reserved = Array.from({ length: 56 }, (_, i) => i + 8).filter((n) => !DEFINED_BITS.includes(n));
  attribute("td-reserved-attributes", !reserved.some(bit), "no reserved attribute set");
  const service = report.mrServiceTd;
  findings.add("td-service", {
    ok: service === undefined || service.every((byte) => byte === 0),
    problem: "td-attributes",
    expected: "no service machine (MRSERVICETD zero)",
    actual: service === undefined ? "TDX 1.0, which has none" : toHex(service),
  });
  return findings;
}

/** The module that ran the machine, as checked. */
export interface ModuleFinding {
  readonly findings: Findings;
  /** The level of the module, where it has levels of its own. */
  readonly level: SvnLevel | undefined;
}

/** Checks the TDX module against the identity for its version, or against the one for all where it has no version. */
export function checkTdxModule(report: TdReport, tcbInfo: TcbInfo): ModuleFinding {
  const findings = new Findings();
  const [securityVersion = 0, version = 0] = report.teeTcbSvn;
  const id = `TDX_${toHex(Uint8Array.of(version))}`;
  // Compared without case, as Intel's hexadecimal digits changed theirs (T33).
  const identity = tcbInfo.tdxModuleIdentities.find((each) => each.id.toLowerCase() === id.toLowerCase());
  const module: TdxModule | undefined = version > 0 ? identity : tcbInfo.tdxModule;
  findings.add("tdx-module-known", {
    ok: module !== undefined,
    problem: "tdx-module-mismatch",
    expected: version > 0 ? `an identity of the module ${id}` : "a description of the module",
    actual: module === undefined ? "none in the TCB info" : "found",
  });
  if (module === undefined) {
    return { findings, level: undefined };
  }
  findings.add("tdx-module-signer", {
    ok: toHex(report.mrSignerSeam) === toHex(module.mrSigner),
    problem: "tdx-module-mismatch",
    expected: toHex(module.mrSigner),
    actual: toHex(report.mrSignerSeam),
  });
  findings.add("tdx-module-attributes", {
    ok: agreesUnder(module.attributesMask, report.seamAttributes, module.attributes),
    problem: "tdx-module-mismatch",
    expected: toHex(module.attributes),
    actual: toHex(report.seamAttributes),
  });
  if (version === 0 || identity === undefined) {
    return { findings, level: undefined };
  }
  const level = matchSvnLevel(identity.levels, securityVersion);
  findings.add("tdx-module-level", {
    ok: level !== undefined,
    problem: "tcb-level-unknown",
    expected: `a level of the module ${id} that security version ${securityVersion} meets`,
    actual: level?.status ?? "none",
  });
  return { findings, level };
}

/** How the platform stands with its module: the worse state, the advisories of both, the older date. */
export function standingWithModule(platform: TcbLevel, module: SvnLevel | undefined): Standing {
  if (module === undefined) {
    return platform;
  }
  return {
    status: worseStatus(platform.status, module.status),
    advisories: [...new Set([...platform.advisories, ...module.advisories])],
    date: Math.min(platform.date, module.date),
  };
}
