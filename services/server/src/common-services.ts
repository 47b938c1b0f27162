// The services that every server has (spec 03 §7.7).

import { toJsonString } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  AdminAPI,
  type BuildInfo,
  BuildInfoApi,
  BuildInfoSchema,
  Health,
  HealthCheckResponse_ServingStatus,
} from "@fogbow/core-wire";
import { type Log, type LogLevel, loggable } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { COMMON_LIMITS } from "./rpc-limits.ts";
import { type ServedService, serveService } from "./service.ts";

/** Says whether the process serves, now. Open: load balancers ask, who know no token. */
export function healthService(isServing: () => boolean): ServedService {
  const { SERVING, NOT_SERVING } = HealthCheckResponse_ServingStatus;
  return serveService(
    Health,
    COMMON_LIMITS.health,
    {
      check: () => ({ status: isServing() ? SERVING : NOT_SERVING }),
      ping: ({ data }) => ({ data }),
    },
    { isOpen: true },
  );
}

/** Says what the process was built from, to everybody. */
export function buildInfoService(buildInfo: BuildInfo): ServedService {
  return serveService(BuildInfoApi, COMMON_LIMITS.buildInfo, { getBuildInfo: () => buildInfo }, { isOpen: true });
}

/** What an operator may know about a process. */
export interface AdminOptions {
  readonly name: string;
  readonly id: string;
  readonly buildInfo: BuildInfo;
  /** Shown to the operator as the log would show it: bytes and secrets are redacted. */
  readonly config: Readonly<Record<string, unknown>>;
}

const LOG_LEVELS: readonly LogLevel[] = ["silent", "error", "warn", "info", "debug", "trace"];

/** What an operator asks; to be served where only operators can call. */
export function adminService(
  options: AdminOptions,
  { log, metrics }: { readonly log: Log; readonly metrics: Metrics },
): ServedService {
  const { name, id, buildInfo, config } = options;
  return serveService(AdminAPI, COMMON_LIMITS.admin, {
    getPrometheusMetrics: async () => ({ metrics: await metrics.registry.metrics() }),
    getInfo: () => ({
      name,
      id,
      buildInfo,
      buildInfoJson: toJsonString(BuildInfoSchema, buildInfo),
      configJson: JSON.stringify(loggable(config)),
      rustLog: log.level,
    }),
    setRustLog: ({ rustLog }) => {
      const level = LOG_LEVELS.find((each) => each === rustLog);
      if (level === undefined) {
        throw new ConnectError(`The level of the log is one of ${LOG_LEVELS.join(", ")}.`, Code.InvalidArgument);
      }
      log.level = level;
      return {};
    },
    testLogError: () => {
      log.error("test of the log");
      return {};
    },
  });
}
