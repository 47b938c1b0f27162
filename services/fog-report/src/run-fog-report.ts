// A report service as a process: its signer, its port, and what operators and load balancers ask it.
import { create } from "@bufbuild/protobuf";
import { BuildInfoSchema } from "@fogbow/core-wire";
import type { RecoveryDb } from "@fogbow/recovery-db";
import {
  adminService,
  buildInfoService,
  createMetrics,
  healthService,
  type ListenOptions,
  type Log,
  type ServedService,
  type Server,
  serve,
} from "@fogbow/server";
import { reportService } from "./get-reports.ts";
import { readSigner, type SignerFiles } from "./read-signer.ts";

/** What a report service is told. */
export interface RunFogReportOptions {
  readonly listen: ListenOptions;
  /** Where administration and figures are served; undefined for nowhere. */
  readonly adminListen: ListenOptions | undefined;
  readonly signer: SignerFiles;
  /** Callers that name another chain are refused; empty for none. */
  readonly chainId: string;
  /** What this program was built from. */
  readonly version: string;
}

/** What it works with. */
export interface RunFogReportParts {
  readonly db: RecoveryDb;
  readonly log: Log;
}

/** A report service that runs. */
export interface RunningFogReport {
  readonly ports: { readonly client: number; readonly admin: number | undefined };
  /** What it serves clients, for whoever serves them at another place too. */
  readonly services: readonly ServedService[];
  /** Stops listening at once; the database stays open. Resolves within a second. */
  readonly close: () => Promise<void>;
}

/** Runs a report service. Rejects as `readSigner` and `serve` do. It does not wait for the database, which may come later. */
export async function runFogReport(
  options: RunFogReportOptions,
  { db, log }: RunFogReportParts,
): Promise<RunningFogReport> {
  const { listen, adminListen, chainId, version } = options;
  const signer = await readSigner(options.signer, Date.now());
  const metrics = createMetrics();
  const parts = { log, metrics, now: Date.now };
  const buildInfo = create(BuildInfoSchema, { gitCommit: version });
  const open: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((server) => server.close()));
  };
  const common = [healthService(() => true), buildInfoService(buildInfo)];
  try {
    const services = [reportService({ db, signer, log })];
    const client = await serve(
      { listen, services: [...services, ...common], ...(chainId !== "" && { chainId }) },
      parts,
    );
    open.push(client);
    const admin =
      adminListen &&
      (await serve(
        {
          listen: adminListen,
          services: [
            ...common,
            adminService({ name: "fog-report", id: chainId, buildInfo, config: { chainId } }, { log, metrics }),
          ],
          pages: [
            { path: "/metrics", contentType: metrics.registry.contentType, text: () => metrics.registry.metrics() },
          ],
        },
        parts,
      ));
    if (admin !== undefined) open.push(admin);
    log.info("serving reports", { port: client.port, admin: admin?.port });
    return { ports: { client: client.port, admin: admin?.port }, services, close };
  } catch (error) {
    await close();
    throw error;
  }
}
