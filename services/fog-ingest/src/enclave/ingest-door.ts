// The ingest enclave's entry points as functions of messages (proto/fogbow_fog_ingest.proto).
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { bytes } from "@fogbow/core-bytes";
import { type ETxOutRecord, txOutToWire } from "@fogbow/core-transaction";
import {
  type AuthMessage,
  AuthMessageSchema,
  decodeMessage,
  encodeMessage,
  IngestInitRequestSchema,
  type IngestKeys,
  IngestKeysSchema,
  IngestPeerAuthRequestSchema,
  IngestPeerBeginRequestSchema,
  IngestPeerChannelSchema,
  IngestPeerFinishRequestSchema,
  IngestRequestSchema,
  type IngestResponse,
  IngestResponseSchema,
  type KexRngPubkey,
  KexRngPubkeySchema,
  type Message,
  MessageSchema,
  readBytes,
  readData,
  readPresent,
} from "@fogbow/core-wire";
import type { KexRngKey } from "@fogbow/recovery-db";
import type { CallOptions } from "@fogbow/runtime-enclave";
import { INGEST_MS_MAX } from "../limits.ts";
import type { Chunk, IngestedChunk, SealedKey } from "../parts.ts";

/** What is called of an `EnclaveHost`. */
export interface Callable {
  call(entryPoint: string, input: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
}

/** What the enclave is told at its start. */
export interface IngestInit {
  /** Host and port that peers know this server by. */
  readonly localNodeId: string;
  /** Of an earlier run; undefined for a new key. */
  readonly sealedKey: Uint8Array | undefined;
  /** Outputs of one egress key. */
  readonly capacity: number;
}

const OUTPUT_BYTES = 16_777_216;
const NOTHING = new Uint8Array(0);

/** The enclave, as the controller uses it. Everything rejects as `EnclaveHost.call` does. */
export class IngestDoor {
  readonly #host: Callable;

  constructor(host: Callable) {
    this.#host = host;
  }

  async init({ localNodeId, sealedKey = NOTHING, capacity }: IngestInit): Promise<SealedKey> {
    const request = { peerResponderId: localNodeId, sealedIngressKey: sealedKey, capacity };
    return sealedKeyOf(await this.#call("init", [IngestInitRequestSchema, request], IngestKeysSchema));
  }

  async ingressKey(): Promise<SealedKey> {
    return sealedKeyOf(await this.#ask("sealed-ingress-key", IngestKeysSchema));
  }

  async rng(): Promise<KexRngKey> {
    return rngOf(await this.#ask("kex-rng-pubkey", KexRngPubkeySchema));
  }

  async newKeys(): Promise<void> {
    await this.#host.call("new-keys", NOTHING);
  }

  async newEgressKey(): Promise<void> {
    await this.#host.call("new-egress-key", NOTHING);
  }

  async ingest(chunk: Chunk): Promise<IngestedChunk> {
    const { blockIndex, firstGlobalIndex, outputs, timestamp, outputsToFollow } = chunk;
    const request = { blockIndex, firstGlobalIndex, outputs: outputs.map(txOutToWire), timestamp, outputsToFollow };
    const { records, newKexRng } = await this.#call(
      "ingest-txs",
      [IngestRequestSchema, request],
      IngestResponseSchema,
      { deadlineMs: INGEST_MS_MAX },
    );
    return { records: records.map(recordOf), newRng: newKexRng && rngOf(newKexRng) };
  }

  peerBegin(responderId: string): Promise<AuthMessage> {
    return this.#call("peer-begin", [IngestPeerBeginRequestSchema, { responderId }], AuthMessageSchema);
  }

  async peerFinish(responderId: string, answer: AuthMessage, nowMs: bigint): Promise<Uint8Array> {
    const request = { responderId, answer, nowMs };
    const { channelId } = await this.#call(
      "peer-finish",
      [IngestPeerFinishRequestSchema, request],
      IngestPeerChannelSchema,
    );
    return channelId.slice();
  }

  peerAuth(request: AuthMessage, nowMs: bigint): Promise<AuthMessage> {
    return this.#call("peer-auth", [IngestPeerAuthRequestSchema, { request, nowMs }], AuthMessageSchema);
  }

  async peerClose(channelId: Uint8Array): Promise<void> {
    await this.#host.call("peer-close", encodeMessage(IngestPeerChannelSchema, { channelId }));
  }

  privateKeyFor(channelId: Uint8Array): Promise<Message> {
    return this.#call("get-ingress-private-key", [IngestPeerChannelSchema, { channelId }], MessageSchema);
  }

  async takePrivateKey(message: Message): Promise<void> {
    await this.#host.call("set-ingress-private-key", encodeMessage(MessageSchema, message));
  }

  async #ask<Response extends DescMessage>(entryPoint: string, response: Response): Promise<MessageShape<Response>> {
    return decodeMessage(response, await this.#host.call(entryPoint, NOTHING), { bytesMax: OUTPUT_BYTES });
  }

  async #call<Request extends DescMessage, Response extends DescMessage>(
    entryPoint: string,
    [schema, request]: readonly [Request, MessageInitShape<Request>],
    response: Response,
    options?: CallOptions,
  ): Promise<MessageShape<Response>> {
    const answer = await this.#host.call(entryPoint, encodeMessage(schema, request), options);
    return decodeMessage(response, answer, { bytesMax: OUTPUT_BYTES });
  }
}

function sealedKeyOf({ ingressPubkey, sealedIngressKey }: IngestKeys): SealedKey {
  return { publicKey: readData(ingressPubkey, 32, "ingress_pubkey"), sealed: sealedIngressKey.slice() };
}

function rngOf({ pubkey, version }: KexRngPubkey): KexRngKey {
  return { publicKey: readBytes(pubkey, 32, "pubkey"), version };
}

function recordOf({ searchKey, payload }: IngestResponse["records"][number]): ETxOutRecord {
  const key = bytes(readPresent(searchKey, "search_key").slice(), 16, "search key");
  return { searchKey: key, payload: readPresent(payload, "payload").slice() };
}
