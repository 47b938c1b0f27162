// A load balancer before the replicas of a shard: each new connection goes to the next of them.
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A balancer that runs. */
export class Balancer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly port: number;

  private constructor(server: Server, sockets: Set<Socket>, port: number) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = port;
  }

  /** Listens on any port of the loopback, before replicas at some ports of it. */
  static async begin(replicas: readonly number[]): Promise<Balancer> {
    const sockets = new Set<Socket>();
    let connections = 0;
    const server = createServer((incoming) => {
      const outgoing = connect(replicas[connections % replicas.length] as number, "127.0.0.1"); // There is at least one.
      connections += 1;
      for (const [one, other] of [
        [incoming, outgoing],
        [outgoing, incoming],
      ] as const) {
        sockets.add(one);
        one.pipe(other);
        one.on("error", () => undefined);
        one.on("close", () => {
          sockets.delete(one);
          other.destroy();
        });
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Balancer(server, sockets, (server.address() as { readonly port: number }).port);
  }

  /** Cuts all connections: the next one goes to another replica. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.#server.close();
    this.cut();
  }
}
