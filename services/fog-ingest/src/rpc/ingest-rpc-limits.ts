// The bounds of an ingest server's RPCs. docs/limits.md shows them all.
import type { AccountIngestAPI, AccountIngestPeerAPI, AttestedApi } from "@fogbow/core-wire";
import type { RpcLimits, ServiceLimits } from "@fogbow/server";

const SMALL: RpcLimits = {
  requestBytesMax: 1_024,
  responseBytesMax: 65_536,
  deadlineMs: 10_000,
  concurrencyMax: 16,
  queueMax: 64,
};

/** Peers are asked, evidence is made, or all there is in the database is read. */
const LONG: RpcLimits = { ...SMALL, deadlineMs: 60_000, concurrencyMax: 4 };

const PEER_URIS: RpcLimits = { ...SMALL, requestBytesMax: 327_680, responseBytesMax: 327_680 };

const RECORDS_BYTES = 16_777_216;

/** Evidence goes both ways between servers. */
const EVIDENCE_BYTES = 327_680;

/** What operators ask. */
export const INGEST_LIMITS: ServiceLimits<typeof AccountIngestAPI> = {
  getStatus: { ...SMALL, responseBytesMax: 327_680, concurrencyMax: 64 },
  newKeys: { ...LONG, responseBytesMax: 327_680 },
  setPubkeyExpiryWindow: { ...SMALL, responseBytesMax: 327_680 },
  setPeers: PEER_URIS,
  activate: { ...LONG, responseBytesMax: 327_680 },
  retire: { ...SMALL, responseBytesMax: 327_680 },
  unretire: { ...SMALL, responseBytesMax: 327_680 },
  reportLostIngressKey: SMALL,
  getMissedBlockRanges: { ...LONG, responseBytesMax: RECORDS_BYTES },
  syncKeysFromRemote: { ...LONG, requestBytesMax: 8_192, responseBytesMax: 327_680 },
  getIngressKeyRecords: { ...LONG, responseBytesMax: RECORDS_BYTES },
};

/** What peers ask. */
export const INGEST_PEER_LIMITS: {
  readonly attested: ServiceLimits<typeof AttestedApi>;
  readonly peer: ServiceLimits<typeof AccountIngestPeerAPI>;
} = {
  attested: { auth: { ...SMALL, requestBytesMax: EVIDENCE_BYTES, responseBytesMax: EVIDENCE_BYTES } },
  peer: {
    getStatus: { ...SMALL, responseBytesMax: 327_680, concurrencyMax: 64 },
    getIngressPrivateKey: SMALL,
    setIngressPrivateKey: { ...SMALL, requestBytesMax: 65_536, responseBytesMax: 327_680 },
    setPeers: PEER_URIS,
  },
};
