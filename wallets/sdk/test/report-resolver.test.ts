import { generateKeyPairSync, sign } from "node:crypto";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { type AccountKey, accountKey, publicAddress } from "@fogbow/core-account";
import {
  type CertificateSigner,
  encodeReportResponse,
  type FogAuthority,
  type FogReport,
  makeFogAuthority,
  parseCertificate,
  RSA_SHA256,
  signReports,
} from "@fogbow/core-attest";
import { MOB, tokenValue } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import { createOutput, EmptyMemoBuilder, type FogIngressKey } from "@fogbow/core-transaction";
import {
  DcapEvidenceSchema,
  decodeMessage,
  encodeMessage,
  ReportAPI,
  type ReportResponse,
  ReportResponseSchema,
} from "@fogbow/core-wire";
import { beforeAll, expect, test } from "vitest";
import { ReportResolver, type ReportResolverParts } from "../src/index.ts";
import { NOW } from "./fake-fog.ts";
import { ACCOUNT, randomFrom } from "./world.ts";

const URL = "fog://fog.example.com";
const random = randomFrom("report-resolver");
const INGRESS_KEY = PrivateKey.random(random).publicKey();
const EVIDENCE = { kind: "dcap" as const, encoded: encodeMessage(DcapEvidenceSchema, { reportData: {} }) };
const REPORTS: readonly FogReport[] = [
  { fogReportId: "", evidence: EVIDENCE, pubkeyExpiry: 100n },
  { fogReportId: "vip", evidence: EVIDENCE, pubkeyExpiry: 200n },
];

let authority: FogAuthority;

const rsaSigner = (): CertificateSigner => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    spki: new Uint8Array(publicKey.export({ type: "spki", format: "der" })),
    algorithm: RSA_SHA256,
    sign: (message) => new Uint8Array(sign("sha256", message, privateKey)),
  };
};

beforeAll(async () => {
  authority = await makeFogAuthority(
    { name: "Test Fog", notBefore: NOW - 1, notAfter: NOW + 1_000_000 },
    { root: rsaSigner(), intermediate: rsaSigner(), random },
  );
});

/** The wallet's account at this Fog. */
function withFog(fogReportId = "", fogReportUrl = URL): AccountKey {
  const { viewPrivateKey, spendPrivateKey } = ACCOUNT;
  const root = authority.chain.at(-1) ?? new Uint8Array();
  const fogAuthoritySpki = parseCertificate(root).spki;
  return accountKey({ viewPrivateKey, spendPrivateKey, fogReportUrl, fogReportId, fogAuthoritySpki });
}

/** A resolver in front of a report service that publishes these reports, and what was fetched. */
function resolverOf(
  reports: () => readonly FogReport[],
  changes: Partial<ReportResolverParts> = {},
  signer: () => FogAuthority = () => authority,
) {
  const fetched: string[] = [];
  const message = (): ReportResponse =>
    decodeMessage(ReportResponseSchema, encodeReportResponse(signReports(reports(), signer())), {
      bytesMax: 1_000_000,
    });
  const resolver = new ReportResolver({
    transportTo: (url) =>
      createRouterTransport((router) => {
        router.service(ReportAPI, {
          getReports: () => {
            fetched.push(url);
            return message();
          },
        });
      }),
    verifyEvidence: async () => ({ ok: true, ingressKey: INGRESS_KEY }),
    now: () => NOW,
    ...changes,
  });
  return { resolver, fetched };
}

test("the report that the address names gives the key, and the tombstone block is no later than its expiry", async () => {
  const { resolver, fetched } = resolverOf(() => REPORTS);
  const resolve = (id: string, tombstoneBlock: bigint) =>
    resolver.resolve(publicAddress(withFog(id)), { tombstoneBlock });
  expect(await resolve("", 150n)).toEqual({ ingressKey: INGRESS_KEY, pubkeyExpiry: 100n, tombstoneBlock: 100n });
  expect(await resolve("vip", 150n)).toMatchObject({ pubkeyExpiry: 200n, tombstoneBlock: 150n });
  expect(fetched).toEqual(["fog://fog.example.com/"]);
});

test("an answer is used again only while the key lasts until the tombstone block, and for a minute", async () => {
  let expiry = 100n;
  let now = NOW;
  const { resolver, fetched } = resolverOf(() => [{ fogReportId: "", evidence: EVIDENCE, pubkeyExpiry: expiry }], {
    now: () => now,
  });
  const resolve = (tombstoneBlock: bigint) => resolver.resolve(publicAddress(withFog()), { tombstoneBlock });
  await resolve(100n);
  await resolve(90n);
  expect(fetched).toHaveLength(1);
  expiry = 120n;
  expect(await resolve(110n)).toMatchObject({ pubkeyExpiry: 120n, tombstoneBlock: 110n });
  expect(fetched).toHaveLength(2);
  now += 60_000;
  await resolve(90n);
  expect(fetched).toHaveLength(3);
});

test("those who ask at one time share the answer", async () => {
  const { resolver, fetched } = resolverOf(() => REPORTS);
  const question = { tombstoneBlock: 50n };
  await Promise.all([
    resolver.resolve(publicAddress(withFog()), question),
    resolver.resolve(publicAddress(withFog("vip")), question),
  ]);
  expect(fetched).toHaveLength(1);
});

test("nothing is fallen back to: another id, an empty list, another root, rejected evidence, no answer", async () => {
  const question = { tombstoneBlock: 50n };
  const refused = { code: "report-refused" };
  const { resolver } = resolverOf(() => REPORTS);
  const unavailable = { code: "report-unavailable" };
  await expect(resolver.resolve(publicAddress(withFog("other")), question)).rejects.toMatchObject(unavailable);
  await expect(resolver.resolve(publicAddress(ACCOUNT), question)).rejects.toMatchObject({ code: "no-fog" });
  await expect(resolver.resolve(publicAddress(withFog("", "https://x")), question)).rejects.toMatchObject(refused);

  const empty = resolverOf(() => []).resolver;
  await expect(empty.resolve(publicAddress(withFog()), question)).rejects.toMatchObject(unavailable);

  const address = publicAddress(withFog());
  const foreign = {
    ...address,
    fogAuthoritySig: publicAddress({ ...withFog(), fogAuthoritySpki: random(20) }).fogAuthoritySig,
  };
  await expect(resolver.resolve(foreign, question)).rejects.toMatchObject(refused);

  const untrusted = resolverOf(() => REPORTS, {
    verifyEvidence: async () => ({ ok: false, reason: "debug" }),
  }).resolver;
  await expect(untrusted.resolve(address, question)).rejects.toMatchObject(refused);

  const expired = resolverOf(() => REPORTS, { now: () => NOW + 2_000_000 }).resolver;
  await expect(expired.resolve(address, question)).rejects.toMatchObject(refused);

  const down = resolverOf(() => REPORTS, {
    transportTo: () =>
      createRouterTransport((router) => {
        router.service(ReportAPI, {
          getReports: () => {
            throw new ConnectError("down", Code.Unavailable);
          },
        });
      }),
  }).resolver;
  await expect(down.resolve(address, question)).rejects.toMatchObject(unavailable);
});

test("a report server with a root of its own gives an error, and nothing comes into being that could be sent", async () => {
  const validity = { name: "Test Fog", notBefore: NOW - 1, notAfter: NOW + 1_000_000 };
  const forged = await makeFogAuthority(validity, { root: rsaSigner(), intermediate: rsaSigner(), random });
  const recipient = publicAddress(withFog());
  let drawn = 0;
  const counted = (length: number): Uint8Array => {
    drawn += 1;
    return random(length);
  };
  const pay = async (signer: () => FogAuthority) => {
    const { resolver } = resolverOf(() => REPORTS, {}, signer);
    const { ingressKey: publicKey, pubkeyExpiry } = await resolver.resolve(recipient, { tombstoneBlock: 50n });
    return output({ publicKey, pubkeyExpiry });
  };
  const output = (key: FogIngressKey | undefined) =>
    createOutput(
      { kind: "payment", recipient },
      { value: tokenValue(1n), tokenId: MOB },
      { blockVersion: 2, memoBuilder: new EmptyMemoBuilder(), ingressKey: () => key, random: counted },
    );
  await expect(pay(() => forged)).rejects.toMatchObject({ code: "report-refused" });
  // Who goes on without a key gets no output either, and no hint was drawn for one.
  expect(() => output(undefined)).toThrow(expect.objectContaining({ code: "missing-ingress-key" }));
  expect(drawn).toBe(0);
  expect((await pay(() => authority)).txOut.encryptedFogHint).toHaveLength(84);
  expect(drawn).toBeGreaterThan(0);
});
