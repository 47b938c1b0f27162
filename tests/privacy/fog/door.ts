// An enclave in this thread with its host, who notes what crosses the door.
import { createCipheriv, createDecipheriv } from "node:crypto";
import { createSimulatedPlatform, encodeEvidence, makeSimulatedEvidence } from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";
import { type Enclave, type EnclaveParts, identityOf, type Sealing } from "@fogbow/runtime-enclave";
import type { KernelWatch } from "./kernel-watch.ts";
import type { Notebook } from "./notebook.ts";
import { randomFrom } from "./random.ts";

/** The time by every clock. */
export const NOW: number = Date.UTC(2026, 10, 30);

/** What all enclaves of these tests measure. */
export const MEASUREMENT: Uint8Array = new Uint8Array(32).fill(1);

/** Who an enclave is. */
export interface DoorOptions {
  readonly name: string;
  readonly productId: number;
  readonly make: (parts: Pick<EnclaveParts, "random" | "peer" | "sealing">) => Enclave;
}

/** Who looks on. */
export interface Observer {
  readonly notebook: Notebook;
  readonly watch: KernelWatch | undefined;
}

/** The door of one enclave. */
export class Door {
  readonly name: string;
  readonly #enclave: Enclave;
  readonly #observer: Observer;

  constructor({ name, productId, make }: DoorOptions, observer: Observer) {
    const random = randomFrom(`enclave ${name}`);
    const peer = { identity: identityOf(MEASUREMENT), platform: "simulated" } as const;
    this.name = name;
    this.#enclave = make({ random, peer, sealing: sealingWith(random) });
    this.#observer = observer;
    const { attests } = this.#enclave;
    if (attests === undefined) throw new Error("Enclaves of Fog attest a key.");
    const { key, customIdentity } = attests;
    const contents = { nonce: random(16), key, ...(customIdentity && { customIdentity }) };
    const machine = createSimulatedPlatform("simulated", { random, now: NOW });
    const enclave = { measurement: MEASUREMENT, productId, securityVersion: 1 };
    const evidence = makeSimulatedEvidence(machine, enclave, { contents, now: NOW });
    this.#enclave.takeEvidence?.({ kind: "dcap", bytes: encodeEvidence(evidence) });
  }

  /** Calls an entry point, and notes what went in and what came out. */
  ask(entryPoint: string, input: Uint8Array): Promise<Uint8Array> {
    const { notebook, watch } = this.#observer;
    return notebook.exchange("door", `${this.name} ${entryPoint}`, input, async () => {
      if (watch === undefined) return { answered: await this.#enclave.call(entryPoint, input) };
      const { result, trace } = await watch.during(() => this.#enclave.call(entryPoint, input));
      return { answered: result, trace };
    });
  }
}

/** Seals with a key of this process. */
function sealingWith(random: Random): Sealing {
  const key = random(32);
  return {
    seal: (plaintext, aad) => {
      const nonce = random(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(aad);
      return new Uint8Array(Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
    },
    unseal: (blob, aad) => {
      const decipher = createDecipheriv("aes-256-gcm", key, blob.subarray(0, 12)).setAAD(aad);
      decipher.setAuthTag(blob.subarray(-16));
      return new Uint8Array(Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]));
    },
  };
}
