// The network between nodes: calls travel as bytes and may be late, lost, repeated, reordered or refused (spec 05 §6.1).
import { create, type DescMessage, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { AttestedApi, BlockchainAPI, ConsensusPeerAPI, PeerAPI } from "@fogbow/core-wire";
import type { CallOptions, PeerHandlers, PeerRpc } from "@fogbow/node";
import type { Faults } from "../engine/faults.ts";
import type { SimulatedProcess } from "../engine/process.ts";
import type { SeededRandom } from "../engine/random.ts";
import type { Scheduler } from "../engine/scheduler.ts";
import { identity } from "./identity.ts";

/** What the network is like while nothing has stopped it from being so. */
export interface NetworkConfig {
  /** One way, milliseconds. */
  readonly delayMin: number;
  /** Added to it on average, exponentially distributed. */
  readonly delayMean: number;
  /** Share of requests and of answers that never arrive. */
  readonly loss: number;
  /** Share of requests that arrive twice. */
  readonly duplication: number;
  /** Whether what is sent later may arrive earlier. */
  readonly reorder: boolean;
  /** Share of messages that find their link clogged, for up to five seconds. */
  readonly clog: number;
  /** Whether the transport knows who calls. Otherwise callers are believed what they say. */
  readonly authenticatesCallers: boolean;
}

/** Names of what nodes ask each other. */
export type PeerMethod = keyof PeerRpc;

const METHODS: Readonly<Record<PeerMethod, { readonly input: DescMessage; readonly output: DescMessage }>> = {
  auth: AttestedApi.method.auth,
  peerTxPropose: ConsensusPeerAPI.method.peerTxPropose,
  sendConsensusMsg: ConsensusPeerAPI.method.sendConsensusMsg,
  getLatestMsg: ConsensusPeerAPI.method.getLatestMsg,
  getTxs: ConsensusPeerAPI.method.getTxs,
  getLastBlockInfo: BlockchainAPI.method.getLastBlockInfo,
  getBlocks: BlockchainAPI.method.getBlocks,
  getConnections: PeerAPI.method.getConnections,
  getSlotMsg: PeerAPI.method.getSlotMsg,
};

/** What may be received twice: the others travel on channels whose order TCP keeps. */
const MAY_REPEAT: ReadonlySet<PeerMethod> = new Set([
  "sendConsensusMsg",
  "getLatestMsg",
  "getSlotMsg",
  "getTxs",
  "getBlocks",
]);

/** Whom a node hears: everybody, or one side of the others. */
export type Side = "both" | "first" | "second";

/** A node that can be reached. */
export interface Endpoint {
  readonly process: SimulatedProcess;
  readonly handlers: Pick<PeerHandlers, PeerMethod>;
}

/** Sees every request that leaves a node, and every answer. */
export interface NetworkObserver {
  request(from: number, method: PeerMethod, request: MessageShape<DescMessage>): void;
  answer(by: number, method: PeerMethod, bytes: Uint8Array): void;
}

/** Bytes on their way, or what became of them. */
type Answer = { readonly bytes: Uint8Array } | { readonly code: Code };

interface Link {
  readonly delayMin: number;
  readonly delayMean: number;
  clearAt: number;
  lastAt: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const CLOG_MS_MAX = 5_000;

/** All links between the nodes of a run. */
export class SimulatedNetwork {
  config: NetworkConfig;
  /** Whether bytes from one node to another are lost for now. */
  isCut: (from: number, to: number) => boolean = () => false;
  /** Whether a request is lost, besides what is lost by chance; for schedules that are fixed. */
  drops: (from: number, to: number, method: PeerMethod, request: Uint8Array) => boolean = () => false;
  /** Which of two nodes of one number a node speaks with. */
  sideOf: (from: number) => "first" | "second" = () => "first";
  readonly sent = new Map<PeerMethod, number>();
  bytes = 0;
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #faults: Faults;
  readonly #observer: NetworkObserver;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #links = new Map<number, Link>();
  /** For each process that serves, how to tell callers that it is gone. */
  readonly #served = new Map<SimulatedProcess, Set<(answer: Answer) => void>>();

  constructor(
    config: NetworkConfig,
    parts: {
      readonly scheduler: Scheduler;
      readonly random: SeededRandom;
      readonly faults: Faults;
      readonly observer: NetworkObserver;
    },
  ) {
    this.config = config;
    this.#scheduler = parts.scheduler;
    this.#random = parts.random;
    this.#faults = parts.faults;
    this.#observer = parts.observer;
  }

  /** A node starts to listen; the one before in its place is gone. Two of one number each hear one side of the others. */
  listen(index: number, endpoint: Endpoint, side: Side = "both"): void {
    this.#endpoints.set(`${index} ${side}`, endpoint);
  }

  /** A node's process is gone: some of those who wait for it learn of it, the others wait in vain. */
  reset(index: number, side: Side = "both"): void {
    const endpoint = this.#endpoints.get(`${index} ${side}`);
    this.#endpoints.delete(`${index} ${side}`);
    if (endpoint === undefined) return;
    for (const settle of this.#served.get(endpoint.process) ?? []) settle({ code: Code.Unavailable });
    this.#served.delete(endpoint.process);
  }

  /** Bytes do not get through a link for a while. */
  clog(from: number, to: number, ms: number): void {
    const link = this.#link(from, to);
    link.clearAt = Math.max(link.clearAt, this.#scheduler.now + ms);
  }

  /** Every link is free from now on. */
  unclog(): void {
    for (const link of this.#links.values()) link.clearAt = 0;
  }

  /** The peer `to`, as the process `process` of node `from` calls it; a node of one side reaches only that side. */
  connect(from: number, process: SimulatedProcess, to: number, side: Side = "both"): PeerRpc {
    const call =
      (method: PeerMethod) =>
      (request: MessageShape<DescMessage>, options?: CallOptions): Promise<never> =>
        this.#call({ from, process, to, side, method, request, options });
    return Object.fromEntries(
      Object.keys(METHODS).map((method) => [method, call(method as PeerMethod)]),
    ) as unknown as PeerRpc; // Each answers with its own message.
  }

  #call({ from, process, to, side, method, request, options }: CallPlan): Promise<never> {
    if (!process.isAlive) return new Promise(() => undefined);
    const { input, output } = METHODS[method];
    const bytes = toBinary(input, request);
    this.#observer.request(from, method, request);
    this.sent.set(method, (this.sent.get(method) ?? 0) + 1);
    return new Promise((resolve, reject) => {
      const timeout = process.post(options?.timeoutMs ?? DEFAULT_TIMEOUT_MS, `timeout ${method}`, () =>
        settle({ code: Code.DeadlineExceeded }),
      );
      const abort = (): void => settle({ code: Code.Canceled });
      let isOver = false;
      const settle = (answer: Answer): void => {
        if (isOver) return;
        isOver = true;
        timeout.cancel();
        options?.signal?.removeEventListener("abort", abort);
        if ("bytes" in answer) resolve(fromBinary(output, answer.bytes) as never);
        else reject(new ConnectError(`${method} to node ${to}`, answer.code));
      };
      if (options?.signal?.aborted) return settle({ code: Code.Canceled });
      options?.signal?.addEventListener("abort", abort);
      const back = (answer: Answer): void => {
        if (!process.isAlive) return;
        this.#travel(to, from, "bytes" in answer ? answer.bytes.length : 0, (delay) =>
          process.post(delay, `${to} answers ${method}`, () => settle(answer)),
        );
      };
      // Of two nodes with one number each speaks to its own side, and to those who are also two.
      if (this.drops(from, to, method, bytes)) return;
      if (side !== "both" && this.#endpoints.has(`${to} both`) && this.sideOf(to) !== side) return;
      const copies = MAY_REPEAT.has(method) && this.#happens("duplicate", this.config.duplication) ? 2 : 1;
      for (let i = 0; i < copies; i++) {
        this.#travel(from, to, bytes.length, (delay) => {
          this.#scheduler.schedule(delay, `${from}-${to} ${method}`, () =>
            this.#deliver({ from, to, side, method }, bytes, back),
          );
        });
      }
    });
  }

  #deliver(
    { from, to, side, method }: Omit<CallPlan, "process" | "request" | "options">,
    bytes: Uint8Array,
    back: (answer: Answer) => void,
  ): void {
    this.#scheduler.hash.bytes(bytes);
    const heardBy = side === "both" ? this.sideOf(from) : side;
    const endpoint = this.#endpoints.get(`${to} both`) ?? this.#endpoints.get(`${to} ${heardBy}`);
    if (endpoint === undefined) {
      back({ code: Code.Unavailable });
      return;
    }
    const { process, handlers } = endpoint;
    const served = this.#served.get(process) ?? new Set();
    this.#served.set(process, served);
    const done = (answer: Answer): void => {
      if (served.delete(done)) back(answer);
    };
    served.add(done);
    const handle = (): void => {
      const { input, output } = METHODS[method];
      const call = this.config.authenticatesCallers ? { caller: identity(from).node.responderId } : {};
      const handler = handlers[method] as (request: unknown, call: object) => Promise<MessageShape<DescMessage>>;
      Promise.resolve()
        .then(() => handler(fromBinary(input, bytes), call))
        .then(
          (response) => {
            const answer = toBinary(output, create(output, response));
            if (process.isAlive) this.#observer.answer(to, method, answer);
            done({ bytes: answer });
          },
          (error) => done({ code: ConnectError.from(error).code }),
        );
    };
    if (process.isFrozen) process.post(0, `${from}-${to} ${method}`, handle);
    else handle();
  }

  /** Decides when bytes arrive, and whether. */
  #travel(from: number, to: number, length: number, arrive: (delay: number) => void): void {
    this.bytes += length;
    if (this.isCut(from, to) || this.#happens("loss", this.config.loss)) return;
    const { now } = this.#scheduler;
    const link = this.#link(from, to);
    if (this.#happens("clog", this.config.clog)) this.clog(from, to, this.#random.below(CLOG_MS_MAX));
    let at = Math.max(now, link.clearAt) + link.delayMin + this.#random.exponential(link.delayMean);
    if (!this.config.reorder) at = Math.max(at, link.lastAt);
    link.lastAt = at;
    arrive(at - now);
  }

  #happens(kind: string, probability: number): boolean {
    return this.#faults.happens(kind, probability, this.#random);
  }

  #link(from: number, to: number): Link {
    const key = from * 1_000 + to;
    const { delayMin, delayMean } = this.config;
    const found = this.#links.get(key) ?? { delayMin, delayMean, clearAt: 0, lastAt: 0 };
    this.#links.set(key, found);
    return found;
  }
}

interface CallPlan {
  readonly from: number;
  readonly process: SimulatedProcess;
  readonly to: number;
  readonly side: Side;
  readonly method: PeerMethod;
  readonly request: MessageShape<DescMessage>;
  readonly options: CallOptions | undefined;
}
