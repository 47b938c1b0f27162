// Reading files of configuration: bounded, with errors that say which setting named the file.
import { readFile, stat } from "node:fs/promises";
import { fromUtf8 } from "@fogbow/core-bytes";
import { ConfigError, type ConfigPlace } from "./error.ts";
import { CONFIG_FILE_BYTES_MAX } from "./limits.ts";

/** A file as text; `place` is what named it. Rejects with `file-not-found`, `file-unreadable`, `file-too-large`, `malformed-file`. */
export async function readConfigText(path: string, place: ConfigPlace): Promise<string> {
  const encoded = await readConfigBytes(path, CONFIG_FILE_BYTES_MAX, place);
  try {
    return fromUtf8(encoded);
  } catch (cause) {
    throw new ConfigError("malformed-file", { file: path, field: "" }, "It is no UTF-8.", { cause });
  }
}

/** A file of at most so many bytes. Rejects with `file-not-found`, `file-unreadable`, `file-too-large`. */
export async function readConfigBytes(path: string, bytesMax: number, place: ConfigPlace): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > bytesMax) {
      const message = `${path} has ${size} bytes, at most ${bytesMax} are read.`;
      throw new ConfigError("file-too-large", place, message, { values: [`${size}`, `${bytesMax}`] });
    }
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    const code = reason === "ENOENT" || reason === "ENOTDIR" ? "file-not-found" : "file-unreadable";
    throw new ConfigError(code, place, `${path} cannot be read: ${reason}.`, { cause, values: [path] });
  }
}
