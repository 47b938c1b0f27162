// What stores and routers have in common as processes: two listeners, and an end within a second.
import { setTimeout as sleep } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import { BuildInfoSchema } from "@fogbow/core-wire";
import {
  adminService,
  buildInfoService,
  createMetrics,
  healthService,
  type Log,
  listenOptionsOf,
  type ServedService,
  type Server,
  type ServiceUri,
  serve,
  type TokenAuthOptions,
} from "@fogbow/server";
import { Gauge } from "prom-client";

/** A process that serves. */
export interface Running {
  /** Where it listens; ports that were 0 are those that it got. */
  readonly ports: { readonly client: number; readonly admin: number | undefined };
  /** Rejects when the process cannot go on: then it should end. */
  readonly done: Promise<void>;
  /** Stops listening at once. Resolves within a second. */
  readonly close: () => Promise<void>;
}

/** What a role serves. */
export interface RoleParts {
  readonly name: string;
  readonly id: string;
  readonly chainId: string;
  readonly version: string;
  readonly clientListen: ServiceUri;
  readonly adminListen: ServiceUri | undefined;
  readonly tokens: TokenAuthOptions | undefined;
  /** What an operator is shown of the configuration. */
  readonly shown: Readonly<Record<string, unknown>>;
  readonly isServing: () => boolean;
  readonly services: readonly ServedService[];
  readonly adminServices: readonly ServedService[];
  /** Its own figures, by name: what each is, and how much it is now. */
  readonly gauges: Readonly<Record<string, { readonly help: string; readonly value: () => number }>>;
  /** Ends everything else. */
  readonly stop: () => Promise<void>;
}

/** Milliseconds that what is in progress has to end. */
const CLOSE_MS = 800;

/** Listens. Rejects with ServerError; everything is stopped then. */
export async function runRole(
  role: RoleParts,
  { log }: { readonly log: Log },
): Promise<Omit<Running, "done"> & { readonly closed: Promise<void> }> {
  const { name, id, chainId, version, tokens, clientListen, adminListen } = role;
  const metrics = createMetrics();
  const prefix = `fog_${name.replaceAll("-", "_")}_`;
  for (const [gauge, { help, value }] of Object.entries(role.gauges)) {
    new Gauge({
      name: `${prefix}${gauge}`,
      help,
      registers: [metrics.registry],
      collect() {
        this.set(value());
      },
    });
  }
  const buildInfo = create(BuildInfoSchema, { gitCommit: version });
  const common = [healthService(role.isServing), buildInfoService(buildInfo)];
  const parts = { log, metrics, now: Date.now };
  const servers: Server[] = [];
  try {
    const client = await serve(
      {
        listen: listenOptionsOf(clientListen),
        services: [...common, ...role.services],
        ...(chainId !== "" && { chainId }),
        tokens,
      },
      parts,
    );
    servers.push(client);
    const operator = adminService({ name, id, buildInfo, config: { chainId, ...role.shown } }, { log, metrics });
    const admin =
      adminListen &&
      (await serve(
        {
          listen: listenOptionsOf(adminListen),
          services: [...common, operator, ...role.adminServices],
          pages: [
            { path: "/metrics", contentType: metrics.registry.contentType, text: () => metrics.registry.metrics() },
          ],
        },
        parts,
      ));
    if (admin !== undefined) servers.push(admin);
    log.info("serving", { role: name, id, port: client.port });
    let isClosed: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => {
      isClosed = resolve;
    });
    let closing: Promise<void> | undefined;
    const end = async (): Promise<void> => {
      await Promise.race([Promise.all([...servers.map((server) => server.close()), role.stop()]), sleep(CLOSE_MS)]);
      isClosed();
    };
    return {
      ports: { client: client.port, admin: admin?.port },
      closed,
      close: () => {
        closing ??= end();
        return closing;
      },
    };
  } catch (error) {
    await Promise.all([...servers.map((server) => server.close()), role.stop()]);
    throw error;
  }
}
