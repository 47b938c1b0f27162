// Who listens on the wire: a proxy that notes the length of each HTTP/2 frame (RFC 9113 §4.1) that carries a request or an answer, and
// reads nothing else. Frames that keep a connection alive come by the clock, and are left out.
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

const FRAME_HEADER_BYTES = 9;
/** What a client says first on a connection. */
const PREFACE_BYTES = 24;
/** Types of frames: what is said, and about what. */
const CARRYING: ReadonlyMap<number, string> = new Map([
  [0, "DATA"],
  [1, "HEADERS"],
]);

/** A recorder before a port of the loopback. */
export class Recorder {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #frames: Frames;

  private constructor(server: Server, sockets: Set<Socket>, frames: Frames) {
    this.port = (server.address() as { readonly port: number }).port;
    this.#server = server;
    this.#sockets = sockets;
    this.#frames = frames;
  }

  static async begin(port: number): Promise<Recorder> {
    const frames: Frames = { sent: [], received: [] };
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      const service = connect(port, "127.0.0.1");
      for (const [from, to, notes, skipped] of [
        [client, service, frames.sent, PREFACE_BYTES],
        [service, client, frames.received, 0],
      ] as const) {
        const reader = frameReader(skipped, (frame) => notes.push(frame));
        sockets.add(from);
        from.on("data", (data: Buffer) => {
          reader(data);
          to.write(data);
        });
        from.on("error", () => undefined);
        from.on("close", () => to.destroy());
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Recorder(server, sockets, frames);
  }

  /**
   * What went each way since the last time, such as `DATA 120`, in order. Headers of answers are without their length: the date
   * is one of them, and what is compressed of it goes by the clock.
   */
  take(): Frames {
    const received = this.#frames.received.splice(0).map((frame) => frame.replace(/^HEADERS .*/, "HEADERS"));
    return { sent: this.#frames.sent.splice(0), received };
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Types and lengths of frames. */
export interface Frames {
  readonly sent: string[];
  readonly received: string[];
}

/** Takes bytes as they come, and tells each carrying frame once its header is there. */
function frameReader(skipped: number, tell: (frame: string) => unknown): (data: Buffer) => void {
  let left = skipped;
  let header = Buffer.alloc(0);
  return (data) => {
    let rest = data;
    while (rest.length > 0) {
      const passed = Math.min(left, rest.length);
      left -= passed;
      rest = rest.subarray(passed);
      const more = rest.subarray(0, FRAME_HEADER_BYTES - header.length);
      if (left > 0 || more.length === 0) continue;
      header = Buffer.concat([header, more]);
      rest = rest.subarray(more.length);
      if (header.length < FRAME_HEADER_BYTES) continue;
      left = header.readUIntBE(0, 3);
      const type = CARRYING.get(header[3] ?? -1);
      if (type !== undefined) tell(`${type} ${left}`);
      header = Buffer.alloc(0);
    }
  };
}
