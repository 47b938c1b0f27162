// What a verification of evidence says: whether it holds, for which code, how long, and every check that was made.
import { toHex } from "@fogbow/core-bytes";
import type { Check } from "../check.ts";
import type { EvidencePlatform } from "../policy/policy.ts";
import type { TcbStatus } from "../sgx/tcb-status.ts";
import { PROBLEMS, type Problem, type ProblemCode, weightiest } from "./problem.ts";

/** The code that runs, as its platform states it. */
export type Measurement =
  | {
      readonly kind: "sgx";
      /** 32 bytes. */
      readonly mrEnclave: Uint8Array;
      /** 32 bytes. */
      readonly mrSigner: Uint8Array;
      readonly productId: number;
      readonly securityVersion: number;
    }
  | {
      readonly kind: "tdx";
      /** 48 bytes. */
      readonly mrTd: Uint8Array;
      /** RTMR0 to RTMR3: 48 bytes each. */
      readonly rtmrs: readonly Uint8Array[];
    }
  | {
      readonly kind: "sev-snp";
      /** 48 bytes. */
      readonly launchMeasurement: Uint8Array;
      /** 32 bytes. */
      readonly hostData: Uint8Array;
      readonly guestSvn: number;
    };

/** What a verification says (spec 04 §13). */
export interface Verdict {
  readonly ok: boolean;
  /** Where the evidence comes from; undefined when it cannot be read. */
  readonly platform?: EvidencePlatform;
  /** What runs; believe it only of a verdict that is ok. */
  readonly measurement?: Measurement;
  /** How up to date Intel's platform is; undefined for AMD's and below every level. */
  readonly tcbStatus?: TcbStatus;
  /** Advisories that apply to the platform. */
  readonly advisories: readonly string[];
  /** The last instant at which the verdict holds, in milliseconds since 1970; of a verdict that is ok. */
  readonly validUntil?: number;
  /** Every check that was made. */
  readonly checks: readonly Check[];
  /** Everything that is wrong. */
  readonly problems: readonly Problem[];
}

/** Why evidence was refused, for a person and for programs. */
export interface Explanation {
  readonly code: ProblemCode;
  /** What was expected, what was found, what to do. */
  readonly message: string;
}

/** The one reason to speak of; undefined for a verdict that is ok. */
export function explainVerdict({ problems }: Pick<Verdict, "problems">): Explanation | undefined {
  const problem = weightiest(problems);
  if (problem === undefined) {
    return undefined;
  }
  const { says, advice } = PROBLEMS[problem.code];
  const others = [...new Set(problems.map(({ code }) => code))].filter((code) => code !== problem.code);
  const also = others.length === 0 ? "" : ` Also: ${others.join(", ")}.`;
  return {
    code: problem.code,
    message: `${says}: expected ${problem.expected}; found ${problem.actual}. ${advice}${also}`,
  };
}

/** A measurement as people compare it: hexadecimal digits with their names. */
export function describeMeasurement(measurement: Measurement): string {
  switch (measurement.kind) {
    case "sgx": {
      const { mrEnclave, mrSigner, productId, securityVersion } = measurement;
      const product = `product ${productId}, security version ${securityVersion}`;
      return `MRENCLAVE ${toHex(mrEnclave)}, MRSIGNER ${toHex(mrSigner)}, ${product}`;
    }
    case "tdx":
      return [`MRTD ${toHex(measurement.mrTd)}`, ...measurement.rtmrs.map((each, i) => `RTMR${i} ${toHex(each)}`)].join(
        ", ",
      );
    case "sev-snp": {
      const { launchMeasurement, hostData, guestSvn } = measurement;
      return `launch measurement ${toHex(launchMeasurement)}, host data ${toHex(hostData)}, guest version ${guestSvn}`;
    }
  }
}
