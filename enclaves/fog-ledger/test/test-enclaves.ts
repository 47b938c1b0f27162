// What a host and its clients do with enclaves of Fog Ledger, in this thread.
import {
  beginChannel,
  createSimulatedPlatform,
  decodeAuthMessage,
  decodeNonceMessage,
  decodeSealedMessage,
  encodeAuthMessage,
  encodeEvidence,
  encodeSealedMessage,
  makeSimulatedEvidence,
  type NonceMessage,
  Session,
} from "@fogbow/core-attest";
import { type BlockData, encodeBlock, encodeBlockContents } from "@fogbow/core-block";
import { concatBytes } from "@fogbow/core-bytes";
import {
  AddKeyImagesRequestSchema,
  AnswerKeyImagesRequestSchema,
  ApplyBlockRequestSchema,
  CheckKeyImagesRequestSchema,
  type CheckKeyImagesResponse,
  CheckKeyImagesResponseSchema,
  CollateKeyImagesRequestSchema,
  decodeMessage,
  encodeMessage,
  GetOutputsRequestSchema,
  type GetOutputsResponse,
  GetOutputsResponseSchema,
  KeyImageQueryOpenedSchema,
  KeyImageStoreQueriesSchema,
  LedgerInitRequestSchema,
  type LedgerProgress,
  LedgerProgressSchema,
  LookupOutputsRequestSchema,
  type LookupOutputsResponse,
  LookupOutputsResponseSchema,
  StoreBeginRequestSchema,
  StoreFinishRequestSchema,
} from "@fogbow/core-wire";
import { seededRandom, testParts } from "../../runtime/test/test-parts.ts";
import { createLedgerEnclave, type LedgerEnclaveParts, type StoreState } from "../src/index.ts";

/** The time by every clock. */
const NOW: number = Date.UTC(2026, 10, 30);

const ANY = { bytesMax: 67_108_864 };

/** Capacities of an enclave, as its host gives them. */
export interface Capacities {
  readonly keyImageCapacity?: bigint;
  readonly outputCapacity?: bigint;
  readonly lookupCapacity?: bigint;
  readonly outputShardCapacity?: bigint;
}

/** A response that a client has opened, and how long its ciphertext was. */
export interface Opened<Response> {
  readonly response: Response;
  readonly length: number;
}

/** An enclave and its host, who takes down what crosses the door. */
export class TestEnclave {
  readonly name: string;
  /** Everything that went in or came out. */
  readonly crossed: Uint8Array[] = [];
  readonly #call: (entryPoint: string, input: Uint8Array) => Uint8Array | Promise<Uint8Array>;

  constructor(name: string) {
    const { peer } = testParts();
    const own: LedgerEnclaveParts = { peer, random: seededRandom(`enclave ${name}`) };
    const enclave = createLedgerEnclave(own);
    const machine = createSimulatedPlatform("simulated", { random: own.random, now: NOW });
    if (peer.identity.kind !== "mr-enclave" || enclave.attests === undefined) throw new Error("It is simulated.");
    const { key, customIdentity } = enclave.attests;
    const contents = { nonce: own.random(16), key, ...(customIdentity && { customIdentity }) };
    const simulated = { measurement: peer.identity.mrEnclave, productId: 2, securityVersion: 1 };
    const evidence = makeSimulatedEvidence(machine, simulated, { contents, now: NOW });
    enclave.takeEvidence?.({ kind: "dcap", bytes: encodeEvidence(evidence) });
    this.name = name;
    this.#call = (entryPoint, input) => enclave.call(entryPoint, input);
  }

  static async start(name: string, capacities: Capacities): Promise<TestEnclave> {
    const started = new TestEnclave(name);
    await started.ask("init", encodeMessage(LedgerInitRequestSchema, { responderId: name, ...capacities }));
    return started;
  }

  async ask(entryPoint: string, input: Uint8Array): Promise<Uint8Array> {
    this.crossed.push(input.slice());
    const output = await this.#call(entryPoint, input);
    this.crossed.push(output.slice());
    return output;
  }

  /** A client's session, which believes the evidence. */
  async client(seed = "client"): Promise<Session> {
    const pending = beginChannel({ responderId: this.name }, { random: seededRandom(seed) });
    const answer = decodeAuthMessage(await this.ask("client-auth", encodeAuthMessage(pending.request)));
    return new Session((await pending.finish(answer, () => undefined)).keys);
  }

  /** A channel to a store. */
  async connect(store: TestEnclave): Promise<void> {
    const request = await this.ask("store-begin", encodeMessage(StoreBeginRequestSchema, { responderId: store.name }));
    const answer = { data: decodeAuthMessage(await store.ask("store-auth", request)) };
    const finish = { responderId: store.name, answer, nowMs: BigInt(NOW) };
    await this.ask("store-finish", encodeMessage(StoreFinishRequestSchema, finish));
  }

  /** Takes the key images of a block. */
  async add(keyImages: readonly Uint8Array[], blockIndex: bigint, timestamp: bigint): Promise<void> {
    const request = { keyImages: concatBytes(...keyImages), blockIndex, timestamp };
    await this.ask("add-key-images", encodeMessage(AddKeyImagesRequestSchema, request));
  }

  /** A client's question, opened; its number. */
  async open(session: Session, keyImages: readonly Uint8Array[]): Promise<bigint> {
    const queries = keyImages.map((data) => ({ keyImage: { data } }));
    const sealed = session.seal(encodeMessage(CheckKeyImagesRequestSchema, { queries }));
    const answer = await this.ask("open-key-images", encodeSealedMessage(sealed));
    return decodeMessage(KeyImageQueryOpenedSchema, answer, ANY).query;
  }

  /** What to send to stores. */
  async seal(query: bigint): Promise<readonly NonceMessage[]> {
    const answer = await this.ask("seal-key-images", encodeMessage(KeyImageQueryOpenedSchema, { query }));
    return decodeMessage(KeyImageStoreQueriesSchema, answer, ANY).queries;
  }

  /** A store's answer. */
  async answer(queries: readonly NonceMessage[], state: Partial<StoreState>): Promise<NonceMessage> {
    const request = encodeMessage(AnswerKeyImagesRequestSchema, { queries: [...queries], state });
    return decodeNonceMessage(await this.ask("answer-key-images", request));
  }

  /** The sealed answer to a client. */
  async collate(query: bigint, answers: readonly NonceMessage[]): Promise<Uint8Array> {
    const request = encodeMessage(CollateKeyImagesRequestSchema, { query, answers: [...answers] });
    return this.ask("collate-key-images", request);
  }

  /** Applies a block. */
  async apply({ block, contents }: Pick<BlockData, "block" | "contents">, timestamp = 1_000n): Promise<LedgerProgress> {
    const request = { block: encodeBlock(block), contents: encodeBlockContents(contents), timestamp };
    const answer = await this.ask("apply-block", encodeMessage(ApplyBlockRequestSchema, request));
    return decodeMessage(LedgerProgressSchema, answer, ANY);
  }

  /** Outputs by index, as a client asks for them. */
  async outputs(session: Session, indices: readonly bigint[]): Promise<Opened<GetOutputsResponse>> {
    const sealed = session.seal(encodeMessage(GetOutputsRequestSchema, { indices: [...indices] }));
    const answer = decodeSealedMessage(await this.ask("get-outputs", encodeSealedMessage(sealed)));
    const response = decodeMessage(GetOutputsResponseSchema, session.open(answer), ANY);
    return { response, length: answer.data.length };
  }

  /** Outputs by public key. */
  async lookUp(session: Session, publicKeys: readonly Uint8Array[]): Promise<Opened<LookupOutputsResponse>> {
    const sealed = session.seal(encodeMessage(LookupOutputsRequestSchema, { publicKeys: [...publicKeys] }));
    const answer = decodeSealedMessage(await this.ask("look-up-outputs", encodeSealedMessage(sealed)));
    const response = decodeMessage(LookupOutputsResponseSchema, session.open(answer), ANY);
    return { response, length: answer.data.length };
  }
}

/** The answer about key images. */
export function checked(session: Session, sealed: Uint8Array): Opened<CheckKeyImagesResponse> {
  const message = decodeSealedMessage(sealed);
  const response = decodeMessage(CheckKeyImagesResponseSchema, session.open(message), ANY);
  return { response, length: message.data.length };
}

/** A store's state. */
export const stateOf = (rangeStart: bigint, rangeEnd: bigint): Partial<StoreState> => ({
  rangeStart,
  rangeEnd,
  globalTxoCount: 10n * rangeEnd,
  latestBlockVersion: 4,
  maxBlockVersion: 4,
});
