// What must hold of the messages that honest nodes send (spec 05 §1.10): each is seen as it leaves, whoever it is for.

import { fromBinary } from "@bufbuild/protobuf";
import { equalBytes, toHex } from "@fogbow/core-bytes";
import {
  type ConsensusMessage,
  compareTopics,
  decodeConsensusMessage,
  nodeKey,
  type Topic,
  tryTxHash,
  valuesOf,
} from "@fogbow/core-scp";
import { largestQuorum } from "@fogbow/core-scp-model";
import { ConsensusMsgSchema, GetLatestMsgResponseSchema } from "@fogbow/core-wire";
import { identity, KEYS_PER_NODE } from "../world/identity.ts";
import { quorumSet, type Topology } from "../world/topologies.ts";
import { type PooledTx, pooledByHash } from "../world/tx-pool.ts";
import { Violation } from "./violation.ts";

const PAYLOADS_MAX = 20_000;
const MARK_BYTES = 32;

/** Follows what everybody says. */
export class MessageChecks {
  readonly #topology: Topology;
  readonly #faulty: ReadonlySet<number>;
  /** The latest payloads by their ends, which differ as long as nobody forges them. */
  readonly #decoded = new Map<
    string,
    { readonly payload: Uint8Array; readonly message: ConsensusMessage | undefined }
  >();
  readonly #indexByKey: ReadonlyMap<string, number>;
  /** The highest message of each honest node about each slot, `index slot`. */
  readonly #highest = new Map<string, Topic>();
  /** Topics of messages that were looked at: the same payload is the same object. */
  readonly #checked = new WeakSet<Topic>();
  readonly #said = new Map<string, Set<string>>();
  readonly #committed = new Map<string, string>();
  /** Who ever said to have accepted to commit a list, `slot list`. */
  readonly #committers = new Map<string, Set<string>>();
  readonly #decided = new Map<bigint, { readonly node: number; readonly list: string }>();
  readonly #sentPerSlot = new Map<bigint, number>();

  constructor(topology: Topology, faulty: readonly number[]) {
    this.#topology = topology;
    this.#faulty = new Set(faulty);
    // A node that changes its key is bound by what it said with the one before.
    const keysOf = (index: number) =>
      Array.from({ length: KEYS_PER_NODE }, (_, keyNumber) => nodeKey(identity(index, keyNumber).node));
    this.#indexByKey = new Map(
      topology.quorumSets.flatMap((_, i) => keysOf(i + 1).map((key): [string, number] => [key, i + 1])),
    );
  }

  /** Messages sent about each slot, each for each receiver. */
  get sentPerSlot(): ReadonlyMap<bigint, number> {
    return this.#sentPerSlot;
  }

  /** A message as it was sent; undefined when it is none. */
  decode(payload: Uint8Array): ConsensusMessage | undefined {
    const mark = latin1(payload.subarray(-MARK_BYTES));
    const known = this.#decoded.get(mark);
    if (known !== undefined && equalBytes(known.payload, payload)) return known.message;
    if (this.#decoded.size >= PAYLOADS_MAX) this.#decoded.clear();
    const message = tryDecode(payload);
    this.#decoded.set(mark, { payload, message });
    return message;
  }

  /** How many different things an honest node has said about a slot. */
  saidBy(node: number, slot: bigint): number {
    return this.#said.get(`${node} ${slot}`)?.size ?? 0;
  }

  /** What a request of `sendConsensusMsg` is about; undefined for one that holds no message. */
  kindOf(request: Uint8Array): Topic["kind"] | undefined {
    return this.decode(fromBinary(ConsensusMsgSchema, request).payload)?.message.topic.kind;
  }

  /** An answer of `getLatestMsg` or `getSlotMsg`, encoded. */
  answered(by: number, answer: Uint8Array): void {
    const { payload } = fromBinary(GetLatestMsgResponseSchema, answer);
    if (payload.length > 0) this.sent(by, payload, false);
  }

  /** Somebody hands a message to somebody; it may be somebody else's. */
  sent(from: number, payload: Uint8Array, isCounted: boolean): void {
    const consensusMessage = this.decode(payload);
    if (consensusMessage === undefined) {
      if (!this.#faulty.has(from)) throw new Violation("S9", `Node ${from} sends what is no message.`);
      return;
    }
    const { message } = consensusMessage;
    const { slotIndex, topic } = message;
    if (isCounted && !this.#faulty.has(from))
      this.#sentPerSlot.set(slotIndex, (this.#sentPerSlot.get(slotIndex) ?? 0) + 1);
    const sender = this.#indexByKey.get(nodeKey(message.sender));
    if (sender === undefined) return;
    const list = committedBy(topic);
    if (list !== undefined) this.#committersOf(slotIndex, list).add(nodeKey(identity(sender).node));
    if (sender === from && !this.#faulty.has(sender)) this.#check(sender, slotIndex, topic);
  }

  #check(node: number, slot: bigint, topic: Topic): void {
    if (this.#checked.has(topic)) return;
    this.#checked.add(topic);
    const key = `${node} ${slot}`;
    // Peers that were not reached at once hear earlier messages later; those were said when they first left.
    const said = this.#said.get(key) ?? new Set();
    this.#said.set(key, said);
    const text = JSON.stringify(topic);
    if (said.has(text)) return;
    said.add(text);
    const before = this.#highest.get(key);
    if (before !== undefined && compareTopics(topic, before) <= 0) {
      throw new Violation("S9", `Node ${node} in slot ${slot} said ${JSON.stringify(before)}, then ${text}.`);
    }
    this.#highest.set(key, topic);
    const list = committedBy(topic);
    const committed = this.#committed.get(key);
    const names = list ?? (topic.kind === "prepare" ? topic.prepare.b.x : undefined);
    if (committed !== undefined && names !== committed) {
      throw new Violation("S10", `Node ${node} in slot ${slot} committed ${committed}, then named ${names}.`);
    }
    if (list !== undefined) this.#committed.set(key, list);
    if (topic.kind === "externalize") this.#checkDecision(node, slot, topic.externalize.c.x);
  }

  #checkDecision(node: number, slot: bigint, list: string): void {
    const decided = this.#decided.get(slot);
    if (decided !== undefined && decided.list !== list) {
      throw new Violation("S1", `Slot ${slot}: node ${decided.node} decided ${decided.list}, node ${node} ${list}.`);
    }
    this.#decided.set(slot, { node, list });
    if (!this.#hasCommitQuorum(node, slot, list)) throw new Violation("S11", `Node ${node}, slot ${slot}: ${list}.`);
    if (decided === undefined) assertCombined(slot, list);
  }

  /** Whether the node and all who ever said that they accept the commit contain a quorum; liars are content with anybody. */
  #hasCommitQuorum(node: number, slot: bigint, list: string): boolean {
    const self = nodeKey(identity(node).node);
    const setOf = (key: string) => {
      const index = this.#indexByKey.get(key);
      if (index === undefined) return undefined;
      return this.#faulty.has(index) ? quorumSet(0, []) : this.#topology.quorumSets[index - 1];
    };
    return largestQuorum(new Set([self, ...this.#committersOf(slot, list)]), setOf).has(self);
  }

  #committersOf(slot: bigint, list: string): Set<string> {
    const key = `${slot} ${list}`;
    const nodes = this.#committers.get(key) ?? new Set();
    this.#committers.set(key, nodes);
    return nodes;
  }
}

function tryDecode(payload: Uint8Array): ConsensusMessage | undefined {
  try {
    return decodeConsensusMessage(payload);
  } catch {
    return undefined; // Whoever sent it is told by its receiver.
  }
}

function committedBy(topic: Topic): string | undefined {
  if (topic.kind === "commit") return topic.commit.b.x;
  return topic.kind === "externalize" ? topic.externalize.c.x : undefined;
}

/** The order of spec 05 §2.5, once more and plainly: dearer first, then by hash; who collides with one before is left out. */
function assertCombined(slot: bigint, list: string): void {
  const values = valuesOf(list);
  if (values.length === 0) throw new Violation("S3", `Slot ${slot} decides nothing.`);
  const hashes = values.map(tryTxHash);
  const firstOther = hashes.indexOf(undefined);
  const txs = (firstOther < 0 ? hashes : hashes.slice(0, firstOther)).map((hash) =>
    pooledByHash(toHex(hash as Uint8Array)),
  );
  const taken = new Set<string>();
  let last: PooledTx | undefined;
  for (const tx of txs) {
    if (tx === undefined) throw new Violation("S3", `Slot ${slot} decides a transaction that nobody made.`);
    const isInOrder =
      last === undefined || last.priority > tx.priority || (last.priority === tx.priority && last.hash < tx.hash);
    const keys = [...tx.keyImages, ...tx.outputPublicKeys];
    if (!isInOrder || keys.some((key) => taken.has(key))) throw new Violation("S3", `Slot ${slot}, at ${tx.name}.`);
    for (const key of keys) taken.add(key);
    last = tx;
  }
  const others = firstOther < 0 ? [] : hashes.slice(firstOther);
  if (others.some((hash) => hash !== undefined)) throw new Violation("S3", `Slot ${slot}: transactions come first.`);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
