// Policies: which measurements are trusted and when, and what is no policy at all.
import { toHex } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Measurement } from "../../src/evidence/verdict.ts";
import { allowedStatus, checkMeasurement } from "../../src/policy/check-measurement.ts";
import {
  type AllowedMeasurement,
  createPolicy,
  MEASUREMENTS_MAX,
  policyDigest,
  withdrawMeasurements,
} from "../../src/policy/policy.ts";
import type { TrustedIdentity } from "../../src/policy/trusted-identity.ts";
import { TCB_STATUSES, type TcbStatus } from "../../src/sgx/tcb-status.ts";
import { AT, DAY_MS, IDENTITY, MEASUREMENT, SIGNER } from "../evidence/test-evidence.ts";
import { expectCode } from "../expect-code.ts";

const RUNS: Measurement & { readonly kind: "sgx" } = {
  kind: "sgx",
  mrEnclave: MEASUREMENT,
  mrSigner: SIGNER,
  productId: 7,
  securityVersion: 3,
};
const BY_SIGNER: TrustedIdentity = {
  kind: "mr-signer",
  mrSigner: SIGNER,
  productId: 7,
  minimumSvn: 3,
  configAdvisories: [],
  hardeningAdvisories: [],
};

interface Situation {
  readonly measurement?: Measurement;
  readonly status?: TcbStatus;
  readonly advisories?: readonly string[];
  readonly at?: number;
}

function judge(measurements: readonly AllowedMeasurement[], situation: Situation = {}): string | number {
  const { measurement = RUNS, status = "UpToDate", advisories = [], at = AT } = situation;
  const { findings, validUntil } = checkMeasurement(
    { measurement, standing: { status, advisories }, at },
    createPolicy({ measurements }),
  );
  return findings.problems[0]?.code ?? validUntil ?? "no end";
}

describe("a measurement is trusted", () => {
  test("by MRENCLAVE, whoever signed it", () => {
    expect(judge([{ identity: IDENTITY }], { measurement: { ...RUNS, mrSigner: MEASUREMENT } })).toBe(Infinity);
    expect(judge([{ identity: IDENTITY }], { measurement: { ...RUNS, mrEnclave: SIGNER } })).toBe(
      "measurement-unknown",
    );
  });

  test("by MRSIGNER, product and security version together", () => {
    const trusted = (others: Partial<typeof RUNS>): string | number =>
      judge([{ identity: BY_SIGNER }], { measurement: { ...RUNS, mrEnclave: SIGNER, ...others } });
    expect(trusted({})).toBe(Infinity);
    expect(trusted({ securityVersion: 4 })).toBe(Infinity);
    expect(trusted({ securityVersion: 2 })).toBe("security-version-too-low");
    expect(trusted({ productId: 8 })).toBe("measurement-unknown");
    expect(trusted({ mrSigner: MEASUREMENT })).toBe("measurement-unknown");
  });

  test("when one of several matches, as while a release replaces another", () => {
    const next: TrustedIdentity = { ...IDENTITY, mrEnclave: SIGNER };
    expect(judge([{ identity: next }, { identity: IDENTITY }])).toBe(Infinity);
    expect(judge([{ identity: IDENTITY }, { identity: next }])).toBe(Infinity);
  });

  test("in its window alone, both ends included", () => {
    const window = [{ identity: IDENTITY, validFrom: AT, validUntil: AT + DAY_MS }];
    expect(judge([{ identity: IDENTITY, validFrom: AT, validUntil: AT }])).toBe(AT);
    expect(judge(window, { at: AT })).toBe(AT + DAY_MS);
    expect(judge(window, { at: AT + DAY_MS })).toBe(AT + DAY_MS);
    expect(judge(window, { at: AT - 1 })).toBe("measurement-not-current");
    expect(judge(window, { at: AT + DAY_MS + 1 })).toBe("measurement-not-current");
  });

  test("until the last of the windows that trust it", () => {
    const windows = [
      { identity: IDENTITY, validUntil: AT + DAY_MS },
      { identity: BY_SIGNER, validUntil: AT + 2 * DAY_MS },
    ];
    expect(judge(windows)).toBe(AT + 2 * DAY_MS);
  });

  test("only by what is current and accepts the platform's state, both at once", () => {
    const situation: Situation = { status: "SWHardeningNeeded", advisories: ["A"] };
    const lenient = { ...IDENTITY, hardeningAdvisories: ["A"] };
    const past = { identity: lenient, validUntil: AT - 1 };
    expect(judge([past, { identity: IDENTITY }], situation)).toBe("tcb-status-refused");
    const strictForLong = { identity: IDENTITY, validUntil: AT + 2 * DAY_MS };
    expect(judge([strictForLong, { identity: lenient, validUntil: AT + DAY_MS }], situation)).toBe(AT + DAY_MS);
  });

  test("not once it was withdrawn, even where its signer is still trusted", () => {
    const both = createPolicy({ measurements: [{ identity: IDENTITY }, { identity: BY_SIGNER }] });
    expect(judge(both.measurements)).toBe(Infinity);
    const without = withdrawMeasurements(both, ({ kind }) => kind === "mr-enclave");
    expect(judge(without.measurements)).toBe("measurement-withdrawn");
    expect(toHex(policyDigest(without))).not.toBe(toHex(policyDigest(both)));
  });

  test("and a refusal names as trusted only what was not withdrawn", () => {
    const other: TrustedIdentity = { ...IDENTITY, mrEnclave: SIGNER };
    const expected = (withdrawn: readonly TrustedIdentity[]): string | undefined => {
      const policy = withdrawMeasurements(
        createPolicy({ measurements: [{ identity: IDENTITY }, { identity: other }] }),
        (identity) => withdrawn.includes(identity),
      );
      const measurement = { ...RUNS, mrEnclave: new Uint8Array(32) };
      return checkMeasurement({ measurement, standing: undefined, at: AT }, policy).findings.problems[0]?.expected;
    };
    expect(expected([IDENTITY])).toBe(`MRENCLAVE ${toHex(SIGNER)}`);
    expect(expected([IDENTITY, other])).toContain("withdrawn");
  });

  test("never by an identity of another kind of platform", () => {
    const td: Measurement = {
      kind: "tdx",
      mrTd: new Uint8Array(48),
      rtmrs: Array.from({ length: 4 }, () => new Uint8Array(48)),
    };
    const snp: Measurement = {
      kind: "sev-snp",
      launchMeasurement: new Uint8Array(48),
      hostData: new Uint8Array(32),
      guestSvn: 0,
    };
    for (const measurement of [td, snp]) {
      expect(judge([{ identity: IDENTITY }, { identity: BY_SIGNER }], { measurement })).toBe("measurement-unknown");
    }
    const identities: TrustedIdentity[] = [
      {
        kind: "td",
        mrTd: new Uint8Array(48),
        rtmrs: [undefined, undefined, undefined, undefined],
        configAdvisories: [],
        hardeningAdvisories: [],
      },
      { kind: "sev-snp", launchMeasurement: new Uint8Array(48), hostData: undefined },
    ];
    const list = identities.map((identity) => ({ identity }));
    expect(judge(list)).toBe("measurement-unknown");
    expect(judge(list, { measurement: td })).toBe(Infinity);
    expect(judge(list, { measurement: snp })).toBe(Infinity);
  });

  test("of a SEV-SNP machine only with the host data that is trusted, where one is", () => {
    const snp: Measurement = {
      kind: "sev-snp",
      launchMeasurement: new Uint8Array(48),
      hostData: new Uint8Array(32),
      guestSvn: 0,
    };
    const identity = (hostData: Uint8Array): AllowedMeasurement[] => [
      { identity: { kind: "sev-snp", launchMeasurement: new Uint8Array(48), hostData } },
    ];
    expect(judge(identity(new Uint8Array(32)), { measurement: snp })).toBe(Infinity);
    expect(judge(identity(SIGNER), { measurement: snp })).toBe("measurement-unknown");
  });
});

describe("the rule of spec 04 §7.3", () => {
  const lists: readonly (readonly [string, readonly string[], readonly string[], TcbStatus])[] = [
    ["no list", [], [], "UpToDate"],
    ["hardening alone", [], ["A"], "SWHardeningNeeded"],
    ["configuration alone", ["A"], [], "ConfigurationNeeded"],
    ["both", ["A"], ["B"], "ConfigurationAndSWHardeningNeeded"],
  ];

  test.each(lists)(
    "accepts with %s down to one state, and better ones",
    (_what, configAdvisories, hardeningAdvisories, floor) => {
      expect(allowedStatus({ configAdvisories, hardeningAdvisories })).toBe(floor);
      const identity = { ...IDENTITY, configAdvisories, hardeningAdvisories };
      for (const status of TCB_STATUSES) {
        const expected = TCB_STATUSES.indexOf(status) >= TCB_STATUSES.indexOf(floor) ? Infinity : "tcb-status-refused";
        expect(judge([{ identity }], { status }), status).toBe(expected);
      }
    },
  );

  test("accepts advisories that stand in either list, and no others", () => {
    const identity = { ...IDENTITY, configAdvisories: ["A"], hardeningAdvisories: ["B"] };
    fc.assert(
      fc.property(fc.subarray(["A", "B", "C"]), (advisories) => {
        const expected = advisories.includes("C") ? "advisory-refused" : Infinity;
        expect(judge([{ identity }], { status: "SWHardeningNeeded", advisories })).toBe(expected);
      }),
    );
  });

  test("never accepts what is out of date or revoked", () => {
    const identity = { ...IDENTITY, configAdvisories: ["A"], hardeningAdvisories: ["A"] };
    for (const status of ["OutOfDate", "OutOfDateConfigurationNeeded", "Revoked"] as const) {
      expect(judge([{ identity }], { status })).toBe("tcb-status-refused");
    }
  });

  test("takes the first identity that accepts: another that matches and refuses does not count", () => {
    const lenient = { ...IDENTITY, hardeningAdvisories: ["A"] };
    const situation: Situation = { status: "SWHardeningNeeded", advisories: ["A"] };
    expect(judge([{ identity: IDENTITY }, { identity: lenient }], situation)).toBe(Infinity);
  });
});

describe("no policy is", () => {
  test("one that trusts no measurement or no platform", () => {
    expectCode(() => createPolicy({ measurements: [] }), "policy-empty");
    expectCode(() => createPolicy({ measurements: [{ identity: IDENTITY }], platforms: [] }), "policy-empty");
  });

  test.each([
    ["with a state that can never be trusted", { acceptedTcbStatuses: ["OutOfDate"] }],
    ["with a platform that there is not", { platforms: ["sgx1"] }],
    [
      "with a measurement of another length",
      { measurements: [{ identity: { ...IDENTITY, mrEnclave: new Uint8Array(31) } }] },
    ],
    [
      "with a window that ends before it begins",
      { measurements: [{ identity: IDENTITY, validFrom: 2, validUntil: 1 }] },
    ],
    ["with an identity of an unknown kind", { measurements: [{ identity: { kind: "enclave" } }] }],
    [
      "with a security version that is no number, which every version would be new enough for",
      { measurements: [{ identity: { ...BY_SIGNER, minimumSvn: Number.NaN } }] },
    ],
    [
      "with a security version above what an enclave can state",
      { measurements: [{ identity: { ...BY_SIGNER, minimumSvn: 65_536 } }] },
    ],
    ["with a product that is no number", { measurements: [{ identity: { ...BY_SIGNER, productId: 1.5 } }] }],
    ["with a privilege level that there is not", { maximumVmpl: 4 }],
    [
      "with three registers",
      {
        measurements: [
          { identity: { kind: "td", mrTd: new Uint8Array(48), rtmrs: [undefined, undefined, undefined] } },
        ],
      },
    ],
    [
      "with more measurements than one may name",
      { measurements: Array.from({ length: MEASUREMENTS_MAX + 1 }, () => ({ identity: IDENTITY })) },
    ],
  ])("one %s", (_what, options) => {
    // Callers without types pass anything.
    const refused = { measurements: [{ identity: IDENTITY }], ...options } as Parameters<typeof createPolicy>[0];
    expectCode(() => createPolicy(refused), "policy-malformed");
  });
});

test("two policies have the same digest only when they say the same", () => {
  const digest = (options: Partial<Parameters<typeof createPolicy>[0]>): string =>
    toHex(policyDigest(createPolicy({ measurements: [{ identity: IDENTITY }], ...options })));
  expect(digest({})).toBe(digest({}));
  const digests = [
    digest({}),
    digest({ allowDebug: true }),
    digest({ minimumTcbDate: 0 }),
    digest({ acceptedAdvisories: [] }),
    digest({ measurements: [{ identity: { ...IDENTITY, mrEnclave: SIGNER } }] }),
    digest({ measurements: [{ identity: IDENTITY, validUntil: 1 }] }),
    digest({ minimumSnpTcb: { snp: 1 } }),
  ];
  expect(new Set(digests).size).toBe(digests.length);
});
