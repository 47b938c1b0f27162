// One attestation report through configfs-tsm (Linux ≥ 6.7, Documentation/ABI/testing/configfs-tsm; spec 04 §12.2).
import { setTimeout as wait } from "node:timers/promises";
import { fromUtf8, type Random, toHex } from "@fogbow/core-bytes";
import { RuntimeError } from "../error.ts";
import type { FileOperations } from "./file-operations.ts";
import { systemCode } from "./system-error.ts";

/** Times that a report is asked for when the kernel is busy or somebody else writes into our directory. */
const REPORT_ATTEMPTS_MAX = 6;

/** What the kernel gave for one `inblob`. */
export interface TsmReport {
  /** Such as `tdx_guest` or `sev_guest`. */
  readonly provider: string;
  readonly outblob: Uint8Array;
  /** The certificate table of SEV-SNP; empty when the kernel has none. */
  readonly auxblob: Uint8Array;
}

const RETRIABLE: ReadonlySet<string> = new Set(["EBUSY", "EINTR", "ETIMEDOUT", "EEXIST"]);
const RETRY_MS = 5;

/**
 * A report over 64 bytes: a directory of our own is made, written, read and removed again. Throws {@link RuntimeError}
 * `platform-unavailable` without configfs-tsm, `platform-failure` when the kernel or the host's service fails.
 */
export async function tsmReport(
  folder: string,
  inblob: Uint8Array,
  parts: { readonly files: FileOperations; readonly random: Random },
): Promise<TsmReport> {
  for (let attempt = 1; ; attempt++) {
    try {
      const report = await tryReport(folder, inblob, parts);
      if (report !== undefined) return report;
    } catch (error) {
      const code = systemCode(error) ?? "";
      if (!RETRIABLE.has(code)) throw explained(error, code);
      if (attempt >= REPORT_ATTEMPTS_MAX) throw explained(error, code);
    }
    if (attempt >= REPORT_ATTEMPTS_MAX) {
      throw new RuntimeError("platform-failure", "Somebody else keeps writing into our report directory.");
    }
    await wait(RETRY_MS * 2 ** attempt);
  }
}

/** A report; undefined when somebody else wrote into our directory meanwhile. */
async function tryReport(
  folder: string,
  inblob: Uint8Array,
  { files, random }: { readonly files: FileOperations; readonly random: Random },
): Promise<TsmReport | undefined> {
  const directory = `${folder}/fogbow-${process.pid}-${toHex(random(8))}`;
  const text = async (name: string): Promise<string> => fromUtf8(await files.readFile(`${directory}/${name}`)).trim();
  await files.mkdir(directory);
  try {
    const provider = await text("provider");
    const expected = BigInt(await text("generation")) + 1n; // Ours is the one write.
    await files.writeFile(`${directory}/inblob`, inblob);
    const outblob = await files.readFile(`${directory}/outblob`);
    const auxblob = await files.readFile(`${directory}/auxblob`).catch(nothingIfAbsent);
    return BigInt(await text("generation")) === expected ? { provider, outblob, auxblob } : undefined;
  } finally {
    // A directory that cannot be removed costs kernel memory and nothing else; the report is what counts.
    await files.rmdir(directory).catch(() => {});
  }
}

function nothingIfAbsent(error: unknown): Uint8Array {
  // The attribute is hidden where the provider has none, and ENXIO says the same on older kernels.
  if (systemCode(error) === "ENOENT" || systemCode(error) === "ENXIO") return new Uint8Array(0);
  throw error;
}

const REASONS: Readonly<Record<string, string>> = {
  EINVAL: "the kernel takes no report data of this size, or none was written",
  EFBIG: "the report is larger than the kernel passes on",
  ENXIO: "the kernel's provider was unloaded",
  EBUSY: "the kernel stayed busy",
  EINTR: "the kernel was interrupted again and again",
  ETIMEDOUT: "the host's quote service does not answer",
};

function explained(cause: unknown, code: string): RuntimeError {
  if (cause instanceof RuntimeError) return cause;
  if (code === "ENOENT" || code === "EACCES" || code === "EPERM") {
    const message =
      "There is no configfs-tsm here for us: Linux 6.7 or newer as a confidential guest, configfs mounted, root.";
    return new RuntimeError("platform-unavailable", message, { cause });
  }
  return new RuntimeError("platform-failure", `No report: ${REASONS[code] ?? "the kernel failed"}.`, { cause });
}
