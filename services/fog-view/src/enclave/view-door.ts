// The enclave's entry points as functions of messages (proto/fogbow_fog_view.proto). Everything rejects as `EnclaveHost.call` does.
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { ETxOutRecord } from "@fogbow/core-transaction";
import {
  AddRecordsRequestSchema,
  type AuthMessage,
  AuthMessageSchema,
  BeginStoreRequestSchema,
  CollateRequestSchema,
  DropQueryRequestSchema,
  decodeMessage,
  encodeMessage,
  FinishStoreRequestSchema,
  type Message,
  MessageSchema,
  type MultiViewStoreQueryRequest,
  MultiViewStoreQueryRequestSchema,
  type NonceMessage,
  NonceMessageSchema,
  type OpenedQuery,
  OpenedQuerySchema,
  SealQueryRequestSchema,
  StoreQuerySchema,
  ViewInitRequestSchema,
} from "@fogbow/core-wire";
import type { CallOptions } from "@fogbow/runtime-enclave";
import { ADD_RECORDS_MS_MAX, DOOR_BYTES_MAX, INIT_MS_MAX } from "../limits.ts";

/** What is called of an `EnclaveHost`. */
export interface Callable {
  call(entryPoint: string, input: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
}

/** The enclave of a store or a router. */
export class ViewDoor {
  readonly #host: Callable;

  constructor(host: Callable) {
    this.#host = host;
  }

  async init(responderId: string, capacity: number): Promise<void> {
    const request = encodeMessage(ViewInitRequestSchema, { responderId, capacity });
    await this.#host.call("init", request, { deadlineMs: INIT_MS_MAX });
  }

  clientAuth(request: AuthMessage): Promise<AuthMessage> {
    return this.#call("client-auth", [AuthMessageSchema, request], AuthMessageSchema);
  }

  openQuery(message: Message): Promise<OpenedQuery> {
    return this.#call("open-query", [MessageSchema, message], OpenedQuerySchema);
  }

  sealQuery(query: bigint): Promise<MultiViewStoreQueryRequest> {
    return this.#call("seal-query", [SealQueryRequestSchema, { query }], MultiViewStoreQueryRequestSchema);
  }

  async dropQuery(query: bigint): Promise<void> {
    await this.#host.call("drop-query", encodeMessage(DropQueryRequestSchema, { query }));
  }

  collate(request: MessageInitShape<typeof CollateRequestSchema>): Promise<Message> {
    return this.#call("collate", [CollateRequestSchema, request], MessageSchema);
  }

  beginStore(responderId: string): Promise<AuthMessage> {
    return this.#call("store-begin", [BeginStoreRequestSchema, { responderId }], AuthMessageSchema);
  }

  async finishStore(responderId: string, answer: AuthMessage, nowMs: bigint): Promise<void> {
    await this.#host.call("store-finish", encodeMessage(FinishStoreRequestSchema, { responderId, answer, nowMs }));
  }

  routerAuth(request: AuthMessage): Promise<AuthMessage> {
    return this.#call("router-auth", [AuthMessageSchema, request], AuthMessageSchema);
  }

  async addRecords(records: readonly ETxOutRecord[]): Promise<void> {
    const request = encodeMessage(AddRecordsRequestSchema, { records: [...records] });
    await this.#host.call("add-records", request, { deadlineMs: ADD_RECORDS_MS_MAX });
  }

  answerQuery(request: MessageInitShape<typeof StoreQuerySchema>): Promise<NonceMessage> {
    return this.#call("answer-query", [StoreQuerySchema, request], NonceMessageSchema);
  }

  async #call<Request extends DescMessage, Response extends DescMessage>(
    entryPoint: string,
    [schema, request]: readonly [Request, MessageInitShape<Request>],
    response: Response,
  ): Promise<MessageShape<Response>> {
    const answer = await this.#host.call(entryPoint, encodeMessage(schema, request));
    return decodeMessage(response, answer, { bytesMax: DOOR_BYTES_MAX });
  }
}
