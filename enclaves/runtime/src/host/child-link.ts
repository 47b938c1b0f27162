// Hosts an enclave in a process of its own, which connects to a socket of ours: what a deployment on a TEE runs.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type ListenOptions, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { toHex, utf8 } from "@fogbow/core-bytes";
import { RuntimeError } from "../error.ts";
import type { LaunchOptions } from "../inside/launcher.ts";
import { platformArguments } from "../inside/platform-arguments.ts";
import { launcherUrl } from "./launcher-url.ts";
import { LEAVE_MS_MAX } from "./limits.ts";
import type { LinkEvents, OpenLink } from "./link.ts";

/** Bytes of a child's standard error that are kept, to say why it ended. */
const CHILD_STDERR_BYTES_MAX = 4096;

/** Bytes of a socket's path on every system that Node runs on; a longer one would be cut, and the socket lie elsewhere. */
const SOCKET_PATH_BYTES_MAX = 103;

/** How the process is started and found. */
export interface ChildOptions {
  /**
   * Program and arguments, such as `["gramine-sgx", "echo"]`; Node with the launcher when absent. An empty list starts
   * nothing: something else does, and connects to `address`.
   */
  readonly command?: readonly string[];
  /** Where we listen: `unix:PATH` or `tcp:HOST:PORT`. A socket in a private folder when absent. */
  readonly address?: string;
}

/** Listens, starts the process, and speaks with the first that connects. */
export function childLink(launch: LaunchOptions, options: ChildOptions): OpenLink {
  return (events) => {
    const child = new Child(launch, options, events);
    return { send: (packet) => child.send(packet), end: () => child.end() };
  };
}

class Child {
  readonly #events: LinkEvents;
  readonly #server: Server;
  readonly #folder: string | undefined;
  #process: ChildProcess | undefined;
  #socket: Socket | undefined;
  /** What was sent before the process connected: how the enclave is to begin. */
  readonly #early: Uint8Array[] = [];
  #stderr = "";
  #detail: string | undefined;
  #killer: NodeJS.Timeout | undefined;
  #left = false;

  constructor(launch: LaunchOptions, { command, address }: ChildOptions, events: LinkEvents) {
    this.#events = events;
    this.#folder = address === undefined ? mkdtempSync(join(tmpdir(), "fogbow-")) : undefined;
    const where = address ?? `unix:${join(this.#folder as string, "enclave.sock")}`; // Made just now, without an address.
    this.#server = createServer((socket) => this.#connected(socket));
    this.#server.on("error", (error) => this.#over(error.message));
    try {
      this.#server.listen(listenOptions(where), () => {
        if (!this.#left) this.#trySpawn(command ?? nodeCommand(launch, where));
      });
    } catch (error) {
      this.#removeFolder();
      throw error;
    }
  }

  send(packet: Uint8Array): void {
    if (this.#socket === undefined) this.#early.push(packet);
    else this.#socket.write(packet);
  }

  end(): void {
    this.#socket?.destroy();
    this.#server.close();
    if (this.#process === undefined) {
      this.#over("ended by its host");
      return;
    }
    this.#process.kill("SIGTERM");
    this.#killLater();
  }

  #trySpawn(command: readonly string[]): void {
    try {
      this.#spawn(command);
    } catch (error) {
      this.#over(error instanceof Error ? error.message : "unknown"); // Such as a command with a zero byte.
    }
  }

  #spawn(command: readonly string[]): void {
    const [program, ...args] = command;
    if (program === undefined) return;
    const child = spawn(program, args, { env: {}, stdio: ["ignore", "ignore", "pipe"] });
    this.#process = child;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-CHILD_STDERR_BYTES_MAX);
    });
    child.on("error", (error) => this.#over(error.message)); // It could not be started.
    child.on("close", (code, signal) => {
      this.#over(this.#detail ?? `its process ended with ${signal ?? `code ${code}`}. ${this.#stderr}`.trim());
    });
  }

  #connected(socket: Socket): void {
    if (this.#socket !== undefined || this.#left) return void socket.destroy();
    this.#socket = socket;
    this.#server.close(); // One enclave, one connection.
    socket.setNoDelay(true);
    for (const packet of this.#early) socket.write(packet);
    socket.on("data", (bytes) => this.#events.received(bytes));
    socket.on("error", () => {}); // `close` follows.
    socket.on("close", () => {
      if (this.#process === undefined) this.#over("its connection was closed");
      else this.#killLater();
    });
  }

  /** A process whose connection is gone leaves by itself, or is made to. */
  #killLater(): void {
    this.#killer ??= setTimeout(() => this.#process?.kill("SIGKILL"), LEAVE_MS_MAX);
  }

  #over(detail: string): void {
    if (this.#left) return;
    this.#left = true;
    clearTimeout(this.#killer);
    this.#socket?.destroy();
    this.#server.close();
    this.#removeFolder();
    this.#events.ended(detail);
  }

  #removeFolder(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}

function nodeCommand({ folder, platform, expected, cleanHeapMs }: LaunchOptions, address: string): readonly string[] {
  return [
    process.execPath,
    "--disallow-code-generation-from-strings",
    fileURLToPath(launcherUrl),
    `--bundle=${folder}`,
    `--connect=${address}`,
    ...(expected === undefined ? [] : [`--expect=${toHex(expected)}`]),
    ...(cleanHeapMs === undefined ? [] : [`--clean-heap-ms=${cleanHeapMs}`]),
    ...platformArguments(platform),
  ];
}

function listenOptions(address: string): ListenOptions {
  const tcp = /^tcp:([^:]+):([0-9]{1,5})$/.exec(address);
  if (tcp !== null) return { host: tcp[1] as string, port: Number(tcp[2]) }; // Both groups take part in every match.
  if (address.startsWith("unix:")) {
    const path = address.slice("unix:".length);
    if (utf8(path).length <= SOCKET_PATH_BYTES_MAX) return { path };
    throw new RuntimeError("enclave-start-failed", `A socket's path has at most ${SOCKET_PATH_BYTES_MAX} bytes.`);
  }
  throw new RuntimeError("enclave-start-failed", "An address is unix:PATH or tcp:HOST:PORT.");
}
