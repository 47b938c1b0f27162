// Servers on loopback for tests, closed after each test.
import { connect, type Socket } from "node:net";
import { Writable } from "node:stream";
import type { ServiceImpl } from "@connectrpc/connect";
import { Health, HealthCheckResponse_ServingStatus } from "@fogbow/core-wire";
import { afterEach } from "vitest";
import {
  COMMON_LIMITS,
  createLog,
  createMetrics,
  healthService,
  type Log,
  type Metrics,
  type RpcLimits,
  type ServedService,
  type Server,
  type ServerOptions,
  serve,
  serveService,
} from "../src/index.ts";

/** A running server and what it says about itself. */
export interface Serving {
  readonly server: Server;
  readonly url: string;
  readonly metrics: Metrics;
  readonly log: Log;
  /** The lines of the log so far. */
  readonly lines: string[];
}

const running: Server[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

/** A moment for tests, in ms since 1970. */
export const NOW = 1_700_000_000_000;

/** Serves on loopback; the health service unless told otherwise. */
export async function serving(options: Partial<ServerOptions> = {}): Promise<Serving> {
  const lines: string[] = [];
  const destination = new Writable({
    write: (chunk, _, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  const log = createLog({ name: "test" }, { destination });
  const metrics = createMetrics();
  const server = await serve(
    { listen: { host: "127.0.0.1", port: 0 }, services: [healthService(() => true)], ...options },
    { log, metrics, now: () => NOW },
  );
  running.push(server);
  const scheme = options.listen?.tls === undefined ? "http" : "https";
  return { server, url: `${scheme}://127.0.0.1:${server.port}`, metrics, log, lines };
}

/** The health service with an implementation and bounds of a test's own. */
export function customHealth(
  implementation: Partial<ServiceImpl<typeof Health>>,
  limits: Partial<RpcLimits> = {},
): ServedService {
  const all = Object.entries(COMMON_LIMITS.health).map(([name, row]) => [name, { ...row, ...limits }]);
  // The same names again.
  return serveService(Health, Object.fromEntries(all) as typeof COMMON_LIMITS.health, implementation);
}

/** Answers health like the service of that name, to those who are admitted only. */
export const closedHealth: ServedService = customHealth({
  check: () => ({ status: HealthCheckResponse_ServingStatus.SERVING }),
  ping: ({ data }) => ({ data }),
});

/** A promise and its settling, for an implementation that waits until a test lets it go on. */
export function latch(): { readonly promise: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** A connection that has said something, or nothing. */
export function dial(port: number, bytes?: Uint8Array | string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port }, () => {
      if (bytes !== undefined) socket.write(bytes);
      resolve(socket);
    });
    socket.once("error", reject);
    socket.on("error", () => undefined);
  });
}

/** Resolves when the peer has ended a connection, whichever way. */
export function ended(socket: Socket): Promise<void> {
  socket.resume();
  return new Promise((resolve) => (socket.closed ? resolve() : socket.once("close", () => resolve())));
}

/** Waits for a condition; the deadline is that of the test. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** How many calls are in progress. */
export async function inProgress({ registry }: Metrics): Promise<number> {
  const values = (await registry.getSingleMetric("rpc_in_progress")?.get())?.values ?? [];
  return values.reduce((sum, { value }) => sum + value, 0);
}
