// The enclave of a node ends, whoever ended it: it comes back with its configuration and its signing key, and whoever attests
// it then finds evidence of the enclave that answers.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { beginChannel, createEvidenceVerifier, createPolicy, decodeEvidence, type Verdict } from "@fogbow/core-attest";
import { toHex } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { AuthMessageSchema, decodeMessage, encodeMessage } from "@fogbow/core-wire";
import { measureBundle, readBundle } from "@fogbow/runtime-enclave";
import { createLog } from "@fogbow/server";
import { afterAll, expect, test } from "vitest";
import { launcherUrl } from "../../../../enclaves/runtime/src/host/launcher-url.ts";
import { seededRandom } from "../../../../enclaves/runtime/test/test-parts.ts";
import { formatMessageSigner } from "../../src/config/message-key.ts";
import { loadNodeConfig } from "../../src/index.ts";
import { consensusBundle, type NodeEnclave, startNodeEnclave } from "../../src/process/node-enclave.ts";

const root = mkdtempSync(join(tmpdir(), "fogbow-node-enclave."));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const CLIENT_ID = "node.test:443";
const random = seededRandom("clients");
const pidFile = join(root, "pid");

/** A node whose enclave is a process of its own, that says by which number it can be ended. */
async function configured(): ReturnType<typeof loadNodeConfig> {
  const address = `unix:${join(root, "enclave.sock")}`;
  const launch = [
    process.execPath,
    "--disallow-code-generation-from-strings",
    fileURLToPath(launcherUrl),
    `--bundle=${consensusBundle}`,
    `--connect=${address}`,
    "--platform=simulated",
    `--state-folder=${join(root, "state", "enclave")}`,
  ];
  return loadNodeConfig(
    {
      flags: {
        "chain-id": "local",
        "peer-responder-id": "node.test:8443",
        "client-responder-id": CLIENT_ID,
        "msg-signer-key": formatMessageSigner(new Ed25519PrivateKey(new Uint8Array(32).fill(3))),
        network: "network.toml",
        "ledger-path": join(root, "ledger"),
        "sealed-block-signing-key": join(root, "state", "block-signing-key"),
        platform: "simulated",
        "enclave-address": address,
        "enclave-command": ["/bin/sh", "-c", `echo $$ > ${pidFile}; exec "$0" "$@"`, ...launch],
        "verifier-threads": "0",
      },
      env: {},
    },
    { read: async () => "broadcast_peers = []\ntx_source_urls = []\nquorum_set = { threshold = 0, members = [] }\n" },
  );
}

/** Attests the enclave as a wallet does; says by which keys it makes channels and signs blocks. Rejects when the evidence is of another one. */
async function attest({ enclave }: NodeEnclave): Promise<{ readonly channel: string; readonly blocks: string }> {
  const mrEnclave = measureBundle(await readBundle(consensusBundle));
  const identity = { kind: "mr-enclave", mrEnclave, configAdvisories: [], hardeningAdvisories: [] } as const;
  const policy = createPolicy({ measurements: [{ identity }], platforms: ["simulated"] });
  const verify = createEvidenceVerifier({ policy: () => policy, now: Date.now });
  const pending = beginChannel({ responderId: CLIENT_ID }, { random });
  const request = encodeMessage(AuthMessageSchema, { data: pending.request });
  const { data } = decodeMessage(AuthMessageSchema, await enclave.call("client-auth", request), {
    bytesMax: 1_000_000,
  });
  let keys = { channel: "", blocks: "" };
  await pending.finish<Verdict>(data, async (evidence) => {
    const decoded = decodeEvidence(evidence);
    if (!("reportData" in decoded)) throw new Error("This evidence names no keys.");
    keys = { channel: toHex(evidence.key), blocks: toHex(decoded.reportData.customIdentity ?? new Uint8Array()) };
    return verify(evidence);
  });
  return keys;
}

test("an enclave that was killed is told everything again, and serves clients with evidence of itself", async () => {
  const said: string[] = [];
  const log = {
    ...createLog({ name: "test", level: "silent" }),
    error: (event: string) => void said.push(event),
    info: (event: string) => void said.push(event),
  };
  const config = await configured();
  const node = await startNodeEnclave(config, { log, sealedLedger: () => new Uint8Array() });
  try {
    const first = await attest(node);
    expect(await attest(node)).toEqual(first);
    expect(first.blocks).toBe(toHex(node.identity.blockSigningKey));
    process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
    while (!said.includes("the enclave has ended")) await sleep(10);
    const second = await attest(node); // Waits until it is back.
    expect(second.channel).not.toBe(first.channel);
    expect(second.blocks).toBe(first.blocks);
    expect(said).toEqual(["the enclave has ended", "the enclave is back"]);
  } finally {
    await node.close();
  }
});
