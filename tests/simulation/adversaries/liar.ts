// A faulty node: a real replica with a real enclave whose host changes what leaves it and what is answered (spec 05 §6.2).
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { blockToWire } from "@fogbow/core-block";
import {
  type ConsensusMessage,
  encodeConsensusMessage,
  leaderOf,
  nodeKey,
  signMessage,
  txHashValue,
  valuesOf,
} from "@fogbow/core-scp";
import {
  BlocksResponseSchema,
  ConsensusMsgResponseSchema,
  ConsensusMsgSchema,
  GetLatestMsgResponseSchema,
  LastBlockInfoResponseSchema,
  ProposeTxResponseSchema,
} from "@fogbow/core-wire";
import type { LedgerReader } from "@fogbow/ledger-db";
import type { PeerHandlers, PeerRpc } from "@fogbow/node";
import type { SimulatedProcess } from "../engine/process.ts";
import type { SeededRandom } from "../engine/random.ts";
import { forgedBlock } from "../world/archive.ts";
import { identity } from "../world/identity.ts";
import type { PeerMethod } from "../world/network.ts";
import { signWith } from "../world/signer.ts";
import { invalid } from "../world/tx-pool.ts";
import * as lies from "./lies.ts";
import type { AdversaryName } from "./names.ts";

/** What faulty nodes of a run share. */
export interface Conspiracy {
  readonly name: AdversaryName;
  readonly faulty: readonly number[];
  readonly nodes: readonly number[];
  /** One half of the honest nodes: what it hears differs from what the other half hears. */
  readonly half: ReadonlySet<number>;
  readonly random: SeededRandom;
  readonly baseMs: number;
  readonly leaderHash: "bound" | "compat";
  /** The latest messages that anybody sent to one of them. */
  readonly heard: ConsensusMessage[];
  decode(payload: Uint8Array): ConsensusMessage | undefined;
  /** A lie was told. */
  lied(name: AdversaryName): void;
}

/** What a liar has of its node. */
export interface LiarParts {
  readonly process: SimulatedProcess;
  readonly ledger: LedgerReader;
}

const HEARD_MAX = 60;
const LIE_EVERY_MS = 800;

/** A faulty node's host. */
export class Liar {
  readonly #index: number;
  readonly #conspiracy: Conspiracy;
  readonly #process: SimulatedProcess;
  readonly #ledger: LedgerReader;
  readonly #peers = new Map<number, PeerRpc>();
  #truth: ConsensusMessage | undefined;

  constructor(index: number, conspiracy: Conspiracy, { process, ledger }: LiarParts) {
    this.#index = index;
    this.#conspiracy = conspiracy;
    this.#process = process;
    this.#ledger = ledger;
    this.#lieAgain();
  }

  /** A peer as the faulty node's replica calls it. */
  peer(to: number, rpc: PeerRpc): PeerRpc {
    this.#peers.set(to, rpc);
    const { name } = this.#conspiracy;
    return {
      ...rpc,
      sendConsensusMsg: async (request) => {
        const said = this.#conspiracy.decode(request.payload);
        const isOwn = said !== undefined && nodeKey(said.message.sender) === nodeKey(identity(this.#index).node);
        if (said === undefined || !isOwn) return rpc.sendConsensusMsg(request);
        this.#truth = said;
        const told = this.#tell(to, said);
        for (const payload of told) this.#send(rpc, payload);
        return create(ConsensusMsgResponseSchema);
      },
      // A transaction that nobody else is given.
      peerTxPropose: (request, options) =>
        name === "ghostTx" && this.#conspiracy.random.chance(0.7)
          ? Promise.resolve(create(ProposeTxResponseSchema))
          : rpc.peerTxPropose(request, options),
    };
  }

  /** What the faulty node answers. */
  serve(handlers: Pick<PeerHandlers, PeerMethod>): Pick<PeerHandlers, PeerMethod> {
    const { name, random, decode, heard } = this.#conspiracy;
    const unavailable = (): Promise<never> => Promise.reject(new ConnectError("No.", Code.Unavailable));
    return {
      ...handlers,
      sendConsensusMsg: (request, call) => {
        const said = decode(request.payload);
        if (said !== undefined) heard.push(said);
        if (heard.length > HEARD_MAX) heard.splice(0, heard.length - HEARD_MAX);
        return handlers.sendConsensusMsg(request, call);
      },
      getLatestMsg: async (request, call) => {
        const answer = await handlers.getLatestMsg(request, call);
        return create(GetLatestMsgResponseSchema, { payload: this.#answer(answer.payload) });
      },
      getSlotMsg: async (request, call) => {
        const answer = await handlers.getSlotMsg(request, call);
        if (name === "lateJoinerLiar" && this.#truth !== undefined) {
          const list = random.pick([...lies.listsOf({ truth: this.#truth, heard }), ""]);
          const message = { ...this.#truth.message, slotIndex: request.slotIndex };
          const said = lies.claimDecided(list, { ...this.#inputs(this.#truth), truth: { ...this.#truth, message } });
          return create(GetLatestMsgResponseSchema, { payload: list === "" ? new Uint8Array() : this.#sign(said) });
        }
        return create(GetLatestMsgResponseSchema, { payload: this.#answer(answer.payload) });
      },
      getTxs: (request, call) => {
        const isRefused = name === "mute" || (name === "ghostTx" && random.chance(0.7));
        return isRefused ? unavailable() : handlers.getTxs(request, call);
      },
      getLastBlockInfo: async (request, call) => {
        const answer = await handlers.getLastBlockInfo(request, call);
        const index = answer.index + BigInt(random.below(50));
        return name === "lateJoinerLiar" ? create(LastBlockInfoResponseSchema, { ...answer, index }) : answer;
      },
      getBlocks: async (request, call) => {
        const answer = await handlers.getBlocks(request, call);
        if (name !== "lateJoinerLiar" && name !== "archiveLiar") return answer;
        this.#conspiracy.lied(name);
        const blocks = answer.blocks.map((block) => {
          const data = this.#ledger.blockData(block.index);
          return data === undefined || random.chance(0.5) ? block : blockToWire(forgedBlock(data).block);
        });
        return create(BlocksResponseSchema, { blocks });
      },
    };
  }

  /** Instead of an answer that is a message: silence, or a lie. */
  #answer(payload: Uint8Array): Uint8Array {
    const said = this.#conspiracy.decode(payload);
    if (said === undefined) return payload;
    const [first = new Uint8Array()] = this.#tell(this.#conspiracy.random.pick(this.#conspiracy.nodes), said);
    return first;
  }

  /** From time to time, also when nothing happens. */
  #lieAgain(): void {
    const { random, nodes, name } = this.#conspiracy;
    this.#process.post(LIE_EVERY_MS * (0.2 + random.unit()), "lie", () => {
      const to = random.pick(nodes);
      const rpc = this.#peers.get(to);
      if (rpc !== undefined && this.#truth !== undefined && name !== "mute") {
        for (const payload of this.#tell(to, this.#truth)) this.#send(rpc, payload);
      }
      this.#lieAgain();
    });
  }

  #inputs(truth: ConsensusMessage): lies.LieInputs {
    const { heard, faulty, random } = this.#conspiracy;
    return { truth, heard, accomplices: faulty.filter((each) => each !== this.#index), random };
  }

  /** What a peer hears in place of the truth. */
  #tell(to: number, truth: ConsensusMessage): Uint8Array[] {
    const told = this.#lie(to, truth);
    const isTruth = told.length === 1 && told[0] === truth;
    if (!isTruth) this.#conspiracy.lied(this.#conspiracy.name);
    return told.map((each) => ("signature" in each ? encodeConsensusMessage(each) : this.#sign(each)));
  }

  #sign({ message, previousBlockId }: lies.Lie): Uint8Array {
    const { messageKey } = identity(this.#index);
    return encodeConsensusMessage(signMessage(message, previousBlockId, signWith(messageKey)));
  }

  #send(rpc: PeerRpc, payload: Uint8Array): void {
    const { responderId } = identity(this.#index).node;
    rpc.sendConsensusMsg(create(ConsensusMsgSchema, { fromResponderId: responderId, payload })).catch(() => undefined);
  }

  #lie(to: number, truth: ConsensusMessage): readonly lies.Lie[] {
    const { name, random, half, heard, baseMs } = this.#conspiracy;
    const inputs = this.#inputs(truth);
    const lists = lies.listsOf(inputs);
    const isFirst = half.has(to);
    // One list for either half, the same for all liars of a slot.
    const own = (isFirst ? lists[0] : lists.at(-1)) ?? lists[0];
    const any = lists.length === 0 ? undefined : random.pick(lists);
    if (random.chance(0.25) && !["mute", "colluders"].includes(name)) return [truth];
    switch (name) {
      case "mute":
        return [];
      case "flip":
        return own === undefined ? [truth] : [lies.voteFor(own, inputs)];
      case "splitCommit":
        return own === undefined ? [truth] : [lies.commitTo(own, inputs)];
      case "liarPrepared":
        return any === undefined ? [truth] : [lies.claimPrepared(any, inputs)];
      case "earlyExternalize":
        return any === undefined ? [truth] : [lies.claimDecided(any, inputs)];
      case "quorumSetForger":
        return [lies.forgeQuorumSet(inputs)];
      case "counterBomb":
        return any === undefined ? [truth] : [lies.bombCounter(any, inputs)];
      case "valueFlood":
        return [lies.floodValues(inputs)];
      case "invalidValue":
        return [lies.nominateValues([`0${invalid("ring-signature", 150 + random.below(3)).hash}`], inputs)];
      case "ghostTx":
        return [
          truth.message.topic.kind === "nominate"
            ? lies.nominateValues([txHashValue(random.bytes(32))], inputs)
            : truth,
        ];
      case "unsortedBallot":
        return any === undefined || valuesOf(any).length < 2 ? [truth] : [lies.unsortedBallot(any, inputs)];
      case "replayOldSlot":
        return [truth, ...(heard.length > 0 ? [random.pick(heard)] : [])];
      case "wrongParent":
        return [lies.nameWrongParent(inputs)];
      case "stallLeader":
        return this.#isLeader(truth) && to % 3 === 0 ? [truth] : [];
      case "slowDrip": {
        const payload = encodeConsensusMessage(truth);
        const rpc = this.#peers.get(to);
        if (rpc !== undefined) this.#process.post(2 * baseMs - 30, "drip", () => this.#send(rpc, payload));
        return [];
      }
      case "sigGarbage":
        return [lies.spoilSignature(inputs)];
      case "colluders": // Each of the two replicas is honest to its own half: see `world.ts`.
      case "lateJoinerLiar":
      case "archiveLiar":
        return [truth];
      default:
        return name satisfies never;
    }
  }

  #isLeader({ message, previousBlockId }: ConsensusMessage): boolean {
    const { slotIndex, quorumSet, sender } = message;
    const { leaderHash: kind } = this.#conspiracy;
    const leaderHash = kind === "bound" ? ({ kind, previousBlockId } as const) : ({ kind } as const);
    return leaderOf({ slotIndex, round: 1, leaderHash }, nodeKey(sender), quorumSet, new Set()) === nodeKey(sender);
  }
}
