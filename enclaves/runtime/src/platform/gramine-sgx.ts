// Intel SGX through Gramine: quotes and sealing keys are files below /dev/attestation (spec 04 §12.1).
import { hkdfSync } from "node:crypto";
import { equalBytes, fromUtf8, readLe32, utf8, wipeBytes } from "@fogbow/core-bytes";
import { RuntimeError } from "../error.ts";
import type { SealingKeys } from "../sealing/sealing.ts";
import type { FileOperations } from "./file-operations.ts";
import { createMutex } from "./mutex.ts";
import type { Platform } from "./platform.ts";
import { storedCounter } from "./stored-counter.ts";

/** What the platform is told. */
export interface GramineSgxOptions {
  readonly kind: "gramine-sgx";
  /** On an encrypted mount; absent for enclaves that keep no state. */
  readonly counterFile?: string;
}

const FOLDER = "/dev/attestation";
const KEY_BYTES = 16;
/** As in `gramine/enclave.manifest.template`. */
const MOUNT_KEY_NAME = "fogbow";
const TARGET_INFO_BYTES = 512;
const MRENCLAVE_BYTES = 32;
const REPORT_DATA = 48 + 320;
const REPORT_DATA_BYTES = 64;
const SIGNATURE_LENGTH = 432;

/** Opens it. Throws {@link RuntimeError} `platform-unavailable` outside Gramine, or when DCAP is not switched on. */
export async function openGramineSgx(
  { counterFile }: GramineSgxOptions,
  { files }: { readonly files: FileOperations },
): Promise<Platform> {
  const type = await files.readFile(`${FOLDER}/attestation_type`).then(
    (bytes) => fromUtf8(bytes).trim(),
    (cause: unknown) => {
      throw new RuntimeError("platform-unavailable", "This is no Gramine enclave: it has no /dev/attestation.", {
        cause,
      });
    },
  );
  if (type !== "dcap") {
    const message = `Gramine's attestation type is ${type}; set sgx.remote_attestation = "dcap" in its manifest.`;
    throw new RuntimeError("platform-unavailable", message);
  }
  if (counterFile !== undefined) await setMountKey(files);
  // What is signed is process state: a second writer between write and read would get our quote, and we theirs.
  const alone = createMutex();
  const targetInfo = await files.readFile(`${FOLDER}/my_target_info`);
  if (targetInfo.length !== TARGET_INFO_BYTES) {
    throw new RuntimeError("platform-failure", "Gramine gave target information that is cut short.");
  }
  const mrEnclave = targetInfo.slice(0, MRENCLAVE_BYTES); // TARGETINFO begins with it (Intel SDM vol. 3D).
  return {
    kind: "gramine-sgx",
    evidencePlatform: "sgx",
    identity: { kind: "mr-enclave", mrEnclave, configAdvisories: [], hardeningAdvisories: [] },
    quote: (reportData) =>
      alone(async () => {
        await files.writeFile(`${FOLDER}/user_report_data`, reportData);
        const quote = await files.readFile(`${FOLDER}/quote`);
        assertQuote(quote, reportData);
        return { kind: "quote", quote };
      }),
    sealingKeys: sealingKeys(files),
    counter: storedCounter(counterFile, files),
  };
}

/**
 * Gives the encrypted mount of the counter its key, which Gramine lets an enclave set by name. It is derived: a mount must
 * not use the sealing key itself, which we derive others from. By signer, so that a new build reads the same counter.
 */
async function setMountKey(files: FileOperations): Promise<void> {
  const sealingKey = sealingKeys(files).key("signer", 0);
  const info = utf8("fogbow-gramine-files-v1");
  const key = new Uint8Array(hkdfSync("sha256", sealingKey, new Uint8Array(0), info, KEY_BYTES));
  try {
    await files.writeFile(`${FOLDER}/keys/${MOUNT_KEY_NAME}`, key);
  } catch (cause) {
    const message = `Gramine takes no key ${MOUNT_KEY_NAME}: name it as key_name of the counter's encrypted mount.`;
    throw new RuntimeError("platform-unavailable", message, { cause });
  } finally {
    wipeBytes(sealingKey, key);
  }
}

function assertQuote(quote: Uint8Array, reportData: Uint8Array): void {
  const whole =
    quote.length >= SIGNATURE_LENGTH + 4 && quote.length >= SIGNATURE_LENGTH + 4 + readLe32(quote, SIGNATURE_LENGTH);
  if (!whole) throw new RuntimeError("platform-failure", "Gramine gave a quote that is cut short.");
  if (!equalBytes(quote.subarray(REPORT_DATA, REPORT_DATA + REPORT_DATA_BYTES), reportData)) {
    throw new RuntimeError("platform-failure", "Gramine gave a quote over other report data than was written.");
  }
}

/**
 * The processor's sealing keys. They are bound to the security version that runs, so that data sealed under `signer` is
 * readable by other builds of the same security version, not across an increase of it.
 */
function sealingKeys(files: FileOperations): SealingKeys {
  return {
    key: (policy) => {
      const key = files.readFileSync(`${FOLDER}/keys/${policy === "measurement" ? "_sgx_mrenclave" : "_sgx_mrsigner"}`);
      if (key.length !== KEY_BYTES) {
        throw new RuntimeError("platform-failure", `Gramine gave a sealing key of ${key.length} bytes.`);
      }
      return key;
    },
  };
}
