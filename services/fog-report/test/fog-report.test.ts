// The report service over the wire, beside an embedded recovery database.
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import {
  type CertificateSigner,
  decodeReportResponse,
  type FogAuthority,
  makeFogAuthority,
  RSA_SHA256,
  reportDigest,
  verifyReportChain,
} from "@fogbow/core-attest";
import { ed25519Verify } from "@fogbow/core-crypto";
import {
  encodeMessage,
  Health,
  ReportAPI,
  ReportResponseSchema,
  ReportSchema,
  VerificationReportSchema,
} from "@fogbow/core-wire";
import { openRecoveryDb, type RecoveryDb } from "@fogbow/recovery-db";
import { createLog } from "@fogbow/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { backEnds } from "../../../stores/recovery-db/test/back-ends.ts";
import { type RunningFogReport, runFogReport } from "../src/index.ts";
import { readSigner } from "../src/read-signer.ts";

const DAY_MS = 86_400_000;
const log = createLog({ name: "test", level: "silent" });
const KEY = new Uint8Array(32).fill(3);

let folder: string;
let authority: FogAuthority;
let db: RecoveryDb;
let running: RunningFogReport;

const rsaSigner = (): CertificateSigner => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    spki: new Uint8Array(publicKey.export({ type: "spki", format: "der" })),
    algorithm: RSA_SHA256,
    sign: (message) => new Uint8Array(sign("sha256", message, privateKey)),
  };
};
const makeAuthority = (notBefore: number, notAfter: number): Promise<FogAuthority> =>
  makeFogAuthority(
    { name: "Test", notBefore, notAfter },
    { root: rsaSigner(), intermediate: rsaSigner(), random: (length) => new Uint8Array(randomBytes(length)) },
  );

/** A signer's files, of an authority or of what is given instead. */
async function files(name: string, { chainPem, keyPem }: { chainPem: string; keyPem: string }) {
  const [chainPath, keyPath] = [join(folder, `${name}-chain.pem`), join(folder, `${name}-key.pem`)];
  await writeFile(chainPath, chainPem);
  await writeFile(keyPath, keyPem);
  return { chainPath, keyPath };
}

const client = (headers: Readonly<Record<string, string>> = {}) =>
  createClient(
    ReportAPI,
    createGrpcTransport({
      baseUrl: `http://127.0.0.1:${running.ports.client}`,
      interceptors: [
        (next) => (request) => {
          for (const [name, value] of Object.entries(headers)) request.header.set(name, value);
          return next(request);
        },
      ],
    }),
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fogbow-report-"));
  authority = await makeAuthority(Date.now() - DAY_MS, Date.now() + DAY_MS);
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What is answered, decoded as a sender does, with signature and chain verified. */
async function verifiedReports() {
  const response = decodeReportResponse(encodeMessage(ReportResponseSchema, await client().getReports({})));
  const chain = await verifyReportChain(response.chain, Date.now());
  if (!chain.ok) throw new Error(chain.problem);
  expect(ed25519Verify(chain.reportKey, reportDigest(response.reports), response.signature)).toBe(true);
  return response.reports;
}

const dcap = (nonce: number): Uint8Array =>
  encodeMessage(ReportSchema, {
    attestationEvidence: {
      case: "dcapEvidence",
      value: { reportData: { nonce: new Uint8Array(16).fill(nonce), customIdentity: KEY } },
    },
  });

describe.each(await backEnds())("the report service, $name", ({ open }) => {
  beforeAll(async () => {
    db = await open();
    await db.newIngressKey(KEY, 0n);
    running = await runFogReport(
      {
        listen: { host: "127.0.0.1", port: 0 },
        adminListen: { host: "127.0.0.1", port: 0 },
        signer: await files("good", authority),
        chainId: "test",
        version: "test",
      },
      { db, log },
    );
  }, 60_000);

  afterAll(async () => {
    await running.close();
    await db.close();
  });

  test("signs that there is no report yet", async () => {
    expect(await verifiedReports()).toEqual([]);
  });

  test("serves every report id, DCAP and EPID, in one answer, and what is published later", async () => {
    await db.setReport(KEY, "", { evidence: dcap(1), pubkeyExpiry: 10n });
    const epid = encodeMessage(VerificationReportSchema, {
      sig: { contents: new Uint8Array(4) },
      chain: [new Uint8Array(3)],
      httpBody: '{"version":4}',
    });
    await db.setReport(KEY, "other", { evidence: epid, pubkeyExpiry: 11n });
    const reports = await verifiedReports();
    expect(reports).toMatchObject([
      { fogReportId: "", pubkeyExpiry: 10n, evidence: { kind: "dcap" } },
      { fogReportId: "other", pubkeyExpiry: 11n, evidence: { kind: "verification-report" } },
    ]);
    await db.setReport(KEY, "", { evidence: dcap(2), pubkeyExpiry: 20n });
    expect((await verifiedReports())[0]).toMatchObject({ pubkeyExpiry: 20n });
  });

  test("leaves out a row that is no report, and serves the others", async () => {
    await db.setReport(KEY, "broken", { evidence: Uint8Array.of(255, 255), pubkeyExpiry: 1n });
    expect((await verifiedReports()).map(({ fogReportId }) => fogReportId)).toEqual(["", "other"]);
  });

  test("refuses who names another chain, and nobody else", async () => {
    await expect(client({ "chain-id": "other" }).getReports({})).rejects.toMatchObject({
      code: Code.FailedPrecondition,
      rawMessage: "chain-id mismatch: 'test'",
    });
    await client({ "chain-id": "test" }).getReports({});
  });

  test("is healthy from the start", async () => {
    const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${running.ports.client}` });
    expect(await createClient(Health, transport).check({})).toMatchObject({ status: 1 });
    const metrics = await fetch(`http://127.0.0.1:${running.ports.admin}/metrics`);
    expect(await metrics.text()).toContain("# HELP");
  });
});

describe("a report service does not start with", () => {
  const refused = async (name: string, given: { chainPem: string; keyPem: string }, code: string) =>
    expect(readSigner(await files(name, given), Date.now())).rejects.toMatchObject({ code });

  test("another key", async () => {
    const other = await makeAuthority(Date.now() - DAY_MS, Date.now() + DAY_MS);
    await refused("other", { chainPem: authority.chainPem, keyPem: other.keyPem }, "report-unsignable");
  });

  test("a chain that has expired, or that begins with the root", async () => {
    await refused("expired", await makeAuthority(Date.now() - 2 * DAY_MS, Date.now() - DAY_MS), "report-unsignable");
    const blocks = authority.chainPem.match(/-----BEGIN[\s\S]*?-----END CERTIFICATE-----\n/g) ?? [];
    await refused("reversed", { ...authority, chainPem: [...blocks].reverse().join("") }, "report-unsignable");
  });

  test("what is no PEM, no Ed25519 key, or not there", async () => {
    await refused("text", { ...authority, chainPem: "no chain" }, "pem-malformed");
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const rsa = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    await refused("rsa", { ...authority, keyPem: rsa }, "unreadable-signer");
    await refused("garbage", { ...authority, keyPem: "secret words" }, "unreadable-signer");
    const missing = { chainPath: join(folder, "none"), keyPath: join(folder, "none") };
    await expect(readSigner(missing, Date.now())).rejects.toMatchObject({ code: "unreadable-signer" });
  });
});

test("a database that fails is an internal error, which says nothing of it", async () => {
  const failing = await openRecoveryDb({ url: "postgres://secret-user@127.0.0.1:1/secret" });
  const other = await runFogReport(
    {
      listen: { host: "127.0.0.1", port: 0 },
      adminListen: undefined,
      signer: await files("failing", authority),
      chainId: "",
      version: "test",
    },
    { db: failing, log },
  );
  const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${other.ports.client}` });
  const refusal = await createClient(ReportAPI, transport)
    .getReports({})
    .catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: Code.Internal });
  expect(String(refusal)).not.toMatch(/secret/);
  await other.close();
  await failing.close();
});
