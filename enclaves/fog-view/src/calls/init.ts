// `init`: what the enclave is for. Comes first, and once.
import {
  ChannelResponder,
  type EvidenceMessage,
  type KeyPair,
  type NonceSession,
  ROUTER_SESSIONS_MAX,
  SessionTable,
  type VerifyPeer,
} from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";
import { decodeMessage, ViewInitRequestSchema } from "@fogbow/core-wire";
import { createKernel } from "@fogbow/kernel";
import { ViewError } from "../error.ts";
import { CAPACITY_MAX, DOOR } from "../limits.ts";
import { OpenQueries } from "../open-queries.ts";
import type { ViewState } from "../state.ts";
import { StoreChannels } from "../store-channels.ts";

/** What `init` works with. */
export interface InitParts {
  readonly staticKey: KeyPair;
  readonly evidence: () => EvidenceMessage;
  readonly random: Random;
  readonly verifyStore: VerifyPeer;
}

const SEED_BYTES = 32;
/** All that 32-bit addresses reach: a map of 2²⁰ records takes some 740 MiB. */
const MEMORY_BYTES = 2 ** 32;

/** The state to go on with. Throws {@link ViewError} `invalid-config`, WireError, and KernelError where there is no memory. */
export function init(input: Uint8Array, { staticKey, evidence, random, verifyStore }: InitParts): ViewState {
  const { responderId, capacity } = decodeMessage(ViewInitRequestSchema, input, DOOR);
  if (capacity > CAPACITY_MAX) throw new ViewError("invalid-config", `A store holds at most ${CAPACITY_MAX} records.`);
  const { view } = createKernel({ memoryBytesMax: MEMORY_BYTES });
  return {
    responderId,
    staticKey,
    evidence,
    random,
    view,
    records: capacity === 0 ? undefined : view.createRecords({ capacity, seed: random(SEED_BYTES) }),
    routers: new SessionTable<NonceSession>({ max: ROUTER_SESSIONS_MAX }),
    clients: new ChannelResponder({ responderId }, { staticKey, evidence, random }),
    stores: new StoreChannels({ random, verify: verifyStore }),
    queries: new OpenQueries(),
  };
}
