// What an ingest server keeps across a restart (spec 03 §2.9): its summary and its sealed key, in one file that is replaced as a
// whole and is on the disk before anybody is told.
import { renameSync } from "node:fs";
import { CodedError } from "@fogbow/core-bytes";
import {
  decodeMessage,
  encodeMessage,
  type IngestStateFile,
  IngestStateFileSchema,
  type IngestSummary,
} from "@fogbow/core-wire";
import { type FileOperations, systemFiles } from "@fogbow/runtime-enclave";
import { IngestError } from "../error.ts";
import { STATE_BYTES_MAX } from "../limits.ts";

/** What is kept. */
export interface KeptState {
  readonly summary: IngestSummary;
  readonly sealedKey: Uint8Array;
}

/** Where it is kept. */
export interface StateStore {
  /** Undefined where there is none. What cannot be read is put aside, and is none. */
  read(): KeptState | undefined;
  /** Durable when this returns. Throws `storage-failure`. */
  write(state: KeptState): void;
  /** Renames what there is to `.bak`. */
  putAside(): void;
}

/** A state file at a path. Its folder is there. */
export class StateFile implements StateStore {
  readonly #path: string;
  readonly #files: FileOperations;

  constructor(path: string, files: FileOperations = systemFiles) {
    this.#path = path;
    this.#files = files;
  }

  read(): KeptState | undefined {
    const content = this.#content();
    if (content === undefined) return undefined;
    const state = tryDecode(content);
    if (state === undefined) this.putAside();
    return state;
  }

  write({ summary, sealedKey }: KeptState): void {
    const content = encodeMessage(IngestStateFileSchema, { summary, sealedIngressKey: sealedKey });
    try {
      this.#files.replaceFileSync(this.#path, content);
    } catch (cause) {
      throw new IngestError("storage-failure", "The state file cannot be written.", { cause });
    }
  }

  putAside(): void {
    renameSync(this.#path, `${this.#path}.bak`);
  }

  #content(): Uint8Array | undefined {
    try {
      return this.#files.readFileSync(this.#path);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw new IngestError("storage-failure", "The state file cannot be read.", { cause: error });
    }
  }
}

function tryDecode(content: Uint8Array): KeptState | undefined {
  try {
    const file: IngestStateFile = decodeMessage(IngestStateFileSchema, content, { bytesMax: STATE_BYTES_MAX });
    const { summary, sealedIngressKey } = file;
    if (summary?.ingressPubkey?.data.length !== 32 || sealedIngressKey.length === 0) return undefined;
    return { summary, sealedKey: sealedIngressKey.slice() };
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}
