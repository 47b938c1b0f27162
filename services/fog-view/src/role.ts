// What both roles have in common: listeners, figures, and being stopped in reverse.
import { create } from "@bufbuild/protobuf";
import { BuildInfoSchema } from "@fogbow/core-wire";
import {
  adminService,
  buildInfoService,
  createMetrics,
  healthService,
  type Log,
  listenOptionsOf,
  type Metrics,
  type ServedService,
  type Server,
  type ServerOptions,
  type ServiceUri,
  serve,
} from "@fogbow/server";

/** What a role is told of itself. */
export interface RoleFacts {
  readonly name: string;
  readonly id: string;
  readonly chainId: string;
  readonly version: string;
  readonly isServing: () => boolean;
}

/** Milliseconds that what is in progress has to end. */
const CLOSE_MS = 700;

/** A role of Fog View while it starts and runs. */
export class Role {
  readonly metrics: Metrics = createMetrics();
  readonly #facts: RoleFacts;
  readonly #log: Log;
  readonly #servers: Server[] = [];
  readonly #stops: (() => Promise<void> | void)[] = [];
  #closing: Promise<void> | undefined;

  constructor(facts: RoleFacts, { log }: { readonly log: Log }) {
    this.#facts = facts;
    this.#log = log;
  }

  /** Notes what is to be done at the end, the last first. */
  onStop(stop: () => Promise<void> | void): void {
    this.#stops.push(stop);
  }

  /** Serves at a URI. Rejects with ServerError. */
  async listen(
    uri: ServiceUri,
    services: readonly ServedService[],
    more: Partial<ServerOptions> = {},
  ): Promise<number> {
    const { chainId, isServing, version } = this.#facts;
    const common = [healthService(isServing), buildInfoService(create(BuildInfoSchema, { gitCommit: version }))];
    const server = await serve(
      { listen: listenOptionsOf(uri), services: [...common, ...services], chainId, ...more },
      { log: this.#log, metrics: this.metrics, now: Date.now },
    );
    this.#servers.push(server);
    return server.port;
  }

  /** Serves figures and the log to the operator, where that is wanted. Rejects with ServerError. */
  async listenForOperator(
    uri: ServiceUri | undefined,
    config: Readonly<Record<string, unknown>>,
    services: readonly ServedService[] = [],
  ): Promise<number | undefined> {
    if (uri === undefined) return undefined;
    const { name, id, version } = this.#facts;
    const buildInfo = create(BuildInfoSchema, { gitCommit: version });
    const { metrics } = this;
    const admin = adminService({ name, id, buildInfo, config }, { log: this.#log, metrics });
    const page = {
      path: "/metrics",
      contentType: metrics.registry.contentType,
      text: () => metrics.registry.metrics(),
    };
    return this.listen(uri, [admin, ...services], { pages: [page] });
  }

  /** Stops listening at once, then everything else. Resolves within a second. */
  close(): Promise<void> {
    this.#closing ??= Promise.race([
      this.#stop(),
      new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MS).unref()),
    ]);
    return this.#closing;
  }

  async #stop(): Promise<void> {
    const closed = Promise.all(this.#servers.map((server) => server.close()));
    for (const stop of this.#stops.splice(0).reverse()) await stop();
    await closed;
  }
}
