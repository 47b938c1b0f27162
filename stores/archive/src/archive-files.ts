// What a place with archive files can be asked and told, whatever kind of place it is.

/** A place with archive files. */
export interface ArchiveFiles {
  /** What messages call the place: an address without secrets. */
  readonly name: string;
  /** The file at a path; undefined when there is none. Rejects with `file-too-large` and as the kind of place does. */
  read(path: string, bytesMax: number, signal?: AbortSignal): Promise<Uint8Array | undefined>;
}

/** A place that archive files can be written to. */
export interface ArchiveDestination extends ArchiveFiles {
  /** Whether there is a file at a path. */
  has(path: string): Promise<boolean>;
  /**
   * Writes a file, of which nobody ever sees a part. The content is read once, in order. Rejects with `archive-differs`
   * where the place can tell that an archive file is there with other content.
   */
  write(path: string, content: Iterable<Uint8Array>, kind: FileKind): Promise<void>;
}

/** An archive file never changes; the head does with every block. */
export type FileKind = "archive" | "head";
