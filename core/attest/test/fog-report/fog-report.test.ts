// Fog reports: their messages, digests and signatures, and that a sender refuses each of them that is not sound, by the
// first rule it breaks (spec 04 §10).
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { concatBytes, fromHex, toHex, utf8 } from "@fogbow/core-bytes";
import { Ed25519PrivateKey, PrivateKey, publicKey, schnorrSign, Transcript } from "@fogbow/core-crypto";
import { DcapEvidenceSchema, encodeMessage, VerificationReportSchema } from "@fogbow/core-wire";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { fromPem } from "../../src/der/pem.ts";
import { AttestError } from "../../src/error.ts";
import {
  decodeReportResponse,
  encodeReportResponse,
  type FogReport,
  type FogReportResponse,
} from "../../src/fog-report/fog-report.ts";
import { tryNormaliseFogUrl } from "../../src/fog-report/fog-url.ts";
import { type FogAuthority, makeFogAuthority } from "../../src/fog-report/make-fog-authority.ts";
import { verifyReportChain } from "../../src/fog-report/report-chain.ts";
import { reportDigest } from "../../src/fog-report/report-digest.ts";
import { assertReportSigner, signReports } from "../../src/fog-report/sign-reports.ts";
import {
  type EvidenceVerdict,
  type FogReportQuestion,
  type FogReportVerdict,
  verifyFogReport,
} from "../../src/fog-report/verify-fog-report.ts";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { type CertificateSigner, leafExtensions, RSA_SHA256 } from "../../src/x509/issue-certificate.ts";
import { expectCode } from "../expect-code.ts";
import {
  AT,
  ecParty,
  ed25519Party,
  makeCertificate,
  NOT_AFTER,
  NOT_BEFORE,
  type Party,
  rsaParty,
} from "../x509/test-authority.ts";

const URL = "fog://fog.example.com";
const INGRESS_KEY = new PrivateKey(fromHex(`07${"00".repeat(31)}`)).publicKey();
const VIEW_PRIVATE_KEY = new PrivateKey(fromHex(`09${"00".repeat(31)}`));
const DCAP = encodeMessage(DcapEvidenceSchema, { reportData: { nonce: fromHex("42"), customIdentity: INGRESS_KEY } });
const REPORTS: readonly FogReport[] = [
  { fogReportId: "", evidence: { kind: "dcap", encoded: DCAP }, pubkeyExpiry: 5000n },
  { fogReportId: "2", evidence: { kind: "dcap", encoded: new Uint8Array() }, pubkeyExpiry: 6000n },
  { fogReportId: "bare", evidence: undefined, pubkeyExpiry: 7000n },
];

let authority: FogAuthority;
let response: FogReportResponse;

function rsaSigner(): CertificateSigner {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    spki: new Uint8Array(publicKey.export({ type: "spki", format: "der" })),
    algorithm: RSA_SHA256,
    sign: (message) => new Uint8Array(sign("sha256", message, privateKey)),
  };
}

beforeAll(async () => {
  authority = await makeFogAuthority(
    { name: "Test Fog", notBefore: NOT_BEFORE, notAfter: NOT_AFTER },
    { root: rsaSigner(), intermediate: rsaSigner(), random: (length) => new Uint8Array(randomBytes(length)) },
  );
  response = signReports(REPORTS, authority);
});

/** What a sender asks about an address of the authority, with changes. */
async function question(changes: Partial<FogReportQuestion["address"]> = {}): Promise<FogReportQuestion> {
  return {
    address: {
      viewPublicKey: VIEW_PRIVATE_KEY.publicKey(),
      fogReportUrl: URL,
      fogReportId: "",
      fogAuthoritySig: await signedRoot(authority.chain),
      ...changes,
    },
    responses: new Map([[`${URL}/`, response]]),
    at: AT,
  };
}

async function signedRoot(chain: readonly Uint8Array[]): Promise<Uint8Array> {
  const verdict = await verifyReportChain(chain, AT);
  if (!verdict.ok) throw new Error(verdict.problem);
  return schnorrSign("Fog authority signature", VIEW_PRIVATE_KEY, verdict.rootSpki);
}

const trusting = async (): Promise<EvidenceVerdict> => ({ ok: true, ingressKey: INGRESS_KEY });
const verify = (asked: FogReportQuestion, verifyEvidence = trusting): Promise<FogReportVerdict> =>
  verifyFogReport(asked, { verifyEvidence });

async function expectProblem(asked: FogReportQuestion, problem: string): Promise<void> {
  expect(await verify(asked)).toMatchObject({ ok: false, problem });
}

/** The same question about another answer. */
async function answered(changes: Partial<FogReportResponse>): Promise<FogReportQuestion> {
  return { ...(await question()), responses: new Map([[`${URL}/`, { ...response, ...changes }]]) };
}

describe("a sender may use a report", () => {
  test("of the operator that the recipient trusts, until the first of all dates", async () => {
    expect(await verify(await question())).toMatchObject({
      ok: true,
      ingressKey: INGRESS_KEY,
      pubkeyExpiry: 5000n,
      validUntil: NOT_AFTER,
    });
    const soon = await verify(await question(), async () => ({
      ok: true,
      ingressKey: INGRESS_KEY,
      validUntil: AT + 1,
    }));
    expect(soon).toMatchObject({ ok: true, validUntil: AT + 1 });
    const later = { ok: true, ingressKey: INGRESS_KEY, validUntil: NOT_AFTER + 1 } as const;
    expect(await verify(await question(), async () => later)).toMatchObject({ validUntil: NOT_AFTER });
  });

  test("by its id, and up to the key's last block", async () => {
    expect(await verify(await question({ fogReportId: "2" }))).toMatchObject({ pubkeyExpiry: 6000n });
    expect(await verify({ ...(await question()), tombstoneBlock: 5000n })).toMatchObject({ ok: true });
  });

  test("that has travelled", async () => {
    const received = decodeReportResponse(encodeReportResponse(response));
    expect(await verify(await answered(received))).toMatchObject({ ok: true });
  });
});

describe("each rule broken alone gives its own code:", () => {
  test("no URL, one of something else, and no answer of that service", async () => {
    await expectProblem(await question({ fogReportUrl: "" }), "fog-url-missing");
    await expectProblem(await question({ fogReportUrl: "https://fog.example.com" }), "fog-url-malformed");
    await expectProblem(await question({ fogReportUrl: `${URL}:444` }), "report-response-missing");
  });

  test("no signature by the owner, one of another length, and one without the mark", async () => {
    const fogAuthoritySig = (await question()).address.fogAuthoritySig;
    const unmarked = concatBytes(fogAuthoritySig);
    unmarked[63] = (unmarked[63] ?? 0) & 0x7f;
    await expectProblem(await question({ fogAuthoritySig: new Uint8Array() }), "authority-signature-missing");
    await expectProblem(
      await question({ fogAuthoritySig: fogAuthoritySig.subarray(1) }),
      "authority-signature-malformed",
    );
    const longer = concatBytes(fogAuthoritySig, Uint8Array.of(0x80));
    await expectProblem(await question({ fogAuthoritySig: longer }), "authority-signature-malformed");
    await expectProblem(await question({ fogAuthoritySig: unmarked }), "authority-signature-malformed");
  });

  test("no reports", async () => {
    await expectProblem(await answered(signReports([], authority)), "reports-empty");
  });

  test("a chain that is empty, reversed, cut short or not valid now", async () => {
    const [leaf, middle, root] = authority.chain as [Uint8Array, Uint8Array, Uint8Array]; // It has three.
    await expectProblem(await answered({ chain: [] }), "chain-empty");
    await expectProblem(await answered({ chain: [root, middle, leaf] }), "chain-broken");
    await expectProblem(await answered({ chain: [leaf, root] }), "chain-broken");
    await expectProblem(await answered({ chain: [leaf, middle] }), "root-not-self-issued");
    await expectProblem(await answered({ chain: Array.from({ length: 11 }, () => leaf) }), "chain-too-long");
    await expectProblem({ ...(await question()), at: NOT_AFTER + 1000 }, "certificate-expired");
    await expectProblem({ ...(await question()), at: NOT_BEFORE - 1000 }, "certificate-not-yet-valid");
  });

  test("a certificate that cannot be read, wherever it stands, though the rest would do", async () => {
    const [leaf, middle, root] = authority.chain as [Uint8Array, Uint8Array, Uint8Array]; // It has three.
    const torn = root.subarray(1);
    for (const chain of [
      [torn, leaf, middle, root],
      [leaf, torn, middle, root],
      [leaf, middle, root, torn],
      [leaf, middle, torn],
    ]) {
      await expectProblem(await answered({ chain }), "certificate-malformed");
    }
  });

  test("another authority than the one that the owner signed", async () => {
    const other = await otherAuthority();
    await expectProblem(await answered(signReports(REPORTS, other)), "authority-signature-invalid");
    const fogAuthoritySig = schnorrSign("Another context", VIEW_PRIVATE_KEY, new Uint8Array());
    await expectProblem(await question({ fogAuthoritySig }), "authority-signature-invalid");
    const viewPublicKey = publicKey(INGRESS_KEY);
    await expectProblem(await question({ viewPublicKey }), "authority-signature-invalid");
  });

  test("a leaf whose key cannot sign reports", async () => {
    const [root, leaf] = [rsaParty("Root"), ecParty("Leaf")];
    const chain = [makeCertificate(root, leaf, { extensions: leafExtensions() }), makeCertificate(root, root)];
    await expectProblem(await answered({ chain }), "leaf-not-ed25519");
  });

  test("a leaf in the place of an issuer, and a root that somebody else signed", async () => {
    const [root, notCa, leaf] = [ed25519Party("Root"), ed25519Party("Not a CA"), ed25519Party("Leaf")];
    const extensions = leafExtensions();
    const issuedByLeaf = [
      makeCertificate(notCa, leaf, { extensions }),
      makeCertificate(root, notCa, { extensions }),
      makeCertificate(root, root),
    ];
    await expectProblem(await answered({ chain: issuedByLeaf }), "issuer-not-ca");
    const impostor: Party = { ...ed25519Party("Impostor"), name: root.name };
    const forgedRoot = [makeCertificate(root, leaf, { extensions }), makeCertificate(impostor, root)];
    await expectProblem(await answered({ chain: forgedRoot }), "root-not-self-issued");
    const misnamed = makeCertificate(root, root, { issuerName: ed25519Party("Somebody").name });
    const chain = [makeCertificate(root, leaf, { extensions }), misnamed];
    await expectProblem(await answered({ chain }), "root-not-self-issued");
  });

  test("reports that were added, left out, reordered or altered, and another signature", async () => {
    const [first, ...others] = REPORTS as [FogReport, ...FogReport[]]; // There are three.
    const later = { ...first, pubkeyExpiry: first.pubkeyExpiry + 1n };
    for (const reports of [others, [...others, first], [first], [...REPORTS, first], [later, ...others]]) {
      await expectProblem(await answered({ reports }), "report-signature-invalid");
    }
    const signature = concatBytes(response.signature);
    signature[0] = (signature[0] ?? 0) ^ 1;
    await expectProblem(await answered({ signature }), "report-signature-invalid");
    await expectProblem(await answered({ signature: new Uint8Array() }), "report-signature-invalid");
    const key = Ed25519PrivateKey.random((length) => new Uint8Array(length).fill(5));
    await expectProblem(await answered(signReports(REPORTS, { ...authority, key })), "report-signature-invalid");
  });

  test("no report of that id, one without evidence, and evidence that does not convince", async () => {
    await expectProblem(await question({ fogReportId: "3" }), "report-id-missing");
    await expectProblem(await question({ fogReportId: "bare" }), "evidence-missing");
    const reason = "The enclave is not one that you trust.";
    const verdict = await verify(await question(), async () => ({ ok: false, reason }));
    expect(verdict).toMatchObject({ ok: false, problem: "evidence-rejected", message: reason });
  });

  test("an ingress key that is no point or that of another Fog enclave, and a tombstone block after its end", async () => {
    for (const ingressKey of [new Uint8Array(32).fill(0xff), new Uint8Array(31), new Uint8Array(32)]) {
      const noKey = await verify(await question(), async () => ({ ok: true, ingressKey }));
      expect(noKey).toMatchObject({ ok: false, problem: "ingress-key-malformed" });
    }
    await expectProblem({ ...(await question()), tombstoneBlock: 5001n }, "tombstone-too-late");
  });
});

test("evidence is looked at only after every signature has been verified", async () => {
  let asked = 0;
  const counting = async (): Promise<EvidenceVerdict> => {
    asked += 1;
    return trusting();
  };
  await verify(await answered({ signature: new Uint8Array(64) }), counting);
  await verify(await question({ fogReportId: "3" }), counting);
  expect(asked).toBe(0);
  await verify(await question(), counting);
  expect(asked).toBe(1);
});

describe("a report service", () => {
  test("signs what senders accept, and refuses to start with what they would not", async () => {
    await expect(assertReportSigner(authority, AT)).resolves.toBeUndefined();
    const expired = assertReportSigner(authority, NOT_AFTER + 1000);
    await expect(expired).rejects.toMatchObject({ code: "report-unsignable" });
    const key = Ed25519PrivateKey.random((length) => new Uint8Array(length).fill(5));
    await expect(assertReportSigner({ ...authority, key }, AT)).rejects.toMatchObject({ code: "report-unsignable" });
  });

  test("publishes at most 256 reports, and none with evidence that is no message", () => {
    const [report] = REPORTS as [FogReport]; // There are three.
    expectCode(
      () =>
        signReports(
          Array.from({ length: 257 }, () => report),
          authority,
        ),
      "report-malformed",
    );
    const broken: FogReport = { ...report, evidence: { kind: "dcap", encoded: Uint8Array.of(0xff) } };
    expectCode(() => signReports([broken], authority), "report-malformed");
  });
});

describe("the digest of reports", () => {
  test("is the published one of no report, of one with empty evidence and of one with older evidence", () => {
    expect(toHex(reportDigest([]))).toBe("ed31ed1a35db0643e8139df2c32c6066df68874ae324768cd5d83b6644cc3c59");
    const empty: FogReport = {
      fogReportId: "1",
      evidence: { kind: "dcap", encoded: new Uint8Array() },
      pubkeyExpiry: 100n,
    };
    expect(toHex(reportDigest([empty]))).toBe("60ac561fbfedd01d0045bf94f5695436643bc54db2ebd2a7848e629d80344eb6");
    const encoded = encodeMessage(VerificationReportSchema, {
      sig: { contents: fromHex("deadbeefcafe") },
      chain: [fromHex("abcd"), fromHex("1234")],
      httpBody: "some_body",
    });
    const older: FogReport = {
      fogReportId: "1",
      evidence: { kind: "verification-report", encoded },
      pubkeyExpiry: 7n,
    };
    expect(toHex(reportDigest([older]))).toBe("54c555c46974c49d55266c76cc8518f9f544604cd48c076bc97e301621ad80ab");
  });

  test("is the published one of a report with every field of its evidence", () => {
    expect(toHex(reportDigest([fullReport({})]))).toBe(
      "562c8c4df5c807ffcfe9209067d61852758ed67b2eb7be99fb2806213b5b4f6c",
    );
  });

  test("depends on every field of evidence", () => {
    const digests = [
      {},
      { quote: { data: fromHex("01") } },
      { pckCrlIssuerChain: [fromHex("0101010202")] },
      { rootCaCrl: fromHex("04") },
      { pckCrl: fromHex("03") },
      { tcbInfoIssuerChain: [] },
      { tcbInfo: "[]" },
      { qeIdentityIssuerChain: [fromHex("0606"), new Uint8Array()] },
      { qeIdentity: "{}" },
      { nonce: fromHex("43") },
      { key: fromHex("12") },
      { customIdentity: new Uint8Array() },
      { customIdentity: new Uint8Array(32) },
    ].map((changes) => toHex(reportDigest([fullReport(changes)])));
    expect(new Set(digests).size).toBe(digests.length);
  });

  test("has the nodes that are never left out, and no others, of a report of empty parts (T15)", () => {
    const uint64 = (n: number): Uint8Array => Uint8Array.of(n, 0, 0, 0, 0, 0, 0, 0);
    const transcript = (...parts: [label: string, data: string | Uint8Array][]): string => {
      const merlin = new Transcript("digestible");
      for (const [label, data] of parts) merlin.append(label, typeof data === "string" ? utf8(data) : data);
      return toHex(merlin.challenge("digest32", 32));
    };
    const report = (...evidence: [label: string, data: string][]): string =>
      transcript(
        ["Fog ingest reports", "seq"],
        ["len", uint64(1)],
        ["", "agg"],
        ["name", "Report"],
        ["fog_report_id", "prim"],
        ["str", ""],
        ...evidence,
        ["pubkey_expiry", "prim"],
        ["uint", uint64(7)],
        ["", "agg-end"],
        ["name", "Report"],
      );
    const bare: FogReport = { fogReportId: "", evidence: undefined, pubkeyExpiry: 7n };
    expect(toHex(reportDigest([bare]))).toBe(report());
    const older = { ...bare, evidence: { kind: "verification-report", encoded: new Uint8Array() } } as const;
    expect(toHex(reportDigest([older]))).toBe(
      report(
        ["report", "agg"],
        ["name", "VerificationReport"],
        ["sig", "agg"],
        ["name", "VerificationSignature"],
        ["0", "prim"],
        ["bytes", ""],
        ["sig", "agg-end"],
        ["name", "VerificationSignature"],
        ["http_body", "prim"],
        ["str", ""],
        ["report", "agg-end"],
        ["name", "VerificationReport"],
      ),
    );
  });

  test("depends on every field of every report and on their order", () => {
    const variants: FogReport[][] = [
      [...REPORTS],
      [...REPORTS].reverse(),
      REPORTS.map((each) => ({ ...each, fogReportId: `${each.fogReportId}x` })),
      REPORTS.map((each) => ({ ...each, pubkeyExpiry: each.pubkeyExpiry + 1n })),
      REPORTS.map((each) => ({ ...each, evidence: undefined })),
      REPORTS.slice(1),
    ];
    expect(new Set(variants.map((each) => toHex(reportDigest(each)))).size).toBe(variants.length);
  });
});

test("an answer survives its message, and a damaged message is refused or another answer", () => {
  const encoded = encodeReportResponse(response);
  expect(decodeReportResponse(encoded)).toEqual(response);
  fc.assert(
    fc.property(
      fc.nat({ max: encoded.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      (at, value, cut) => {
        const damaged = cut ? encoded.subarray(0, at) : concatBytes(encoded);
        if (!cut) damaged[at] = (damaged[at] ?? 0) ^ value;
        try {
          decodeReportResponse(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(AttestError);
          expect(error).toMatchObject({ code: "report-malformed" });
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("an answer that is too large, or of too many reports, is refused", () => {
  expectCode(() => decodeReportResponse(new Uint8Array(4_194_305)), "report-malformed");
  const reports = Array.from(
    { length: 257 },
    (): FogReport => ({ fogReportId: "", evidence: undefined, pubkeyExpiry: 1n }),
  );
  expectCode(() => decodeReportResponse(encodeReportResponse({ ...response, reports })), "report-malformed");
});

test("the authority's files are what services read: PEM of its chain, leaf first, and a key that Node imports", async () => {
  expect(fromPem(authority.chainPem)).toEqual(authority.chain);
  expect(fromPem(authority.rootPem)).toEqual(authority.chain.slice(-1));
  const { createPrivateKey } = await import("node:crypto");
  const jwk = createPrivateKey(authority.keyPem).export({ format: "jwk" });
  expect(Buffer.from(jwk.x ?? "", "base64url")).toEqual(Buffer.from(authority.key.publicKey()));
});

test("the authority's intermediate issues leaves only, and serial numbers are positive whatever the randomness", async () => {
  for (const byte of [0, 0xff]) {
    const made = await makeFogAuthority(
      { name: "Odd Fog", notBefore: NOT_BEFORE, notAfter: NOT_AFTER },
      { root: rsaParty("x"), intermediate: rsaParty("x"), random: (length) => new Uint8Array(length).fill(byte) },
    );
    const [leaf, middle, root] = made.chain.map(parseCertificate);
    expect([leaf?.isCa, middle?.isCa, root?.isCa]).toEqual([false, true, true]);
    expect([middle?.pathLength, root?.pathLength]).toEqual([0, undefined]);
    for (const each of [leaf, middle, root]) {
      expect(each?.serial).toHaveLength(16);
      expect(each?.serial[0]).toBe(byte === 0 ? 0x40 : 0x7f);
    }
  }
});

test("an answer does not change when the bytes it was read from do", () => {
  const encoded = encodeReportResponse(response);
  const read = decodeReportResponse(encoded);
  encoded.fill(0);
  expect(read).toEqual(response);
});

test("URLs of report services are one when they differ in the last slash or the scheme's case alone", () => {
  expect(tryNormaliseFogUrl("FOG://host")).toBe("fog://host/");
  expect(tryNormaliseFogUrl("fog://host/")).toBe("fog://host/");
  expect(tryNormaliseFogUrl("insecure-fog://host:3225/a?b=c")).toBe("insecure-fog://host:3225/a/?b=c");
  expect(tryNormaliseFogUrl("fog://host:443")).not.toBe(tryNormaliseFogUrl("fog://host"));
  for (const url of ["", "fog://", "fog:///a", "fog://:443", "host", "http://host", "fog-view://host", "fog://a b"]) {
    expect(tryNormaliseFogUrl(url)).toBeUndefined();
  }
});

interface FullReportChanges {
  readonly quote?: { readonly data: Uint8Array };
  readonly pckCrlIssuerChain?: Uint8Array[];
  readonly rootCaCrl?: Uint8Array;
  readonly pckCrl?: Uint8Array;
  readonly tcbInfoIssuerChain?: Uint8Array[];
  readonly tcbInfo?: string;
  readonly qeIdentityIssuerChain?: Uint8Array[];
  readonly qeIdentity?: string;
  readonly nonce?: Uint8Array;
  readonly key?: Uint8Array;
  readonly customIdentity?: Uint8Array;
}

/** The report of spec 04 §10.3 with every field set, with changes of its evidence. */
function fullReport({ quote, nonce, key, customIdentity, ...changes }: FullReportChanges): FogReport {
  const encoded = encodeMessage(DcapEvidenceSchema, {
    quote: quote ?? { data: utf8("quote bytes") },
    collateral: {
      pckCrlIssuerChain: [fromHex("010101"), fromHex("0202")],
      rootCaCrl: fromHex("03030303"),
      pckCrl: fromHex("04040404"),
      tcbInfoIssuerChain: [fromHex("0505")],
      tcbInfo: "{}",
      qeIdentityIssuerChain: [fromHex("0606")],
      qeIdentity: "[]",
      ...changes,
    },
    reportData: {
      nonce: nonce ?? new Uint8Array(16).fill(0x42),
      key: key ?? new Uint8Array(32).fill(0x11),
      customIdentity: customIdentity ?? new Uint8Array(32).fill(0xaa),
    },
  });
  return { fogReportId: "", evidence: { kind: "dcap", encoded }, pubkeyExpiry: 5000n };
}

function otherAuthority(): Promise<FogAuthority> {
  return makeFogAuthority(
    { name: "Other Fog", notBefore: NOT_BEFORE, notAfter: NOT_AFTER },
    { root: rsaParty("x"), intermediate: rsaParty("x"), random: (length) => new Uint8Array(randomBytes(length)) },
  );
}
