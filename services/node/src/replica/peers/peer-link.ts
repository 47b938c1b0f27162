// One peer: what is sent to it, what it is asked for, and when it was last heard.
import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import type { NodeId } from "@fogbow/core-block";
import type { Random } from "@fogbow/core-bytes";
import { type NodeKey, nodeKey } from "@fogbow/core-scp";
import { SlotMsgRequestSchema } from "@fogbow/core-wire";
import type { PeerConfig } from "../../options.ts";
import type { Clock, ReplicaMetrics } from "../../parts.ts";
import type { PeerRpc } from "../../rpc/peer-rpc.ts";
import type { EnclaveDoor } from "../enclave-door.ts";
import { Outbox } from "./outbox.ts";
import { PeerChannel } from "./peer-channel.ts";
import { TxLane } from "./tx-lane.ts";
import { TxRelay } from "./tx-relay.ts";

/** What all links share. */
export interface PeerLinkParts {
  readonly door: EnclaveDoor;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: ReplicaMetrics | undefined;
  /** A peer's own latest message, or one about a slot, to be heard like any other. */
  readonly onMessage: (payload: Uint8Array, from: PeerLink) => void;
}

/** Milliseconds that a peer has for a small question. */
const ASK_MS = 2_000;

/** Milliseconds after which a peer is asked again from whom it hears … */
const CONNECTIONS_MS = 10_000;

/** … and after which it is asked when something is passed on to it, which may be of no use. */
const CONNECTIONS_WHEN_USED_MS = 250;

/** The node's side of its relation to one peer. */
export class PeerLink {
  readonly config: PeerConfig;
  readonly key: NodeKey;
  readonly rpc: PeerRpc;
  readonly channel: PeerChannel;
  readonly outbox: Outbox;
  readonly relay: TxRelay;
  readonly lane: TxLane;
  readonly #parts: PeerLinkParts;
  #heardAt: number | undefined;
  #spokeAt: number | undefined;
  /** When it last said, by itself or when asked, what it says about its slot. */
  #toldAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;
  #connectionsAt = Number.NEGATIVE_INFINITY;
  #hearsDirectly: ReadonlySet<string> = new Set();

  constructor(self: NodeId, config: PeerConfig, rpc: PeerRpc, parts: PeerLinkParts) {
    this.config = config;
    this.key = nodeKey(config);
    this.rpc = rpc;
    this.#parts = parts;
    const { door, clock, random, metrics } = parts;
    this.channel = new PeerChannel(config.responderId, { rpc, door, clock, random, metrics });
    const onAnswer = (): void => this.heard();
    this.relay = new TxRelay(self.responderId, { rpc, door, channel: this.channel, onAnswer });
    this.lane = new TxLane({ rpc, door, channel: this.channel, onAnswer });
    this.outbox = new Outbox(self.responderId, {
      rpc,
      clock,
      random,
      metrics,
      onAnswer: (isBack) => {
        if (isBack) void this.askLatest();
      },
    });
  }

  /** When anything last came from it; undefined before that. */
  get heardAt(): number | undefined {
    return this.#heardAt;
  }

  /** When it last delivered a message of its own; undefined before that. */
  get spokeAt(): number | undefined {
    return this.#spokeAt;
  }

  /** It delivered a message of its own. */
  spoke(): void {
    this.#spokeAt = this.#parts.clock.now();
    this.#toldAt = this.#spokeAt;
  }

  /** Something came from it. */
  heard(): void {
    this.#heardAt = this.#parts.clock.now();
  }

  /** Whether it hears what this node says without anybody passing it on, as far as it says so. */
  hearsDirectly(responderId: string): boolean {
    return this.#hearsDirectly.has(responderId);
  }

  /** A message of somebody else is passed on to it. */
  passesOn(): void {
    void this.#askConnections(CONNECTIONS_WHEN_USED_MS);
  }

  /**
   * Asks for its latest message if it has not told any for so long, and whom it hears; not too often. Nothing else that comes
   * from it counts: its last message may be lost while transactions go on coming.
   */
  keepAlive({ silenceMs, askAgainMs }: { readonly silenceMs: number; readonly askAgainMs: number }): void {
    void this.#askConnections(CONNECTIONS_MS);
    const now = this.#parts.clock.now();
    if (now - this.#toldAt < silenceMs || now - this.#askedAt < askAgainMs) return;
    void this.askLatest();
  }

  /** Asks for its latest message. Resolves in any case. */
  async askLatest(): Promise<void> {
    this.#askedAt = this.#parts.clock.now();
    try {
      const { payload } = await this.rpc.getLatestMsg(create(EmptySchema), { timeoutMs: ASK_MS });
      this.heard();
      this.#toldAt = this.#parts.clock.now();
      if (payload.length > 0) this.#parts.onMessage(payload, this);
    } catch {
      // It stays silent, and is asked again.
    }
  }

  /** Asks for a message about a slot, its own unless another sender is named. Resolves with undefined if there is none. */
  async askSlot(slotIndex: bigint, senderKey: Uint8Array = new Uint8Array()): Promise<Uint8Array | undefined> {
    try {
      const request = create(SlotMsgRequestSchema, { slotIndex, senderKey });
      const { payload } = await this.rpc.getSlotMsg(request, { timeoutMs: ASK_MS });
      this.heard();
      return payload.length > 0 ? payload : undefined;
    } catch {
      return undefined; // Nodes of MobileCoin do not know this question.
    }
  }

  async #askConnections(afterMs: number): Promise<void> {
    const { clock } = this.#parts;
    if (clock.now() - this.#connectionsAt < afterMs) return;
    this.#connectionsAt = clock.now();
    try {
      const { hearsDirectly } = await this.rpc.getConnections(create(EmptySchema), { timeoutMs: ASK_MS });
      this.#hearsDirectly = new Set(hearsDirectly);
    } catch {
      this.#hearsDirectly = new Set(); // It is down, or a node of MobileCoin: it may hear nobody.
    }
  }
}
