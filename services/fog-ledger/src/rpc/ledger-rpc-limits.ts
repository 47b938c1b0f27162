// The bounds of Fog Ledger's RPCs. docs/limits.md shows them all.
import type {
  FogBlockAPI,
  FogKeyImageAPI,
  FogMerkleProofAPI,
  FogUntrustedTxOutApi,
  KeyImageStoreAPI,
  LedgerAPI,
  LedgerRouterAdminAPI,
  OutputLookupAPI,
} from "@fogbow/core-wire";
import type { RpcLimits, ServiceLimits } from "@fogbow/server";

const AUTH: RpcLimits = {
  requestBytesMax: 65_536,
  responseBytesMax: 327_680,
  deadlineMs: 10_000,
  concurrencyMax: 64,
  queueMax: 1_024,
};

const KEY_IMAGES: RpcLimits = {
  requestBytesMax: 524_288,
  responseBytesMax: 524_288,
  deadlineMs: 30_000,
  concurrencyMax: 64,
  queueMax: 1_024,
};

/** Of a store. */
export const STORE_LIMITS: ServiceLimits<typeof KeyImageStoreAPI> = {
  auth: AUTH,
  // A question is sealed for each store that a router knows.
  multiKeyImageStoreQuery: { ...KEY_IMAGES, requestBytesMax: 16_777_216, responseBytesMax: 1_048_576 },
};

/** Of a router. */
export const ROUTER_LIMITS: {
  readonly ledger: ServiceLimits<typeof LedgerAPI>;
  readonly keyImages: ServiceLimits<typeof FogKeyImageAPI>;
  readonly proofs: ServiceLimits<typeof FogMerkleProofAPI>;
  readonly lookup: ServiceLimits<typeof OutputLookupAPI>;
  readonly blocks: ServiceLimits<typeof FogBlockAPI>;
  readonly txOuts: ServiceLimits<typeof FogUntrustedTxOutApi>;
  readonly admin: ServiceLimits<typeof LedgerRouterAdminAPI>;
} = {
  ledger: { request: { ...KEY_IMAGES, concurrencyMax: 1_024 } },
  keyImages: { auth: AUTH, checkKeyImages: KEY_IMAGES },
  proofs: {
    auth: AUTH,
    getOutputs: { ...KEY_IMAGES, requestBytesMax: 65_536, responseBytesMax: 8_388_608 },
  },
  lookup: {
    auth: AUTH,
    lookupOutputs: { ...KEY_IMAGES, requestBytesMax: 65_536, responseBytesMax: 65_536 },
  },
  blocks: {
    getBlocks: {
      requestBytesMax: 65_536,
      responseBytesMax: 67_108_864,
      deadlineMs: 30_000,
      concurrencyMax: 16,
      queueMax: 256,
    },
  },
  txOuts: {
    getTxOuts: { ...AUTH, requestBytesMax: 131_072, responseBytesMax: 524_288 },
  },
  admin: {
    addShard: { ...AUTH, requestBytesMax: 4_096, responseBytesMax: 1_024, concurrencyMax: 4 },
  },
};
