// The consensus enclave of a node: started, told its configuration, and told again when it had to be started anew.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { decodeEvidence } from "@fogbow/core-attest";
import type { AttestationEvidence } from "@fogbow/core-block";
import { equalBytes } from "@fogbow/core-bytes";
import { signerSetToWire } from "@fogbow/core-transaction";
import { InitRequestSchema, type InitResponse, InitResponseSchema, readData } from "@fogbow/core-wire";
import {
  amdCollateralSource,
  type EnclaveHost,
  type EnclaveHostParts,
  type EnclaveOptions,
  intelCollateralSource,
  keepEvidenceFresh,
  type PlatformOptions,
  RuntimeError,
  startEnclave,
  systemFiles,
} from "@fogbow/runtime-enclave";
import type { Log } from "@fogbow/server";
import type { NodeConfig } from "../config/node-config.ts";
import type { EnclaveIdentity } from "../options.ts";
import type { ConsensusEnclave } from "../parts.ts";
import { CLEAN_HEAP_MS } from "./limits.ts";

/** The enclave of a running node. */
export interface NodeEnclave {
  readonly enclave: ConsensusEnclave;
  readonly identity: EnclaveIdentity;
  /** What block metadata says about it; undefined where metadata has no form for it. */
  readonly evidence: () => AttestationEvidence | undefined;
  readonly close: () => Promise<void>;
}

/** The folder of the bundle that was built with this program. */
export const consensusBundle: string = fileURLToPath(
  new URL("../../../../enclaves/runtime/dist/bundles/consensus", import.meta.url),
);

/** What an enclave is started with. */
export interface NodeEnclaveParts {
  readonly log: Log;
  /** What the enclave goes on from, each time it starts: what the ledger of a node that forgets holds sealed, else a sum. */
  readonly sealedLedger: () => Uint8Array;
}

const RETRY_MS = 50;
const INIT_MS = 30_000;

/**
 * Starts the enclave and tells it the configuration. The signing key that it seals is written before anything is signed
 * with it, and as a whole or not at all. Rejects with RuntimeError, and with the system's errors for the key's file.
 */
export async function startNodeEnclave(config: NodeConfig, parts: NodeEnclaveParts): Promise<NodeEnclave> {
  const host = await startEnclave(enclaveOptions(config), collateralParts(config));
  try {
    const first = await initialise(host, config, parts);
    return serveEnclave(host, first, config, parts);
  } catch (error) {
    await host.close();
    throw error;
  }
}

function serveEnclave(
  host: EnclaveHost,
  first: InitResponse,
  config: NodeConfig,
  parts: NodeEnclaveParts,
): NodeEnclave {
  const { log } = parts;
  let ready = Promise.resolve();
  let isClosed = false;
  host.onExit(({ code, detail, restartInMs }) => {
    if (isClosed) return;
    log.error("the enclave has ended", { code, detail, restartInMs });
    if (restartInMs === undefined) return;
    ready = initialiseAgain(host, config, parts, () => isClosed);
    ready.then(
      () => log.info("the enclave is back"),
      (error: unknown) => log.error("the enclave does not come back", { error }),
    );
  });
  const stopRefreshing = keepEvidenceFresh(host, {
    onFailure: (error) => log.warn("the enclave's evidence could not be made anew", { error }),
  });
  return {
    enclave: {
      call: async (entryPoint, input, options) => {
        await ready; // Settled in turn, so calls keep their order.
        return host.call(entryPoint, input, options);
      },
    },
    identity: {
      blockSigningKey: readData(first.blockSigningKey, 32, "block_signing_key"),
      mintingTrustRoot: readData(first.mintingTrustRoot, 32, "minting_trust_root"),
    },
    evidence: () => evidenceOf(host),
    close: async () => {
      isClosed = true;
      stopRefreshing();
      await host.close();
    },
  };
}

/** As soon as it is there: whoever asks it for something meanwhile waits. */
async function initialiseAgain(
  host: EnclaveHost,
  config: NodeConfig,
  parts: NodeEnclaveParts,
  isClosed: () => boolean,
): Promise<void> {
  while (!isClosed()) {
    try {
      await initialise(host, config, parts);
      return;
    } catch (error) {
      if (!(error instanceof RuntimeError && error.code === "enclave-restarting")) throw error;
    }
    await sleep(RETRY_MS);
  }
}

async function initialise(
  host: EnclaveHost,
  config: NodeConfig,
  { sealedLedger }: NodeEnclaveParts,
): Promise<InitResponse> {
  const path = config.sealedBlockSigningKeyPath;
  const sealed = readIfThere(path);
  const request = toBinary(
    InitRequestSchema,
    create(InitRequestSchema, {
      ...initRequest(config, sealed),
      forgets: config.retention === "forget",
      sealedLedger: sealedLedger(),
    }),
  );
  const answer = fromBinary(InitResponseSchema, await host.call("init", request, { deadlineMs: INIT_MS }));
  if (!equalBytes(answer.sealedBlockSigningKey, sealed)) {
    systemFiles.replaceFileSync(path, answer.sealedBlockSigningKey);
  }
  await host.refreshEvidence(); // From now on it names the key that signs blocks.
  return answer;
}

function initRequest(
  config: NodeConfig,
  sealedBlockSigningKey: Uint8Array,
): Parameters<typeof create<typeof InitRequestSchema>>[1] {
  const { self, clientResponderId, tokens, blockVersion, leaderHash, timeBaseMs, equalProofHeights } = config;
  return {
    clientResponderId,
    peerResponderId: self.responderId,
    sealedBlockSigningKey,
    verifierThreads: config.verifierThreads,
    chain: {
      blockVersion,
      tokens: tokens.tokens.map(({ tokenId, minimumFee, governors }) => ({
        tokenId,
        minimumFee,
        ...(governors && { governors: signerSetToWire(governors) }),
      })),
      governorsSignature: tokens.governorsSignature ?? new Uint8Array(0),
      boundLeaderHash: leaderHash === "bound",
      timeBaseMs: timeBaseMs === DEFAULT_TIME_BASE_MS ? 0 : timeBaseMs,
      equalProofHeights,
      priorityBits: config.priorityBits,
      network: config.feeNetwork,
    },
  };
}

const DEFAULT_TIME_BASE_MS = 250;

function enclaveOptions({ enclave, statePath, retention }: NodeConfig): EnclaveOptions {
  const { bundle = consensusBundle, address, command } = enclave;
  const hosting = address === undefined ? { kind: "worker" as const } : { kind: "child" as const, command, address };
  const cleaning = retention === "forget" ? { cleanHeapMs: CLEAN_HEAP_MS } : {};
  return { bundle, hosting, platform: platformOf(enclave.platform, join(statePath, "enclave")), ...cleaning };
}

function platformOf(platform: NodeConfig["enclave"]["platform"], stateFolder: string): PlatformOptions {
  switch (platform) {
    case "simulated":
    case "software-mode":
      mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
      return { kind: "simulated", stateFolder, softwareMode: platform === "software-mode" };
    case "gramine-sgx":
      return { kind: platform };
    case "tdx":
    case "sev-snp":
      return { kind: platform, binding: "image" }; // What binds it, the launcher's own command line decides.
    default:
      return platform satisfies never;
  }
}

function collateralParts({ enclave }: NodeConfig): EnclaveHostParts {
  switch (enclave.platform) {
    case "gramine-sgx":
    case "tdx":
      return { collateral: intelCollateralSource({ kind: "service" }, { now: Date.now }) };
    case "sev-snp":
      return { collateral: amdCollateralSource({ product: enclave.amdProduct }) };
    default:
      return {};
  }
}

function evidenceOf({ evidence }: EnclaveHost): AttestationEvidence | undefined {
  if (evidence === undefined) return undefined;
  const decoded = decodeEvidence(evidence);
  if (decoded.kind !== "dcap") return undefined;
  const { quote, collateral, reportData } = decoded;
  return {
    kind: "dcap",
    evidence: {
      quote,
      collateral,
      reportData: { ...reportData, customIdentity: reportData.customIdentity ?? new Uint8Array(0) },
    },
  };
}

function readIfThere(path: string): Uint8Array {
  try {
    return systemFiles.readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Uint8Array(0);
    throw error; // A key that is there and cannot be read must not be replaced by a new one.
  }
}
