// Sealing keys from one machine key that knows no enclaves: a file, or what a vTPM or KMS released to the guest.
import { hkdfSync } from "node:crypto";
import { concatBytes, utf8 } from "@fogbow/core-bytes";
import { RuntimeError } from "../error.ts";
import type { SealingKeys } from "./sealing.ts";

/** Who seals. */
export interface SealerIdentity {
  /** 32 bytes. */
  readonly measurement: Uint8Array;
  /** 32 bytes; absent where nobody signs enclaves, and then nothing can be sealed for a signer. */
  readonly signer?: Uint8Array;
  readonly productId: number;
}

const MACHINE_KEY_BYTES = 32;

/**
 * Derives each policy's key, so that enclaves on one machine cannot open each other's seals: HKDF-SHA-256 of the machine
 * key over "fogbow-machine-v1" ‖ policy ‖ the measurement, or the signer, product and security version. Throws
 * {@link RuntimeError} `sealing-unavailable` unless the key is 32 bytes.
 */
export function boundKeys(machineKey: Uint8Array, { measurement, signer, productId }: SealerIdentity): SealingKeys {
  if (machineKey.length !== MACHINE_KEY_BYTES) {
    throw new RuntimeError("sealing-unavailable", `A machine's sealing key is ${MACHINE_KEY_BYTES} bytes.`);
  }
  return {
    key: (policy, svn) => {
      if (policy === "signer" && signer === undefined) {
        throw new RuntimeError(
          "sealing-unavailable",
          "On this platform nobody signs enclaves: seal for the measurement.",
        );
      }
      const words = Uint8Array.of(productId & 0xff, productId >> 8, svn & 0xff, svn >> 8);
      const who = policy === "measurement" || signer === undefined ? measurement : concatBytes(signer, words);
      const info = concatBytes(utf8("fogbow-machine-v1"), utf8(policy), who);
      return new Uint8Array(hkdfSync("sha256", machineKey, new Uint8Array(0), info, 32));
    },
  };
}
