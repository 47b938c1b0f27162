// `fogbow enclave inspect-evidence FILE`: everything that evidence says, and whether it holds.
import {
  type AllowedMeasurement,
  assertVerdict,
  createPolicy,
  describeMeasurement,
  EVIDENCE_PLATFORMS,
  type Evidence,
  explainVerdict,
  fromPem,
  type Measurement,
  parseCertificate,
  parseQuote,
  type TrustedIdentity,
  type Verdict,
  verifyEvidence,
} from "@fogbow/core-attest";
import { fromHex, fromUtf8, toHex } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { counterStrength, identityOf } from "@fogbow/runtime-enclave";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { parseHex32 } from "../ledger/arguments.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import { readNamedFile } from "../ledger/read-bounded.ts";
import type { Surroundings } from "../surroundings.ts";
import { checkTree } from "./check-tree.ts";
import { readEvidence } from "./evidence-file.ts";
import { EVIDENCE_FILE_BYTES_MAX } from "./limits.ts";
import { identitiesIn, readMeasurements } from "./measurement-file.ts";

interface InspectOptions extends JsonOption {
  readonly measurement?: string;
  readonly measurements?: string;
  readonly at?: string;
  readonly allowSimulated?: boolean;
}

/** Adds the command. */
export function addInspectEvidenceCommand(enclave: Command, { stdout }: Surroundings): void {
  enclave
    .command("inspect-evidence")
    .description(
      "verify evidence offline and print every check: measurement, certificates, state of the platform, times. Exit code 1 " +
        "when it does not hold",
    )
    .argument("<file>", "the payload of a handshake, or the evidence in it; bytes as they are, or hex")
    .option("--measurement <hex>", "the measurement that it must have; without one, any is shown and none is trusted")
    .option("--measurements <file>", "a file such as enclaves/measurements.json, one of whose identities it must have")
    .option("--at <time>", "the time that counts, such as 2026-01-31T00:00:00Z; now without it")
    .option("--allow-simulated", "take evidence of simulated platforms, which protect nobody, for what it is")
    .option("--json", JSON_HELP)
    .action(async (path: string, options: InspectOptions) => {
      const at = options.at === undefined ? Date.now() : parseTime(options.at);
      const evidence = readEvidence(bytesOf(await readNamedFile(path, EVIDENCE_FILE_BYTES_MAX)));
      const trusted = await trustedMeasurements(options);
      const verdict = await judge(evidence, { at, trusted, allowSimulated: options.allowSimulated === true });
      const facts = { ...factsOf(evidence, verdict, at), measurementCompared: trusted !== undefined };
      stdout.write(options.json === true ? jsonLine(facts) : narrate(facts, verdict));
      assertVerdict(verdict);
    });
}

/** Files that were saved as text hold hex. */
function bytesOf(file: Uint8Array): Uint8Array {
  const isText = file.length > 0 && file.every((byte) => byte < 0x80);
  const text = isText ? fromUtf8(file).trim() : "";
  return /^(?:[0-9a-fA-F]{2})+$/.test(text) ? fromHex(text) : file;
}

function parseTime(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new CommandError("invalid-argument", "A time is written like 2026-01-31T00:00:00Z.");
  return at;
}

async function trustedMeasurements(options: InspectOptions): Promise<readonly AllowedMeasurement[] | undefined> {
  const { measurement, measurements } = options;
  const named = measurement === undefined ? [] : [identityOf(parseHex32(measurement, "A measurement"))];
  const listed = measurements === undefined ? [] : identitiesIn(await readMeasurements(measurements));
  const all: TrustedIdentity[] = [...named, ...listed.map(({ identity }) => identity)];
  return all.length === 0 ? undefined : all.map((identity) => ({ identity }));
}

/** The verdict; where no measurement is named, the evidence's own is put in, so that all other checks can be seen. */
async function judge(
  evidence: Evidence,
  question: {
    readonly at: number;
    readonly trusted: readonly AllowedMeasurement[] | undefined;
    readonly allowSimulated: boolean;
  },
): Promise<Verdict> {
  const { at, trusted, allowSimulated } = question;
  const platforms = EVIDENCE_PLATFORMS.filter((each) => allowSimulated || !/simulated|software-mode/.test(each));
  const verdictFor = (measurements: readonly AllowedMeasurement[]): Promise<Verdict> =>
    verifyEvidence({ evidence, policy: createPolicy({ measurements, platforms }), at });
  if (trusted !== undefined) return verdictFor(trusted);
  const { measurement, advisories } = await verdictFor([{ identity: identityOf(new Uint8Array(32)) }]);
  return verdictFor([{ identity: ownIdentity(measurement, advisories) }]);
}

function ownIdentity(measurement: Measurement | undefined, advisories: readonly string[]): TrustedIdentity {
  const mitigated = { configAdvisories: advisories, hardeningAdvisories: advisories };
  switch (measurement?.kind) {
    case "sgx":
      return { kind: "mr-enclave", mrEnclave: measurement.mrEnclave, ...mitigated };
    case "tdx":
      return { kind: "td", mrTd: measurement.mrTd, rtmrs: measurement.rtmrs, ...mitigated };
    case "sev-snp":
      return { ...measurement, kind: "sev-snp" };
    case undefined:
      return identityOf(new Uint8Array(32)); // The evidence cannot be read, and the verdict says so.
  }
}

function factsOf(evidence: Evidence, verdict: Verdict, at: number) {
  const { platform, measurement, tcbStatus, advisories, validUntil, checks } = verdict;
  const { nonce, key, customIdentity } = evidence.reportData;
  return {
    valid: verdict.ok,
    problem: explainVerdict(verdict),
    platform,
    measurement: measurement && describeMeasurement(measurement),
    tcbStatus,
    advisories,
    at: showTime(at),
    validUntil: validUntil === undefined ? undefined : showTime(validUntil),
    counterStrength: platform && counterStrength(platform),
    key: toHex(key),
    nonce: toHex(nonce),
    customIdentity: customIdentity && toHex(customIdentity),
    chain: chainOf(evidence),
    checks,
  };
}

/** The certificates of whoever signed, leaf first; none when they cannot be read, which the verdict tells. */
function chainOf(evidence: Evidence) {
  try {
    const chain =
      evidence.kind === "dcap" ? fromPem(fromUtf8(parseQuote(evidence.quote).pckChainPem)) : evidence.certificates;
    return chain.map(parseCertificate).map(({ der, notBefore, notAfter }) => ({
      sha256: toHex(kernel().hashes.sha256(der)),
      validFrom: showTime(notBefore),
      validUntil: showTime(notAfter),
    }));
  } catch {
    return [];
  }
}

function narrate(
  facts: ReturnType<typeof factsOf> & { readonly measurementCompared: boolean },
  { checks }: Verdict,
): string {
  const { chain, advisories, customIdentity } = facts;
  const measurement = `${facts.measurement ?? "unreadable"}${facts.measurementCompared ? "" : " (compared with nothing)"}`;
  return (
    rows([
      ["evidence", facts.valid ? "holds" : "does not hold"],
      ["platform", facts.platform ?? "unknown"],
      ["measurement", measurement],
      ["TCB", `${facts.tcbStatus ?? "not stated"}${advisories.length === 0 ? "" : `, ${advisories.join(", ")}`}`],
      ["checked at", facts.at],
      ["valid until", facts.validUntil ?? "not valid"],
      ["channel key", facts.key],
      ["custom identity", customIdentity ?? "none"],
      ["rollback", rollback(facts.counterStrength)],
      ...chain.map(({ sha256, validUntil }, i) => [i === 0 ? "chain" : "", `${sha256} until ${validUntil}`] as const),
    ]) + checkTree(checks)
  );
}

function rollback(strength: ReturnType<typeof counterStrength> | undefined): string {
  switch (strength) {
    case "hardware":
    case "quorum":
      return `counter kept by ${strength}`;
    case "none":
      return "counter strength none: a host that restores state and counter together is not noticed";
    case undefined:
      return "unknown";
  }
}

function showTime(at: number): string {
  return Number.isFinite(at) ? new Date(at).toISOString() : "for ever";
}
