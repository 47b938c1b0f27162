import { describe, expect, test } from "vitest";
import { parseNodeAddress, parseWatcherConfig } from "../src/index.ts";

describe("a watcher's configuration", () => {
  test("is MobileCoin's list of sources, in TOML or JSON", () => {
    const toml = `
      [[sources]]
      tx_source_url = "https://archive.example/node1"
      consensus_client_url = "mc://node1.example/"

      [[sources]]
      tx_source_url = "s3://chain/node-2?region=eu-central-1"
      signers = ["${"AB".repeat(32)}"]
    `;
    const parsed = parseWatcherConfig(toml);
    expect(parsed).toEqual([
      {
        archiveUrl: "https://archive.example/node1/",
        node: { baseUrl: "https://node1.example:443", tlsHostname: undefined, caBundle: undefined },
        signers: undefined,
      },
      { archiveUrl: "s3://chain/node-2?region=eu-central-1", node: undefined, signers: new Set(["ab".repeat(32)]) },
    ]);
    expect(parseWatcherConfig(' { "sources": [ { "tx_source_url": "/srv/archive" } ] }')[0]?.archiveUrl).toBe(
      "/srv/archive/",
    );
  });

  test.each([
    ["malformed-config", "sources = ["],
    ["malformed-config", "{"],
    ["invalid-config", ""],
    ["invalid-config", "sources = []"],
    ["invalid-config", "sources = [1]"],
    ["invalid-config", 'sources = [{ tx_source_url = "" }]'],
    ["invalid-config", 'sources = [{ tx_source_url = "a", url = "b" }]'],
    ["invalid-config", 'sources = [{ tx_source_url = "a" }]\nsource = 1'],
    ["invalid-config", 'sources = [{ tx_source_url = "a" }, { tx_source_url = "a/" }]'],
    ["invalid-config", 'sources = [{ tx_source_url = "a", signers = [] }]'],
    ["invalid-config", 'sources = [{ tx_source_url = "a", signers = ["00"] }]'],
    ["invalid-config", 'sources = [{ tx_source_url = "a", consensus_client_url = 1 }]'],
    ["invalid-uri", 'sources = [{ tx_source_url = "a", consensus_client_url = "https://node.example" }]'],
  ])("is refused (%s): %s", (code, text) => {
    expect(() => parseWatcherConfig(text)).toThrow(expect.objectContaining({ code }));
  });
});

test("a node's address says host, port and how to trust it", () => {
  expect(parseNodeAddress("insecure-mc://127.0.0.1/").baseUrl).toBe("http://127.0.0.1:3223");
  expect(parseNodeAddress("insecure-mc://node:80").baseUrl).toBe("http://node:80");
  expect(parseNodeAddress("mc://[::1]:4443/").baseUrl).toBe("https://[::1]:4443");
  expect(parseNodeAddress("mc://node/?tls-hostname=other&ca-bundle=/ca.pem")).toEqual({
    baseUrl: "https://node:443",
    tlsHostname: "other",
    caBundle: "/ca.pem",
  });
  for (const wrong of ["mc://", "mcp://node:1/", "mc://user:secret@node/", "mc://node:99999/", "node:1"]) {
    expect(() => parseNodeAddress(wrong)).toThrow(expect.objectContaining({ code: "invalid-uri" }));
  }
});
