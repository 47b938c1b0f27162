// `fogbow fog ingress-key`: the key that hints for an address are encrypted to, verified as a sender verifies it (spec 03 §6.5).
import { setTimeout as sleep } from "node:timers/promises";
import { ADDRESS_BYTES_MAX, decodePublicAddress, type PublicAddress } from "@fogbow/core-account";
import { createReportEvidenceVerifier, type Policy } from "@fogbow/core-attest";
import { toHex, U64_MAX } from "@fogbow/core-bytes";
import { fogIngestBundle } from "@fogbow/fog-ingest";
import { ReportResolver, type ResolvedReport, SdkError } from "@fogbow/sdk";
import { parseServiceUri, type ServiceClient, serviceClient } from "@fogbow/server";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine } from "../ledger/output.ts";
import { readNamedFile } from "../ledger/read-bounded.ts";
import type { Surroundings } from "../surroundings.ts";
import { INGEST_ANSWER_BYTES_MAX } from "./limits.ts";
import { RoleOptions } from "./role-options.ts";
import { trustedEnclave } from "./trusted-enclave.ts";

const ENCLAVE = "fog-ingest";
const CALL_MS = 10_000;
/** A report service that has no report yet is asked again this often. */
const RETRY_MS = 250;

/** Adds the command. */
export function addIngressKeyCommand(fog: Command, surroundings: Surroundings): void {
  const command = fog
    .command("ingress-key")
    .description(
      "print the key that hints for an address are encrypted to now: 64 hexadecimal digits and no newline. Certificates, signatures " +
        "and the enclave's evidence are verified as a sender verifies them",
    )
    .argument("<file>", "a public address, such as keys/account_keys_0.pub")
    .option("--retry-seconds <seconds>", "how long to wait while there is no report yet (0)")
    .option("--chain-id <id>", "name of the chain, which the service is told")
    .option(
      "--measurements <file>",
      "trusts what it names fog-ingest; the enclave that was built with this program without",
    )
    .option("--trust-simulated", "trust simulated platforms, which protect nobody (FOGBOW_TRUST_SIMULATED=1)")
    .option("--json", JSON_HELP)
    .action((path: string, { json }: JsonOption) =>
      print(path, json === true, new RoleOptions(command, surroundings.env), surroundings),
    );
  withExamples(command, [
    ["fogbow fog ingress-key keys/account_keys_0.pub --trust-simulated --retry-seconds 30", "of a Fog for tests"],
  ]);
}

async function print(path: string, json: boolean, options: RoleOptions, { stdout }: Surroundings): Promise<void> {
  const address = readAddress(await readNamedFile(path, ADDRESS_BYTES_MAX));
  const policy = await trustedEnclave(options, { name: ENCLAVE, bundle: fogIngestBundle });
  const { ingressKey, pubkeyExpiry } = await resolve(address, policy, options);
  const hex = toHex(ingressKey);
  stdout.write(json ? jsonLine({ ingressKey: hex, pubkeyExpiry: `${pubkeyExpiry}` }) : hex);
}

function readAddress(encoded: Uint8Array): PublicAddress {
  try {
    return decodePublicAddress(encoded);
  } catch (cause) {
    throw new CommandError("invalid-argument", "The file holds no public address.", { cause });
  }
}

/** Asks until there is a report, for as long as that is wanted. */
async function resolve(address: PublicAddress, policy: Policy, options: RoleOptions): Promise<ResolvedReport> {
  const chainId = options.text("chain-id") ?? "";
  const deadline = Date.now() + options.count("retry-seconds", 0) * 1_000;
  for (;;) {
    const clients: ServiceClient[] = [];
    const resolver = new ReportResolver({
      transportTo: (url) => {
        const client = serviceClient(parseServiceUri(url, "fog"), {
          timeoutMs: CALL_MS,
          answerBytesMax: INGEST_ANSWER_BYTES_MAX,
        });
        clients.push(client);
        return client.transport;
      },
      verifyEvidence: createReportEvidenceVerifier({ policy: () => policy, now: Date.now }),
      now: Date.now,
      chainId,
    });
    try {
      return await resolver.resolve(address, { tombstoneBlock: U64_MAX });
    } catch (error) {
      const mayCome = error instanceof SdkError && error.code === "report-unavailable";
      if (!mayCome || Date.now() + RETRY_MS > deadline) throw error;
    } finally {
      for (const client of clients) client.close();
    }
    await sleep(RETRY_MS);
  }
}
