// What surrounds a run of the command: where it reads and writes, its environment, and who can end it.

/** What a run of the command reads and writes, and what decides about colour. The running process fits. */
export interface Surroundings {
  /** Absent when there is nothing to read. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
  readonly stdout: Sink & { readonly isTTY?: boolean };
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Tells of signals; absent when nobody sends any. */
  readonly on?: (signal: Signal, listener: () => void) => unknown;
  readonly off?: (signal: Signal, listener: () => void) => unknown;
}

/** What a command is told from outside. */
export type Signal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** Takes text. */
export interface Sink {
  write(text: string): unknown;
}
