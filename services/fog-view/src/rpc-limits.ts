// The bounds of Fog View's RPCs.
import type { FogViewAPI, FogViewRouterAdminAPI, FogViewRouterAPI, FogViewStoreAPI } from "@fogbow/core-wire";
import type { RpcLimits, ServiceLimits } from "@fogbow/server";

const AUTH: RpcLimits = {
  requestBytesMax: 65_536,
  responseBytesMax: 327_680,
  deadlineMs: 5_000,
  concurrencyMax: 16,
  queueMax: 256,
};

const QUERY: RpcLimits = {
  requestBytesMax: 1_048_576,
  responseBytesMax: 16_777_216,
  deadlineMs: 30_000,
  concurrencyMax: 64,
  queueMax: 256,
};

/** A row for each RPC of a store and of a router. */
export const FOG_VIEW_LIMITS: {
  readonly unary: ServiceLimits<typeof FogViewAPI>;
  readonly streaming: ServiceLimits<typeof FogViewRouterAPI>;
  readonly store: ServiceLimits<typeof FogViewStoreAPI>;
  readonly admin: ServiceLimits<typeof FogViewRouterAdminAPI>;
} = {
  unary: { auth: AUTH, query: QUERY },
  streaming: { request: { ...QUERY, deadlineMs: 600_000, concurrencyMax: 10_000 } },
  store: { auth: AUTH, multiViewStoreQuery: { ...QUERY, requestBytesMax: 16_777_216 } },
  admin: { addShard: { ...AUTH, responseBytesMax: 1_024, concurrencyMax: 1 } },
};
