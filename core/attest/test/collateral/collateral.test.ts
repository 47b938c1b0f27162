// Where collateral comes from: what is asked of Intel's service, how its answers are read, and how long they are kept.
import { toHex, utf8 } from "@fogbow/core-bytes";
import { beforeEach, describe, expect, test } from "vitest";
import { collateralExpiry, createCollateralCache } from "../../src/collateral/collateral-cache.ts";
import { type CollateralRequest, collateralRequestOf } from "../../src/collateral/collateral-request.ts";
import {
  COLLATERAL_ANSWER_BYTES_MAX,
  type CollateralAnswer,
  loadIntelCollateral,
} from "../../src/collateral/intel-collateral.ts";
import { toPem } from "../../src/der/pem.ts";
import type { IntelCollateral } from "../../src/evidence/evidence.ts";
import { parseCollateral } from "../../src/sgx/parse-collateral.ts";
import { createSimulatedPlatform } from "../../src/simulated/simulated-platform.ts";
import {
  AT,
  type Changes,
  DAY_MS,
  layeredEvidence,
  OTHER_ROOT_KEY,
  ROOT,
  testEvidence,
  withBit,
} from "../evidence/test-evidence.ts";
import { expectCode } from "../expect-code.ts";

const REQUEST: CollateralRequest = { tee: "sgx", fmspc: "00906ed50000", ca: "processor" };
const { collateral: COLLATERAL } = testEvidence();

describe("Intel's service", () => {
  const chain = (certificates: readonly Uint8Array[]): string =>
    encodeURIComponent(certificates.map((der) => toPem(der)).join(""));
  const answers: Readonly<
    Record<string, { readonly body: Uint8Array; readonly headers?: Readonly<Record<string, string>> }>
  > = {
    "https://api.trustedservices.intel.com/sgx/certification/v4/tcb?fmspc=00906ed50000": {
      body: utf8(COLLATERAL.tcbInfo),
      headers: { "tcb-info-issuer-chain": chain(COLLATERAL.tcbInfoIssuerChain) },
    },
    "https://api.trustedservices.intel.com/sgx/certification/v4/qe/identity": {
      body: utf8(COLLATERAL.qeIdentity),
      headers: { "sgx-enclave-identity-issuer-chain": chain(COLLATERAL.qeIdentityIssuerChain) },
    },
    "https://api.trustedservices.intel.com/sgx/certification/v4/pckcrl?ca=processor&encoding=der": {
      body: COLLATERAL.pckCrl,
      headers: { "sgx-pck-crl-issuer-chain": chain(COLLATERAL.pckCrlIssuerChain) },
    },
    "https://certificates.trustedservices.intel.com/IntelSGXRootCA.der": { body: COLLATERAL.rootCaCrl },
  };

  function serve(
    change: (url: string, answer: (typeof answers)[string]) => (typeof answers)[string] = (_, same) => same,
  ) {
    return async (url: string): Promise<CollateralAnswer> => {
      const found = answers[url];
      if (found === undefined) throw new Error(`unexpected ${url}`);
      const { body, headers = {} } = change(url, found);
      return { body, header: (name) => headers[name] };
    };
  }

  test("is asked for the four parts of a processor's collateral", async () => {
    expect(await loadIntelCollateral(REQUEST, serve())).toEqual(COLLATERAL);
  });

  test("is asked for TDX's where that is needed", async () => {
    const asked: string[] = [];
    const get = async (url: string): Promise<CollateralAnswer> => {
      asked.push(url);
      throw new Error("no answer");
    };
    const options = { serviceUrl: "https://cache.test", rootCrlUrl: "https://cache.test/root" };
    await expect(loadIntelCollateral({ ...REQUEST, tee: "tdx", ca: "platform" }, get, options)).rejects.toThrow(
      "no answer",
    );
    expect(asked).toEqual([
      "https://cache.test/tdx/certification/v4/tcb?fmspc=00906ed50000",
      "https://cache.test/tdx/certification/v4/qe/identity",
      "https://cache.test/sgx/certification/v4/pckcrl?ca=platform&encoding=der",
      "https://cache.test/root",
    ]);
  });

  test("may write revocation lists in hexadecimal, as older services do", async () => {
    const get = serve((url, answer) =>
      url.includes("crl") || url.endsWith(".der")
        ? { ...answer, body: utf8(`${toHex(answer.body).toUpperCase()}\n`) }
        : answer,
    );
    expect(await loadIntelCollateral(REQUEST, get)).toEqual(COLLATERAL);
  });

  test.each([
    ["a header is missing", (answer: object) => ({ ...answer, headers: {} })],
    ["a header is not encoded", (answer: object) => ({ ...answer, headers: { "tcb-info-issuer-chain": "%" } })],
    ["a body is too large", (answer: object) => ({ ...answer, body: new Uint8Array(COLLATERAL_ANSWER_BYTES_MAX + 1) })],
    ["a body is no text", (answer: object) => ({ ...answer, body: Uint8Array.of(0xff) })],
    ["a body is no signed JSON", (answer: object) => ({ ...answer, body: utf8("{}") })],
  ])("is not believed when %s", async (_what, change) => {
    const get = serve((url, answer) => (url.includes("/tcb?") ? { ...answer, ...change(answer) } : answer));
    await expect(loadIntelCollateral(REQUEST, get)).rejects.toMatchObject({ code: "collateral-malformed" });
  });
});

describe("what a quote needs", () => {
  test.each([
    ["Intel SGX PCK Processor CA", "processor"],
    ["Intel SGX PCK Platform CA", "platform"],
  ])("is told by its certificates: %s", (caName, ca) => {
    const request = { tee: "sgx", fmspc: "0123456789ab", ca };
    expect(collateralRequestOf(layeredEvidence({ caName }).quote)).toEqual(request);
  });

  test("is not known of a quote that Intel did not certify", () => {
    expectCode(() => collateralRequestOf(testEvidence().quote), "collateral-malformed");
  });
});

describe("collateral ends with the first of its parts:", () => {
  const soon = AT + DAY_MS;
  const { rootCaCrl, pckCrl } = testEvidence({ crl: { nextUpdate: soon } }).collateral;
  const { tcbInfoIssuerChain: chain } = testEvidence({ signer: { notAfter: soon } }).collateral;
  const until = "2026-06-16T12:00:00Z";
  const { tcbInfo } = testEvidence({ tcbInfo: { nextUpdate: until } }).collateral;
  const { qeIdentity } = testEvidence({ qeIdentity: { nextUpdate: until } }).collateral;

  test.each([
    ["the root's list", { rootCaCrl }, soon],
    ["the list of platforms", { pckCrl }, soon],
    ["the TCB info", { tcbInfo }, soon - 1],
    ["the identity", { qeIdentity }, soon - 1],
    ["the TCB info's signer", { tcbInfoIssuerChain: chain }, soon],
    ["the identity's signer", { qeIdentityIssuerChain: chain }, soon],
    ["the list's signer", { pckCrlIssuerChain: chain }, soon],
  ] as const)("%s", (_what, part, end) => {
    expect(collateralExpiry(parseCollateral(COLLATERAL))).toBe(AT + 20 * DAY_MS - 1);
    expect(collateralExpiry(parseCollateral({ ...COLLATERAL, ...part }))).toBe(end);
  });
});

describe("a cache of collateral", () => {
  let now: number;
  let asked: number;
  let answer: (() => IntelCollateral) | Error;
  const machine = createSimulatedPlatform("simulated", { random: (length) => new Uint8Array(length).fill(7), now: AT });
  const REQUEST: CollateralRequest = { tee: "sgx", fmspc: "0123456789ab", ca: "processor" };
  const cache = () =>
    createCollateralCache({
      now: () => now,
      root: ROOT.certificate,
      load: async () => {
        asked += 1;
        if (answer instanceof Error) throw answer;
        return answer();
      },
    });

  beforeEach(() => {
    now = AT;
    asked = 0;
    answer = () => machine.collateral(now);
  });

  test("asks once, and again at half of its life", async () => {
    const { get, refreshAt } = cache();
    expect(refreshAt(REQUEST)).toBeUndefined();
    const first = await get(REQUEST);
    const half = refreshAt(REQUEST) ?? 0;
    expect(half).toBeCloseTo(AT + (collateralExpiry(parseCollateral(first)) - AT) / 2, -1);
    now = half - 1;
    expect(await get(REQUEST)).toBe(first);
    expect(asked).toBe(1);
    now = half;
    expect(await get(REQUEST)).not.toBe(first);
    expect(asked).toBe(2);
  });

  test("asks once for all who wait, and apart for other platforms", async () => {
    const { get } = cache();
    const [one, other] = await Promise.all([get(REQUEST), get(REQUEST), get({ ...REQUEST, ca: "platform" })]);
    expect(one).toBe(other);
    expect(asked).toBe(2);
  });

  test("serves the last that was good while the source fails, and asks it now and then", async () => {
    const { get } = cache();
    const first = await get(REQUEST);
    now = AT + 16 * DAY_MS;
    answer = new Error("the service is down");
    expect(await get(REQUEST)).toBe(first);
    expect(await get(REQUEST)).toBe(first);
    expect(asked).toBe(2);
    now += 60_000;
    expect(await get(REQUEST)).toBe(first);
    expect(asked).toBe(3);
    answer = () => machine.collateral(now);
    now += 60_000;
    expect(await get(REQUEST)).not.toBe(first);
  });

  test("serves nothing that has expired: it says so, with what the source said", async () => {
    const { get } = cache();
    const first = await get(REQUEST);
    answer = new Error("the service is down");
    now = collateralExpiry(parseCollateral(first));
    expect(await get(REQUEST)).toBe(first);
    now += 1;
    await expect(get(REQUEST)).rejects.toMatchObject({ code: "collateral-unavailable", cause: answer });
  });

  test("takes neither expired, nor older, nor malformed collateral for good", async () => {
    answer = () => machine.collateral(AT - 31 * DAY_MS);
    await expect(cache().get(REQUEST)).rejects.toMatchObject({ code: "collateral-unavailable" });
    answer = () => ({ ...COLLATERAL, tcbInfo: "{}" });
    await expect(cache().get(REQUEST)).rejects.toMatchObject({ code: "collateral-unavailable" });
    answer = () => machine.collateral(AT);
    const { get } = cache();
    const first = await get(REQUEST);
    now = AT + 16 * DAY_MS;
    answer = () => machine.collateral(AT - DAY_MS);
    expect(await get(REQUEST)).toBe(first);
  });

  test.each([
    ["that another root signed", { root: { key: OTHER_ROOT_KEY } }],
    ["whose revocation lists are forged", { crl: { key: OTHER_ROOT_KEY } }],
    ["whose signer was revoked", { crl: { revoked: [2] } }],
    ["about another processor", { tcbInfo: { fmspc: "0123456789ac" } }],
    ["about TDX", { tcbInfo: { id: "TDX" } }],
    ["about TDX's quoting enclave", { qeIdentity: { id: "TD_QE" } }],
  ] satisfies [string, Changes][])("takes nothing %s for good, and keeps what is", async (_what, changes) => {
    answer = () => testEvidence(changes).collateral;
    await expect(cache().get(REQUEST)).rejects.toMatchObject({
      code: "collateral-unavailable",
      cause: { code: "collateral-malformed" },
    });
    answer = () => testEvidence().collateral;
    const { get } = cache();
    const first = await get(REQUEST);
    now = AT + 11 * DAY_MS;
    answer = () => testEvidence(changes).collateral;
    expect(await get(REQUEST)).toBe(first);
  });

  test("is not held up by an answer that claims to be valid for a century", async () => {
    const { get, refreshAt } = cache();
    const forge = (text: string): string => text.replace(/"nextUpdate":"\d{4}/, '"nextUpdate":"2126');
    answer = () => ({ ...COLLATERAL, tcbInfo: forge(COLLATERAL.tcbInfo), qeIdentity: forge(COLLATERAL.qeIdentity) });
    await expect(get(REQUEST)).rejects.toMatchObject({ code: "collateral-unavailable" });
    expect(refreshAt(REQUEST)).toBeUndefined();
    answer = () => COLLATERAL;
    expect(await get(REQUEST)).toBe(COLLATERAL);
  });

  test("takes no list of platforms that its issuer did not sign, or of an issuer that is not beside it", async () => {
    const { collateral: layered } = layeredEvidence();
    answer = () => layered;
    expect(await cache().get(REQUEST)).toBe(layered);
    const { pckCrl } = layered;
    answer = () => ({ ...layered, pckCrl: withBit(pckCrl, pckCrl.length - 1) });
    await expect(cache().get(REQUEST)).rejects.toMatchObject({ code: "collateral-unavailable" });
    answer = () => ({ ...layered, pckCrlIssuerChain: layered.tcbInfoIssuerChain });
    await expect(cache().get(REQUEST)).rejects.toMatchObject({ code: "collateral-unavailable" });
  });

  test("is not kept from good collateral by a clock that is a little slow", async () => {
    answer = () => testEvidence({ tcbInfo: { issueDate: "2026-06-15T12:00:05Z" } }).collateral;
    expect(await cache().get(REQUEST)).toBeDefined();
  });
});
