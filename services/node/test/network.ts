// A network of replicas in one thread: real ledgers, real enclave code, a virtual clock, and links that a test can cut.
import { Code, ConnectError } from "@connectrpc/connect";
import type { BlockSource } from "@fogbow/archive";
import { encodeSealedMessage, type Session } from "@fogbow/core-attest";
import type { BlockData, NodeId, QuorumSet } from "@fogbow/core-block";
import { bytes, toHex } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { encodeTx, type Tx, type TxSignatureResult } from "@fogbow/core-transaction";
import { decodeMessage, MessageSchema, type ProposeTxResponse } from "@fogbow/core-wire";
import { createForgetLedger, type ForgetLedger, type Ledger } from "@fogbow/ledger-db";
import { startNode, type TestNode } from "../../../enclaves/consensus/test/test-node.ts";
import { seededRandom } from "../../../enclaves/runtime/test/test-parts.ts";
import { forming, foundLedger } from "../../../stores/ledger-db/test/economy.ts";
import {
  catchUp,
  FileJournal,
  type Files,
  type PeerHandlers,
  type PeerRpc,
  Replica,
  type ReplicaOptions,
  type ReplicaParts,
  type ReplicaTiming,
} from "../src/index.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** A disk of small files: nothing is lost, but what a test damages. */
export class MemoryFiles implements Files {
  readonly files = new Map<string, Uint8Array>();
  /** Makes the next writes fail. */
  isFull = false;

  async list(): Promise<string[]> {
    return [...this.files.keys()];
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    return this.files.get(name);
  }

  async write(name: string, content: Uint8Array): Promise<void> {
    if (this.isFull) throw new Error("The disk is full.");
    this.files.set(name, content.slice());
  }

  async remove(name: string): Promise<void> {
    this.files.delete(name);
  }
}

/** How a network differs from four nodes of which any three decide. */
export interface NetworkOptions {
  readonly nodes?: number;
  /** Of the others. */
  readonly threshold?: number;
  /** One way, in milliseconds, asked for each message. */
  readonly delayMs?: () => number;
  readonly timing?: Partial<ReplicaTiming>;
  readonly outputs?: number;
  /** Nodes that forget: the folders of their ledgers. */
  readonly forgetting?: ReadonlyMap<number, string>;
}

/** One node of a network. */
export interface NetworkNode {
  readonly id: NodeId;
  readonly key: Ed25519PrivateKey;
  readonly ledger: Ledger;
  readonly files: MemoryFiles;
  /** The enclave of this run. */
  enclave: TestNode;
  replica: Replica;
  /** Whether it answers. */
  isUp: boolean;
  /** Every call that its peers made, by name. */
  readonly calls: Map<string, number>;
  readonly logged: string[];
}

/** Replicas that can call each other. */
export class Network {
  readonly clock = new VirtualClock();
  readonly nodes: NetworkNode[] = [];
  /** Links that are cut, `from to`. */
  readonly cut = new Set<string>();
  /** Messages that are lost: decided when they are sent. */
  loses: (from: number, to: number, method: string) => boolean = () => false;
  readonly #options: Required<Omit<NetworkOptions, "timing">> & Pick<NetworkOptions, "timing">;
  readonly #memo = new Map<string, TxSignatureResult>();

  private constructor(options: NetworkOptions) {
    this.#options = { nodes: 4, threshold: 2, delayMs: () => 10, outputs: 60, forgetting: new Map(), ...options };
  }

  /** Starts a network whose nodes have an origin block. */
  static async start(options: NetworkOptions = {}): Promise<Network> {
    const network = new Network(options);
    for (let i = 0; i < network.#options.nodes; i++) network.nodes.push(await network.#makeNode(i));
    for (let i = 0; i < network.nodes.length; i++) network.makeReplica(i);
    await network.clock.resolve(Promise.all(network.nodes.map(({ replica }) => replica.start())));
    await network.clock.until(() => network.nodes.every(({ replica }) => replica.status().state === "in-sync"));
    return network;
  }

  node(index: number): NetworkNode {
    const node = this.nodes[index];
    if (node === undefined) throw new Error(`There is no node ${index}.`);
    return node;
  }

  /** Whether a node forgets. */
  forgets(index: number): boolean {
    return this.#options.forgetting.has(index);
  }

  /** Cuts or mends what goes from one node to another. */
  setLink(from: number, to: number, isUp: boolean): void {
    if (isUp) this.cut.delete(`${from} ${to}`);
    else this.cut.add(`${from} ${to}`);
  }

  /** Cuts or mends everything between a node and the others. */
  isolate(index: number, isIsolated: boolean): void {
    for (const [other] of this.nodes.entries()) {
      if (other === index) continue;
      this.setLink(index, other, !isIsolated);
      this.setLink(other, index, !isIsolated);
    }
  }

  /** A client's session with a node. */
  client(index: number, seed = `client ${index}`): Promise<Session> {
    return this.node(index).enclave.client(seed);
  }

  /** Proposes a transaction to a node, and lets time pass until it answers. */
  async propose(index: number, tx: Tx, session?: Session): Promise<ProposeTxResponse> {
    return this.clock.resolve(this.submit(index, tx, session ?? (await this.client(index))));
  }

  /** Proposes a transaction to a node, and does not wait. */
  submit(index: number, tx: Tx, session: Session): Promise<ProposeTxResponse> {
    const sealed = encodeSealedMessage(session.seal(encodeTx(tx)));
    const request = decodeMessage(MessageSchema, sealed, { bytesMax: 1_114_112 });
    return this.node(index).replica.client.clientTxPropose(request);
  }

  /** How many blocks each node has. */
  heights(): number[] {
    return this.nodes.map(({ ledger }) => Number(ledger.numBlocks()));
  }

  /** Lets time pass until all nodes that are up have so many blocks. */
  async untilHeight(blocks: number, withinMs = 30_000): Promise<void> {
    const up = this.nodes.filter(({ isUp }) => isUp);
    await this.clock.until(() => up.every(({ ledger }) => ledger.numBlocks() >= blocks), withinMs);
  }

  /** Whether all nodes have the same blocks as far as they go. */
  assertOneChain(): void {
    const shortest = this.nodes.reduce((least, { ledger }) => Math.min(least, Number(ledger.numBlocks())), Infinity);
    for (let index = 0; index < shortest; index++) {
      const ids = new Set(this.nodes.map(({ ledger }) => toHex(ledger.block(BigInt(index))?.id ?? new Uint8Array())));
      if (ids.size !== 1) throw new Error(`There are ${ids.size} blocks ${index}.`);
    }
  }

  /** Ends a node as a crash would. */
  async kill(index: number): Promise<void> {
    const node = this.node(index);
    node.isUp = false;
    await node.replica.stop();
  }

  /** Starts a node again with what is on its disk: the enclave remembers nothing. */
  async restart(index: number, change: Partial<ReplicaParts> = {}): Promise<void> {
    const node = this.node(index);
    node.enclave = await this.#startEnclave(index, node.ledger);
    this.makeReplica(index, change);
    node.isUp = true;
    await node.replica.start();
  }

  /** Makes a replica anew, without starting it. */
  makeReplica(index: number, change: Partial<ReplicaParts> = {}): void {
    const node = this.node(index);
    node.replica = new Replica(this.optionsOf(index), { ...this.partsOf(index), ...change });
  }

  optionsOf(index: number): ReplicaOptions {
    const { minimumFees, governors, blockVersion } = forming();
    const node = this.node(index);
    const others = this.nodes.filter((each) => each !== node).map(({ id }) => id);
    const { enclave } = node;
    return {
      self: node.id,
      clientResponderId: `${nameOf(index)}.test:443`,
      peers: others,
      quorumSet: this.#quorumSet(others),
      chain: {
        blockVersion,
        tokens: minimumFees.entries().map(([tokenId, minimumFee]) => {
          const set = governors(tokenId);
          return { tokenId, minimumFee, ...(set && { governors: set }) };
        }),
        leaderHash: "bound",
      },
      enclave: {
        blockSigningKey: enclave.initial.blockSigningKey?.data ?? new Uint8Array(),
        mintingTrustRoot: enclave.initial.mintingTrustRoot?.data ?? new Uint8Array(),
      },
      ...(this.#options.timing && { timing: this.#options.timing }),
      ...(this.#options.forgetting.has(index) && { retention: "forget" }),
    };
  }

  partsOf(index: number): ReplicaParts {
    const node = this.node(index);
    const note = (level: string) => (event: string, fields?: object) =>
      void node.logged.push(`${level}: ${event} ${fields === undefined ? "" : describe(fields)}`);
    return {
      clock: this.clock,
      enclave: { call: (entryPoint, input) => refusing(node.enclave.ask(entryPoint, input)) },
      ledger: node.ledger,
      journal: new FileJournal(node.files),
      peer: (responderId) =>
        this.#rpc(
          index,
          this.nodes.findIndex(({ id }) => id.responderId === responderId),
        ),
      blockSources: [archiveOf(this)],
      catchUp,
      messageKey: node.key,
      random: seededRandom(`replica ${index}`),
      log: { error: note("error"), warn: note("warn"), info: note("info"), debug: note("debug") },
    };
  }

  async #makeNode(index: number): Promise<NetworkNode> {
    const key = new Ed25519PrivateKey(new Uint8Array(32).fill(100 + index));
    const id = { responderId: `${nameOf(index)}.test:8443`, publicKey: bytes(key.publicKey(), 32, "key") };
    const directory = this.#options.forgetting.get(index);
    const founded = foundLedger(this.#options.outputs);
    const ledger = directory === undefined ? founded : createForgetLedger(directory);
    const enclave = await this.#startEnclave(index, ledger);
    if (ledger !== founded) {
      const origin = founded.blockData(0n) as BlockData;
      const { contents, sealed } = await enclave.absorb(origin);
      ledger.append({ ...origin, contents }, sealed);
    }
    return {
      id,
      key,
      ledger,
      files: new MemoryFiles(),
      enclave,
      replica: undefined as unknown as Replica, // Made when all nodes are known.
      isUp: true,
      calls: new Map(),
      logged: [],
    };
  }

  #startEnclave(index: number, ledger: Ledger): Promise<TestNode> {
    const memo = {
      get: (hash: Uint8Array) => this.#memo.get(toHex(hash)),
      set: (hash: Uint8Array, result: TxSignatureResult) => void this.#memo.set(toHex(hash), result),
    };
    const kept = this.#options.forgetting.has(index) && {
      forgets: true,
      sealedLedger: (ledger as ForgetLedger).sealedLedger() ?? new Uint8Array(),
    };
    return startNode({ name: nameOf(index), overrides: { memo, verifyPeer: async () => undefined }, ...kept });
  }

  #quorumSet(others: readonly NodeId[]): QuorumSet {
    return {
      threshold: this.#options.threshold,
      members: others.map((node) => ({ kind: "node", node })),
    };
  }

  #rpc(from: number, to: number): PeerRpc {
    const call = async <Response>(
      method: keyof PeerHandlers & string,
      handle: (handlers: PeerHandlers) => Promise<Response>,
      timeoutMs = 10_000,
    ): Promise<Response> => {
      const expired = this.clock.wait(timeoutMs).then((): Response => {
        throw new ConnectError("It takes too long.", Code.DeadlineExceeded);
      });
      expired.catch(() => undefined);
      return Promise.race([this.#deliver(from, to, method, handle), expired]);
    };
    return {
      auth: (m, o) => call("auth", (h) => h.auth(m), o?.timeoutMs),
      peerTxPropose: (m, o) => call("peerTxPropose", (h) => h.peerTxPropose(m), o?.timeoutMs),
      sendConsensusMsg: (m, o) => call("sendConsensusMsg", (h) => h.sendConsensusMsg(m), o?.timeoutMs),
      getLatestMsg: (m, o) => call("getLatestMsg", (h) => h.getLatestMsg(m), o?.timeoutMs),
      getTxs: (m, o) => call("getTxs", (h) => h.getTxs(m), o?.timeoutMs),
      getLastBlockInfo: (m, o) => call("getLastBlockInfo", (h) => h.getLastBlockInfo(m), o?.timeoutMs),
      getBlocks: (m, o) => call("getBlocks", (h) => h.getBlocks(m), o?.timeoutMs),
      getConnections: (m, o) => call("getConnections", (h) => h.getConnections(m), o?.timeoutMs),
      getSlotMsg: (m, o) => call("getSlotMsg", (h) => h.getSlotMsg(m), o?.timeoutMs),
    };
  }

  async #deliver<Response>(
    from: number,
    to: number,
    method: string,
    handle: (handlers: PeerHandlers) => Promise<Response>,
  ): Promise<Response> {
    if (this.loses(from, to, method)) return new Promise(() => undefined);
    await this.clock.wait(this.#options.delayMs());
    const node = this.node(to);
    if (!node.isUp || !this.node(from).isUp || this.cut.has(`${from} ${to}`)) throw unreachable();
    node.calls.set(method, (node.calls.get(method) ?? 0) + 1);
    const answer = await handle(node.replica.peer);
    await this.clock.wait(this.#options.delayMs());
    if (this.cut.has(`${to} ${from}`)) throw unreachable();
    return answer;
  }
}

/** An archive that every node publishes to, on whichever side of a cut it is. */
function archiveOf(network: Network): BlockSource {
  return {
    name: "archive",
    fetch: async (index) =>
      network.nodes
        .filter((_, i) => !network.forgets(i))
        .map(({ ledger }) => ledger.blockData(index))
        .find((data) => data !== undefined),
  };
}

/** What the enclave's door does with a refusal. */
export async function refusing(answer: Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && "code" in error)
      throw Object.assign(new Error(error.message), { reason: error.code });
    throw error;
  }
}

function unreachable(): ConnectError {
  return new ConnectError("The peer is not reached.", Code.Unavailable);
}

function describe(fields: object): string {
  return Object.entries(fields)
    .map(
      ([name, value]) => `${name}=${value instanceof Error ? `${value.message} ${value.cause ?? ""}` : String(value)}`,
    )
    .join(" ");
}

const nameOf = (index: number): string => `node${index}`;
