import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { toPem } from "@fogbow/core-attest";
import { toHex, utf8 } from "@fogbow/core-bytes";
import { type AmdCollateralOptions, amdCollateralSource } from "@fogbow/runtime-enclave";
import { afterAll, beforeAll, expect, test } from "vitest";

/** A report that says which chip and firmware it comes from, and is signed by nobody. */
function report(tcb: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(1184);
  bytes[0] = 2;
  bytes[0x34] = 1;
  bytes.set(tcb, 0x180);
  bytes.set(
    Array.from({ length: 64 }, (_, i) => i),
    0x1a0,
  );
  return bytes;
}
const chipId = toHex(report([]).slice(0x1a0, 0x1e0));

const asked: string[] = [];
let down = false;
let server: Server;
let serviceUrl: string;
const [vcek, ask, ark, crl] = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3), Uint8Array.of(4)];
beforeAll(async () => {
  server = createServer(({ url = "" }, response) => {
    asked.push(url);
    if (down) response.writeHead(503).end();
    else if (url.endsWith("/cert_chain")) response.end(utf8(toPem(ask) + toPem(ark)));
    else if (url.endsWith("/crl")) response.end(crl);
    else response.end(vcek);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  serviceUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // It listens on TCP.
});
afterAll(() => {
  server.close();
});

test.each<[AmdCollateralOptions["product"], number[], string]>([
  ["Milan", [3, 0, 0, 0, 0, 0, 8, 115], `Milan/${chipId}?blSPL=03&teeSPL=00&snpSPL=08&ucodeSPL=115`],
  ["Genoa", [9, 0, 0, 0, 0, 0, 21, 72], `Genoa/${chipId}?blSPL=09&teeSPL=00&snpSPL=21&ucodeSPL=72`],
  [
    "Turin",
    [1, 2, 3, 4, 0, 0, 0, 5],
    `Turin/${chipId.slice(0, 16)}?fmcSPL=01&blSPL=02&teeSPL=03&snpSPL=04&ucodeSPL=05`,
  ],
])(
  "the certificate of a %s chip is asked for by chip and firmware, and its chain follows",
  async (product, tcb, path) => {
    asked.length = 0;
    const source = amdCollateralSource({ product, serviceUrl });
    expect(await source(report(tcb))).toEqual({ certificates: [vcek, ask, ark], crl });
    expect(asked.sort()).toEqual(
      [`/vcek/v1/${path}`, `/vcek/v1/${product}/cert_chain`, `/vcek/v1/${product}/crl`].sort(),
    );
  },
);

test("while the service fails, the last answer for the same firmware is given, and none for another", async () => {
  const source = amdCollateralSource({ product: "Milan", serviceUrl });
  down = true;
  await expect(source(report([1]))).rejects.toMatchObject({ code: "platform-unavailable" });
  down = false;
  const good = await source(report([1]));
  down = true;
  expect(await source(report([1]))).toEqual(good);
  await expect(source(report([2]))).rejects.toMatchObject({ code: "platform-unavailable" });
  down = false;
});

test("a server that is not there is named in the refusal", async () => {
  const source = amdCollateralSource({ product: "Milan", serviceUrl: "http://127.0.0.1:1" });
  await expect(source(report([1]))).rejects.toMatchObject({
    code: "platform-unavailable",
    message: expect.stringContaining("http://127.0.0.1:1/vcek"),
  });
});

test("what is no report is refused", async () => {
  const source = amdCollateralSource({ product: "Milan", serviceUrl });
  await expect(source(new Uint8Array(10))).rejects.toMatchObject({ code: "snp-report-malformed" });
});
