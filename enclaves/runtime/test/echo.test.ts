import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  beginChannel,
  createSimulatedPlatform,
  decodeAuthMessage,
  decodeDcapEvidence,
  encodeAuthMessage,
  type IntelCollateral,
} from "@fogbow/core-attest";
import { concatBytes, toHex, utf8 } from "@fogbow/core-bytes";
import {
  buildBundle,
  type EnclaveHost,
  type Hosting,
  identityOf,
  type Platform,
  type PlatformIdentity,
  readBundle,
  startEnclave,
  writeBundle,
} from "@fogbow/runtime-enclave";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { storedCounter } from "../src/platform/stored-counter.ts";
import { echoClient, RESPONDER_ID } from "./echo-client.ts";
import { noFiles, snpReport } from "./fake-kernel.ts";
import { seededRandom } from "./test-parts.ts";

const folder = mkdtempSync(join(tmpdir(), "fogbow-test-"));
const bundle = join(folder, "echo");
const hosts: EnclaveHost[] = [];
beforeAll(async () => {
  await writeBundle(bundle, await buildBundle(fileURLToPath(new URL("fixtures/echo", import.meta.url))));
});
afterAll(async () => {
  await Promise.all(hosts.map((host) => host.close()));
  rmSync(folder, { recursive: true });
});

type Options = Parameters<typeof startEnclave>[0];
type Parts = NonNullable<Parameters<typeof startEnclave>[1]>;
async function start(options: Partial<Options> = {}, parts?: Parameters<typeof startEnclave>[1]): Promise<EnclaveHost> {
  const config = utf8(RESPONDER_ID);
  const host = await startEnclave(
    { bundle, config, platform: { kind: "simulated" }, restartMsMin: 1, ...options },
    parts,
  );
  hosts.push(host);
  return host;
}
const refusedAs = (code: string) => expect.objectContaining({ code });

const random = seededRandom();
const machine = createSimulatedPlatform("simulated", { random, now: Date.now() });
const inProcess = (openPlatform: (identity: PlatformIdentity) => Promise<Platform>): Hosting => ({
  kind: "in-process",
  openPlatform,
  random,
  now: Date.now,
});

/** A platform that leaves collateral to the host, and may claim to be another enclave than it quotes. */
const platformOf = (identity: PlatformIdentity, claimed: Uint8Array = identity.measurement): Platform => ({
  kind: "simulated",
  evidencePlatform: "simulated",
  identity: identityOf(claimed),
  quote: async (reportData) => ({ kind: "quote", quote: machine.quote(identity, reportData) }),
  sealingKeys: undefined,
  counter: storedCounter(undefined, noFiles),
});

describe.each<Hosting>([{ kind: "worker" }, { kind: "child" }, inProcess(async (identity) => platformOf(identity))])(
  "the echo hosted by $kind",
  (hosting) => {
    test("attests itself to a client, and echoes what is sealed to it", async () => {
      const host = await start({ hosting }, { collateral: async () => machine.collateral(Date.now()) });
      const { channel, echo } = echoClient(() => host, { measurement: host.measurement });
      expect(await echo("hello")).toBe("hello");
      expect(await Promise.all(["a", "b", "c"].map(echo))).toEqual(["a", "b", "c"]);
      expect(channel.verdict).toMatchObject({ ok: true, platform: "simulated", tcbStatus: "UpToDate" });
    });
  },
);

describe("a client", () => {
  let host: EnclaveHost;
  beforeAll(async () => {
    host = await start();
  });

  test("refuses a bundle that was tampered with, as it measures otherwise", async () => {
    const files = await readBundle(bundle);
    const tampered = join(folder, "tampered");
    await writeBundle(tampered, {
      ...files,
      "enclave.mjs": concatBytes(utf8("export default  "), files["enclave.mjs"].subarray(15)),
    });
    const other = await start({ bundle: tampered });
    expect(toHex(other.measurement)).not.toBe(toHex(host.measurement));
    const { echo } = echoClient(() => other, { measurement: host.measurement });
    await expect(echo("secret")).rejects.toMatchObject({
      code: "measurement-unknown",
      message: expect.stringContaining(toHex(other.measurement)),
    });
    expect(await echoClient(() => other, { measurement: other.measurement }).echo("as it is")).toBe("as it is");
  });

  test("refuses the simulated platform unless it names it", async () => {
    const { echo } = echoClient(() => host, { measurement: host.measurement, platforms: ["sgx", "tdx", "sev-snp"] });
    await expect(echo("secret")).rejects.toEqual(refusedAs("simulated-refused"));
  });

  test("refuses evidence when its collateral has expired", async () => {
    const now = (): number => Date.now() + 40 * 86_400_000;
    const { echo } = echoClient(() => host, { measurement: host.measurement, now });
    await expect(echo("secret")).rejects.toMatchObject({ code: expect.stringMatching(/expired/) });
  });

  test("reaches nobody under another responder id", async () => {
    const { echo } = echoClient(() => host, { measurement: host.measurement, responderId: "other.test:443" });
    await expect(echo("secret")).rejects.toEqual(refusedAs("handshake-not-decrypted"));
  });

  test("sends nothing sealed before it is convinced", async () => {
    const seen: string[] = [];
    const call = (name: string, input: Uint8Array): Promise<Uint8Array> => {
      seen.push(name);
      return host.call(name, input);
    };
    const { echo } = echoClient(() => ({ call }), { measurement: new Uint8Array(32) });
    await expect(echo("secret")).rejects.toEqual(refusedAs("measurement-unknown"));
    expect(seen).toEqual(["auth"]);
  });

  test("of MobileCoin's software mode is served by an enclave that was told to", async () => {
    const compatible = await start({ platform: { kind: "simulated", softwareMode: true } });
    const { measurement } = compatible;
    expect(await echoClient(() => compatible, { measurement, platforms: ["software-mode"] }).echo("x")).toBe("x");
    await expect(echoClient(() => compatible, { measurement }).echo("x")).rejects.toEqual(
      refusedAs("simulated-refused"),
    );
  });

  test("goes on after the enclave was restarted, by attesting again", async () => {
    let current = await start();
    const { echo } = echoClient(() => current, { measurement: current.measurement });
    expect(await echo("before")).toBe("before");
    await current.close();
    current = await start();
    expect(await echo("after")).toBe("after");
  });
});

describe("evidence", () => {
  test("is refreshed for the same key: sessions and handshakes under way go on", async () => {
    const host = await start();
    const before = host.evidence;
    const { echo, channel } = echoClient(() => host, { measurement: host.measurement });
    await echo("before");
    const pending = beginChannel({ responderId: RESPONDER_ID }, { random });
    const fresh = await host.refreshEvidence();
    expect(toHex(fresh.bytes)).not.toBe(toHex(before?.bytes ?? new Uint8Array(0)));
    expect(host.evidence).toEqual(fresh);
    const contents = [before, fresh].map((each) => decodeDcapEvidence(each?.bytes ?? new Uint8Array(0)).reportData);
    expect(contents[1]?.key).toEqual(contents[0]?.key);
    expect(contents[1]?.nonce).not.toEqual(contents[0]?.nonce);
    const verdict = channel.verdict;
    expect(await echo("after")).toBe("after");
    expect(channel.verdict).toBe(verdict); // It is the session from before.
    const answer = decodeAuthMessage(await host.call("auth", encodeAuthMessage(pending.request)));
    const { verdict: shown } = await pending.finish(answer, async ({ bytes }) => bytes);
    expect(toHex(shown)).toBe(toHex(fresh.bytes));
  });

  test("of another enclave than the platform claims to be is not published", async () => {
    const hosting = inProcess(async (identity) => platformOf(identity, new Uint8Array(32).fill(9)));
    const starting = start({ hosting }, { collateral: async () => machine.collateral(Date.now()) });
    await expect(starting).rejects.toMatchObject({
      code: "enclave-start-failed",
      message: expect.stringMatching(/not published.*measurement-unknown.*evidence-refused/s),
    });
  });

  test("over other report data than the enclave's is not published", async () => {
    const hosting = inProcess(async (identity) => ({
      ...platformOf(identity),
      quote: async () => ({ kind: "quote", quote: machine.quote(identity, new Uint8Array(64)) }),
    }));
    const starting = start({ hosting }, { collateral: async () => machine.collateral(Date.now()) });
    await expect(starting).rejects.toMatchObject({ message: expect.stringContaining("report-data-mismatch") });
  });

  test.each<[string, (() => Promise<IntelCollateral>) | undefined, RegExp]>([
    ["has no source", undefined, /evidence-unavailable/],
    ["has a source that fails", () => Promise.reject(new Error("down")), /down.*evidence-unavailable/],
    ["brings nothing", async () => ({ ...machine.collateral(Date.now()), tcbInfo: "" }), /evidence-unavailable/],
    ["brings what has expired", async () => machine.collateral(Date.now() - 90 * 86_400_000), /evidence-refused/],
  ])("is not made when the host %s of collateral", async (_, collateral, message) => {
    const hosting = inProcess(async (identity) => platformOf(identity));
    const starting = start({ hosting }, collateral === undefined ? {} : { collateral });
    await expect(starting).rejects.toMatchObject({
      code: "enclave-start-failed",
      message: expect.stringMatching(message),
    });
  });

  test.each<[string, Awaited<ReturnType<NonNullable<Parts["collateral"]>>>, RegExp]>([
    [
      "that AMD did not sign",
      { certificates: [1, 2, 3].map((i) => Uint8Array.of(i)), crl: Uint8Array.of(4) },
      /evidence-refused/,
    ],
    ["without certificates of any source", { certificates: [], crl: Uint8Array.of(4) }, /evidence-refused/],
  ])("of SEV-SNP %s is not published", async (_, collateral, message) => {
    const hosting = inProcess(async (identity) => ({
      ...platformOf(identity),
      kind: "sev-snp",
      evidencePlatform: "sev-snp",
      quote: async (reportData) => ({
        kind: "sev-snp",
        report: snpReport(reportData),
        certificateTable: new Uint8Array(0),
      }),
    }));
    const starting = start({ hosting }, { collateral: async () => collateral });
    await expect(starting).rejects.toMatchObject({ message: expect.stringMatching(message) });
  });

  test("that cannot be refreshed leaves the old in use", async () => {
    let fails = false;
    const collateral = async (): Promise<IntelCollateral> => {
      if (fails) throw new Error("down");
      return machine.collateral(Date.now());
    };
    const host = await start({ hosting: inProcess(async (identity) => platformOf(identity)) }, { collateral });
    const before = host.evidence;
    fails = true;
    await expect(host.refreshEvidence()).rejects.toEqual(refusedAs("evidence-unavailable"));
    expect(host.evidence).toBe(before);
    await vi.waitFor(async () => {
      expect(await echoClient(() => host, { measurement: host.measurement }).echo("still")).toBe("still");
    });
  });
});

test("a message for another session, a repeated one and an altered one are each refused by the enclave", async () => {
  const host = await start();
  const sealed: Uint8Array[] = [];
  const call = (name: string, input: Uint8Array): Promise<Uint8Array> => {
    sealed.push(input);
    return host.call(name, input);
  };
  const { echo } = echoClient(() => ({ call }), { measurement: host.measurement });
  await echo("hello");
  const [auth = new Uint8Array(0), message = new Uint8Array(0)] = sealed;
  await expect(host.call("echo", message)).rejects.toMatchObject({
    code: "call-refused",
    reason: "message-not-decrypted",
  });
  for (const at of [5, message.length - 1]) {
    const altered = message.slice();
    altered[at] = (altered[at] ?? 0) ^ 1;
    await expect(host.call("echo", altered)).rejects.toMatchObject({ code: "call-refused" });
  }
  const other = await start();
  await expect(other.call("echo", message)).rejects.toMatchObject({ code: "call-refused", reason: "unknown-channel" });
  await expect(host.call("echo", auth)).rejects.toMatchObject({ code: "call-refused" });
  await expect(host.call("auth", new Uint8Array(0))).rejects.toMatchObject({ code: "call-refused" });
});
