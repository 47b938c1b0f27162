// The consensus enclave's entry points as functions of messages (proto/fogbow_consensus.proto).
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  AbsorbBlockRequestSchema,
  type AuthMessage,
  AuthMessageSchema,
  CheckTxsRequestSchema,
  type CheckTxsResponse,
  CheckTxsResponseSchema,
  type ClientProposal,
  ClientProposalSchema,
  decodeMessage,
  encodeMessage,
  FormBlockRequestSchema,
  type FormBlockResponse,
  FormBlockResponseSchema,
  type Message,
  MessageSchema,
  PeerAuthRequestSchema,
  PeerBeginRequestSchema,
  PeerChannelSchema,
  PeerFinishRequestSchema,
  PeerSealRequestSchema,
  type TxContexts,
  TxContextsSchema,
  TxHashesSchema,
  type Values,
  ValuesSchema,
} from "@fogbow/core-wire";
import type { ConsensusEnclave, EnclaveCallOptions } from "../parts.ts";

const OUTPUT_BYTES = 16_777_216;

/** The enclave, as the replica uses it. Everything rejects as `ConsensusEnclave.call` does. */
export class EnclaveDoor {
  readonly #enclave: ConsensusEnclave;

  constructor(enclave: ConsensusEnclave) {
    this.#enclave = enclave;
  }

  clientAuth(request: AuthMessage, options?: EnclaveCallOptions): Promise<AuthMessage> {
    return this.#call("client-auth", [AuthMessageSchema, request], AuthMessageSchema, options);
  }

  clientPropose(request: Message, options?: EnclaveCallOptions): Promise<ClientProposal> {
    return this.#call("client-propose", [MessageSchema, request], ClientProposalSchema, options);
  }

  /** Decrypts and drops, so that the channel's counters stay in step with the client's. */
  async clientDiscard(request: Message): Promise<void> {
    await this.#enclave.call("client-discard", encodeMessage(MessageSchema, request));
  }

  async clientClose(channelId: Uint8Array): Promise<void> {
    await this.#enclave.call("client-close", channelId);
  }

  peerBegin(responderId: string): Promise<AuthMessage> {
    return this.#call("peer-begin", [PeerBeginRequestSchema, { responderId }], AuthMessageSchema);
  }

  async peerFinish(responderId: string, answer: AuthMessage, nowMs: bigint): Promise<Uint8Array> {
    const request = { responderId, answer, nowMs };
    const { channelId } = await this.#call("peer-finish", [PeerFinishRequestSchema, request], PeerChannelSchema);
    return channelId;
  }

  peerAuth(request: AuthMessage, nowMs: bigint, options?: EnclaveCallOptions): Promise<AuthMessage> {
    return this.#call("peer-auth", [PeerAuthRequestSchema, { request, nowMs }], AuthMessageSchema, options);
  }

  peerPropose(request: Message): Promise<TxContexts> {
    return this.#call("peer-propose", [MessageSchema, request], TxContextsSchema);
  }

  peerSeal(request: {
    readonly channelId: Uint8Array;
    readonly txHashes: Uint8Array[];
    readonly aad: Uint8Array;
  }): Promise<Message> {
    return this.#call("peer-seal", [PeerSealRequestSchema, request], MessageSchema);
  }

  checkTxs(request: MessageInitShape<typeof CheckTxsRequestSchema>): Promise<CheckTxsResponse> {
    return this.#call("check-txs", [CheckTxsRequestSchema, request], CheckTxsResponseSchema);
  }

  combine(request: MessageInitShape<typeof ValuesSchema>): Promise<Values> {
    return this.#call("combine", [ValuesSchema, request], ValuesSchema);
  }

  formBlock(request: MessageInitShape<typeof FormBlockRequestSchema>): Promise<FormBlockResponse> {
    return this.#call("form-block", [FormBlockRequestSchema, request], FormBlockResponseSchema);
  }

  absorbBlock(request: MessageInitShape<typeof AbsorbBlockRequestSchema>): Promise<FormBlockResponse> {
    return this.#call("absorb-block", [AbsorbBlockRequestSchema, request], FormBlockResponseSchema);
  }

  async forgetTxs(txHashes: Uint8Array[]): Promise<void> {
    await this.#enclave.call("forget-txs", encodeMessage(TxHashesSchema, { txHashes }));
  }

  async #call<Request extends DescMessage, Response extends DescMessage>(
    entryPoint: string,
    [schema, request]: readonly [Request, MessageInitShape<Request>],
    response: Response,
    options?: EnclaveCallOptions,
  ): Promise<MessageShape<Response>> {
    const answer = await this.#enclave.call(entryPoint, encodeMessage(schema, request), options);
    return decodeMessage(response, answer, { bytesMax: OUTPUT_BYTES });
  }
}

/** The enclave's own reason for refusing a call; undefined for any other error. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("reason" in error)) return undefined;
  return typeof error.reason === "string" ? error.reason : undefined;
}

/** What a caller is told of a call that the enclave refused or did not answer. */
export function enclaveError(error: unknown, refusedAs: Code): ConnectError {
  if (error instanceof ConnectError) return error;
  return refusalOf(error) === undefined
    ? new ConnectError("The enclave is not answering; try again later.", Code.Unavailable, undefined, undefined, error)
    : new ConnectError("The enclave refuses the message.", refusedAs, undefined, undefined, error);
}
