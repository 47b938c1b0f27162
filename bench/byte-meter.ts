// Counts what a wallet and a server send each other, between them on loopback.
import { createConnection, createServer } from "node:net";

/** Counts what passes between a wallet and a port. */
export class ByteMeter {
  readonly #server: ReturnType<typeof createServer>;
  bytes = 0;

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
  }

  static async before(port: number): Promise<ByteMeter> {
    const server = createServer({ noDelay: true }, (inner) => {
      const outer = createConnection({ host: "127.0.0.1", port, noDelay: true });
      for (const [from, to] of [
        [inner, outer],
        [outer, inner],
      ] as const) {
        from.on("data", (chunk) => {
          meter.bytes += chunk.length;
          to.write(chunk);
        });
        from.on("close", () => to.destroy());
        from.on("error", () => to.destroy());
      }
    });
    const meter = new ByteMeter(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return meter;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  close(): void {
    this.#server.close();
  }
}
