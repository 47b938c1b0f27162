// A store's key images in oblivious memory, and its channels to routers (spec 03 §5.3).
import {
  answerChannel,
  type NonceMessage,
  NonceSession,
  openBroadcast,
  type ResponderParts,
  ROUTER_SESSIONS_MAX,
  SessionTable,
} from "@fogbow/core-attest";
import { concatBytes, le64, wipeBytes } from "@fogbow/core-bytes";
import {
  decodeMessage,
  encodeMessage,
  KeyImageStoreAnswerSchema,
  KeyImageStoreQuerySchema,
  type KeyImageStoreState,
} from "@fogbow/core-wire";
import { createKernel, type FogLedgerMap } from "@fogbow/kernel";
import { LedgerEnclaveError } from "../error.ts";
import { DOOR, KEY_IMAGES_MAX } from "../limits.ts";

const KEY_IMAGE_BYTES = 32;
const MEMORY_BYTES = 2 ** 32;

/** What a store is made for. */
export interface KeyImageStoreOptions {
  /** By which routers know it. */
  readonly responderId: string;
  /** Key images; a power of two. */
  readonly capacity: number;
}

/** The key images of one shard. */
export class KeyImageStore {
  readonly #responderId: string;
  readonly #parts: ResponderParts;
  readonly #routers = new SessionTable<NonceSession>({ max: ROUTER_SESSIONS_MAX });
  readonly #map: FogLedgerMap;

  constructor({ responderId, capacity }: KeyImageStoreOptions, parts: ResponderParts) {
    this.#responderId = responderId;
    this.#parts = parts;
    const kernel = createKernel({ memoryBytesMax: MEMORY_BYTES });
    this.#map = kernel.fogLedger.createKeyImages({ capacity, seed: parts.random(32) });
  }

  /** Answers a router that begins a channel. Throws AttestError. */
  auth(request: Uint8Array): Uint8Array {
    const { staticKey, evidence, random } = this.#parts;
    const options = { responderId: this.#responderId, staticKey, evidence: evidence(), request };
    const { answer, keys } = answerChannel(options, { random });
    this.#routers.add(new NonceSession(keys));
    return answer;
  }

  /** Takes the key images of a block, all or none. Throws {@link LedgerEnclaveError} `store-full`, KernelError. */
  add(keyImages: Uint8Array, blockIndex: bigint, timestamp: bigint): void {
    const count = keyImages.length / KEY_IMAGE_BYTES;
    if (this.#map.size + count > this.#map.capacity) {
      throw new LedgerEnclaveError("store-full", `This store is for ${this.#map.capacity} key images.`);
    }
    const value = concatBytes(le64(blockIndex), le64(timestamp));
    this.#map.insert(keyImages, concatBytes(...Array.from({ length: count }, () => value)));
  }

  /** Answers a router's question; `state` is the host's word. Throws LedgerEnclaveError, AttestError, WireError. */
  answer(queries: readonly NonceMessage[], state: KeyImageStoreState): NonceMessage {
    const { session, plaintext } = openBroadcast(queries, this.#routers);
    try {
      const { query, keyImages } = decodeMessage(KeyImageStoreQuerySchema, plaintext, DOOR);
      assertKeyImages(keyImages);
      return session.seal(
        encodeMessage(KeyImageStoreAnswerSchema, { query, state, records: this.#map.answers(keyImages) }),
      );
    } finally {
      wipeBytes(plaintext);
    }
  }
}

function assertKeyImages(keyImages: Uint8Array): void {
  if (keyImages.length % KEY_IMAGE_BYTES !== 0 || keyImages.length > KEY_IMAGES_MAX * KEY_IMAGE_BYTES) {
    throw new LedgerEnclaveError("malformed-request", "A question is of key images of 32 bytes.");
  }
}
