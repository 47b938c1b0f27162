// Tests of where the host gets collateral: a service on loopback and a file, each failing in its ways.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type IntelCollateral, simulatedRoot, toPem } from "@fogbow/core-attest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AT, DAY_MS, layeredEvidence } from "../../../core/attest/test/evidence/test-evidence.ts";
import { encodeCollateral } from "../src/door/collateral.ts";
import { intelCollateralSource } from "../src/index.ts";

const { quote, collateral } = layeredEvidence();
const root = simulatedRoot();
const chain = (certificates: readonly Uint8Array[]): string =>
  encodeURIComponent(certificates.map((der) => toPem(der)).join(""));

/** How the service on loopback answers; a test may change it. */
let answer: (path: string, response: ServerResponse) => void = honest;
let asked = 0;
function honest(path: string, response: ServerResponse): void {
  const { tcbInfo, qeIdentity, pckCrl, rootCaCrl } = collateral;
  if (path.startsWith("/sgx/certification/v4/tcb?")) {
    response.setHeader("tcb-info-issuer-chain", chain(collateral.tcbInfoIssuerChain)).end(tcbInfo);
  } else if (path === "/sgx/certification/v4/qe/identity") {
    response.setHeader("sgx-enclave-identity-issuer-chain", chain(collateral.qeIdentityIssuerChain)).end(qeIdentity);
  } else if (path.startsWith("/sgx/certification/v4/pckcrl?")) {
    response.setHeader("sgx-pck-crl-issuer-chain", chain(collateral.pckCrlIssuerChain)).end(pckCrl);
  } else if (path === "/root") response.end(rootCaCrl);
  else response.writeHead(404).end();
}

let server: Server;
let serviceUrl: string;
const folder = mkdtempSync(join(tmpdir(), "fogbow-test-"));
beforeAll(async () => {
  server = createServer((request, response) => {
    asked++;
    answer(request.url ?? "", response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  serviceUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // It listens on TCP.
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const fromService = (now: () => number): ((quote: Uint8Array) => Promise<IntelCollateral>) =>
  intelCollateralSource({ kind: "service", serviceUrl, rootCrlUrl: `${serviceUrl}/root` }, { now, root });
const unavailable = expect.objectContaining({ code: "collateral-unavailable" });

describe("a service", () => {
  test("is asked once while what it said is fresh, and again after half of its life", async () => {
    answer = honest;
    let now = AT;
    const source = fromService(() => now);
    const before = asked;
    expect(await source(quote)).toEqual(collateral);
    await Promise.all([source(quote), source(quote)]);
    expect(asked - before).toBe(4);
    now += 11 * DAY_MS;
    await source(quote);
    expect(asked - before).toBe(8);
  });

  test("may fail while there is something good", async () => {
    answer = honest;
    let now = AT;
    const source = fromService(() => now);
    await source(quote);
    answer = (_, response) => response.writeHead(503).end();
    now += 11 * DAY_MS;
    expect(await source(quote)).toEqual(collateral);
    now += 10_000 * DAY_MS;
    await expect(source(quote)).rejects.toThrow(unavailable);
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ["another status", (response) => response.writeHead(500).end()],
    ["another place", (response) => response.writeHead(302, { location: `${serviceUrl}/root` }).end()],
    ["too many bytes", (response) => response.end(Buffer.alloc(2_000_000))],
    ["no connection", (response) => response.destroy()],
    ["nonsense", (response) => response.end("{}")],
  ])("that answers with %s gives nothing", async (_, other) => {
    answer = (_path, response) => other(response);
    await expect(fromService(() => AT)(quote)).rejects.toThrow(unavailable);
  });
});

describe("a file", () => {
  const path = join(folder, "collateral");
  const fromFile = intelCollateralSource({ kind: "file", path }, { now: () => AT, root });

  test("gives what it holds, once it is there and whole", async () => {
    await expect(fromFile(quote)).rejects.toThrow(unavailable);
    writeFileSync(path, "broken");
    await expect(fromFile(quote)).rejects.toThrow(unavailable);
    writeFileSync(path, encodeCollateral(collateral));
    expect(await fromFile(quote)).toEqual(collateral);
  });
});

test("a quote that cannot be read needs nothing", async () => {
  await expect(fromService(() => AT)(new Uint8Array(10))).rejects.toThrow(
    expect.objectContaining({ code: expect.any(String) }),
  );
});
