// What surrounds a run of the command: where it reads and writes, and its environment.

/** What a run of the command reads and writes, and what decides about colour. The running process fits. */
export interface Surroundings {
  /** Absent when there is nothing to read. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
  readonly stdout: Sink & { readonly isTTY?: boolean };
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Takes text. */
export interface Sink {
  write(text: string): unknown;
}
