// A machine's consensus enclave: the real code, called in this thread, on a platform whose evidence is an entry in a list.
// What is remembered for all enclaves are verdicts about signatures and evidence, and nothing else.
import { createCipheriv, createDecipheriv } from "node:crypto";
import { createConsensusEnclave, type SignatureMemo } from "@fogbow/consensus-enclave";
import { AttestError } from "@fogbow/core-attest";
import { type Random, toHex } from "@fogbow/core-bytes";
import { signerSetToWire, type TxSignatureResult } from "@fogbow/core-transaction";
import {
  DcapEvidenceSchema,
  decodeMessage,
  encodeMessage,
  InitRequestSchema,
  type InitResponse,
  InitResponseSchema,
} from "@fogbow/core-wire";
import type { ConsensusEnclave } from "@fogbow/node";
import { type Enclave, identityOf, RuntimeError, type Sealing } from "@fogbow/runtime-enclave";
import type { Faults } from "../engine/faults.ts";
import type { SimulatedProcess } from "../engine/process.ts";
import type { SeededRandom } from "../engine/random.ts";
import type { Scheduler } from "../engine/scheduler.ts";
import type { Chain } from "./chain.ts";
import { identity } from "./identity.ts";

/** How an enclave misbehaves. */
export interface EnclaveConfig {
  /** Mean time of one call, milliseconds. */
  readonly latencyMs: number;
  /** Share of calls that are refused because the enclave is busy. */
  readonly refusals: number;
  /** Share of calls at which the enclave crashes, and starts again with nothing in memory. */
  readonly crashes: number;
  /** Share of starts of a machine that find a sealed key which is not its own. */
  readonly wrongSeals: number;
}

/** What all enclaves of a run share. */
export interface EnclaveWorld {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly chainOf: (index: number) => Chain;
  /** Verdicts about signatures; undefined in the runs that verify every signature at every node. */
  readonly memo: SignatureMemo | undefined;
  /** The channel keys of enclaves that platforms have vouched for, hex. */
  readonly vouched: Set<string>;
}

/** Verdicts about signatures, for all runs of this process: what a transaction hash says, it says for ever. */
export const sharedMemo: SignatureMemo = createMemo();

function createMemo(): SignatureMemo {
  const known = new Map<string, TxSignatureResult>();
  return {
    get: (hash) => known.get(toHex(hash)),
    set: (hash, result) => void known.set(toHex(hash), result),
  };
}

/** What of an enclave is on its machine's disk. */
export interface EnclaveDisk {
  sealedKey: Uint8Array;
}

const ENTRY_MS_MAX = 1_000;

/** A machine's enclave as one process of its host uses it. */
export class SimulatedEnclave implements ConsensusEnclave {
  config: EnclaveConfig;
  readonly #index: number;
  /** Of this start of this node, among all. */
  readonly #name: string;
  readonly #world: EnclaveWorld;
  readonly #process: SimulatedProcess;
  readonly #random: SeededRandom;
  readonly #disk: EnclaveDisk;
  #enclave: Enclave;
  #init: InitResponse;
  #busyUntil = 0;
  /** Begins anew at each call, so that what one call draws, or need not draw, moves nothing in another. */
  #callRandom: SeededRandom;
  #calls = 0;

  constructor(
    options: { readonly index: number; readonly name: string; readonly config: EnclaveConfig },
    parts: {
      readonly world: EnclaveWorld;
      readonly process: SimulatedProcess;
      readonly random: SeededRandom;
      readonly disk: EnclaveDisk;
    },
  ) {
    this.#index = options.index;
    this.#name = options.name;
    this.config = options.config;
    this.#world = parts.world;
    this.#process = parts.process;
    this.#random = parts.random;
    this.#callRandom = parts.random.for("enclave start");
    this.#disk = parts.disk;
    [this.#enclave, this.#init] = this.#start();
  }

  /** What `init` told the host. */
  get started(): InitResponse {
    return this.#init;
  }

  call(entryPoint: string, input: Uint8Array): Promise<Uint8Array> {
    const { scheduler, faults } = this.#world;
    const took = Math.min(ENTRY_MS_MAX, this.#random.exponential(this.config.latencyMs));
    this.#busyUntil = Math.max(scheduler.now, this.#busyUntil) + took;
    return new Promise((resolve, reject) => {
      this.#process.post(this.#busyUntil - scheduler.now, `enclave ${entryPoint}`, () => {
        if (faults.happens("enclave refuses", this.config.refusals, this.#random)) {
          reject(new RuntimeError("enclave-busy", "The enclave is busy."));
        } else if (faults.happens("enclave crashes", this.config.crashes, this.#random)) {
          this.#callRandom = this.#random.for(`${this.#name} start ${this.#calls++}`);
          [this.#enclave, this.#init] = this.#start();
          reject(new RuntimeError("enclave-crashed", "The enclave ended."));
        } else {
          scheduler.awaitOutside(this.#answer(entryPoint, input.slice())).then(resolve, reject);
        }
      });
    });
  }

  /** As the door answers: with bytes of the caller's own, or with the enclave's refusal. */
  async #answer(entryPoint: string, input: Uint8Array): Promise<Uint8Array> {
    this.#callRandom = this.#random.for(`${this.#name} call ${this.#calls++}`);
    try {
      return (await this.#enclave.call(entryPoint, input)).slice();
    } catch (error) {
      if (error instanceof Error && "code" in error && typeof error.code === "string") {
        throw new RuntimeError("call-refused", error.message, { reason: error.code, cause: error });
      }
      throw new RuntimeError("enclave-fault", "The enclave failed.", { cause: error });
    }
  }

  /** A new enclave, initialised: keys of channels and all transactions are gone. */
  #start(): [Enclave, InitResponse] {
    const { memo, vouched, chainOf } = this.#world;
    const chain = chainOf(this.#index);
    const measurement = new Uint8Array(32).fill(7);
    const enclave = createConsensusEnclave(
      {
        random: (length) => this.#callRandom.bytes(length),
        sealing: sealingFor(this.#index, (length) => this.#callRandom.bytes(length)),
        peer: { identity: identityOf(measurement), platform: "simulated" },
      },
      {
        ...(memo && { memo }),
        verifyPeer: async ({ key }) => {
          if (!vouched.has(toHex(key))) throw new AttestError("evidence-malformed", "No platform vouches for this.");
        },
      },
    );
    const key = enclave.attests?.key ?? new Uint8Array();
    vouched.add(toHex(key));
    enclave.takeEvidence?.({ kind: "dcap", bytes: encodeMessage(DcapEvidenceSchema, { reportData: { key } }) });
    const { node, clientResponderId } = identity(this.#index);
    const answer = enclave.call(
      "init",
      encodeMessage(InitRequestSchema, {
        clientResponderId,
        peerResponderId: node.responderId,
        sealedBlockSigningKey: this.#disk.sealedKey,
        chain: {
          blockVersion: chain.blockVersion,
          tokens: chain.tokens.map(({ tokenId, minimumFee, governors }) => ({
            tokenId,
            minimumFee,
            ...(governors && { governors: signerSetToWire(governors) }),
          })),
          governorsSignature: chain.governorsSignature ?? new Uint8Array(),
          boundLeaderHash: chain.leaderHash === "bound",
          network: "development",
        },
      }),
    );
    if (answer instanceof Promise) throw new TypeError("`init` answers at once.");
    const init = decodeMessage(InitResponseSchema, answer, { bytesMax: answer.length });
    this.#disk.sealedKey = init.sealedBlockSigningKey.slice();
    return [enclave, init];
  }
}

/** Seals under a key of the machine. */
function sealingFor(index: number, random: Random): Sealing {
  const key = new Uint8Array(32).fill(index);
  return {
    seal: (plaintext, aad) => {
      const nonce = random(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(aad);
      return new Uint8Array(Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
    },
    unseal: (blob, aad) => {
      const decipher = createDecipheriv("aes-256-gcm", key, blob.subarray(0, 12)).setAAD(aad);
      decipher.setAuthTag(blob.subarray(-16));
      try {
        return new Uint8Array(Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]));
      } catch (cause) {
        throw new RuntimeError("unseal-failed", "The seal does not open.", { cause });
      }
    },
  };
}
