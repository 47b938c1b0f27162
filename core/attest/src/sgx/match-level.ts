// Which level of Intel's lists a platform is of: the first that it meets in every part (spec 04 §7.1, §12.2).
import type { PckExtension } from "../x509/pck-extension.ts";
import type { SvnLevel, TcbInfo, TcbLevel } from "./tcb-info.ts";

/** The level of an SGX platform; undefined when it is below all. */
export function matchSgxLevel({ levels }: TcbInfo, pck: PckExtension): TcbLevel | undefined {
  return levels.find((level) => meetsSgx(level, pck));
}

/**
 * The level of a TDX platform, whose `teeTcbSvn` are 16 bytes of the quote; undefined when it is below all. Where the
 * TDX module has levels of its own (byte 1 is not 0), its two bytes count there and not here.
 */
export function matchTdxLevel({ levels }: TcbInfo, pck: PckExtension, teeTcbSvn: Uint8Array): TcbLevel | undefined {
  const from = (teeTcbSvn[1] ?? 0) > 0 ? 2 : 0;
  return levels.find(
    (level) => meetsSgx(level, pck) && level.tdxComponents?.every((svn, i) => i < from || svn <= (teeTcbSvn[i] ?? 0)),
  );
}

/** The level of an enclave or module with this security version; undefined when it is below all. */
export function matchSvnLevel(levels: readonly SvnLevel[], securityVersion: number): SvnLevel | undefined {
  return levels.find(({ isvSvn }) => isvSvn <= securityVersion);
}

function meetsSgx({ sgxComponents, pceSvn }: TcbLevel, pck: PckExtension): boolean {
  return pceSvn <= pck.pceSvn && sgxComponents.every((svn, i) => svn <= (pck.componentSvns[i] ?? 0));
}
