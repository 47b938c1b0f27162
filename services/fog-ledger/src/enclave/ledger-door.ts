// The entry points of the enclave as functions of messages (proto/fogbow_fog_ledger.proto).
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { type BlockData, encodeBlock, encodeBlockContents } from "@fogbow/core-block";
import { concatBytes } from "@fogbow/core-bytes";
import {
  AddKeyImagesRequestSchema,
  AnswerKeyImagesRequestSchema,
  ApplyBlockRequestSchema,
  type AuthMessage,
  AuthMessageSchema,
  CollateKeyImagesRequestSchema,
  decodeMessage,
  encodeMessage,
  KeyImageQueryNamedSchema,
  KeyImageQueryOpenedSchema,
  KeyImageStoreQueriesSchema,
  LedgerInitRequestSchema,
  type LedgerProgress,
  LedgerProgressSchema,
  type Message,
  MessageSchema,
  type NonceMessage,
  NonceMessageSchema,
  StoreBeginRequestSchema,
  StoreFinishRequestSchema,
} from "@fogbow/core-wire";
import type { CallOptions } from "@fogbow/runtime-enclave";
import { ENCLAVE_ANSWER_BYTES_MAX, ENCLAVE_LOAD_MS_MAX } from "../limits.ts";

/** What is called of an `EnclaveHost`. */
export interface Callable {
  call(entryPoint: string, input: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
}

/** What the enclave is for; see `LedgerInitRequest`. */
export type LedgerInit = MessageInitShape<typeof LedgerInitRequestSchema>;

/** What a store's host says of it. */
export type StoreStateInit = NonNullable<MessageInitShape<typeof AnswerKeyImagesRequestSchema>["state"]>;

const LOAD = { deadlineMs: ENCLAVE_LOAD_MS_MAX };

/** The enclave. Everything rejects as `EnclaveHost.call` does. */
export class LedgerDoor {
  readonly #host: Callable;

  constructor(host: Callable) {
    this.#host = host;
  }

  async init(request: LedgerInit): Promise<void> {
    await this.#host.call("init", encodeMessage(LedgerInitRequestSchema, request), LOAD);
  }

  clientAuth(request: AuthMessage): Promise<AuthMessage> {
    return this.#call("client-auth", [AuthMessageSchema, request], AuthMessageSchema);
  }

  storeAuth(request: AuthMessage): Promise<AuthMessage> {
    return this.#call("store-auth", [AuthMessageSchema, request], AuthMessageSchema);
  }

  async addKeyImages({ block, contents }: Pick<BlockData, "block" | "contents">, timestamp: bigint): Promise<void> {
    const keyImages = concatBytes(...contents.keyImages);
    const request = { blockIndex: block.index, timestamp, keyImages };
    await this.#host.call("add-key-images", encodeMessage(AddKeyImagesRequestSchema, request), LOAD);
  }

  answerKeyImages(queries: readonly NonceMessage[], state: StoreStateInit): Promise<NonceMessage> {
    const request = { queries: [...queries], state };
    return this.#call("answer-key-images", [AnswerKeyImagesRequestSchema, request], NonceMessageSchema);
  }

  storeBegin(responderId: string): Promise<AuthMessage> {
    return this.#call("store-begin", [StoreBeginRequestSchema, { responderId }], AuthMessageSchema);
  }

  async storeFinish(responderId: string, answer: AuthMessage, nowMs: bigint): Promise<void> {
    await this.#host.call("store-finish", encodeMessage(StoreFinishRequestSchema, { responderId, answer, nowMs }));
  }

  /** The number of a question. */
  async openKeyImages(request: Message): Promise<bigint> {
    return (await this.#call("open-key-images", [MessageSchema, request], KeyImageQueryOpenedSchema)).query;
  }

  async sealKeyImages(query: bigint): Promise<NonceMessage[]> {
    const sealed = await this.#call(
      "seal-key-images",
      [KeyImageQueryNamedSchema, { query }],
      KeyImageStoreQueriesSchema,
    );
    return sealed.queries;
  }

  collateKeyImages(query: bigint, answers: readonly NonceMessage[]): Promise<Message> {
    const request = { query, answers: [...answers] };
    return this.#call("collate-key-images", [CollateKeyImagesRequestSchema, request], MessageSchema);
  }

  async dropKeyImages(query: bigint): Promise<void> {
    await this.#host.call("drop-key-images", encodeMessage(KeyImageQueryNamedSchema, { query }));
  }

  applyBlock({ block, contents }: Pick<BlockData, "block" | "contents">, timestamp: bigint): Promise<LedgerProgress> {
    const request = { block: encodeBlock(block), contents: encodeBlockContents(contents), timestamp };
    return this.#call("apply-block", [ApplyBlockRequestSchema, request], LedgerProgressSchema, LOAD);
  }

  getOutputs(request: Message): Promise<Message> {
    return this.#call("get-outputs", [MessageSchema, request], MessageSchema);
  }

  lookUpOutputs(request: Message): Promise<Message> {
    return this.#call("look-up-outputs", [MessageSchema, request], MessageSchema);
  }

  async #call<Request extends DescMessage, Response extends DescMessage>(
    entryPoint: string,
    [schema, request]: readonly [Request, MessageInitShape<Request>],
    response: Response,
    options?: CallOptions,
  ): Promise<MessageShape<Response>> {
    const answer = await this.#host.call(entryPoint, encodeMessage(schema, request), options);
    return decodeMessage(response, answer, { bytesMax: ENCLAVE_ANSWER_BYTES_MAX });
  }
}
