// The bounds of an RPC. Every RPC that is served has a row, and `docs/limits.md` shows them all.
import type { DescService } from "@bufbuild/protobuf";
import { AdminAPI, BuildInfoApi, Health } from "@fogbow/core-wire";

/** The bounds of one RPC of a server. */
export interface RpcLimits {
  /** Bytes of one request message. Larger: `RESOURCE_EXHAUSTED`. */
  readonly requestBytesMax: number;
  /** Bytes of one response message. */
  readonly responseBytesMax: number;
  /**
   * Milliseconds from the headers of a request to the last byte of its response, for a stream from one message to the
   * next. Longer: `DEADLINE_EXCEEDED`.
   */
  readonly deadlineMs: number;
  /** Calls in progress at one time. */
  readonly concurrencyMax: number;
  /** Calls that wait for others to end. One more: `UNAVAILABLE`. */
  readonly queueMax: number;
}

/** A row for each RPC of a service, by its name in TypeScript. */
export type ServiceLimits<Service extends DescService> = { readonly [Method in keyof Service["method"]]: RpcLimits };

const SMALL: RpcLimits = {
  requestBytesMax: 1_024,
  responseBytesMax: 65_536,
  deadlineMs: 2_000,
  concurrencyMax: 64,
  queueMax: 256,
};

/** The bounds of the services that every server has. */
export const COMMON_LIMITS: {
  readonly health: ServiceLimits<typeof Health>;
  readonly buildInfo: ServiceLimits<typeof BuildInfoApi>;
  readonly admin: ServiceLimits<typeof AdminAPI>;
} = {
  health: { check: SMALL, watch: SMALL, ping: { ...SMALL, requestBytesMax: 65_536 } },
  buildInfo: { getBuildInfo: SMALL },
  admin: {
    getPrometheusMetrics: { ...SMALL, responseBytesMax: 4_194_304, concurrencyMax: 4 },
    getInfo: SMALL,
    setRustLog: SMALL,
    testLogError: SMALL,
  },
};

/** The services whose bounds are above. */
export const COMMON_SERVICES: { readonly [Name in keyof typeof COMMON_LIMITS]: DescService } = {
  health: Health,
  buildInfo: BuildInfoApi,
  admin: AdminAPI,
};
