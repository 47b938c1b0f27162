// From an address and measurements to a network: what is wrong with either is told before anything of a wallet's own is sent.
import { createRouterTransport } from "@connectrpc/connect";
import { createPolicy } from "@fogbow/core-attest";
import { AttestedApi } from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";
import { connect, Network, type Trust, trustMeasurements, Wallet } from "../src/index.ts";
import { randomFrom } from "./world.ts";

const measurement = (byte: string) => ({
  MRENCLAVE: byte.repeat(32),
  mitigated_config_advisories: [],
  mitigated_hardening_advisories: [],
});
const named = { consensus: measurement("aa"), "fog-ingest": measurement("bb"), "fog-view": measurement("cc") };
const complete = JSON.stringify({ v1: { ...named, "fog-ledger": measurement("dd") } });
const trust: Trust = trustMeasurements(complete, { platforms: ["simulated"] });
const fog = { fogReportUrl: "fog://fog.example.com", fogReportId: "", fogAuthoritySpki: new Uint8Array(32) };

describe("trust", () => {
  test("is of what a file names, in all of its versions", () => {
    const two = JSON.stringify({ v1: { ...named, "fog-ledger": measurement("dd") }, v2: named });
    expect(trustMeasurements(two, { platforms: ["simulated"] }).consensus).toEqual(
      createPolicy({
        measurements: [1, 2].map(() => ({
          identity: {
            kind: "mr-enclave" as const,
            mrEnclave: new Uint8Array(32).fill(0xaa) as never,
            configAdvisories: [],
            hardeningAdvisories: [],
          },
        })),
        platforms: ["simulated"],
      }),
    );
  });

  test("without one of the enclaves is incomplete, and of no file of measurements malformed", () => {
    const missing = JSON.stringify({ v1: named });
    expect(() => trustMeasurements(missing, { platforms: ["simulated"] })).toThrow(
      expect.objectContaining({ code: "trust-incomplete" }),
    );
    expect(() => trustMeasurements("{", { platforms: ["simulated"] })).toThrow(
      expect.objectContaining({ code: "policy-malformed" }),
    );
  });
});

describe("an address", () => {
  test.each([
    ["http://localhost:7700", "http://localhost:7700"],
    ["http://localhost:80/", "http://localhost:80"],
    ["https://pay.example.com", "https://pay.example.com:443"],
    ["fog://fog.example.com/", "https://fog.example.com:443"],
    ["insecure-fog://127.0.0.1", "http://127.0.0.1:3225"],
    ["http://[::1]:7700", "http://[::1]:7700"],
    ["https://pay.example.com/gw/", "https://pay.example.com:443/gw"],
    ["https://pay.example.com:8443?responder-id=fog:443", "https://pay.example.com:8443"],
  ])("%s leads to %s", (url, baseUrl) => {
    const asked: string[] = [];
    const transportTo = (to: string) => {
      asked.push(to);
      return createRouterTransport(() => undefined);
    };
    new Network(url, { trust, fog, transportTo });
    expect(asked).toEqual([baseUrl]);
  });

  test.each(["", "localhost:7700", "ftp://localhost", "http://", "http://a b"])("%j is none", (url) => {
    expect(() => new Network(url, { trust, fog })).toThrow(expect.objectContaining({ code: "url-invalid" }));
  });
});

test("a user of the address, or a token, is told to the server with every request", async () => {
  const told = async (url: string, more: { readonly authorization?: () => string } = {}): Promise<unknown> => {
    let header: string | null = "none";
    const server = createRouterTransport(({ service }) => {
      service(AttestedApi, {
        auth: (_, { requestHeader }) => {
          header = requestHeader.get("authorization");
          return { data: new Uint8Array(100) };
        },
      });
    });
    await connect(url, { trust, fog, transportTo: () => server, ...more }).catch(() => undefined);
    return header;
  };
  expect(await told("https://pay.example.com")).toBeNull();
  expect(await told("https://al%20ice:pass:word@pay.example.com")).toBe(`Basic ${btoa("al ice:pass:word")}`);
  expect(await told("https://pay.example.com", { authorization: () => "Basic dG9rZW4=" })).toBe("Basic dG9rZW4=");
});

test("a server that cannot be reached, or proves nothing, is told at once", async () => {
  await expect(connect("http://127.0.0.1:9", { trust, fog, timeoutMs: 2_000 })).rejects.toMatchObject({
    code: "connection-failed",
  });
  const liar = createRouterTransport(({ service }) => {
    service(AttestedApi, { auth: () => ({ data: new Uint8Array(100) }) });
  });
  await expect(connect("http://localhost:1", { trust, fog, transportTo: () => liar })).rejects.toMatchObject({
    name: "SdkError",
  });
});

test("words make a wallet that the network's Fog serves, and fresh ones are never the same", () => {
  const silent = () => createRouterTransport(() => undefined);
  const net = new Network("http://localhost:7700", { trust, fog, transportTo: silent, random: randomFrom("connect") });
  const phrase = net.newPhrase();
  expect(phrase.split(" ")).toHaveLength(24);
  expect(net.newPhrase()).not.toBe(phrase);
  const wallet = Wallet.fromPhrase({ net, phrase });
  expect(wallet.address).toMatchObject({ fogReportUrl: "fog://fog.example.com" });
  expect(Wallet.fromPhrase({ net, phrase }).address).toEqual(wallet.address);
  expect(Wallet.fromPhrase({ net, phrase, accountIndex: 1 }).address).not.toEqual(wallet.address);
  expect(() => Wallet.fromPhrase({ net, phrase: "no words" })).toThrow(
    expect.objectContaining({ name: "AccountError" }),
  );
  net.close();
});
